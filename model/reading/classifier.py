"""The reader: trained weights, a compiled forward pass, and what it says of a picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from model.digits import DIGITS
from model.network.resnet import folded, resnet50
from model.network.weights_file import WEIGHTS, load_weights
from model.reading.box_head import SIDE, box_head, stage_output
from model.reading.box_regression import OFFSETS, boxes_of, load_boxes
from model.reading.find_hand import evidence, find_hand
from model.reading.images import LONGEST, Box, cut, read_picture, to_input
from model.reading.notes import Calibration, read_notes
from model.reading.together import Together


@dataclass(frozen=True)
class Reading:
    """What the network says of a picture.

    Attributes:
        digit: 0 to 5, the most probable.
        probabilities: float32 [6], summing to 1; where the hand was looked for, of all that counts
            together; see `model.reading.find_hand.find_hand`.
        picture: uint8 [h, w, 3], the picture as it came, upright, its longer side at most LONGEST.
        box: where in it the hand is, or what comes closest to one, x0, y0, x1, y1 in pixels.
        crop: uint8 [64, 64, 3], that part as the network takes it.
        evidence: for a hand, of any digit; the logsumexp of the logits that the probabilities are
            made of.
        is_hand: whether that is enough; if not, the digit means nothing.
    """

    digit: int
    probabilities: np.ndarray
    picture: np.ndarray
    box: Box
    crop: np.ndarray
    evidence: float
    is_hand: bool


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of logits, float32 [..., n]."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def over_windows(
    network: keras.Model, last_side: int, boxes: Sequence[np.ndarray] | None
) -> Callable[[tf.Tensor], tf.Tensor]:
    """A network that reads all windows of pictures, each half over the next.

    Args:
        network: of `model.network.resnet.folded`.
        last_side: of the last stage's map of a window, in cells.
        boxes: weights of its box head, if it has one.

    Returns:
        a function from pictures, float32 [n, h, w, 3] in 0..1, to float32
        [n, h / 32 - 1, w / 32 - 1, 6 + 3], the logits and where in each the hand is; without
        `boxes` the logits alone.
    """
    last = network.get_layer("avg_pool").input
    windows = keras.layers.AveragePooling2D(last_side, strides=max(1, last_side // 2))(last)
    logits = network.get_layer("predictions")(windows)
    if not boxes:
        alone = keras.Model(network.input, logits)
        return lambda pictures: alone(pictures, training=False)
    cells = stage_output(network)
    both = keras.Model(network.input, [logits, cells])
    head = box_head(cells.shape[-1])
    head.set_weights(boxes)
    side, half = [1, SIDE, SIDE, 1], [1, SIDE // 2, SIDE // 2, 1]

    def read(pictures: tf.Tensor) -> tf.Tensor:
        logits, cells = both(pictures, training=False)
        parts = tf.image.extract_patches(cells, side, half, [1, 1, 1, 1], "VALID")
        offsets = head(tf.reshape(parts, (-1, SIDE, SIDE, cells.shape[-1])), training=False)
        shape = tf.concat([tf.shape(logits)[:3], [OFFSETS]], 0)
        return tf.concat([logits, tf.reshape(offsets, shape)], -1)

    return read


class HandClassifier:
    """Reads the digit that a hand shows.

    Args:
        model: a network of `model.network.resnet`, from pictures [n, 64, 64, 3] to logits [n, 6].
        calibration: chosen for that network.
        boxes: weights of the head that tells where in a window the hand is, trained for that
            network (see `model.reading.box_head`); without them the box is only about there.
        light: how bright, contrasty and busy the training pictures were, as
            `model.reading.light.percentiles` gives it; empty if that is not known.

    Attributes:
        model: that network.
        folded: the same with BatchNorm folded into the convolutions, which is what runs.
    """

    def __init__(
        self,
        model: keras.Model,
        calibration: Calibration | None = None,
        light: Mapping[str, list[float]] | None = None,
        boxes: Sequence[np.ndarray] | None = None,
    ):
        self.model = model
        self.calibration = calibration or Calibration()
        self.light = light or {}
        self.boxes = boxes
        self.folded = folded(model)
        run = tf.function(
            over_windows(self.folded, model.get_layer("avg_pool").input.shape[1], boxes),
            input_signature=[tf.TensorSpec((None, None, None, 3), tf.float32)],
        )
        self._looks = Together(lambda pictures: [run(pictures).numpy()[:, 0, 0]])
        self._scans = Together(lambda pictures: [run(pictures).numpy()], most=8)

    @classmethod
    def load(cls, path: Path | None = None) -> "HandClassifier":
        """The reader with the shipped weights, or with those at `path`; see `load_weights`.

        Raises:
            ValueError: one sentence, if the weights cannot be read.
        """
        path = Path(path or WEIGHTS)
        model = resnet50()
        load_weights(model, path)
        notes = read_notes(path)
        return cls(model, notes.calibration, notes.light, load_boxes(boxes_of(path), notes.sha256))

    def look(self, pictures: np.ndarray) -> np.ndarray:
        """Run the network.

        Args:
            pictures: float32 [n, 64, 64, 3] in 0..1.

        Returns:
            float32 [n, 6 + 3], the logits and where in each the hand is, as
            `model.reading.box_regression.inside` takes it; without `boxes` the logits alone.
        """
        return self._looks(np.asarray(pictures, np.float32))[0]

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """The logits of pictures, float32 [n, 64, 64, 3] in 0..1: float32 [n, 6]."""
        return self.look(pictures)[:, :DIGITS]

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """What logits, float32 [..., 6], say of each digit: float32 [..., 6], summing to 1."""
        return softmax(logits / np.float32(self.calibration.temperature))

    def predict(self, pictures: np.ndarray) -> np.ndarray:
        """What pictures, float32 [n, 64, 64, 3] in 0..1, show: `probabilities`, float32 [n, 6]."""
        return self.probabilities(self.logits(pictures))

    def scan(self, picture: np.ndarray) -> np.ndarray:
        """Run the network over a larger picture: its answer about each window of 64x64 pixels.

        Args:
            picture: float32 [1, h, w, 3] in 0..1, h and w multiples of 32.

        Returns:
            float32 [h / 32 - 1, w / 32 - 1, 6 + 3]; about what `look` says of the windows 32 pixels
            apart.
        """
        return self._scans(np.asarray(picture, np.float32))[0][0]

    def read(
        self, source, find: bool = True, box: Box | None = None, last: Box | None = None
    ) -> Reading:
        """Read a picture.

        Args:
            source: whatever `model.reading.images.read_picture` takes.
            find: look for the hand; False reads the picture whole.
            box: the part to read, in pixels of `Reading.picture`, instead of looking for it.
            last: where the hand was in the frame before, of a film: if it is still close to there,
                it is looked for nowhere else.

        Raises:
            ValueError: one sentence, if there is no picture in it.
        """
        picture = read_picture(source, LONGEST)
        h, w = picture.shape[:2]
        if box is None and find and self.calibration.hand > -np.inf:
            last = last if self.boxes else None
            box, logits = find_hand(
                picture, self.look, self.scan, self.calibration.sure, last, self.calibration.hand
            )
            crop = to_input(cut(picture, box))
        else:
            box = box or (0, 0, w, h)
            crop = to_input(cut(picture, box))
            logits = self.logits(crop[None] / np.float32(255))[0]
        seen = float(evidence(logits))
        return Reading(
            int(logits.argmax()),
            self.probabilities(logits),
            picture,
            box,
            crop,
            seen,
            seen >= self.calibration.hand,
        )
