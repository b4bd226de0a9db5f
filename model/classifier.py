"""The reader: trained weights, a compiled forward pass, and what it says of a picture."""

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from model.images import SIZE, Box, read_picture, to_input
from model.resnet import folded, resnet50
from model.weights_file import WEIGHTS, load_weights


@dataclass(frozen=True)
class Reading:
    """What the network says of a picture.

    Attributes:
        digit: 0 to 5, the most probable.
        probabilities: float32 [6], summing to 1.
        logits: float32 [6].
        picture: uint8 [h, w, 3], the picture as it came, upright.
        box: the part of it that was read, x0, y0, x1, y1 in pixels.
        crop: uint8 [64, 64, 3], what the network saw.
    """

    digit: int
    probabilities: np.ndarray
    logits: np.ndarray
    picture: np.ndarray
    box: Box
    crop: np.ndarray


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of logits, float32 [..., n]."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


class HandClassifier:
    """Reads the digit that a hand shows.

    Args:
        model: a network of `model.resnet`, from pictures [n, 64, 64, 3] to logits [n, 6].

    Attributes:
        model: that network.
        folded: the same with BatchNorm folded into the convolutions, which is what runs.
    """

    def __init__(self, model: keras.Model):
        self.model = model
        self.folded = folded(model)
        self._forward = tf.function(
            lambda pictures: self.folded(pictures, training=False),
            input_signature=[tf.TensorSpec((None, SIZE, SIZE, 3), tf.float32)],
        )

    @classmethod
    def load(cls, path: Path | None = None) -> "HandClassifier":
        """The reader with the shipped weights, or with those at `path`.

        Raises:
            ValueError: one sentence, if the weights cannot be read.
        """
        model = resnet50()
        load_weights(model, path or WEIGHTS)
        return cls(model)

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """Run the network.

        Args:
            pictures: float32 [n, 64, 64, 3] in 0..1.

        Returns:
            float32 [n, 6].
        """
        return self._forward(tf.constant(pictures, tf.float32)).numpy()

    def read(self, source) -> Reading:
        """Read a picture.

        Args:
            source: whatever `model.images.read_picture` takes.

        Raises:
            ValueError: one sentence, if there is no picture in it.
        """
        picture = read_picture(source)
        h, w = picture.shape[:2]
        crop = to_input(picture)
        logits = self.logits(crop[None] / np.float32(255))[0]
        return Reading(int(logits.argmax()), softmax(logits), logits, picture, (0, 0, w, h), crop)
