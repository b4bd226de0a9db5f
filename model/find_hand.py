"""Where in a picture the hand is: the network itself looks for it, without a second network.

It is run over the picture at several sizes, as convolutions over the whole of it: each 2x2 cells of
its last stage are then its answer about a window. The windows with the most evidence are cut out
and read exactly, and so are windows near them; the best one is kept.
"""

from collections.abc import Callable

import numpy as np
from PIL import Image

from model.images import SIZE, Box, cut, to_input

WINDOWS = (0.8, 0.55, 0.39, 0.28)  # sides of the windows, as shares of the picture's shorter side
LEAST = 48  # pixels; a smaller window of a picture shows too little to be read
STRIDE = 32  # pixels between two cells of the last stage
# Around each of the best windows: moves right and down, as shares of its side, and scalings.
SCALED = [(0, 0, 1), (0, 0, 0.75), (0, 0, 1.3)]
MOVED = [(-0.25, 0, 1), (0.25, 0, 1), (0, -0.25, 1), (0, 0.25, 1)]
NEARBY = (SCALED + MOVED, SCALED + MOVED, SCALED)


def evidence(logits: np.ndarray) -> np.ndarray:
    """How much speaks for a hand: the logsumexp of the logits, float32 [...] of [..., 6].

    It is what `model.train.cross_entropy` makes the log odds of a hand, and the energy score of
    Liu et al. 2020, arXiv:2010.03759, eq. 4, with its sign turned.
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
        if share * min(h, w) < LEAST:
            continue
        scale = SIZE / (share * min(h, w))
        cells = [max(2, round(side * scale / STRIDE)) for side in (w, h)]
        size = (STRIDE * cells[0], STRIDE * cells[1])
        image = Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        score = evidence(logit_map(np.asarray(image, np.float32)[None] / 255))
        step = np.array([w / cells[0], h / cells[1]])
        rows, columns = np.indices(score.shape)
        corners = np.stack([columns, rows], -1).reshape(-1, 2) * step
        boxes.append(np.concatenate([corners, corners + 2 * step], axis=1))
        scores.append(score.ravel())
    return np.concatenate(boxes or [np.empty((0, 4))]), np.concatenate(scores or [np.empty(0)])


def overlap(box: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union of two boxes, 0..1."""
    low, high = np.maximum(box[:2], other[:2]), np.minimum(box[2:], other[2:])
    common = np.prod(np.clip(high - low, 0, None))
    areas = np.prod(box[2:] - box[:2]) + np.prod(other[2:] - other[:2])
    return float(common / (areas - common))


def near(box: np.ndarray, right: float, down: float, scaling: float) -> np.ndarray:
    """The square around a box, moved by shares of its side and scaled."""
    side = max(box[2:] - box[:2])
    centre = (box[:2] + box[2:]) / 2 + side * np.array([right, down])
    return np.concatenate([centre - side * scaling / 2, centre + side * scaling / 2])


def find_hand(
    picture: np.ndarray, logits: Callable, logit_map: Callable, gain: float
) -> tuple[Box, np.ndarray, np.ndarray]:
    """Find the hand.

    Args:
        picture: uint8 [h, w, 3].
        logits: the network, from float32 [n, 64, 64, 3] in 0..1 to float32 [n, 6].
        logit_map: the network over a picture of any size, as for `windows`.
        gain: evidence that a part of the picture must have more than the whole to be preferred.

    Returns:
        the box that was read, x0, y0, x1, y1 in pixels: the whole picture or a square, which may
        reach beyond it; uint8 [64, 64, 3], what the network saw of it; float32 [6], its logits.
    """
    h, w = picture.shape[:2]
    boxes, scores = windows(picture, logit_map)
    best = []
    for index in np.argsort(-scores):
        if all(overlap(boxes[index], other) < 0.4 for other in best):
            best.append(boxes[index])
        if len(best) == len(NEARBY):
            break
    candidates = [np.array([0, 0, w, h])]
    for box, moves in zip(best, NEARBY, strict=False):
        candidates += [near(box, *move) for move in moves]
    crops = np.stack([to_input(cut(picture, box)) for box in candidates])
    answers = logits(crops / np.float32(255))
    scores = evidence(answers)
    scores[0] += gain
    chosen = int(scores.argmax())
    return tuple(round(float(side)) for side in candidates[chosen]), crops[chosen], answers[chosen]
