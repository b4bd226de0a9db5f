"""Who does work that takes hours: this machine, or Ray, on this machine or many.

Nothing of Ray is imported before it is asked for.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from multiprocessing.pool import Pool
from typing import TypeVar

AT_A_TIME = 16  # pieces of work that a processor takes
PATIENCE = 5.0  # seconds between two looks whether all workers live
AHEAD = 4  # times as much is given out as all processors take

Piece = TypeVar("Piece")
Made = TypeVar("Made")


def add_engine(parser: argparse.ArgumentParser, does: str) -> None:
    """Add --engine to a command.

    Args:
        parser: of the command.
        does: what the engine does, such as "reads FOLDERs".
    """
    parser.add_argument(
        "--engine",
        type=installed,
        choices=("local", "ray"),
        default="local",
        help=f"who {does}: this machine, or Ray with all processors of this machine or of a "
        "cluster (docs/cluster.md)",
    )


def installed(engine: str) -> str:
    """An engine that is here.

    Raises:
        argparse.ArgumentTypeError: one sentence, if it must be installed first.
    """
    if engine == "ray" and not importlib.util.find_spec("ray"):
        raise argparse.ArgumentTypeError("ray must be installed first: pip install '.[cluster]'")
    return engine


def processes(workers: int, prepare: Callable[..., None] | None = None, *arguments: object) -> Pool:
    """Processes that work for this one and end with it, whatever ends it; for a `with` statement.

    Ctrl-C reaches every process at once. A worker that it ends while it takes an order never lets
    go of the queue, and its parent waits for that for ever: so it is left to the parent.

    Args:
        workers: how many.
        prepare: what each calls first, with the arguments.
        *arguments: of it.
    """
    spawn = multiprocessing.get_context("spawn")  # fork does not go with TensorFlow's threads
    return spawn.Pool(workers, _begin, (prepare, *arguments))


def _begin(prepare: Callable[..., None] | None, *arguments: object) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if prepare:
        prepare(*arguments)


def workers_now() -> set[int | None]:
    """The numbers of this process' children."""
    return {child.pid for child in multiprocessing.active_children()}


def outcome(ask: Callable[[float], Made], at_work: set[int | None]) -> Made:
    """What a process of a pool answers.

    Args:
        ask: waits for it so many seconds, such as `AsyncResult.get`.
        at_work: what `workers_now` said at first.

    Raises:
        ChildProcessError: if a worker was ended meanwhile. The pool has another in its place, but
            what it was working on is lost, and would be waited for in vain.
    """
    while True:
        try:
            return ask(PATIENCE)
        except multiprocessing.TimeoutError:
            if not at_work <= workers_now():
                raise ChildProcessError(
                    "a process that made pictures was ended, perhaps for want of memory"
                ) from None


def map_here(
    workers: int,
    function: Callable[[Piece], Made],
    work: Sequence[Piece],
    at_a_time: int = AT_A_TIME,
) -> Iterator[Made]:
    """What a function makes of each piece of work, in order, by processes of this machine.

    Args:
        workers: how many; with one, or with little work, this process does it.
        function: one that other processes can import.
        work: the pieces.
        at_a_time: pieces that a worker takes.
    """
    if workers < 2 or len(work) < 4 * at_a_time:
        yield from map(function, work)
        return
    with processes(workers) as pool:
        at_work = workers_now()
        given = [*shares(work, at_a_time)]
        results = pool.imap(partial(_each, function), given)
        for _ in given:
            yield from outcome(results.next, at_work)


def shares(work: Sequence[Piece], at_a_time: int) -> Iterator[Sequence[Piece]]:
    """Work in parts of so many pieces, the last of fewer."""
    for start in range(0, len(work), at_a_time):
        yield work[start : start + at_a_time]


def _each(function: Callable[[Piece], Made], share: Sequence[Piece]) -> list[Made]:
    return [*map(function, share)]


def map_by(engine: str, workers: int) -> Callable[..., Iterator]:
    """What `add_engine` chose: `map_on_ray`, or `map_here` with so many workers."""
    return map_on_ray if engine == "ray" else partial(map_here, workers)


@contextmanager
def joined() -> Iterator[None]:
    """Be in the Ray cluster that RAY_ADDRESS names, or in one of this machine alone."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    alone = "RAY_ADDRESS" not in os.environ
    if alone:  # it listens to nobody else
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    import ray

    if ray.is_initialized():
        yield
        return
    ray.init(
        address="local" if alone else None,
        include_dashboard=False if alone else None,
        logging_level="WARNING",
        log_to_driver=False,
    )
    try:
        yield
    finally:
        ray.shutdown()


def processors() -> int:
    """How many the cluster has now."""
    import ray

    return max(1, int(ray.cluster_resources().get("CPU", 0)))


def map_on_ray(
    function: Callable[[Piece], Made], work: Sequence[Piece], at_a_time: int = AT_A_TIME
) -> Iterator[Made]:
    """What a function makes of each piece of work, in order.

    If a machine dies, its work is given to another.

    Args:
        function: one that other processes can import.
        work: the pieces.
        at_a_time: pieces that a processor takes.
    """
    with joined():
        import ray

        def outcome() -> list[Made]:
            try:
                return deepcopy(ray.get(going.popleft()))  # out of memory that Ray needs
            except ray.exceptions.RayTaskError as error:
                raise error.cause from None

        @ray.remote(num_cpus=1)
        def make(pieces: Sequence[Piece]) -> list[Made]:
            return [function(piece) for piece in pieces]

        going: deque = deque()
        for share in shares(work, at_a_time):
            while len(going) >= AHEAD * processors():
                yield from outcome()
            going.append(make.remote(share))
        while going:
            yield from outcome()
