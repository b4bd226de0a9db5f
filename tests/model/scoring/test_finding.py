"""Boxes that were read against true ones."""

import numpy as np
import pytest

from model.scoring.finding import Found, compare, finding_scores

FRAME = np.zeros((100, 200, 3), np.uint8)


@pytest.mark.parametrize(
    ("read", "holds", "overlap"),
    [
        ((40, 40, 60, 60), True, 1.0),
        ((45, 40, 55, 60), True, 1.0),  # the square around it is the same
        ((50, 40, 70, 60), True, 1 / 3),
        ((0, 0, 20, 20), False, 0.0),
        ((0, 0, 100, 100), True, 0.04),
    ],
)
def test_a_box_is_held_against_the_true_one(read, holds, overlap):
    found = compare(FRAME, np.array([40, 40, 60, 60]), np.array(read), True)
    assert found.holds == holds and found.overlap == pytest.approx(overlap)
    assert found.size == 0.2


def test_scores_are_by_size_and_of_all():
    found = [
        Found(0.1, True, 0.6, True),
        Found(0.1, False, 0.0, True),
        Found(0.5, True, 0.5, False),
    ]
    scores = finding_scores(found)
    assert set(scores) == {"under a fifth", "a third and more", "all"}
    small, whole = scores["under a fifth"], scores["all"]
    assert (small["pictures"], small["hold"], small["overlap"], small["right"]) == (2, 0.5, 0.5, 1)
    assert (whole["pictures"], whole["overlap"], whole["right"]) == (3, 0.6667, 0.6667)
    assert finding_scores([]) == {}
