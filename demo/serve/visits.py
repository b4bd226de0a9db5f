"""What a visit leaves in memory, and for how long."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import fields, is_dataclass
from typing import Any

import gradio as gr
import numpy as np
from gradio.state_holder import SessionState, StateHolder

from demo.kit.caches import forget_pictures
from demo.kit.read_picture import ERASED, KeptReading
from demo.serve.sweep import sweeping

SECONDS = 3600  # that a visit is remembered after its last call
MOST_BYTES = 1_000_000_000  # of all visits together
MOST_EMPTY = 1000  # visits without a picture


class Visit(SessionState):
    """What is remembered of one visit: its states, and components that were changed for it.

    Gradio keeps what every component shows as well, for links to a page as one visitor sees it.
    This page has no such links.
    """

    def __init__(self, blocks: gr.Blocks):
        self.blocks_config = copy(blocks.default_config)
        self.config_values: dict[int, Any] = {}
        self.state_data: dict[int, Any] = {}
        self._state_ttl: dict[int, Any] = {}
        self.is_closed = False
        self.STATE_TTL_WHEN_CLOSED = SECONDS
        self.bytes = 0
        self.used = time.monotonic()

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        self.config_values.clear()
        self.bytes = size_of(list(self.state_data.values()))

    def _update_config(self, key: int) -> None:
        pass

    def _update_value_in_config(self, key: int, value: Any) -> None:
        pass

    def erase(self) -> None:
        """Forget the pictures, and that they were kept: whoever asks for one is told."""
        for key, value in self.state_data.items():
            if size_of(value):
                initial = getattr(self.blocks_config.blocks[key], "value", None)
                self.state_data[key] = ERASED if initial is None else copy(initial)
        self.bytes = 0


class Visits(StateHolder):
    """All visits: those with a picture are kept for their time and while there is room for them.

    Args:
        seconds: that a visit is kept after its last call.
        most_bytes: of all pictures; the visits that were used longest ago make room.
        most_empty: visits that hold no picture; nothing of them is missed.
    """

    def __init__(
        self,
        seconds: float = SECONDS,
        most_bytes: int = MOST_BYTES,
        most_empty: int = MOST_EMPTY,
    ):
        super().__init__()
        self.seconds, self.most_bytes, self.most_empty = seconds, most_bytes, most_empty

    def __getitem__(self, session_id: str) -> Visit:
        with self.lock:
            visit = self.session_data.get(session_id)
            if not isinstance(visit, Visit):
                visit = self.session_data[session_id] = Visit(self.blocks)
            visit.used = time.monotonic()
            self.session_data.move_to_end(session_id)
            self._make_room()
            return visit

    def update(self, session_id: str) -> None:
        pass

    def delete_all_expired_state(self) -> None:
        with self.lock:
            self._make_room()

    def _make_room(self) -> None:
        """Erase what is too old or too much, the oldest first; the newest is never too much."""
        visits: list[tuple[str, Any]] = list(self.session_data.items())
        total = sum(visit.bytes for _, visit in visits)
        empty = sum(not visit.bytes for _, visit in visits)
        oldest = time.monotonic() - self.seconds
        for session_id, visit in visits:
            newest = visit is visits[-1][1]
            if visit.bytes and (visit.used < oldest or (total > self.most_bytes and not newest)):
                total -= visit.bytes
                empty += 1
                visit.erase()
                forget_pictures()
            if not visit.bytes and empty > self.most_empty and not newest:
                empty -= 1
                del self.session_data[session_id]


def size_of(value: Any) -> int:
    """The bytes of all arrays and files in a value of a state; parts that are shared count once."""
    seen: dict[int, int] = {}
    rest = [value]
    while rest:
        each = rest.pop()
        if id(each) in seen:
            continue
        seen[id(each)] = 0
        if isinstance(each, np.ndarray):
            seen[id(each)] = each.nbytes
        elif isinstance(each, bytes):
            seen[id(each)] = len(each)
        elif isinstance(each, dict):
            rest.extend(each.values())
        elif isinstance(each, list | tuple):
            rest.extend(each)
        elif isinstance(each, KeptReading):
            rest.extend(vars(each).values())
        elif is_dataclass(each):
            rest.extend(getattr(each, field.name) for field in fields(each))
    return sum(seen.values())


@asynccontextmanager
async def remembering(app: Any) -> AsyncIterator[None]:
    """While the page is served, its visits are `Visits`, and files are deleted with them; a
    lifespan of the app."""
    visits = Visits()
    visits.set_blocks(app.get_blocks())
    app.state_holder = visits
    async with sweeping():
        yield
