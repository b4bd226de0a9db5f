"""Inside the stages: what each channel answers to a picture, and what it looks for.

    python -m explain.features

stores pictures of what the channels look for that say most about hands.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from PIL import Image
from tf_keras_vis.activation_maximization import ActivationMaximization
from tf_keras_vis.activation_maximization.input_modifiers import Jitter
from tf_keras_vis.activation_maximization.regularizers import TotalVariation2D

from explain.gradcam import Explainer
from explain.passes import Weights
from model.classifier import HandClassifier
from model.images import DIGITS, to_input
from model.rendered import render

STORE = Path(__file__).parent / "channels"


@dataclass(frozen=True)
class BlockFeatures:
    """What a block answers to a picture.

    Attributes:
        activations: float32 [h, w, c], the block's output, zero or more.
        adds: float32 [c], what each channel adds to the digit's logit, to first order:
            activation times gradient, summed over the cells. Of the last block it is exact.
        change: norm of what the main path adds, as a share of the norm of what the shortcut
            brings; None where there is no shortcut.
    """

    activations: np.ndarray
    adds: np.ndarray
    change: float | None

    @property
    def strongest(self) -> np.ndarray:
        """The channels from the one that adds most to the one that takes most, int [c]."""
        return np.argsort(-self.adds, kind="stable")


class Features:
    """Finds what every block answers to a picture, in one compiled pass.

    Args:
        explainer: of the network.

    Attributes:
        blocks: the layer that each block ends with, `conv1_relu` for the stem.
    """

    def __init__(self, explainer: Explainer):
        self.passes = explainer.passes
        self.blocks = ["conv1_relu", *(x for x in self.passes.sources if x.endswith("_out"))]
        self._features = tf.function(self._trace, autograph=False)

    def _trace(self, weights: Weights, picture, digit):
        outputs = self.passes.forward(weights, picture)
        gradients = self.passes.backward(weights, outputs, tf.one_hot([digit], DIGITS))
        found = []
        for block in self.blocks:
            adds = tf.reduce_sum(outputs[block] * gradients[block], axis=(0, 1, 2))
            sources = self.passes.sources.get(block.removesuffix("out") + "add", ())
            found.append((outputs[block][0], adds, [tf.norm(outputs[name]) for name in sources]))
        return found

    def features(self, crop: np.ndarray, digit: int) -> dict[str, BlockFeatures]:
        """What each block answers to a picture, and how much that adds to a digit's logit.

        Args:
            crop: uint8 [64, 64, 3].
            digit: 0 to 5.
        """
        picture = tf.constant(crop[None] / np.float32(255))
        found = self._features(self.passes.weights, picture, tf.constant(digit))
        return {
            block: BlockFeatures(
                activations.numpy(),
                adds.numpy(),
                float(norms[1]) / max(float(norms[0]), 1e-12) if norms else None,
            )
            for block, (activations, adds, norms) in zip(self.blocks, found, strict=True)
        }


def looked_for(
    classifier: HandClassifier, block: str, channels: list[int], steps: int = 96, seed: int = 0
) -> np.ndarray:
    """Pictures that excite channels, found by climbing from noise.

    Args:
        classifier: the reader.
        block: the layer that the block ends with, such as `conv4_block2_out`.
        channels: of the block; a picture for each.
        steps: of the climb.
        seed: of the noise.

    Returns:
        uint8 [n, 64, 64, 3].

    Source: Erhan et al. 2009, Visualizing higher-layer features of a deep network; with jitter and
    total variation after Mordvintsev et al. 2015.
    """
    keras.utils.set_random_seed(seed)
    model = keras.Model([classifier.model.input], classifier.model.get_layer(block).input)

    def answers(outputs):
        # Where the last ReLU is shut there is no slope to climb, so it is left ajar.
        outputs = tf.nn.leaky_relu(outputs, 0.1)
        return [tf.reduce_mean(outputs[i, ..., channel]) for i, channel in enumerate(channels)]

    noise = np.random.default_rng(seed).uniform(0.4, 0.6, (len(channels), *model.input_shape[1:]))
    found = ActivationMaximization(model, clone=False)(
        answers,
        seed_input=noise.astype(np.float32),
        input_range=(0.0, 1.0),
        input_modifiers=[Jitter(jitter=4)],
        regularizers=[TotalVariation2D(weight=0.03)],
        optimizer=keras.optimizers.Adam(0.03),
        steps=steps,
    )
    found = np.asarray(found)
    around = found - found.mean((1, 2), keepdims=True)
    contrast = 0.2 / np.maximum(around.std((1, 2, 3), keepdims=True), 1e-6)
    return (255 * np.clip(0.5 + contrast * around, 0, 1)).round().astype(np.uint8)


def telling_channels(features: Features, count: int, seed: int = 0) -> dict[str, list[int]]:
    """The channels of each block that add most to the digits of rendered hands.

    Args:
        features: of the network.
        count: of channels for each block.
        seed: of the hands, five for each digit.
    """
    rng = np.random.default_rng(seed)
    adds = dict.fromkeys(features.blocks, 0.0)
    for digit in [*range(DIGITS)] * 5:
        crop = to_input(render(digit, rng).picture)
        for block, found in features.features(crop, digit).items():
            adds[block] = adds[block] + np.maximum(found.adds, 0)
    return {block: np.argsort(-total)[:count].tolist() for block, total in adds.items()}


def stored(block: str, channel: int) -> Path | None:
    """The picture of what a channel looks for, if it was stored."""
    path = STORE / f"{block}_{channel}.png"
    return path if path.exists() else None


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m explain.features",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--weights", type=Path, help="other weights than the shipped ones")
    parser.add_argument("--count", type=int, default=12, help="channels a block (default: 12)")
    parser.add_argument("--steps", type=int, default=96, help="of the climb (default: 96)")
    parser.add_argument("--blocks", nargs="*", help="some of them (default: all)")
    flags = parser.parse_args(arguments)
    try:
        classifier = HandClassifier.load(flags.weights)
    except ValueError as error:
        sys.exit(str(error))
    chosen = telling_channels(Features(Explainer(classifier)), flags.count)
    STORE.mkdir(exist_ok=True)
    for block in flags.blocks or chosen:
        print(f"{block}: {', '.join(map(str, chosen[block]))}", flush=True)
        pictures = looked_for(classifier, block, chosen[block], flags.steps)
        for channel, picture in zip(chosen[block], pictures, strict=True):
            Image.fromarray(picture).save(STORE / f"{block}_{channel}.png", optimize=True)


if __name__ == "__main__":
    main()
