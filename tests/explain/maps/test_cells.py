import keras
import numpy as np
import pytest
import tensorflow as tf

from explain.maps.cells import cell_centres, interpolation_matrix, lay
from model.network.resnet import TINY_STAGES, network, tiny


def test_the_centres_by_hand():
    centres = cell_centres(tiny())
    assert centres["picture"] == (0.5, 1)
    assert centres["conv1_relu"] == (0.5, 2)  # a 7x7 window around every other pixel
    assert centres["pool1_pool"] == centres["conv2_block1_out"] == (2.5, 4)
    assert centres["conv3_block2_out"] == (2.5, 8)
    assert centres["conv4_block1_out"] == (2.5, 16)
    assert centres["conv5_block1_out"] == (2.5, 32)


def test_a_cell_answers_to_the_pixels_around_its_centre():
    """With equal weights, the slope of a cell is symmetric about the pixel it is centred at."""
    model = network(TINY_STAGES, stem=8, size=None, batch_norm=False)
    for layer in model.layers:
        if layer.weights:
            layer.set_weights([np.full(w.shape, 0.1 if w.ndim > 1 else 0) for w in layer.weights])
    output = model.get_layer("conv3_block1_out").output
    staged = keras.Model(model.input, output)
    picture = tf.random.stateless_uniform((1, 160, 160, 3), (0, 0), 0.9, 1)
    with tf.GradientTape() as tape:
        tape.watch(picture)
        cell = tf.reduce_sum(staged(picture)[0, 9, 9])
    slope = tape.gradient(cell, picture).numpy()[0].sum((1, 2))
    middle = (slope * (np.arange(160) + 0.5)).sum() / slope.sum()
    first, step = cell_centres(model)["conv3_block1_out"]
    assert middle == pytest.approx(first + 9 * step, abs=1.0)


def test_a_cell_has_its_value_at_its_centre():
    laid = lay(np.float32([[0, 1], [2, 5]]), (2.5, 32))
    np.testing.assert_allclose(laid[[2, 2, 34, 34], [2, 34, 2, 34]], [0, 1, 2, 5])
    np.testing.assert_allclose(laid[2, [0, 10, 18, 63]], [0, 0.25, 0.5, 1])


def test_raw_cells_have_edges():
    laid = lay(np.float32([[0, 1]]), (2.5, 32), smooth=False)
    assert (laid[:, :19] == 0).all() and (laid[:, 19:] == 1).all()
    for smooth in (True, False):
        np.testing.assert_allclose(interpolation_matrix(15, (2.5, 4), smooth).sum(1), 1, rtol=1e-6)
