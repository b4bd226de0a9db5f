"""Answers that nobody fetches, and those that somebody will."""

from queue import Queue

import pytest

from demo.serve import unread
from demo.serve.unread import Unread


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 0.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(unread, "time", clock)
    return clock


class Queues(dict):
    """The messages of several visits, with no more than 3 of those that are a minute old."""

    def __init__(self):
        self.unread = Unread(self, most=3, seconds=60)

    def put(self, visit: str, count: int = 1) -> None:
        for number in range(count):
            self.setdefault(visit, Queue()).put(number)
            self.unread.added(visit)

    def sizes(self) -> dict[str, int]:
        return {visit: queue.qsize() for visit, queue in self.items()}


def test_however_many_are_unread_nobody_loses_one_within_a_minute(clock):
    queues = Queues()
    queues.put("first", 5)
    clock.now = 59
    queues.put("last", 50)
    assert queues.sizes() == {"first": 5, "last": 50}


def test_of_too_many_those_that_have_lain_for_long_are_dropped(clock):
    queues = Queues()
    queues.put("left", 2)
    queues.put("listens", 1)
    clock.now = 61
    queues["listens"].get()
    queues.put("listens", 1)
    assert queues.sizes() == {"left": 2, "listens": 1}, "they are not too many"
    queues.put("listens", 3)
    assert queues.sizes() == {"left": 0, "listens": 4}


def test_who_fetched_within_the_minute_still_listens(clock):
    queues = Queues()
    queues.put("slow", 1)
    clock.now = 61
    queues["slow"].get()
    queues["slow"].put("heartbeat")  # Gradio's own, which nobody is told of
    queues.put("slow", 1)
    queues.put("other", 4)
    assert queues.sizes() == {"slow": 2, "other": 4}
