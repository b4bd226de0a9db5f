"""Batches made ahead by other processes."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np

from model.engine import outcome, processes, workers_now
from model.training.mixture import Mixture, Pool
from model.training.preparing import open_pool

_open: Callable[[], Pool]  # in each worker process


def _start_worker(paths: Sequence[Path], mixture: Mixture | None) -> None:
    global _open
    # Opened with the first batch, so that whoever waits for it hears of an error.
    _open = cache(partial(open_pool, paths, mixture))


def _make_batch(seed: int, step: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    return _open().batch((seed, step), count)


def batches(
    paths: Sequence[Path], mixture: Mixture | None, seed: int, count: int, start: int, workers: int
) -> Generator[tuple[np.ndarray, np.ndarray], None, None]:
    """Batches from a step on; the number of workers changes nothing in them.

    Args:
        paths: from `prepare_all`.
        mixture: what the batches are made of.
        seed: of the pictures.
        count: pictures a batch.
        start: the first step.
        workers: processes that make them.
    """
    with processes(workers, _start_worker, paths, mixture) as pool:
        at_work, ahead = workers_now(), deque()
        step = start
        while True:
            while len(ahead) < 8 * workers:
                ahead.append(pool.apply_async(_make_batch, (seed, step, count)))
                step += 1
            yield outcome(ahead.popleft().get, at_work)
