"""A hand before a plain background, cut out of it."""

import numpy as np
from scipy import ndimage


def cut_out(picture: np.ndarray) -> np.ndarray | None:
    """Separate a hand from the plain background behind it.

    The background's colour is fitted to the picture's border as a quadratic of position, so that
    a light falling off towards the corners does no harm; what is far from it is the hand.

    Args:
        picture: uint8 [h, w, 3].

    Returns:
        uint8 [h, w], 255 on the hand; None where the background is not plain.
    """
    h, w = picture.shape[:2]
    red, green, blue = np.moveaxis(picture.astype(np.float32), -1, 0)
    # Lightness counts least: shadows on the wall differ from it in lightness alone.
    colour = np.stack([(red + green + blue) / 6, red - green, (red + green) / 2 - blue], -1)
    y, x = np.meshgrid(np.linspace(-1, 1, h), np.linspace(-1, 1, w), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], -1).astype(np.float32)
    border = np.maximum(abs(x), abs(y)) > 0.9
    kept = border.copy()
    for _ in range(4):  # the arm crosses the border: fit, leave out what fits badly, fit again
        fit = np.linalg.lstsq(terms[kept], colour[kept], rcond=None)[0]
        distance = np.linalg.norm(colour - terms @ fit, axis=-1)
        spread = np.median(distance[kept])
        kept = border & (distance < 2.5 * spread + 1)
    if kept.sum() < 0.4 * border.sum() or spread > 12:
        return None
    distance = ndimage.gaussian_filter(distance, max(h, w) / 128)
    if distance.max() < 4 * spread + 4:  # nothing stands out
        return None
    threshold = 0.85 * best_split(distance)
    parts, count = ndimage.label(ndimage.binary_opening(distance > threshold))
    if count == 0:
        return None
    hand = parts == 1 + int(np.argmax(np.bincount(parts.ravel())[1:]))
    holes, count = ndimage.label(~hand)
    small = np.bincount(holes.ravel()) < 0.004 * h * w
    hand |= small[holes]
    outside = distance[~hand].mean()
    if not 0.05 < hand.mean() < 0.7 or hand[border].mean() > 0.25:
        return None
    if distance[hand].mean() < 3.5 * outside:
        return None
    return (255 * ndimage.binary_erosion(hand, iterations=1)).astype(np.uint8)


def best_split(values: np.ndarray) -> float:
    """The level that best splits values into two classes, of 46 up to the 99th percentile.

    Source: Otsu 1979, A threshold selection method from gray-level histograms.
    """
    ordered = np.sort(values, axis=None).astype(np.float64)
    levels = np.linspace(ordered[0], np.percentile(ordered, 99), 48)[1:-1]
    below = np.searchsorted(ordered, levels, "right")
    above = ordered.size - below
    sums = np.cumsum(ordered)
    means = sums[below - 1] / below, (sums[-1] - sums[below - 1]) / above
    return float(levels[np.argmax(below * above * (means[1] - means[0]) ** 2)])
