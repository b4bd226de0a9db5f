import numpy as np

from explain.maps.exact_sum import exact_sum


def test_the_exact_sum_by_hand():
    """Two channels of four cells, two logits."""
    activations = np.float32([[[4, 0], [8, 0]], [[0, 4], [0, 8]]])
    kernel = np.float32([[1, -1], [0, 2]])
    found = exact_sum(activations, kernel, np.float32([0.5, -3]))
    np.testing.assert_array_equal(found.contributions, [[[1, 2], [0, 0]], [[-1, -2], [2, 4]]])
    np.testing.assert_array_equal(found.logits, [3.5, 0])
