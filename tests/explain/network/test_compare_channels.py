import numpy as np
import pytest

from explain.network.compare_channels import compare_channels


def answers(*means: float) -> np.ndarray:
    """Activations of channels of 2x2 cells, all in one cell, with these means."""
    found = np.zeros((2, 2, len(means)), np.float32)
    found[1, 0] = 4 * np.array(means, np.float32)
    return found


def test_channels_are_told_apart_by_their_means_wherever_they_are_active():
    first = answers(5, 0, 3, 2, 0)
    second = answers(1, 4, 3, 1, 0)[::-1, ::-1]
    found = compare_channels(first, second, count=2)
    np.testing.assert_allclose(found.means, [[5, 0, 3, 2, 0], [1, 4, 3, 1, 0]])
    assert (found.first, found.second, found.both) == ([0, 3], [1], [2])
    assert found.shared == pytest.approx((1 + 0 + 3 + 1) / (5 + 4 + 3 + 2))


def test_one_picture_shares_all_with_itself_and_an_empty_one_with_another_empty_one():
    alike = compare_channels(answers(5, 0, 3), answers(5, 0, 3), count=2)
    assert (alike.shared, alike.first, alike.second, alike.both) == (1, [], [], [0, 2])
    empty = compare_channels(answers(0, 0), answers(0, 0), count=2)
    assert (empty.shared, empty.both) == (1, [])
