"""How bright, contrasty and busy a picture is, beside those that the network learned from."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # of red, green and blue, as they are stored
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # the same of linear light
BORDER = 10  # pixels, of the 64: how far the rim reaches that seldom holds the hand

PERCENTILES = np.arange(0, 101, 5)


def measure(crop: np.ndarray) -> dict[str, float]:
    """Measure what the network sees.

    Args:
        crop: uint8 [64, 64, 3].

    Returns:
        brightness, the mean luma, 0..1; contrast, its standard deviation, 0..0.5; busyness, the
        mean step of luma to the right and down together, along the picture's rim, 0..2.
    """
    luma = crop @ LUMA / 255
    rim = np.ones(luma.shape, bool)
    rim[BORDER:-BORDER, BORDER:-BORDER] = False
    across, down = (np.abs(np.diff(luma, axis=axis)) for axis in (1, 0))
    steps = (across[:-1] + down[:, :-1])[rim[:-1, :-1]]
    return {
        "brightness": float(luma.mean()),
        "contrast": float(luma.std()),
        "busyness": float(steps.mean()),
    }


def linear(colour: ArrayLike) -> np.ndarray:
    """sRGB of 0..1 as linear light."""
    colour = np.asarray(colour, float)
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def lightness(luminance: float) -> float:
    """L*, 0 to 100, of a luminance of 0..1, after CIE 1976."""
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


def percentiles(crops: Iterable[np.ndarray]) -> dict[str, list[float]]:
    """The distribution of each measure over pictures: its values at every fifth percentile."""
    measured = [measure(crop) for crop in crops]
    return {
        name: np.percentile([row[name] for row in measured], PERCENTILES).round(4).tolist()
        for name in measured[0]
    }


def rank(value: float, table: list[float]) -> int:
    """The share of pictures that have less of it, in percent, 0 to 100."""
    return round(float(np.interp(value, table, PERCENTILES)))
