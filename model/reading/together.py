"""Many pictures at once: what several threads ask of a network goes through it together."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.reading.classifier import HandClassifier, Reading

MOST = 128  # pictures that go through the network at a time
AT_ONCE = 32  # pictures in the hands of a thread each


@dataclass(frozen=True, eq=False)
class Asked:
    """What a thread asks: arrays of n rows each, pictures first; and the answer it waits for."""

    rows: tuple[np.ndarray, ...]
    answer: Future = field(default_factory=Future)


class Together:
    """Calls a function for several threads at a time.

    Nobody waits for company: while the function runs, those who come line up, and the next call
    is for all of them. A lone thread is answered at once.

    Args:
        run: from arrays of n rows, the first of them pictures, float32 [n, h, w, 3], to others of
            n rows; what it makes of a row depends on that row alone.
        most: rows of a call, unless a single thread asks for more.
    """

    def __init__(self, run: Callable[..., list[np.ndarray]], most: int = MOST):
        self._run = run
        self._most = most
        self._line: deque[Asked] = deque()
        self._busy = False
        self._turn = threading.Condition()

    def __call__(self, *rows: np.ndarray) -> list[np.ndarray]:
        """What `run` makes of some rows; raises what it raises."""
        asked = Asked(rows)
        with self._turn:
            self._line.append(asked)
            self._turn.wait_for(lambda: asked.answer.done() or not self._busy)
            if asked.answer.done():
                return asked.answer.result()
            self._busy = True
        try:
            while not asked.answer.done():
                self._serve(self._next_group())
        finally:
            with self._turn:
                self._busy = False
                self._turn.notify_all()
        return asked.answer.result()

    def _next_group(self) -> list[Asked]:
        """Take those out of the line whose pictures have the size of the first one's."""
        with self._turn:
            size = self._line[0].rows[0].shape[1:]
            group: list[Asked] = []
            for asked in [each for each in self._line if each.rows[0].shape[1:] == size]:
                if group and sum(len(each.rows[0]) for each in (*group, asked)) > self._most:
                    break
                group.append(asked)
                self._line.remove(asked)
        return group

    def _serve(self, group: list[Asked]) -> None:
        try:
            joined = zip(*(asked.rows for asked in group), strict=True)
            answers = self._run(*(np.concatenate(rows) for rows in joined))
        except BaseException as error:  # whoever waits must hear of it, whatever it was
            for asked in group:
                asked.answer.set_exception(error)
            return
        ends = np.cumsum([len(asked.rows[0]) for asked in group])[:-1]
        parts = zip(*(np.split(answer, ends) for answer in answers), strict=True)
        for asked, part in zip(group, parts, strict=True):
            asked.answer.set_result([*part])


def read_many(
    classifier: "HandClassifier", sources: Iterable, find: bool = True, at_once: int = AT_ONCE
) -> Iterator["Reading | ValueError"]:
    """Read pictures, several at a time.

    Args:
        classifier: the reader.
        sources: each whatever `model.reading.images.read_picture` takes.
        find: look for the hand in each.
        at_once: how many are being read at a time.

    Yields:
        For each source, in order, what was read, or why nothing was.
    """

    def read(source) -> "Reading | ValueError":
        try:
            return classifier.read(source, find)
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
