"""What the tests of explanations share: a small network with uneven statistics, and pictures."""

import keras
import numpy as np
import pytest

from model.network.resnet import tiny
from model.reading.classifier import HandClassifier


@pytest.fixture(scope="session")
def small():
    keras.utils.set_random_seed(3)
    model = tiny()
    rng = np.random.default_rng(0)
    for variable in model.weights:
        if variable.path.endswith("moving_variance"):
            variable.assign(rng.uniform(0.5, 1.5, variable.shape))
        elif variable.path.endswith(("moving_mean", "beta")):  # small, lest every ReLU be shut
            variable.assign(rng.normal(0, 0.2, variable.shape))
    return HandClassifier(model)


@pytest.fixture(scope="session")
def shipped():
    return HandClassifier.load()


def crop(seed=0):
    return np.random.default_rng(seed).integers(0, 256, (64, 64, 3), dtype=np.uint8)


def furthest(heat: np.ndarray, expected: np.ndarray) -> float:
    """How far apart two maps are at most, as a share of what the second has at most."""
    return float(np.abs(heat - expected).max() / max(expected.max(), 1e-6))
