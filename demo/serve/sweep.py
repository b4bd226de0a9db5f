"""Visitors' files are deleted when they are an hour old, whoever wrote them.

Gradio deletes the files that it remembers, but not those of requests that it refuses half-way, and
it stops at the first file that cannot be deleted.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from gradio.utils import get_upload_folder

SECONDS = 3600  # that a file is kept
EVERY = 600  # seconds between two sweeps


def sweep(root: Path, oldest: float) -> None:
    """Delete the files and the empty folders in a folder that were there before a time.

    Args:
        root: the folder, which stays.
        oldest: that time, in seconds since 1970.
    """
    for folder, _, names in os.walk(root, topdown=False):
        for name in names:
            remove_if_old(Path(folder, name), oldest)
        if Path(folder) != root:
            remove_if_old(Path(folder), oldest)


def remove_if_old(path: Path, oldest: float) -> None:
    with suppress(OSError):  # it is gone already, in use, or a folder with something in it
        about = path.lstat()
        if max(about.st_mtime, about.st_ctime) < oldest:  # a copy keeps the first of its original
            path.rmdir() if path.is_dir() else path.unlink()


@asynccontextmanager
async def sweeping() -> AsyncIterator[None]:
    """While the page is served, its folder of visitors' files is swept."""

    async def keep_sweeping() -> None:
        while True:
            await asyncio.sleep(EVERY)
            await asyncio.to_thread(sweep, Path(get_upload_folder()), time.time() - SECONDS)

    task = asyncio.create_task(keep_sweeping())
    try:
        yield
    finally:
        task.cancel()
