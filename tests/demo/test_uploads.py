"""A visitor reads their own uploads, and no other file of the server."""

import json
import os
from pathlib import Path

import httpx
import pytest
from gradio.utils import get_upload_folder
from PIL import Image

from demo.kit.examples import example_pictures
from demo.kit.theme import launch_settings
from demo.kit.uploads import REFUSED

BROWSER = httpx.Client(timeout=60)  # making one takes longer than a call
LOOK = ["sharp", 70, False, False]


@pytest.fixture(scope="module")
def secret(tmp_path_factory):
    """A picture outside of the upload folder."""
    path = tmp_path_factory.mktemp("private") / "secret.png"
    Image.new("RGB", (90, 90), "red").save(path)
    return path


def spellings(secret, folder):
    """Every way to name it, and files that are none or never end."""
    inside = folder / "link.png"
    inside.unlink(missing_ok=True)
    inside.symlink_to(secret)
    pipe = folder / "pipe.png"
    if not pipe.exists():
        os.mkfifo(pipe)
    yield "absolute", secret
    yield "relative", os.path.relpath(secret)
    yield "upwards", folder / ".." / os.path.relpath(secret, folder.parent)
    yield "linked", inside
    yield "proc", f"/proc/{os.getpid()}/cwd/docs/page.png"
    yield "descriptor", "/proc/self/fd/0"
    yield "device", "/dev/zero"
    yield "standard input", "/dev/stdin"
    yield "pipe", pipe
    yield "folder", folder
    yield "missing", folder / "missing.png"
    yield "null byte", "hand\0.png"
    yield "empty", ""
    yield "home", "~/hand.png"


def ask(address: str, index: int, session: str, data: list) -> dict:
    """Call an endpoint, public or private, by its number; what the queue says at last."""
    body = {"fn_index": index, "data": data, "session_hash": session, "event_data": None}
    headers = {"content-type": "application/json"}
    BROWSER.post(
        f"{address}gradio_api/queue/join", content=json.dumps(body), headers=headers, timeout=20
    ).raise_for_status()
    with BROWSER.stream(
        "GET", f"{address}gradio_api/queue/data?session_hash={session}", timeout=60
    ) as lines:
        for line in lines.iter_lines():
            message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if message.get("msg") == "process_completed":
                return message
    raise AssertionError("the queue said nothing")


def with_files(address: str) -> list[dict]:
    """The endpoints that take a file."""
    page = httpx.get(f"{address}config").json()
    kinds = {part["id"]: part["type"] for part in page["components"]}
    values = {part["id"]: part["props"].get("value") for part in page["components"]}
    files = {"image", "file", "imageeditor", "gallery", "video", "audio", "uploadbutton"}
    return [
        {**each, "data": [{} if kinds[part] in files else values[part] for part in each["inputs"]]}
        for each in page["dependencies"]
        if each["backend_fn"] and files & {kinds[part] for part in each["inputs"]}
    ]


@pytest.mark.slow
def test_no_end_point_opens_a_file_that_was_not_uploaded(address, secret):
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    points = with_files(address)
    assert len(points) >= 3
    for point in points:
        for name, path in spellings(secret, folder):
            for meta in ({}, {"meta": {"_type": "gradio.FileData"}}):
                data = [{"path": str(path), **meta} if value == {} else value
                        for value in point["data"]]  # fmt: skip
                said = ask(address, point["id"], f"{point['id']}{name}{len(meta)}", data)
                assert not said["success"], (point["api_name"], name)
                text = json.dumps(said["output"])
                assert "secret" not in text and str(secret.parent) not in text
                if not meta:
                    assert said["output"]["error"] == REFUSED, (point["api_name"], name)


@pytest.mark.slow
def test_an_upload_is_read(address, secret):
    with open(secret, "rb") as file:
        sent = httpx.post(f"{address}gradio_api/upload", files={"files": file}).json()
    point = next(each for each in with_files(address) if each["api_name"] == "read")
    assert ask(address, point["id"], "upload", [{"path": sent[0]}, *LOOK])["success"]


def test_examples_are_shown_wherever_the_page_was_started():
    allowed = launch_settings()["allowed_paths"]
    for example in example_pictures():
        assert any(Path(example.path).is_relative_to(folder) for folder in allowed)
