"""Why the identity is easy for a residual block: live training, and blocks that start closed.

Source: He, Zhang, Ren and Sun 2015, arXiv:1512.03385, section 3.1; Goyal et al. 2017,
arXiv:1706.02677, section 5.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from model.network.resnet import identity_block, plain_block

CELLS, CHANNELS = 4, 16  # of the features that go in and out of the blocks: [n, 4, 4, 16]
FILTERS = (CHANNELS,) * 3  # no bottleneck: both kinds of block can represent the identity


@dataclass(frozen=True)
class Progress:
    """How far residual and plain blocks still are from the identity.

    Attributes:
        step: optimizer steps so far.
        residual: relative error of the residual blocks, ‖output − input‖ / ‖input‖.
        plain: the same for the plain blocks.
    """

    step: int
    residual: float
    plain: float


@dataclass(frozen=True)
class Opening:
    """What passes through a stack of identity blocks whose last BatchNorm has a given scale.

    Attributes:
        ratios: float32 [blocks], norm of the main path over that of the shortcut.
        distances: float32 [blocks], how far the signal is after each block from what went in:
            ‖output − input of the stack‖ / ‖input of the stack‖.
    """

    ratios: np.ndarray
    distances: np.ndarray


def random_features(seed: int, count: int) -> np.ndarray:
    """Random features as a ReLU leaves them: float32 [count, 4, 4, 16], zero or more."""
    rng = np.random.default_rng(seed)
    return np.maximum(rng.standard_normal((count, CELLS, CELLS, CHANNELS), np.float32), 0)


def stack(blocks: int, shortcuts: bool) -> keras.Model:
    """Blocks as the network has them, one after another, from features to features."""
    here = entrance = keras.Input((CELLS, CELLS, CHANNELS))
    for i in range(1, blocks + 1):
        if shortcuts:
            here = identity_block(here, FILTERS, f"block{i}")
        else:
            here = plain_block(here, FILTERS, f"block{i}", 1)
    return keras.Model(entrance, here)


def relative_error(output, target):
    """‖output − target‖ / ‖target‖ over all of a batch."""
    return tf.norm(output - target) / tf.norm(target)


def learn_identity(
    seed: int = 1, blocks: int = 1, steps: int = 200, every: int = 5, batch: int = 32
) -> Iterator[Progress]:
    """Train residual and plain blocks of the same size to output their input.

    Both see the same random features in the same order, start from kernels of the same
    distribution, and learn with Adam at 0.01. The error is measured on other features, with
    BatchNorm as in training.

    Args:
        seed: of kernels and features.
        blocks: number of blocks, one after another.
        steps: optimizer steps.
        every: steps between two results.
        batch: features in each step.

    Yields:
        Progress, first that before any training.
    """
    models, optimizers = [], []
    for shortcuts in (True, False):
        keras.utils.set_random_seed(seed)
        models.append(stack(blocks, shortcuts))
        optimizers.append(keras.optimizers.Adam(0.01))
        optimizers[-1].build(models[-1].trainable_variables)
    unseen = random_features(seed + 1_000_000, batch)

    @tf.function
    def train(given):
        for model, optimizer in zip(models, optimizers, strict=True):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((model(given, training=True) - given) ** 2)
            variables = model.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)

    @tf.function
    def errors():
        return [relative_error(model(unseen, training=True), unseen) for model in models]

    rng = np.random.default_rng(seed)
    for step in range(steps + 1):
        if step % every == 0 or step == steps:
            yield Progress(step, *(float(error) for error in errors()))
        if step < steps:
            train(random_features(int(rng.integers(1_000_000)), batch))


class Opener:
    """A stack of identity blocks at the start of training, whose main paths can be opened.

    Args:
        blocks: number of blocks.
        seed: of kernels and features.
    """

    def __init__(self, blocks: int = 12, seed: int = 1):
        keras.utils.set_random_seed(seed)
        model = stack(blocks, True)
        self._gammas = [model.get_layer(f"block{i}_3_bn").gamma for i in range(1, blocks + 1)]
        joins = [model.get_layer(f"block{i}_add") for i in range(1, blocks + 1)]
        ends = [layer.output for layer in model.layers if layer.name.endswith("_out")]
        parts = keras.Model(model.input, [[join.input for join in joins], ends])
        given = tf.constant(random_features(seed, 16))

        @tf.function
        def run():
            joined, ends = parts(given, training=True)
            ratios = [tf.norm(main) / tf.norm(shortcut) for shortcut, main in joined]
            return tf.stack(ratios), tf.stack([relative_error(end, given) for end in ends])

        self._run = run

    def open(self, gamma: float) -> Opening:
        """Set the scale of each block's last BatchNorm and measure what passes.

        Args:
            gamma: 0 closes the main paths, so that the input comes out; 1 is the usual start.
        """
        for variable in self._gammas:
            variable.assign(tf.fill(variable.shape, gamma))
        return Opening(*(values.numpy() for values in self._run()))
