"""Many pictures at once: what several threads ask of a network goes through it together."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from model.reading.images import LONGEST, read_picture

if TYPE_CHECKING:
    from model.reading.classifier import HandClassifier, Reading

MOST = 16  # pictures that go through the network at a time; more are no faster
AT_ONCE = 64  # pictures in the hands of a thread each
LANES = os.cpu_count() or 1


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked: arrays of n rows each, pictures first; and the answer that is waited for."""

    rows: list[np.ndarray]
    answer: Future = field(default_factory=Future)


class Together:
    """Calls a function for several threads at a time, and on all processors.

    What is asked is shared out among the processors: a call runs on one of them, as
    `model.reading.kernels` says. Nobody waits for company: while all are busy, those who come line
    up, and the next call is for several of them.

    Args:
        run: from arrays of n rows, the first of them pictures, float32 [n, h, w, 3], to others of
            n rows; what it makes of a row depends on that row alone.
        most: rows of a call.
        lanes: how many calls run at a time.
    """

    def __init__(self, run: Callable[..., list[np.ndarray]], most: int = MOST, lanes: int = LANES):
        self._run = run
        self._most, self._lanes = most, lanes
        self._busy = 0
        self._line: deque[Asked] = deque()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(lanes, thread_name_prefix="network")

    def __call__(self, *rows: np.ndarray) -> list[np.ndarray]:
        """What `run` makes of some rows; raises what it raises."""
        count = len(rows[0])
        calls = max(1, min(count, max(self._lanes, -(-count // self._most))))
        shares = zip(*(np.array_split(each, calls) for each in rows), strict=True)
        asked = [Asked([*share]) for share in shares]
        with self._lock:
            self._line += asked
        for _ in asked:
            self._threads.submit(self._serve)
        answers = zip(*(each.answer.result() for each in asked), strict=True)
        return [np.concatenate(each) for each in answers]

    def _serve(self) -> None:
        """Answer who is first in the line, and with them others."""
        with self._lock:
            group = self._next_group()
            if not group:  # they have been answered with others
                return
            self._busy += 1
        try:
            joined = zip(*(asked.rows for asked in group), strict=True)
            answers = self._run(*(np.concatenate(rows) for rows in joined))
            ends = np.cumsum([len(asked.rows[0]) for asked in group])[:-1]
            parts = zip(*(np.split(answer, ends) for answer in answers), strict=True)
            answered = [*zip(group, parts, strict=True)]
        except BaseException as error:  # whoever waits must hear of it, whatever it was
            for asked in group:
                asked.answer.set_exception(error)
            return
        finally:
            with self._lock:
                self._busy -= 1
        for asked, part in answered:
            asked.answer.set_result([*part])

    def _next_group(self) -> list[Asked]:
        """Take a share of the line, pictures of the first one's size, and leave the idle theirs."""
        waiting = sum(len(asked.rows[0]) for asked in self._line)
        most = min(self._most, -(-waiting // (self._lanes - self._busy)))
        group: list[Asked] = []
        for asked in [*self._line]:
            joined = [each.rows[0] for each in (*group, asked)]
            alike = joined[0].shape[1:] == joined[-1].shape[1:]
            if alike and (not group or sum(map(len, joined)) <= most):
                group.append(asked)
                self._line.remove(asked)
        return group


def read_many(
    classifier: "HandClassifier", sources: Iterable, find: bool = True, at_once: int = AT_ONCE
) -> Iterator["Reading | ValueError"]:
    """Read pictures, several at a time; few are decoded at once, as large ones take much memory.

    Args:
        classifier: the reader.
        sources: each whatever `model.reading.images.read_picture` takes.
        find: look for the hand in each.
        at_once: how many are being read at a time.

    Yields:
        For each source, in order, what was read, or why nothing was.
    """

    decoding = threading.BoundedSemaphore(LANES)

    def read(source) -> "Reading | ValueError":
        try:
            with decoding:
                picture = read_picture(source, LONGEST)
            return classifier.read(picture, find)
        except ValueError as error:
            return error

    going: deque[Future] = deque()
    threads = ThreadPoolExecutor(at_once, thread_name_prefix="reading")
    try:
        for source in sources:
            going.append(threads.submit(read, source))
            if len(going) > at_once:
                yield going.popleft().result()
        while going:
            yield going.popleft().result()
    finally:
        threads.shutdown(cancel_futures=True)
