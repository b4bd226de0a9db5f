"""Where in a picture the hand is: the network itself looks for it, no second network.

The network is run over the picture at several sizes at once, as convolutions over the whole of it:
every 2x2 cells of its last stage are then the network's answer about a window. The windows with the
most evidence are cut out and read exactly, moved and scaled a little, and the best is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from model.images import SIZE, Box, cut, to_input

WINDOWS = (0.8, 0.55, 0.39, 0.28)  # sides of windows, as shares of the picture's shorter side
STRIDE = 32  # pixels between two cells of the last stage
PROPOSED = 4  # windows that are read exactly
WHOLE = 0.5  # evidence that a part must have more than the whole picture to be preferred


@dataclass(frozen=True)
class Found:
    """A hand that was found.

    Attributes:
        box: x0, y0, x1, y1 in pixels, a square; the whole picture if that is the hand.
        crop: uint8 [64, 64, 3].
        logits: float32 [6], the network's of the crop.
    """

    box: Box
    crop: np.ndarray
    logits: np.ndarray


def evidence(logits: np.ndarray) -> np.ndarray:
    """How much speaks for a hand: the logsumexp of the logits, float32 [...] of [..., 6].

    Source: the energy score of Liu et al. 2020, arXiv:2010.03759, eq. 4, with its sign turned.
    """
    top = logits.max(-1, keepdims=True)
    return (top + np.log(np.exp(logits - top).sum(-1, keepdims=True)))[..., 0]


def windows(picture: np.ndarray, logit_map: Callable) -> tuple[np.ndarray, np.ndarray]:
    """Score windows of all sizes.

    Args:
        picture: uint8 [h, w, 3].
        logit_map: from float32 [1, h', w', 3] in 0..1 to float32 [h' / 32 - 1, w' / 32 - 1, 6].

    Returns:
        boxes, float64 [n, 4], and their evidence, float32 [n].
    """
    h, w = picture.shape[:2]
    boxes, scores = [], []
    for share in WINDOWS:
        scale = SIZE / (share * min(h, w))
        cells = [max(2, round(side * scale / STRIDE)) for side in (w, h)]
        size = tuple(STRIDE * cell for cell in cells)
        image = Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        score = evidence(logit_map(np.asarray(image, np.float32)[None] / 255))
        step = np.array([w / cells[0], h / cells[1]])
        rows, columns = np.indices(score.shape)
        corner = np.stack([columns, rows], -1).reshape(-1, 2) * step
        boxes.append(np.concatenate([corner, corner + 2 * step], 1))
        scores.append(score.ravel())
    return np.concatenate(boxes), np.concatenate(scores)


def overlap(boxes: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Intersection over union of boxes [n, 4] with one box; float [n] in 0..1."""
    low, high = np.maximum(boxes[:, :2], box[:2]), np.minimum(boxes[:, 2:], box[2:])
    common = np.prod(np.clip(high - low, 0, None), axis=1)
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return common / (areas + np.prod(box[2:] - box[:2]) - common)


def around(box: np.ndarray) -> list[np.ndarray]:
    """A window and four near it: smaller, larger, and half way to the windows beside it."""
    centre, side = (box[:2] + box[2:]) / 2, max(box[2:] - box[:2])
    near = [(0, 0, 1), (0, 0, 0.75), (0, 0, 1.3), (-0.25, 0, 1), (0.25, 0, 1), (0, -0.25, 1)]
    near.append((0, 0.25, 1))
    return [
        np.concatenate([centre + side * (np.array([x, y]) - s / 2), centre + side * (np.array([x, y]) + s / 2)])
        for x, y, s in near
    ]


def find_hand(picture: np.ndarray, logits: Callable, logit_map: Callable) -> Found:
    """Find the hand.

    Args:
        picture: uint8 [h, w, 3].
        logits: the network, from float32 [n, 64, 64, 3] in 0..1 to float32 [n, 6].
        logit_map: the network over a picture of any size, as for `windows`.

    Returns:
        The part of the picture with the most evidence for a hand; all of it, if no part has
        distinctly more.
    """
    h, w = picture.shape[:2]
    boxes, scores = windows(picture, logit_map)
    kept = []
    for index in np.argsort(-scores):
        if all(overlap(boxes[[other]], boxes[index])[0] < 0.4 for other in kept):
            kept.append(index)
        if len(kept) == PROPOSED:
            break
    whole = np.array([0, 0, w, h], float)
    candidates = [whole] + [near for i, index in enumerate(kept) for near in around(boxes[index])[: 7 if i < 2 else 3]]
    crops = np.stack([to_input(cut(picture, box)) for box in candidates])
    answers = logits(crops / np.float32(255))
    gains = evidence(answers)
    gains[0] += WHOLE
    best = int(gains.argmax())
    box = tuple(round(float(side)) for side in candidates[best])
    return Found(box, crops[best], answers[best])
