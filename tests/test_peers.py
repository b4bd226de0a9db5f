"""The comparison with others counts and times all alike, and says what is missing."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.peers import mediapipe, read_side_by_side


def test_readers_are_scored_on_the_same_hands():
    hands = [(np.zeros((8, 8, 3), np.uint8), digit) for digit in (1, 2, 2, 3)]
    given = iter([None, 1, 2, None, 2])  # the first is asked once more, to warm up
    asked: list[Path] = []

    def read(file):
        assert file.exists()
        asked.append(file)
        return next(given), 10.0 * len(asked)

    score = read_side_by_side({"it": read}, hands)["it"]
    assert (score["pictures"], score["right"], score["not_seen"]) == (4, 2, 0.25)
    assert score["milliseconds"] == 35.0
    low, high = score["interval"]
    assert low < 0.5 < high


def test_an_environment_without_mediapipe_is_named():
    with (
        pytest.raises(ValueError, match="pip install mediapipe==0.10.14"),
        mediapipe(sys.executable),
    ):
        pass
