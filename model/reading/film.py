"""A film: what is read of a frame is steadied by what was read of those before."""

from dataclasses import replace
from typing import Protocol

import numpy as np

from model.reading.classifier import Reading

NEW = 0.5  # weight of the newest frame; those before have half of the rest each


class Before(Protocol):
    """What was read of the frame before; the names are those of `Reading`."""

    @property
    def probabilities(self) -> np.ndarray: ...
    @property
    def evidence(self) -> float: ...
    @property
    def is_hand(self) -> bool: ...


def steadied(reading: Reading, before: Before | None, hand: float) -> Reading:
    """Average a reading with those of the frames before, so that one odd frame changes nothing.

    Args:
        reading: of the frame.
        before: of the frame before, steadied itself; None if there was none.
        hand: evidence from which there is a hand.
    """
    if before is None or not before.is_hand:
        return reading  # a hand that appears is read at once
    probabilities = NEW * reading.probabilities + (1 - NEW) * before.probabilities
    seen = NEW * reading.evidence + (1 - NEW) * before.evidence
    return replace(
        reading,
        digit=int(probabilities.argmax()),
        probabilities=probabilities,
        evidence=seen,
        is_hand=seen >= hand,
    )
