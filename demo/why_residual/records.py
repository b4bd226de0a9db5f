"""What the experiments recorded, read once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from demo.kit.network import Network
from model.records import RECORDED, damaged, load_record

BLOCKS_OFF = "python -m explain.experiments.blocks_off record"
DEPTH = "python -m explain.experiments.depth record"


Drawn = TypeVar("Drawn")


@cache
def recorded(name: str) -> dict | None:
    """A record; None if it is not there or damaged, which the terminal is told."""
    try:
        return load_record(name)
    except ValueError as error:
        print(error, file=sys.stderr)
        return None


def drawn_from(name: str, draw: Callable[[dict], Drawn]) -> Drawn | None:
    """What is drawn from a record; None if it is not there, or says what cannot be drawn."""
    record = recorded(name)
    if record is None:
        return None
    try:
        return draw(record)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        print(damaged(RECORDED / f"{name}.json"), file=sys.stderr)
        return None


@cache
def recorded_seeds(name: str) -> list[int]:
    """The seeds of the records that are named `name` and a seed; the first one if there are none.

    Args:
        name: such as `gradient_flow_`.
    """
    seeds = {int(path.stem.rpartition(name[-1])[2]) for path in RECORDED.glob(f"{name}[0-9]*.json")}
    return sorted(seeds) or [1]


@cache
def recorded_landscape(name: str) -> dict | None:
    """A landscape that was scanned to the end."""
    from explain.draw.charts.landscape import landscape_charts
    from explain.experiments.landscape import is_whole

    def whole(record: dict) -> dict | None:
        return record if is_whole(record) and landscape_charts([record], 0) else None

    return drawn_from(name, whole)


def recorded_landscapes(seed: int) -> list[dict]:
    """The landscapes of a seed that were scanned to the end, plain networks first."""
    names = sorted(path.stem for path in RECORDED.glob(f"landscape_*-{seed}.json"))
    return [record for record in map(recorded_landscape, names) if record]


@cache
def lesions_of(network: Network) -> dict | None:
    """What `explain.experiments.blocks_off` recorded; None for other weights."""

    def shipped(record: dict) -> dict | None:
        if record["digest"] != network.digest:
            return None
        each = record["shipped"]
        ratios = [(float(low), float(mid), float(high)) for low, mid, high in each["ratios"]]
        return each | {"ratios": ratios}

    return drawn_from("blocks_off", shipped)
