"""What the experiments recorded, read once."""

from __future__ import annotations

from functools import cache

from demo.kit.network import Network
from model.records import RECORDED, load_record

BLOCKS_OFF = "python -m explain.experiments.blocks_off record"
DEPTH = "python -m explain.experiments.depth record"


@cache
def recorded(name: str) -> dict | None:
    return load_record(name)


@cache
def recorded_seeds(name: str) -> list[int]:
    """The seeds of the records that are named `name` and a seed; the first one if there are none.

    Args:
        name: such as `gradient_flow_`.
    """
    seeds = {int(path.stem.rpartition(name[-1])[2]) for path in RECORDED.glob(f"{name}[0-9]*.json")}
    return sorted(seeds) or [1]


def recorded_landscapes(seed: int) -> list[dict]:
    """The landscapes of a seed that were scanned to the end, plain networks first."""
    from explain.experiments.landscape import is_whole

    names = sorted(path.stem for path in RECORDED.glob(f"landscape_*-{seed}.json"))
    return [record for record in map(recorded, names) if record and is_whole(record)]


@cache
def lesions_of(network: Network) -> dict | None:
    """What `explain.experiments.blocks_off` recorded; None for other weights."""
    from model.network.weights_file import weights_digest

    lesions = recorded("blocks_off")
    if lesions and lesions.get("digest") == weights_digest(network.classifier.model):
        return lesions["shipped"]
    return None
