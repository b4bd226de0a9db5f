"""A reader of any picture: an image classifier that Keras saved, with the names of its classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from model.network.any_model import open_model
from model.reading.classifier import softmax
from model.reading.images import LONGEST, read_picture, square

AT_ONCE = 32  # pictures that run through the network together


@dataclass(frozen=True)
class ClassReading:
    """What an image classifier says of a picture.

    Attributes:
        best: the number of the most probable class.
        probabilities: float32 [classes], summing to 1.
        logits: float32 [classes].
        picture: uint8 [s, s, 3], the whole picture in a square.
        crop: uint8 [size, size, 3], what the network saw of it.
    """

    best: int
    probabilities: np.ndarray
    logits: np.ndarray
    picture: np.ndarray
    crop: np.ndarray


class ImageClassifier:
    """Reads what a picture shows.

    Args:
        model: from pictures, float32 [n, size, size, 3] in 0..1, to logits; see
            `model.network.any_model.open_model`.
        names: of its classes; None numbers them.

    Attributes:
        size: of what it sees, in pixels.
    """

    def __init__(self, model: keras.Model, names: Sequence[str] | None = None):
        self.model = model
        self.size = model.input_shape[1]
        self.names = list(names or (f"class {number}" for number in range(model.output_shape[1])))
        self._run = tf.function(
            lambda pictures: model(pictures, training=False),
            input_signature=[tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)],
        )

    @classmethod
    def load(
        cls, path: Path, labels: Path | None = None, scale: str | None = None
    ) -> "ImageClassifier":
        """The reader of a Keras file.

        Args:
            path: of the file.
            labels: of a text file with a name a line, in the order of the classes.
            scale: see `open_model`.

        Raises:
            ValueError: one sentence, if the network or the names cannot be used.
        """
        model = open_model(path, scale)
        return cls(model, read_names(labels, model.output_shape[1]) if labels else None)

    def copy(self) -> "ImageClassifier":
        """The same with weights of its own."""
        model = keras.models.clone_model(self.model)
        model.set_weights(self.model.get_weights())
        return ImageClassifier(model, self.names)

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """Run the network on float32 [n, size, size, 3] in 0..1; float32 [n, classes]."""
        some = np.split(np.asarray(pictures, np.float32), range(AT_ONCE, len(pictures), AT_ONCE))
        return np.concatenate([self._run(each).numpy() for each in some])

    def predict(self, pictures: np.ndarray) -> np.ndarray:
        """The probabilities of pictures, float32 [n, size, size, 3] in 0..1; [n, classes]."""
        return softmax(self.logits(pictures))

    def read(self, source) -> ClassReading:
        """Read a picture, whole.

        Args:
            source: whatever `model.reading.images.read_picture` takes.

        Raises:
            ValueError: one sentence, if there is no picture in it.
        """
        picture = square(read_picture(source, LONGEST))
        sides = (self.size, self.size)
        small = Image.fromarray(picture).resize(sides, Image.Resampling.BICUBIC, reducing_gap=3.0)
        crop = np.asarray(small)
        logits = self.logits(crop[None] / np.float32(255))[0]
        return ClassReading(int(logits.argmax()), softmax(logits), logits, picture, crop)


def read_names(path: Path, classes: int) -> list[str]:
    """The names in a text file, one a line.

    Raises:
        ValueError: one sentence, if they are not as many as there are classes, or no text.
    """
    try:
        lines = Path(path).read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise ValueError(f"{path} cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        said = f"{path} is not UTF-8 text; save it as UTF-8, with one name per line."
        raise ValueError(said) from error
    names = [line.strip() for line in lines if line.strip()]
    if len(names) != classes:
        raise ValueError(
            f"{path} has {len(names)} names, and the network {classes} classes; write a name a "
            "line, in the order of the classes."
        )
    return names
