"""The endpoints for programs, and every snippet of docs/api.md."""

import asyncio
import base64
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from gradio_client import handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from demo.serve.programs import Programs
from model.digits import WORDS
from tests.demo.test_page import drawn_hand

pytestmark = pytest.mark.slow  # a page is opened for them

DOCUMENT = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
NAMES = {"read_hand", "explain_digit", "describe_network", "describe_block"}


@pytest.fixture
def picture(tmp_path):
    drawn_hand().save(tmp_path / "hand.png")
    return handle_file(str(tmp_path / "hand.png"))


def test_a_reading_says_what_the_network_says(client, picture, network):
    read = client.predict(picture, api_name="/read_hand")
    expected = network.classifier.read(drawn_hand())
    np.testing.assert_allclose(read["probabilities"], expected.probabilities, atol=2e-4)
    assert read["word"] == (WORDS[expected.digit] if expected.is_hand else "no hand")
    assert set(read["box"]) == {"left", "top", "width", "height"}


def test_each_digit_and_stage_has_a_map_of_its_own(client, picture):
    maps = {
        Image.open(client.predict(picture, digit, stage, api_name="/explain_digit")).tobytes()
        for digit, stage in ((0, "sharp"), (5, "sharp"), ("5", "conv3"), (-1.0, "conv5"))
    }
    assert len(maps) == 4


@pytest.mark.parametrize(
    ("digit", "stage", "says"),
    [
        (6, "sharp", "digit must be one of -1, 0, 1"),
        (True, "sharp", "digit must be"),
        (1.5, "sharp", "digit must be"),
        (None, "sharp", "digit must be"),
        (1, "conv9", "stage must be one of sharp, conv1"),
    ],
)
def test_a_wrong_argument_is_named(client, picture, digit, stage, says):
    with pytest.raises(AppError, match=says):
        client.predict(picture, digit, stage, api_name="/explain_digit")


def test_no_picture_and_no_block_are_said(client):
    with pytest.raises(AppError, match="There is no picture"):
        client.predict(None, api_name="/read_hand")
    with pytest.raises(AppError, match="block must be one of stem, conv2_block1"):
        client.predict("nose", api_name="/describe_block")


def test_blocks_are_described_layer_by_layer(client):
    blocks = client.predict(api_name="/describe_network")
    for block in blocks:
        described = client.predict(block["name"], api_name="/describe_block")
        layers = described.pop("layers")
        assert described == block
        for field in ("parameters", "multiply_adds"):
            assert sum(layer[field] for layer in layers) == block[field]


def test_only_these_are_listed_and_every_value_is_described(client):
    listed = client.view_api(return_format="dict")["named_endpoints"]
    assert set(listed) == {f"/{name}" for name in NAMES}
    for name in NAMES:
        assert listed[f"/{name}"]["description"]
        assert f"`/{name}`" in DOCUMENT and callable(getattr(Programs, name))
    returned = listed["/read_hand"]["returns"][0]["type"]["properties"]
    assert all(value["description"] for value in returned.values())
    for field in returned:
        assert f"`{field}`" in DOCUMENT


def snippet(language: str, address: str, folder: Path) -> str:
    """A snippet of the document, and beside it the picture that it names."""
    drawn_hand().save(folder / "hand.jpg")
    code = re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.S)[1]
    return code.replace("http://127.0.0.1:7860", address.rstrip("/"))


def test_the_python_snippet_works(address, tmp_path, monkeypatch, capsys):
    code = snippet("python", address, tmp_path)
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    said = capsys.readouterr().out
    assert re.search(r"(zero|one|two|three|four|five|no hand) 0\.\d+ \{", said)
    assert "The heat map is at" in said


@pytest.mark.skipif(not shutil.which("jq"), reason="the snippet needs curl and jq")
def test_the_shell_snippet_works(address, tmp_path):
    code = snippet("sh", address, tmp_path)
    done = subprocess.run(["sh", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert json.loads(done.stdout)["probability"] > 0, done.stderr


@pytest.mark.skipif(not shutil.which("node"), reason="there is no Node here")
def test_the_javascript_snippet_works(address, tmp_path):
    (tmp_path / "read.mjs").write_text(snippet("js", address, tmp_path))
    done = subprocess.run(["node", "read.mjs"], cwd=tmp_path, capture_output=True, text=True)
    assert re.match(r"(zero|one|two|three|four|five|no hand) 0\.\d+$", done.stdout), done.stderr


def test_an_agent_reads_and_explains_a_hand(address, tmp_path):
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    drawn_hand().save(tmp_path / "hand.png")
    encoded = base64.b64encode((tmp_path / "hand.png").read_bytes()).decode()
    picture = f"data:image/png;base64,{encoded}"

    async def converse():
        async with (
            streamable_http_client(f"{address}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = {tool.name: tool for tool in (await session.list_tools()).tools}
            assert set(tools) == NAMES
            digit = tools["explain_digit"].inputSchema["properties"]["digit"]
            assert digit["description"] and digit["default"] == -1
            read = await session.call_tool("read_hand", {"picture": picture})
            explained = await session.call_tool("explain_digit", {"picture": picture, "digit": 2})
            block = await session.call_tool("describe_block", {"block": "head"})
            refused = await session.call_tool("explain_digit", {"picture": picture, "digit": 9})
            return read, explained, block, refused

    read, explained, block, refused = asyncio.run(converse())
    assert "'probabilities'" in read.content[0].text
    assert explained.content[0].type == "image"
    assert "'parameters'" in block.content[0].text
    assert refused.isError and "9 is greater than the maximum of 5" in refused.content[0].text
