from types import SimpleNamespace

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
    return Reading(digit, probabilities, probabilities, black, box, black, evidence, seen)


def test_one_odd_frame_changes_nothing_and_a_change_that_stays_comes_through():
    before, said = None, []
    for digit in (3, 3, 3, 5, 3, 3, 2, 2, 2):
        before = steadied(reading(digit, 9), before, HAND)
        said.append(before.digit)
        assert before.probabilities.sum() == pytest.approx(1, abs=1e-6)
    assert said[:6] == [3] * 6 and said[-2:] == [2, 2]


def test_a_hand_that_comes_is_read_at_once_and_one_that_goes_is_gone_soon():
    none = steadied(reading(1, -2), None, HAND)
    assert not none.is_hand
    seen = steadied(reading(4, 8), none, HAND)
    assert seen.is_hand and seen.digit == 4 and seen.evidence == 8
    gone = steadied(steadied(reading(0, -2), seen, HAND), seen, HAND)
    assert not steadied(reading(0, -2), gone, HAND).is_hand


def test_what_was_kept_of_a_reading_is_enough():
    kept = SimpleNamespace(probabilities=np.full(6, 1 / 6), evidence=10.0, is_hand=True)
    assert steadied(reading(2, 6), kept, HAND).evidence == 8
