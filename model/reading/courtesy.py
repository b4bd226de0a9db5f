"""Slow work lets readings go first: between its steps it waits while one is under way."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

LONGEST = 1.0  # seconds that slow work waits for its next step, so that it comes to an end as well
AT_ONCE = 8  # pictures; with more of them a visitor's reading would wait longer

_changed = threading.Condition()
_under_way = 0


@contextmanager
def urgent() -> Iterator[None]:
    """Somebody waits for what is computed in here."""
    global _under_way
    with _changed:
        _under_way += 1
    try:
        yield
    finally:
        with _changed:
            _under_way -= 1
            _changed.notify_all()


def give_way() -> None:
    """Wait until nothing urgent is under way, but no longer than LONGEST."""
    with _changed:
        _changed.wait_for(lambda: not _under_way, LONGEST)


def by_parts(run: Callable[[np.ndarray], np.ndarray], pictures: np.ndarray) -> np.ndarray:
    """What `run` makes of pictures, [n, h, w, 3], a few at a time: it gives way before each few."""
    answers = []
    for part in np.split(pictures, range(AT_ONCE, len(pictures), AT_ONCE)):
        give_way()
        answers.append(run(part))
    return np.concatenate(answers)
