"""Where in a window the hand is, told by the network's own last stage.

A linear map from the 2x2 cells of the last stage to the hand's box: the bounding-box regression of
R-CNN (Girshick et al. 2014, arXiv:1311.2524, appendix C). `python -m model.training.boxes` fits it;
the network's weights stay as they are.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.files import replacing
from model.network.weights_file import BROKEN, get_back, notes_of

OFFSETS = 3  # right and down, in sides of the window, and the logarithm of the size
CELLS = 2  # of the last stage, along either side of a window


@dataclass(frozen=True)
class BoxRegression:
    """The linear map.

    Attributes:
        kernel: float32 [2, 2, channels, 3].
        bias: float32 [3].
    """

    kernel: np.ndarray
    bias: np.ndarray


def boxes_of(weights: Path) -> Path:
    """Where the box regression of weights lies: `hands-boxes.npz` for `hands.weights.h5`."""
    return weights.with_name(f"{notes_of(weights).stem}-boxes.npz")


def load_boxes(path: Path) -> BoxRegression | None:
    """Read what `save_boxes` wrote; None if there is no such file.

    Raises:
        ValueError: one sentence, if it is damaged.
    """
    if not path.exists():
        return None
    try:
        with open(path, "rb") as opened, np.load(opened) as file:
            kernel, bias = (file[name].astype(np.float32) for name in ("kernel", "bias"))
    except BROKEN as error:
        again = "fit it again with `python -m model.training.boxes`"
        raise ValueError(f"{path} is damaged; {get_back(path, again)}.") from error
    return BoxRegression(kernel, bias)


def save_boxes(boxes: BoxRegression, path: Path) -> None:
    """Write a box regression in float16."""
    with replacing(path) as temporary, open(temporary, "wb") as file:
        np.savez_compressed(
            file, kernel=boxes.kernel.astype(np.float16), bias=boxes.bias.astype(np.float16)
        )


def inside(box: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The square of the hand in a window.

    Args:
        box: float64 [4], x0, y0, x1, y1 of the window, in pixels.
        offsets: float32 [3], of the window.

    Returns:
        float64 [4].
    """
    side = max(box[2:] - box[:2])
    centre = (box[:2] + box[2:]) / 2 + side * offsets[:2]
    reach = side * np.exp(np.clip(offsets[2], -3, 1)) / 2
    return np.concatenate([centre - reach, centre + reach])
