"""Visitors' files are deleted when they are old."""

import asyncio
import os
import time

from demo.serve import sweep as swept
from demo.serve.sweep import sweep, sweeping


def test_old_files_and_empty_folders_go_and_the_rest_stays(tmp_path):
    root = tmp_path / "pictures"
    (root / "visit").mkdir(parents=True)
    (root / "visit" / "hand.png").write_bytes(b"x")
    (root / "loose.png").write_bytes(b"x")
    now = time.time()
    sweep(root, now - 60)
    assert (root / "visit" / "hand.png").exists()
    sweep(root, now + 60)  # an hour and more later
    assert list(tmp_path.iterdir()) == [root] and not list(root.iterdir())


def test_a_copy_of_something_old_is_new(tmp_path):
    path = tmp_path / "hand.png"
    path.write_bytes(b"x")
    os.utime(path, (0, 0))
    sweep(tmp_path, time.time() - 60)
    assert path.exists()


def test_what_cannot_be_deleted_keeps_nothing_else(tmp_path, monkeypatch):
    for name in "ab":
        (tmp_path / name).write_bytes(b"x")
    delete = type(tmp_path).unlink

    def unlink(path):
        if path.name == "a":
            raise PermissionError("in use")
        delete(path)

    monkeypatch.setattr(type(tmp_path), "unlink", unlink)
    sweep(tmp_path, time.time() + 60)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_the_folder_is_swept_while_the_page_is_served(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr(swept, "EVERY", 0.01)
    monkeypatch.setattr(swept, "SECONDS", -60)  # whatever there is, is old
    path = tmp_path / "hand.png"
    path.write_bytes(b"x")

    async def serve():
        async with sweeping():
            for _ in range(300):
                if not path.exists():
                    return
                await asyncio.sleep(0.01)

    asyncio.run(serve())
    assert not path.exists()
