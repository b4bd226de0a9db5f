"""Ctrl-C and SIGTERM, which ask the page to end: alike, and at any moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Ending:
    """Hears when the page is asked to end.

    Attributes:
        asked: set once it is.
        hurry: set when it is asked again.
    """

    def __init__(self) -> None:
        self.asked, self.hurry = threading.Event(), threading.Event()
        self._close: Callable[[], object] | None = None

    def listen(self) -> None:
        """Hear from now on."""
        for name in SIGNALS:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._hear)

    def _hear(self, *_: Any) -> None:
        (self.hurry if self.asked.is_set() else self.asked).set()
        self._leave_if_asked()

    def _leave_if_asked(self) -> None:
        # No exception does this for sure: an import may swallow it, or make another of it.
        if self._close and self.asked.is_set():
            self._close()
            leave(0)

    def start(self, close: Callable[[], object]) -> None:
        """Until `wait` is called, to be asked is to call `close` and leave."""
        self._close = close
        self._leave_if_asked()

    def wait(self) -> None:
        """Wait until the page is asked to end."""
        self._close = None
        while not self.asked.wait(0.5):
            pass


def leave(status: int) -> None:
    """End this process at once, and those that it started.

    An ordinary exit waits for threads, and some of them may be loading TensorFlow.
    """
    try:
        for process in multiprocessing.active_children():
            process.kill()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)
