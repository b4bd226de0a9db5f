"""Messages of Gradio's queue that nobody fetches: the answer to a visitor who has left is one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

MOST = 500  # messages, of all visitors together
SECONDS = 60.0  # that a visitor's messages are safe, however many there are


class Unread:
    """Drops messages that have lain for long, once there are too many.

    Gradio keeps them for ever. Those of a visitor who still listens are fetched within moments,
    and must never be dropped: without the last one, the visitor waits for ever.

    Args:
        queues: the messages of each visit.
        most: messages to keep.
        seconds: that messages are kept in any case.
    """

    def __init__(self, queues: Mapping[str, Any], most: int = MOST, seconds: float = SECONDS):
        self._queues, self._most, self._seconds = queues, most, seconds
        self._since: WeakKeyDictionary[Any, float] = WeakKeyDictionary()

    def added(self, visit: str) -> None:
        """A message was added to a visit's; drop what is too old and too much."""
        now, added = time.monotonic(), self._queues.get(visit)
        if added and added.qsize() <= 2:  # this one and a heartbeat: the rest was fetched
            self._since[added] = now
        queues = list(self._queues.values())  # visits may come meanwhile, in another thread
        unread = sum(queue.qsize() for queue in queues)
        for queue in queues if unread > self._most else ():
            while queue.qsize() and now - self._since.get(queue, now) > self._seconds:
                queue.get_nowait()
