import numpy as np

from explain.checks.counterfactual import counterfactual
from tests.explain.conftest import crop


def places(*cells):
    heat = np.zeros((8, 8), np.float32)
    for value, cell in enumerate(reversed(cells), 1):
        heat[cell] = value
    return heat.repeat(8, 0).repeat(8, 1)


def sharp(pictures, row, column):
    return pictures[:, 8 * row : 8 * row + 8, 8 * column : 8 * column + 8].std((1, 2, 3)) > 0.15


def needs_two(pictures):
    """A zero as long as one of two places is sharp, else a one."""
    zero = np.where(sharp(pictures, 1, 1) | sharp(pictures, 6, 3), 0.9, 0.2)
    return np.stack([zero, 1 - zero], 1).astype(np.float32)


def test_only_the_places_that_matter_are_left():
    heat = places((0, 7), (1, 1), (4, 4), (6, 3), (7, 7))
    found = counterfactual(needs_two, crop(), heat, 1)
    assert found.reached and (found.digit, found.becomes) == (0, 1)
    assert found.cells.tolist() == [[1, 1], [6, 3]]
    assert found.probabilities.shape == (3, 2) and found.pictures.shape == (3, 64, 64, 3)
    np.testing.assert_array_equal(found.pictures[0], crop())
    different = (found.pictures[2] != crop()).any(-1)
    assert different[8:16, 8:16].mean() > 0.9 and different[48:56, 24:32].mean() > 0.9
    assert different.sum() <= 128
    assert found.probabilities[1, 0] == found.probabilities[0, 0] > found.probabilities[2, 0]


def prefers_two(pictures):
    """Blurring one place makes a zero a two, blurring another makes it a one."""
    two = np.where(sharp(pictures, 1, 1), 0.1, 0.6)
    one = np.where(sharp(pictures, 6, 3), 0.05, 0.9)
    zero = np.full(len(pictures), 0.5)
    found = np.stack([zero, one, two], 1)
    return (found / found.sum(1, keepdims=True)).astype(np.float32)


def test_it_ends_at_the_digit_that_was_asked_for():
    heat = places((1, 1), (0, 7))  # by which a two is read first, and never a one
    found = counterfactual(prefers_two, crop(), heat, 1, most=2)
    assert found.reached and found.becomes == 1
    assert found.cells.tolist() == [[6, 3]]


def test_a_digit_that_cannot_be_reached_is_brought_as_close_as_it_comes():
    def nearly(pictures):
        """A zero, though less so for each of two places that is blurred."""
        one = 0.4 - 0.2 * sharp(pictures, 1, 1) - 0.2 * sharp(pictures, 6, 3)
        return np.stack([1 - one, one], 1).astype(np.float32)

    found = counterfactual(nearly, crop(), places((0, 7), (1, 1), (4, 4)), 1)
    assert not found.reached and (found.digit, found.becomes, found.target) == (0, 0, 1)
    assert found.probabilities[-1, 1] > found.probabilities[0, 1]
    assert {(1, 1), (6, 3)} == {*map(tuple, found.cells.tolist())}


def test_where_no_place_brings_a_digit_closer_none_is_covered():
    def farther(pictures):
        """A zero, and the more so the less is to be seen."""
        one = 0.2 * pictures.std((1, 2, 3))
        return np.stack([1 - one, one], 1).astype(np.float32)

    found = counterfactual(farther, crop(), places((0, 7), (1, 1)), 1)
    assert not found.reached and not len(found.cells)
    np.testing.assert_array_equal(found.pictures, crop()[None])
