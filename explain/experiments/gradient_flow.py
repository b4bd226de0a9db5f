"""Where the gradient goes: 50 layers with and without shortcuts, with and without BatchNorm.

`python -m explain.experiments.gradient_flow record --seed 1` measures it on real pictures.

Source: He, Zhang, Ren and Sun 2015, arXiv:1512.03385, section 4.1; Yang et al. 2019,
arXiv:1902.08129; Balduzzi et al. 2017, arXiv:1702.08591.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from explain.experiments.made_hands import made_hands
from model.collections import loading
from model.collections.catalogue import SIMPLE
from model.network.resnet import STAGES, Stage, network
from model.records import commit, save_record

STEPS = (0, 1, 2, 4, 8, 16)  # of training, after which the gradients are measured
DISTANCES = tuple(0.5**k for k in range(16, -1, -1))  # in shares of the way to another picture


@dataclass(frozen=True)
class Variant:
    """One of the networks compared.

    Attributes:
        name: in words.
        shortcuts: whether it has them.
        batch_norm: whether it has BatchNorm.
        glorot: whether its kernels are as small as in Glorot and Bengio 2010. That was usual until
            He et al. 2015, arXiv:1502.01852, made up for the half that ReLU takes away.
    """

    name: str
    shortcuts: bool
    batch_norm: bool
    glorot: bool = False

    def build(self, seed: int, stages: Sequence[Stage] = STAGES, stem: int = 64) -> keras.Model:
        """The network with random weights, before any training."""
        keras.utils.set_random_seed(seed)
        model = network(stages, stem, self.shortcuts, self.batch_norm, name="measured")
        for layer in depth_layers(model)[:-1] if self.glorot else ():
            before, after = layer.kernel.shape[-2:]
            # From a variance of 2 / inputs to one of 2 / (inputs + outputs).
            scale = (before / (before + after)) ** 0.5
            layer.kernel.assign(scale * layer.kernel)
        return model


VARIANTS = (
    Variant("residual", True, True),
    Variant("plain", False, True),
    Variant("residual without BatchNorm", True, False),
    Variant("plain without BatchNorm", False, False),
    Variant("plain without BatchNorm, older start", False, False, glorot=True),
)


@dataclass(frozen=True)
class Flow:
    """The gradient in one network at one time.

    Attributes:
        variant: the network.
        loss: cross-entropy, in nats.
        norms: float32 [layers], Euclidean norm of its gradient with respect to each layer's
            kernel, from the first convolution to the dense layer; projections are left out.
    """

    variant: Variant
    loss: float
    norms: np.ndarray


def depth_layers(model: keras.Model) -> list:
    """The layers that count as depth, in order: the dense one, and convolutions but projections."""
    kinds = (keras.layers.Conv2D, keras.layers.Dense)
    found = [layer for layer in model.layers if isinstance(layer, kinds)]
    return [layer for layer in found if not layer.name.endswith("_0_conv")]


def gradients(model: keras.Model, pictures, digits, of=None):
    """The loss and its gradient, with BatchNorm as in training.

    Args:
        model: the network.
        pictures: float32 [n, 64, 64, 3] in 0..1, over which BatchNorm normalises.
        digits: int [m], of the first m pictures; the loss is the mean over these.
        of: the variables; None for the kernels of `depth_layers`.

    Returns:
        The loss, and a gradient for each variable.
    """
    variables = [layer.kernel.value for layer in depth_layers(model)] if of is None else of
    with tf.GradientTape() as tape:
        logits = model(pictures, training=True)[: len(digits)]
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(digits, logits)
        loss = tf.reduce_mean(losses)
    return loss, tape.gradient(loss, variables)


def measure(variant: Variant, model: keras.Model, pictures, digits) -> Flow:
    """The norm of the gradient, layer by layer; for the arguments see `gradients`."""
    loss, found = gradients(model, pictures, digits)
    return Flow(variant, float(loss), np.array([tf.norm(g) for g in found], np.float32))


def on_picture(crop: np.ndarray, digit: int, seed: int = 1) -> Iterator[Flow]:
    """One backward pass of each network, at initialisation, on a picture.

    Args:
        crop: uint8 [64, 64, 3]. Seven made hands join it, so that BatchNorm has a batch to
            normalise over; the loss is that of the picture alone.
        digit: the one it shows.
        seed: of the weights.

    Yields:
        A Flow for each of VARIANTS.
    """
    batch = np.concatenate([crop[None] / np.float32(255), made_hands(7)[0]])
    for variant in VARIANTS:
        yield measure(variant, variant.build(seed), batch, np.array([digit]))


def along_training(
    variant: Variant, model: keras.Model, batches: Iterator, probe, steps: Sequence[int]
) -> Iterator[Flow]:
    """Measure on the same pictures while the network learns from others.

    Args:
        variant: the kind of network.
        model: the network, trained in place by AdamW at 0.001, as the shipped weights were.
        batches: pairs of pictures and digits to learn from.
        probe: the pair to measure on.
        steps: of training, after which to measure.
    """
    optimizer = keras.optimizers.AdamW(1e-3, weight_decay=0.02)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    variables = [variable.value for variable in model.trainable_variables]
    for step in range(max(steps) + 1):
        if step in steps:
            yield measure(variant, model, *probe)
        if step < max(steps):
            pictures, digits = next(batches)
            _, found = gradients(model, pictures, digits, variables)
            optimizer.apply(found, model.trainable_variables)


def settle_batch_norm(model: keras.Model, pictures) -> None:
    """Give BatchNorm the statistics of a batch to use at inference."""
    norms = [x for x in model.layers if isinstance(x, keras.layers.BatchNormalization)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 0.0
    model(pictures, training=True)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum


def line_correlation(model: keras.Model, start, end, distances: Sequence[float] = DISTANCES):
    """How alike the gradients at two points on the line between two pictures are.

    Args:
        model: the network; BatchNorm uses its statistics, so that each picture stands alone.
        start: float32 [64, 64, 3] in 0..1.
        end: likewise.
        distances: between the two points, in shares of the line.

    Returns:
        float32 [distances], cosine of the gradients of the first logit with respect to the picture,
        one of them at an end of the line; the mean over both ends.

    Source: Balduzzi et al. 2017, arXiv:1702.08591, section 2.
    """
    shares = np.array([0, *distances], np.float32)[:, None, None, None]
    cosines = []
    for here, there in ((start, end), (end, start)):
        line = tf.constant((1 - shares) * here + shares * there)
        with tf.GradientTape() as tape:
            tape.watch(line)
            logit = model(line, training=False)[:, 0]
        found = tape.gradient(logit, line).numpy().reshape(len(shares), -1)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        cosines.append(found[1:] @ found[0])
    return np.mean(cosines, axis=0)


def measure_all(
    pictures: np.ndarray,
    digits: np.ndarray,
    seed: int,
    batch: int = 16,
    steps: Sequence[int] = STEPS,
    lines: int = 4,
    stages: Sequence[Stage] = STAGES,
    stem: int = 64,
) -> dict:
    """Measure every network.

    Args:
        pictures: float32 [n, 64, 64, 3] in 0..1.
        digits: int64 [n].
        seed: of weights and of the order of pictures; the same for all.
        batch: pictures measured on, and learned from at a time.
        steps: of training, after which to measure.
        lines: pairs of pictures between which the gradients are compared.
        stages: of the networks.
        stem: channels of their first convolution.

    Returns:
        `layers`, the names; `steps`; `distances`; and by variant, `loss` [steps], `norms`
        [steps][layers] and `correlation` [distances].
    """
    found = {}
    for variant in VARIANTS:
        start = time.monotonic()
        rng = np.random.default_rng(seed)
        chosen = rng.permutation(len(pictures))[:batch]
        probe = pictures[chosen], digits[chosen]
        ends = pictures[rng.permutation(len(pictures))[: 2 * lines]]

        def batches(rng=rng):
            while True:
                chosen = rng.permutation(len(pictures))[:batch]
                yield pictures[chosen], digits[chosen]

        model = variant.build(seed, stages, stem)
        layers = [layer.name for layer in depth_layers(model)]
        settle_batch_norm(model, probe[0])
        correlations = [
            line_correlation(model, one, other)
            for one, other in zip(ends[::2], ends[1::2], strict=True)
        ]
        flows = list(along_training(variant, model, batches(), probe, steps))
        found[variant.name] = {
            "loss": [flow.loss for flow in flows],
            "norms": [flow.norms for flow in flows],
            "correlation": np.mean(correlations, axis=0),
        }
        print(f"{variant.name}: {time.monotonic() - start:.0f} s", flush=True)
    named = {"layers": layers, "steps": list(steps), "distances": list(DISTANCES)}
    return {**named, "variants": found}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m explain.experiments.gradient_flow", description=__doc__.splitlines()[0]
    )
    parser.add_argument("command", choices=("record",))
    parser.add_argument("--seed", type=int, default=1, help="of weights and pictures (default: 1)")
    parser.add_argument("--batch", type=int, default=16, help="pictures a step (default: 16)")
    parser.add_argument(
        "--data", help="folder of the collections (default: $HANDS_DATA or the cache)"
    )
    flags = parser.parse_args(arguments)
    try:
        pictures, digits = loading.hands("train", flags.data, SIMPLE)
    except ValueError as error:
        sys.exit(str(error))
    settings = {"seed": flags.seed, "batch": flags.batch, "commit": commit()}
    found = measure_all(pictures, digits, flags.seed, flags.batch)
    print("Written to", save_record(f"gradient_flow_{flags.seed}", {**settings, **found}))


if __name__ == "__main__":
    main()
