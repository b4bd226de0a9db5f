"""What a shell shows and what an agent does, as text: `python -m tests.sessions --record`.

The document is written by what it tells of: the commands are run, and the page is asked through
the client of the Model Context Protocol. `tests/test_sessions.py` compares.
"""

import argparse
import asyncio
import base64
import json
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "sessions.md"
NOISE = re.compile(r"WARNING: All log messages|[IWE]\d{4} ")  # of TensorFlow's, as it starts
HEAD = """# In a shell, and as an agent's tool

Recorded by `python -m tests.sessions --record`, and compared by a test. The examples are those of
the page. [Call it from a program](api.md) explains every value.
"""
COMMANDS = (
    "residual-hands read demo/examples/3_photo.jpg demo/examples/no_hand.jpg LICENSE nowhere.jpg",
    "residual-hands read demo/examples/5_line.jpg --json",
    "residual-hands page --model LICENSE",
)
THREE = "demo/examples/3_photo.jpg"
CALLS = (  # what the agent asks, and what it wants to know by that
    ("read_hand", {"picture": THREE}, "Which digit is it?"),
    ("explain_digit", {"picture": THREE, "digit": 2}, "Why is it not a two?"),
    ("describe_block", {"block": "head"}, "How does the network end?"),
    ("explain_digit", {"picture": THREE, "digit": 9}, "And a nine?"),
)


def shell() -> str:
    """What commands print, and the status with which they end."""
    told = []
    for command in COMMANDS:
        arguments = shlex.split(command)
        code = f"import sys, app; sys.argv = {arguments!r}; app.command_line()"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
        )
        said = [line for line in done.stderr.splitlines() if not NOISE.match(line)]
        lines = [f"$ {command}", *done.stdout.splitlines(), *said]
        if done.returncode:
            lines += ["$ echo $?", str(done.returncode)]
        told.append("\n".join(line.rstrip() for line in lines))
    return "\n\n".join(told)


async def conversation(address: str) -> str:
    """What an agent asks, and what it is answered."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    told = []
    async with (
        streamable_http_client(f"{address}gradio_api/mcp/") as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        told.append("→ list_tools")
        for tool in (await session.list_tools()).tools:
            takes = ", ".join(tool.inputSchema["properties"]) or "nothing"
            said = f"← {tool.name}, which takes {takes}: {tool.description.splitlines()[0]}"
            told.append(textwrap.fill(said, 100, subsequent_indent="  "))
        for name, given, wonders in CALLS:
            asked = ", ".join(f"{key}={json.dumps(value)}" for key, value in given.items())
            told += ["", f"# {wonders}", f"→ {name}({asked})"]
            answer = await session.call_tool(name, sent(given))
            told += [textwrap.fill(f"← {content_text(x)}", 100) for x in answer.content]
    return "\n".join(told)


def sent(given: dict) -> dict:
    """Arguments as they are sent: a file as its content."""
    if "picture" not in given:
        return given
    encoded = base64.b64encode((ROOT / given["picture"]).read_bytes()).decode()
    return given | {"picture": f"data:image/jpeg;base64,{encoded}"}


def content_text(content) -> str:
    """An answer in words: text as it is but for addresses, of a picture its format and size."""
    if content.type == "image":
        picture = Image.open(BytesIO(base64.b64decode(content.data)))
        return f"a picture, {content.mimeType}, {picture.width}×{picture.height} pixels"
    return re.sub(r"https?://\S*/", "…/", content.text).strip()


@contextmanager
def served() -> Iterator[str]:
    """The address of a page that agents can call, with the shipped weights."""
    from demo.interface import build
    from demo.kit.network import load_network
    from demo.kit.theme import launch_settings
    from demo.serve.server import open_page

    page, network = build(load_network)
    address = open_page(page, mcp_server=True, **launch_settings())
    network.start()
    yield address
    page.close(verbose=False)


def document() -> str:
    """The whole document, made anew."""
    with served() as address:
        agent = asyncio.run(conversation(address))
    return (
        f"{HEAD}\n## In a shell\n\n```console\n{shell()}\n```\n\n## An agent\n\n"
        "A line with → is what the agent sends through the Model Context Protocol, one with ← is\n"
        "what comes back. A picture is sent as a data URL; its file's name stands for it here.\n\n"
        f"```text\n{agent}\n```\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sessions", description=__doc__)
    parser.add_argument("--record", action="store_true", help=f"write {DOCUMENT.name}")
    if parser.parse_args().record:
        DOCUMENT.write_text(document(), "utf-8")
    else:
        print(document())


if __name__ == "__main__":
    main()
