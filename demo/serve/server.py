"""The page is opened, served until it is asked to end, and closed so that nothing is left."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from functools import partial
from typing import Any

import gradio as gr
from gradio import http_server
from gradio.exceptions import ServerFailedToStartError

from demo.kit.network import Waking
from demo.serve.address import LOOPBACK, find_port
from demo.serve.door import ENDING, Door
from demo.serve.ending import Ending
from demo.serve.hosts import Hosts

THREADS = 80  # for events; at first, those of each visit wait for the network
LAST_SECONDS = 9.0  # that running readings get to end, and one more to be sent


class Server(http_server.Server):
    """Gradio's server, which knows its hosts, can close its door, and has the time to start that a
    busy machine needs.

    Hosts and door stand outside all of Gradio, which would answer other websites before they are
    asked.

    Args:
        config: of uvicorn.
        allowed: for `Hosts`.
        framed_by: for `Hosts`.
        more, rest: for Gradio.
    """

    def __init__(
        self,
        config: Any,
        *more: Any,
        allowed: Collection[str] = (),
        framed_by: Collection[str] = (),
        **rest: Any,
    ):
        super().__init__(config, *more, **rest)
        self.door = Door(config.app)
        config.app = Hosts(self.door, allowed, framed_by)
        config.timeout_graceful_shutdown = 1

    def run_in_thread(self) -> None:
        try:
            super().run_in_thread()
        except ServerFailedToStartError:  # after five seconds
            while not self.started:
                if not self.thread.is_alive():
                    raise
                time.sleep(0.05)


def open_page(
    page: gr.Blocks,
    host: str | None = None,
    port: int | None = None,
    allowed: Collection[str] = (),
    framed_by: Collection[str] = (),
    **settings: Any,
) -> str:
    """Serve a page beside the thread that calls this.

    Args:
        page: what `demo.interface.build` put together.
        host: where it listens; None for this machine only.
        port: None for a free one from 7860 on.
        allowed: names by which it may be asked for, besides this machine's.
        framed_by: websites that may show it in a frame.
        settings: more of `Blocks.launch`.

    Returns:
        Its address.

    Raises:
        ValueError: one sentence, if it cannot be served there.
    """
    host = host or os.environ.get("GRADIO_SERVER_NAME") or LOOPBACK
    find_port(host, port)  # for its sentences; Gradio takes the same, or the next that is free
    ours = partial(Server, allowed=[host, *allowed], framed_by=framed_by)
    http_server.Server = ours  # type: ignore[assignment, misc]
    try:
        _, address, _ = page.launch(
            server_name=f"[{host}]" if ":" in host and "[" not in host else host,
            server_port=port,
            prevent_thread_lock=True,
            quiet=True,
            max_threads=THREADS,
            _frontend=False,  # or it ends where the first page takes longer than three seconds
            **settings,
        )
    except OSError as error:
        raise ValueError(
            "The port was taken meanwhile: choose another with --port or PORT."
        ) from error
    finally:
        http_server.Server = Server.__base__  # type: ignore[assignment, misc]
    return address


def close_page(page: gr.Blocks, network: Waking, ending: Ending) -> None:
    """Let nothing new in, let running readings end, and free the port."""
    page.server.door.shut = True  # type: ignore[attr-defined]  # it is a `Server`
    network.give_up(ValueError(ENDING))
    last = time.monotonic() + LAST_SECONDS
    while any(page._queue.active_jobs) and time.monotonic() < last and not ending.hurry.is_set():
        time.sleep(0.05)
    if not ending.hurry.is_set():
        time.sleep(0.2)  # for the last answers to be fetched
    page.close(verbose=False)
