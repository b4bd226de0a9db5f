import keras
import numpy as np
import pytest

from model.network.resnet import tiny
from model.scoring.original import accuracy, fit


@pytest.fixture(scope="module")
def pictures_and_digits():
    digits = np.arange(64) % 6
    return np.full((64, 64, 64, 3), (digits / 6)[:, None, None, None], np.float32), digits


@pytest.mark.slow
def test_the_recipe_leaves_batch_norm_at_its_default(pictures_and_digits):
    model = fit(*pictures_and_digits, seed=1, epochs=1, build=tiny)
    norms = [x for x in model.layers if isinstance(x, keras.layers.BatchNormalization)]
    assert norms and {norm.momentum for norm in norms} == {0.99}


@pytest.mark.slow
def test_batch_statistics_make_answers_depend_on_neighbours(pictures_and_digits):
    pictures, digits = pictures_and_digits
    network = fit(pictures, digits, seed=1, epochs=1, build=tiny)
    alone = np.asarray(network(pictures[:2], training=True))[0]
    among = np.asarray(network(pictures, training=True))[0]
    assert not np.allclose(alone, among, atol=1e-4)
    scores = [accuracy(network, pictures, digits, training) for training in (True, False)]
    assert all(score["pictures"] == 64 for score in scores)
    assert all(score["accuracy"] == round(score["right"] / 64, 4) for score in scores)
