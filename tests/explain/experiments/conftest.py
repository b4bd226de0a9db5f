"""What the tests of switched-off blocks share: a small network with and without shortcuts."""

import keras
import numpy as np
import pytest

from explain.experiments.switchboard import Switchboard
from model.network.resnet import Stage, network
from model.reading.classifier import HandClassifier

STAGES = (
    Stage("conv2", 1, (8, 8, 16), 1),
    Stage("conv3", 3, (8, 8, 16), 2),
    Stage("conv4", 2, (8, 8, 24), 2),
)


def build(shortcuts=True, blocks=3, like=None):
    """A network of random weights and statistics, conv3 with as many blocks; or those of another.

    A block that is missing is the second of the three.
    """
    keras.utils.set_random_seed(5)
    stages = (STAGES[0], Stage("conv3", blocks, (8, 8, 16), 2), STAGES[2])
    model = network(stages, stem=8, shortcuts=shortcuts, name="small")
    rng = np.random.default_rng(0)
    for variable in model.weights:
        if "kernel" not in variable.path:
            variable.assign(rng.uniform(0.5, 1.5, variable.shape))
    for layer in model.layers if like else ():
        kept = "conv3_block3" if blocks == 2 and "conv3_block2" in layer.name else "conv3_block2"
        layer.set_weights(like.get_layer(layer.name.replace("conv3_block2", kept)).get_weights())
    return model


@pytest.fixture(scope="module")
def residual():
    return HandClassifier(build())


@pytest.fixture(scope="module")
def plain():
    return HandClassifier(build(shortcuts=False))


@pytest.fixture(scope="module")
def board(residual):
    return Switchboard(residual)


def pictures(count=3, seed=0):
    return np.random.default_rng(seed).random((count, 64, 64, 3), np.float32)
