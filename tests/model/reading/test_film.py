import numpy as np
import pytest

from model.reading.classifier import Reading
from model.reading.film import steadied

HAND = 4.0


def reading(digit: int, evidence: float) -> Reading:
    probabilities = np.full(6, 0.02, np.float32)
    probabilities[digit] = 0.9
    black = np.zeros((64, 64, 3), np.uint8)
    box = (0, 0, 64, 64)
    seen = evidence >= HAND
    return Reading(digit, probabilities, black, box, black, evidence, seen)


def film(*frames: tuple[int, float]) -> list[Reading]:
    """What is told of frames, each a digit and the evidence for a hand, one after the other."""
    told: list[Reading] = []
    for digit, evidence in frames:
        new, before = reading(digit, evidence), told[-1] if told else None
        if before and before.is_hand:
            new = steadied(new, before.probabilities, before.evidence, HAND)
        told.append(new)
    return told


def test_one_odd_frame_changes_nothing_and_a_change_that_stays_comes_through():
    told = film(*((digit, 9) for digit in (3, 3, 3, 5, 3, 3, 2, 2, 2)))
    digits = [each.digit for each in told]
    assert digits[:6] == [3] * 6 and digits[-2:] == [2, 2]
    assert [each.probabilities.sum() for each in told] == pytest.approx([1] * 9, abs=1e-6)


def test_a_hand_that_goes_is_gone_soon():
    told = film((4, 8), (0, -2), (0, -2))
    assert told[0].evidence == 8 and told[0].is_hand
    assert told[1].evidence == 3 and not told[1].is_hand  # the mean of both
    assert told[2].evidence == -2
