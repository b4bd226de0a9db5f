"""Where in a window the hand is: what a box head says of that, and the file it is kept in."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model.files import replacing
from model.network.weights_file import BROKEN, get_back, notes_of

OFFSETS = 3  # right and down, in sides of the window, and the logarithm of the size
ARRAYS = 6  # of the head: kernels and biases of its three layers


def boxes_of(weights: Path) -> Path:
    """Where the box head of weights lies: `hands-boxes.npz` for `hands.weights.h5`."""
    return weights.with_name(f"{notes_of(weights).stem}-boxes.npz")


def load_boxes(path: Path, sha256: str | None = None) -> list[np.ndarray] | None:
    """Read what `save_boxes` wrote, in float32; None if there is no such file.

    Args:
        path: the file.
        sha256: of the weights of the network, in hexadecimal digits; None if that is not known.

    Raises:
        ValueError: one sentence, if it is damaged, or the head of other weights.
    """
    if not path.exists():
        return None
    again = "train it again with `python -m model.training.boxes --weights FILE`"
    try:
        with open(path, "rb") as opened, np.load(opened) as file:
            boxes = [file[f"arr_{index}"].astype(np.float32) for index in range(ARRAYS)]
            trained_for = str(file["sha256"])
    except BROKEN as error:
        raise ValueError(f"{path} is damaged; {get_back(path, again)}.") from error
    if sha256 not in (None, trained_for):
        raise ValueError(f"{path} was trained for other weights; {get_back(path, again)}.")
    return boxes


def save_boxes(boxes: Sequence[np.ndarray], path: Path, sha256: str) -> None:
    """Write the weights of a box head, in their order, in float16.

    Args:
        boxes: these weights.
        path: the file.
        sha256: of the weights of the network that it was trained for, in hexadecimal digits.
    """
    with replacing(path) as temporary, open(temporary, "wb") as file:
        arrays = (array.astype(np.float16) for array in boxes)
        np.savez_compressed(file, *arrays, sha256=np.array(sha256))


def inside(box: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The square of the hand in a window; its middle lies in it, and it is hardly larger.

    Args:
        box: float64 [4], x0, y0, x1, y1 of the window, in pixels.
        offsets: float32 [3], of the window.

    Returns:
        float64 [4].
    """
    side = max(box[2:] - box[:2])
    centre = (box[:2] + box[2:]) / 2 + side * np.clip(offsets[:2], -0.5, 0.5)
    reach = side * np.exp(np.clip(offsets[2], -3, 0.5)) / 2
    return np.concatenate([centre - reach, centre + reach])
