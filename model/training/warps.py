"""A camera at random, and pictures seen through it."""

import numpy as np
from PIL import Image

from model.reading.images import SIZE

Box = tuple[float, float, float, float]  # x0, y0, x1, y1 in pixels
FINE = 2 * SIZE  # pictures are warped at twice the size and reduced, against aliasing


def homography(box: Box, loose: bool, rng: np.random.Generator) -> np.ndarray:
    """Draw a camera: where each point of the new picture lies in the hand's.

    Args:
        box: x0, y0, x1, y1 of the hand in its picture, in pixels.
        loose: whether the box is the whole picture, the hand somewhere inside.
        rng: source of randomness.

    Returns:
        float64 [3, 3], from homogeneous pixels of the new picture (FINE wide) to the old one's.
    """
    x0, y0, x1, y1 = box
    longer = max(x1 - x0, y1 - y0)
    side = longer * (rng.uniform(0.8, 1.25) if loose else np.exp(rng.uniform(0.0, 0.65)))
    slack = 0.08 * longer if loose else (side - longer) / 2 + 0.04 * longer
    centre = np.array([x0 + x1, y0 + y1]) / 2 + rng.uniform(-slack, slack, 2)
    kind = rng.random()
    if kind < 0.6:
        turn = rng.normal(0, 14)
    elif kind < 0.95:
        turn = rng.uniform(-55, 55)
    else:
        turn = rng.uniform(-120, 120)
    turn = np.deg2rad(turn)
    aspect = np.exp(rng.normal(0, 0.1))
    shear = rng.normal(0, 0.08)
    mirror = 1 if rng.random() < 0.5 else -1
    scale = side / FINE
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shaped = np.array([[mirror * aspect, shear], [0, 1 / aspect]])
    camera = np.eye(3)
    camera[:2, :2] = scale * turned @ shaped
    camera[:2, 2] = centre
    tilt = np.eye(3)
    tilt[2, :2] = rng.normal(0, 0.12, 2) / FINE
    middle = np.eye(3)
    middle[:2, 2] = -FINE / 2
    return camera @ tilt @ middle


def box_of_a_piece(box: Box, rng: np.random.Generator) -> Box:
    """A box that holds a piece of the hand in another, from its middle or from its rim."""
    x0, y0, x1, y1 = box
    longer, centre = max(x1 - x0, y1 - y0), np.array([x0 + x1, y0 + y1]) / 2
    if rng.random() < 0.6:
        side = rng.uniform(0.15, 0.3) * longer
        centre = centre + rng.uniform(-0.25, 0.25, 2) * (x1 - x0, y1 - y0)
    else:
        side = rng.uniform(0.4, 0.6) * longer
        angle = rng.uniform(0, 2 * np.pi)
        centre = centre + rng.uniform(0.65, 0.85) * longer * np.array(
            [np.cos(angle), np.sin(angle)]
        )
    (x0, y0), (x1, y1) = centre - side / 2, centre + side / 2
    return x0, y0, x1, y1


def box_of_a_view(box: Box, rng: np.random.Generator) -> Box:
    """A box so much larger than a hand's that the hand, anywhere in it, is too small to be read."""
    x0, y0, x1, y1 = box
    longer, centre = max(x1 - x0, y1 - y0), np.array([x0 + x1, y0 + y1]) / 2
    side = np.exp(rng.uniform(np.log(2.6), np.log(4.5))) * longer
    centre = centre + rng.uniform(-0.35, 0.35, 2) * (side - longer)
    (x0, y0), (x1, y1) = centre - side / 2, centre + side / 2
    return x0, y0, x1, y1


def warp(picture: np.ndarray, camera: np.ndarray, fill, mirror_edges: bool = False) -> Image.Image:
    """See a picture through a camera.

    Args:
        picture: uint8 [h, w, 3] or [h, w].
        camera: float64 [3, 3] of `homography`.
        fill: colour of what lies outside of the picture.
        mirror_edges: continue the picture by its mirror image first.

    Returns:
        PIL image of FINE x FINE pixels.
    """
    if mirror_edges:
        reach = min(picture.shape[:2]) // 2
        picture = np.pad(picture, ((reach, reach), (reach, reach), (0, 0)), "symmetric")
        shift = np.eye(3)
        shift[:2, 2] = reach
        camera = shift @ camera
    data = (camera / camera[2, 2]).ravel()[:8]
    return Image.fromarray(picture).transform(
        (FINE, FINE), Image.Transform.PERSPECTIVE, data, Image.Resampling.BILINEAR, fillcolor=fill
    )


def shrink(image: Image.Image) -> np.ndarray:
    """float32 [64, 64] or [64, 64, 3] in 0..1 of a FINE image."""
    return np.asarray(image.reduce(FINE // SIZE), np.float32) / 255
