"""Why the identity is easy for a residual block: live training, and blocks that start closed.

Source: He, Zhang, Ren and Sun 2015, arXiv:1512.03385, section 3.1; Goyal et al. 2017,
arXiv:1706.02677, section 5.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from model.network.resnet import identity_block, plain_block

CELLS, CHANNELS = 4, 16  # of the features that go in and out of the blocks: [n, 4, 4, 16]
RATE, BATCH = 0.01, 32  # of the training
SEED = 1  # of the blocks that are opened
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


class Learning(NamedTuple):
    """How far a stack of blocks has come.

    Attributes:
        trainable: its kernels and biases, and the scales and shifts of BatchNorm.
        others: the running means and variances of BatchNorm, which training does not use.
        means: of the gradients of what is trainable so far, each weighted by its age.
        squares: likewise of their squares.
        step: float32 [], optimizer steps so far.
    """

    trainable: list[tf.Tensor]
    others: list[tf.Tensor]
    means: list[tf.Tensor]
    squares: list[tf.Tensor]
    step: tf.Tensor


class Learner:
    """Trains a stack of blocks; each run keeps its own weights, so that one serves them all.

    Args:
        blocks: number of blocks, one after another.
        shortcuts: whether they are residual.
    """

    def __init__(self, blocks: int, shortcuts: bool):
        self._stack = partial(stack, blocks, shortcuts)
        model = self._stack()

        def answer(trainable, others, given):
            return model.stateless_call(trainable, others, given, training=True)[0]

        @tf.function(autograph=False)
        def train(so_far: Learning, given) -> Learning:
            with tf.GradientTape() as tape:
                tape.watch(so_far.trainable)
                output = answer(so_far.trainable, so_far.others, given)
                loss = tf.reduce_mean((output - given) ** 2)
            return adam(so_far, tape.gradient(loss, so_far.trainable))

        @tf.function(autograph=False)
        def error(so_far: Learning, given):
            return relative_error(answer(so_far.trainable, so_far.others, given), given)

        self.train, self.error = train, error

    def start(self, seed: int) -> Learning:
        """Before any training."""
        keras.utils.set_random_seed(seed)
        model = self._stack()
        trainable, others = (
            [tf.constant(variable.numpy()) for variable in kind]
            for kind in (model.trainable_variables, model.non_trainable_variables)
        )
        zeros = [tf.zeros_like(tensor) for tensor in trainable]
        return Learning(trainable, others, zeros, zeros, tf.constant(0.0))


def adam(so_far: Learning, gradients: list[tf.Tensor]) -> Learning:
    """A step of the optimizer of Kingma and Ba 2014, arXiv:1412.6980, algorithm 1."""
    step = so_far.step + 1
    means = [0.9 * mean + 0.1 * new for mean, new in zip(so_far.means, gradients, strict=True)]
    squares = [
        0.999 * mean + 0.001 * new**2 for mean, new in zip(so_far.squares, gradients, strict=True)
    ]
    rate = RATE * tf.sqrt(1 - 0.999**step) / (1 - 0.9**step)
    trainable = [
        weight - rate * mean / (tf.sqrt(square) + 1e-7)
        for weight, mean, square in zip(so_far.trainable, means, squares, strict=True)
    ]
    return Learning(trainable, so_far.others, means, squares, step)


@lru_cache(4)  # to trace one takes seconds
def learners(blocks: int) -> list[Learner]:
    return [Learner(blocks, shortcuts) for shortcuts in (True, False)]


def learn_identity(
    seed: int = 1, blocks: int = 1, steps: int = 200, every: int = 5
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

    Yields:
        Progress, first that before any training.
    """
    both = learners(blocks)
    so_far = [learner.start(seed) for learner in both]
    unseen = random_features(seed + 1_000_000, BATCH)
    rng = np.random.default_rng(seed)
    for step in range(steps + 1):
        if step % every == 0 or step == steps:
            errors = (x.error(own, unseen) for x, own in zip(both, so_far, strict=True))
            yield Progress(step, *map(float, errors))
        if step < steps:
            given = random_features(int(rng.integers(1_000_000)), BATCH)
            so_far = [x.train(own, given) for x, own in zip(both, so_far, strict=True)]


class Opener:
    """A stack of identity blocks at the start of training, whose main paths can be opened.

    Args:
        blocks: number of blocks.
    """

    def __init__(self, blocks: int = 12):
        keras.utils.set_random_seed(SEED)
        model = stack(blocks, True)
        self._gammas = [model.get_layer(f"block{i}_3_bn").gamma for i in range(1, blocks + 1)]
        joins = [model.get_layer(f"block{i}_add") for i in range(1, blocks + 1)]
        ends = [layer.output for layer in model.layers if layer.name.endswith("_out")]
        parts = keras.Model(model.input, [[join.input for join in joins], ends])
        given = tf.constant(random_features(SEED, 16))

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
