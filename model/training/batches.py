"""Batches made ahead by other processes."""

from collections import deque
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np

from model.engine import processes
from model.training.mixture import Mixture, Pool
from model.training.preparing import open_pool

_pool: Pool  # one in each worker process


def _start_worker(paths: Sequence[Path], mixture: Mixture | None) -> None:
    global _pool
    _pool = open_pool(paths, mixture)


def _make_batch(seed: int, step: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    return _pool.batch((seed, step), count)


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
        ahead = deque()
        step = start
        while True:
            while len(ahead) < 8 * workers:
                ahead.append(pool.apply_async(_make_batch, (seed, step, count)))
                step += 1
            yield ahead.popleft().get()
