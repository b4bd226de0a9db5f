"""Ctrl-C and SIGTERM, which ask the page to end: alike, and at any moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
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
        self._waits = False

    def listen(self) -> None:
        """Hear from now on; until `wait` is called, to be asked is to leave."""
        for name in SIGNALS:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._hear)

    def _hear(self, *_: Any) -> None:
        (self.hurry if self.asked.is_set() else self.asked).set()
        if not self._waits:
            sys.exit(0)

    def wait(self) -> None:
        """Wait until the page is asked to end."""
        self._waits = True
        while not self.asked.wait(0.5):
            pass


def leave(status: int) -> None:
    """End this process at once, and those that it started.

    An ordinary exit waits for threads, and some of them may be loading TensorFlow.
    """
    for process in multiprocessing.active_children():
        process.kill()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
