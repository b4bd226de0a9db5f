"""Light, lens and sensor, for a whole batch at once."""

import numpy as np
from PIL import Image
from scipy import ndimage

from model.reading.images import SIZE
from model.synthetic.backgrounds import random_colour


def recoloured(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another skin under another lamp: float32 [64, 64, 3] in 0..1, of a cut-out hand."""
    pixels = pixels ** np.exp(rng.normal(0.1, 0.4)) * np.exp(rng.normal(0, 0.08, 3))
    if rng.random() < 0.06:  # gloves and coloured light
        pixels = pixels.mean(-1, keepdims=True) * (0.4 + 1.2 * random_colour(rng))
    return np.clip(pixels, 0, 1).astype(np.float32)


def developed(pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light, lens and sensor, at random for each picture.

    Args:
        pictures: float32 [n, 64, 64, 3] in 0..1.
        rng: source of randomness.

    Returns:
        uint8 [n, 64, 64, 3].
    """
    n = len(pictures)

    def each(values, share=1.0, neutral=0.0):
        """[n, 1, 1, ...], a value a picture; `neutral` for all but a share of them."""
        chosen = rng.random(n) < share
        values = np.where(chosen.reshape(-1, *[1] * (values.ndim - 1)), values, neutral)
        return values.reshape(n, 1, 1, -1).astype(np.float32)

    x = pictures ** np.exp(each(rng.normal(0, 0.3, n), 0.7))
    x = x * np.exp(each(rng.normal(-0.05, 0.22, n), 0.7))
    x = x * np.exp(each(rng.normal(0, 0.12, (n, 3)), 0.5))
    grey = x.mean(-1, keepdims=True)
    x = grey + (x - grey) * each(rng.uniform(0.2, 1.6, n), 0.4, 1.0)
    x = np.where(each(np.ones(n), 0.15) > 0, x.mean(-1, keepdims=True), x)
    for i in np.flatnonzero(rng.random(n) < 0.03):
        x[i] = x[i][..., rng.permutation(3)]
    middle = x.mean((1, 2, 3), keepdims=True)
    x = middle + (x - middle) * np.exp(each(rng.normal(-0.05, 0.25, n), 0.5))
    ramp = np.linspace(-1, 1, SIZE, dtype=np.float32)
    across, down = each(rng.normal(0, 0.2, n), 0.4), each(rng.normal(0, 0.2, n), 0.4)
    x = x * np.exp(across * ramp[None, None, :, None] + down * ramp[None, :, None, None])
    for i in np.flatnonzero(rng.random(n) < 0.3):
        kind = rng.random()
        if kind < 0.5:
            x[i] = ndimage.gaussian_filter(x[i], (*[rng.uniform(0.3, 1.3)] * 2, 0))
        elif kind < 0.7:  # motion
            x[i] = ndimage.uniform_filter1d(x[i], int(rng.integers(2, 6)), int(rng.integers(2)))
        else:  # few pixels, seen large
            few = int(rng.integers(20, 48))
            image = Image.fromarray((255 * np.clip(x[i], 0, 1)).astype(np.uint8))
            image = image.resize((few, few), Image.Resampling.BILINEAR).resize((SIZE, SIZE))
            x[i] = np.asarray(image, np.float32) / 255
    x = x + rng.standard_normal(x.shape, np.float32) * each(rng.exponential(0.02, n), 0.5)
    for i in np.flatnonzero(rng.random(n) < 0.15):  # something in front
        h, w = rng.integers(4, 14, 2)
        top, left = rng.integers(0, SIZE - h), rng.integers(0, SIZE - w)
        x[i, top : top + h, left : left + w] = random_colour(rng)
    return (255 * np.clip(x, 0, 1)).astype(np.uint8)
