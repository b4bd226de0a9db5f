"""What is noted beside weights, in a .json file: what turns their logits into answers, and more."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from model.network.weights_file import get_back, notes_of
from model.reading.light import PERCENTILES


@dataclass(frozen=True)
class Calibration:
    """What turns a network's logits into answers; chosen with the weights, never on test data.

    Attributes:
        hand: evidence below which there is no hand; with none at all pictures are read whole.
        temperature: divides the logits before they become probabilities, so that these are right
            as often as they say (Guo et al. 2017, arXiv:1706.04599, section 4.2).
        sure: evidence from which a glance at the whole picture is enough; see
            `model.reading.find_hand.is_enough`.
    """

    hand: float = -np.inf
    temperature: float = 1.0
    sure: float = np.inf


@dataclass(frozen=True)
class Notes:
    """What is known of weights.

    Attributes:
        calibration: chosen for them.
        light: of their training pictures, as `model.reading.light.percentiles` gives it; empty if
            that is not known.
        sha256: of their file, in hexadecimal digits; None if that is not known.
    """

    calibration: Calibration = Calibration()
    light: Mapping[str, list[float]] = field(default_factory=dict)
    sha256: str | None = None


def read_notes(weights: Path) -> Notes:
    """Read what lies beside weights, and check that it was written for them.

    Args:
        weights: their file.

    Raises:
        ValueError: one sentence, if either file is damaged or they don't belong together.
    """
    path = notes_of(weights)
    if not path.exists():
        said = f"{path} is missing: pictures are read whole, and each is given a digit."
        warnings.warn(said, stacklevel=3)
        return Notes()
    again = f"score the weights again with `python -m model.train --score-again {weights}`"
    try:
        notes = notes_in(json.loads(path.read_bytes()))
    except (OSError, AttributeError, ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"{path} is damaged; {get_back(path, again)}.") from error
    # What Keras saved of the same network is another file.
    if weights.suffix == ".npz" and notes.sha256 not in (None, digest_of(weights)):
        instead = get_back(weights, again)
        raise ValueError(f"{weights} is not the file that {path} was written for; {instead}.")
    return notes


def notes_in(found: dict) -> Notes:
    """What a file says.

    Raises:
        AttributeError, TypeError, ValueError: if it says what it cannot.
    """
    calibration, light = found.get("calibration") or {}, found.get("light") or {}
    if not all(is_finite(value) for value in calibration.values()):
        raise ValueError("a calibration that is no finite number")
    known = {each.name for each in fields(Calibration)}
    chosen = Calibration(
        **{name: float(calibration[name]) for name in calibration if name in known}
    )
    if chosen.temperature <= 0:
        raise ValueError("a temperature that is not above zero")
    for table in light.values():
        if not (isinstance(table, list) and len(table) == len(PERCENTILES)):
            raise ValueError("a distribution that has not all percentiles")
        if not all(is_finite(value) for value in table) or table != sorted(table):
            raise ValueError("percentiles that do not rise")
    if light and light.keys() != {"brightness", "contrast", "busyness"}:
        raise ValueError("a distribution that is missing")
    sha256 = found.get("sha256")
    if not isinstance(sha256, str | None):
        raise TypeError("a digest that is no text")
    return Notes(chosen, light, sha256)


def is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with open(path, "rb") as file:
        found = hashlib.sha256()
        while chunk := file.read(1 << 20):
            found.update(chunk)
    return found.hexdigest()
