import numpy as np

from explain.network.first_convolution import first_convolution
from explain.network.inside_block import look_inside
from tests.explain.conftest import crop


def test_a_cell_by_hand_is_what_the_network_computes(small):
    found, picture = first_convolution(small), crop()
    computed = look_inside(small, "stem", picture)["conv1_conv"]
    assert computed.shape == (found.cells, found.cells, len(found.kernels))
    padded = np.pad(picture / 255, [(found.padding, found.padding)] * 2 + [(0, 0)])
    side = found.kernels.shape[1]
    for row, column, number in ((0, 0, 0), (9, 20, 3), (31, 31, 1)):
        top, left = found.stride * row, found.stride * column
        patch = padded[top : top + side, left : left + side]
        by_hand = found.biases[number] + (found.kernels[number] * patch).sum()
        np.testing.assert_allclose(computed[row, column, number], by_hand, atol=1e-4)
