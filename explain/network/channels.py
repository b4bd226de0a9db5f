"""What each channel answers to a picture, and what it looks for.

`python -m explain.network.channels` records what the most influential channels look for, with the
digest of the weights that these pictures belong to.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from PIL import Image
from tf_keras_vis.activation_maximization import ActivationMaximization
from tf_keras_vis.activation_maximization.input_modifiers import Jitter
from tf_keras_vis.activation_maximization.regularizers import TotalVariation2D

from explain.network.passes import Passes, Weights
from model.digits import DIGITS
from model.files import replacing
from model.network.weights_file import weights_digest
from model.reading.classifier import HandClassifier
from model.reading.images import SIZE, to_input
from model.records import RECORDED
from model.synthetic.rendered import render

STORE = RECORDED / "channels.webp"
DESCRIPTION = 270  # the EXIF tag for words about a picture
STEPS = 96  # of gradient ascent


@dataclass(frozen=True)
class BlockFeatures:
    """What a block answers to a picture.

    Attributes:
        activations: float32 [h, w, c], the block's output, zero or more.
        adds: float32 [c], what each channel adds to the digit's logit, to first order:
            activation times gradient, summed over the cells. For the last block this is exact.
        change: norm of the main path as a share of the norm of the shortcut, where they are added;
            None where there is no shortcut.
    """

    activations: np.ndarray
    adds: np.ndarray
    change: float | None

    @property
    def strongest(self) -> np.ndarray:
        """The channels from the one that adds most to the one that takes most, int [c]."""
        return np.argsort(-self.adds, kind="stable")


class Features:
    """Finds what each block answers to a picture, in one compiled pass.

    Args:
        passes: through the network.

    Attributes:
        blocks: the layer that each block ends with, `conv1_relu` for the stem.
    """

    def __init__(self, passes: Passes):
        self.passes = passes
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
        """Find what each block answers to a picture, and how much that adds to a digit's logit.

        Args:
            crop: uint8 [64, 64, 3].
            digit: whose logit it is.
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


def climb(
    classifier: HandClassifier,
    block: str,
    channels: list[int],
    steps: int = STEPS,
    every: int = 8,
) -> Iterator[tuple[int, np.ndarray]]:
    """Climb from noise, by gradient ascent, to pictures that excite channels.

    Args:
        classifier: the reader.
        block: the layer that the block ends with, such as `conv4_block2_out`.
        channels: of the block; a picture for each.
        steps: of the climb.
        every: steps between two results.

    Yields:
        The number of steps done, and the pictures so far, uint8 [n, 64, 64, 3].

    Source: Erhan et al. 2009, Visualizing higher-layer features of a deep network; with jitter and
    total variation after Mordvintsev et al. 2015.
    """
    keras.utils.set_random_seed(0)
    model = keras.Model([classifier.model.input], classifier.model.get_layer(block).input)

    def answers(outputs):
        # A closed ReLU has no slope to climb, so the last one leaks.
        outputs = tf.nn.leaky_relu(outputs, 0.1)
        return [tf.reduce_mean(outputs[i, ..., channel]) for i, channel in enumerate(channels)]

    ascent = ActivationMaximization(model, clone=False)
    shape = (len(channels), *model.input_shape[1:])
    found = np.random.default_rng(0).uniform(0.4, 0.6, shape).astype(np.float32)
    for done in range(0, steps, every):
        some = min(every, steps - done)
        found = ascent(
            answers,
            seed_input=found,
            input_range=(0.0, 1.0),
            input_modifiers=[Jitter(jitter=4)],
            regularizers=[TotalVariation2D(weight=0.03)],
            optimizer=keras.optimizers.Adam(0.03),
            steps=some,
        )
        found = np.asarray(found)
        around = found - found.mean((1, 2), keepdims=True)
        contrast = 0.2 / np.maximum(around.std((1, 2, 3), keepdims=True), 1e-6)
        shown = 255 * np.clip(0.5 + contrast * around, 0, 1)
        yield done + some, shown.round().astype(np.uint8)


def looked_for(
    classifier: HandClassifier, block: str, channels: list[int], steps: int = STEPS
) -> np.ndarray:
    """What channels look for, uint8 [n, 64, 64, 3]: the last pictures of `climb`."""
    *_, (_, pictures) = climb(classifier, block, channels, steps)
    return pictures


def influential_channels(features: Features, count: int) -> dict[str, list[int]]:
    """The channels of each block that add most to the digits of rendered hands.

    Args:
        features: of the network.
        count: how many channels of each block.
    """
    rng = np.random.default_rng(0)
    adds = dict.fromkeys(features.blocks, 0.0)
    for digit in [*range(DIGITS)] * 5:
        crop = to_input(render(digit, rng).picture)
        for block, found in features.features(crop, digit).items():
            adds[block] = adds[block] + np.maximum(found.adds, 0)
    return {block: np.argsort(-total)[:count].tolist() for block, total in adds.items()}


def store(pictures: dict[str, dict[int, np.ndarray]], digest: str, path: Path = STORE) -> None:
    """Save what channels look for as one sheet, a row for each block.

    Args:
        pictures: uint8 [64, 64, 3] by block and channel.
        digest: of the weights, from `model.network.weights_file.weights_digest`.
        path: of the sheet, ending in .webp.
    """
    sheet = Image.new("RGB", (SIZE * max(map(len, pictures.values())), SIZE * len(pictures)))
    for row, channels in enumerate(pictures.values()):
        for column, picture in enumerate(channels.values()):
            sheet.paste(Image.fromarray(picture), (SIZE * column, SIZE * row))
    about = Image.Exif()
    blocks = {block: list(channels) for block, channels in pictures.items()}
    about[DESCRIPTION] = json.dumps({"digest": digest, "blocks": blocks})
    with replacing(path) as temporary:
        sheet.save(temporary, "WEBP", quality=80, method=6, exif=about)


def stored(digest: str, path: Path = STORE) -> dict[str, dict[int, np.ndarray]]:
    """What `store` saved; nothing if it belongs to other weights."""
    if not path.exists():
        return {}
    with Image.open(path) as sheet:
        about = json.loads(sheet.getexif()[DESCRIPTION])
        if about["digest"] != digest:
            return {}
        pixels = np.asarray(sheet.convert("RGB"))
    tiles = pixels.reshape(-1, SIZE, pixels.shape[1] // SIZE, SIZE, 3).swapaxes(1, 2)
    return {
        block: dict(zip(channels, tiles[row], strict=False))
        for row, (block, channels) in enumerate(about["blocks"].items())
    }


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m explain.network.channels",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--weights", type=Path, help="weights other than the shipped ones")
    parser.add_argument(
        "--count", type=int, default=12, help="channels of each block (default: 12)"
    )
    parser.add_argument(
        "--steps", type=int, default=STEPS, help=f"of gradient ascent (default: {STEPS})"
    )
    parser.add_argument("--to", type=Path, default=STORE, help="a sheet other than the shipped one")
    flags = parser.parse_args(arguments)
    try:
        classifier = HandClassifier.load(flags.weights)
    except ValueError as error:
        sys.exit(str(error))
    chosen = influential_channels(Features(Passes(classifier.folded)), flags.count)
    pictures = {}
    for block, channels in chosen.items():
        print(f"{block}: {', '.join(map(str, channels))}", flush=True)
        found = looked_for(classifier, block, channels, flags.steps)
        pictures[block] = dict(zip(channels, found, strict=True))
    store(pictures, weights_digest(classifier.model), flags.to)
    print(f"{flags.to}: {flags.to.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
