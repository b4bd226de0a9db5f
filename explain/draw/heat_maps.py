"""Heat maps and channels as pictures: arrays in, pixels out."""

import numpy as np
from PIL import Image

from explain.draw.colours import MAP_COLOURS, rgb
from explain.maps.strength import fade
from model.reading.light import LUMA

FOR, AGAINST, NOTHING = (rgb(MAP_COLOURS[name]) for name in ("for", "against", "nothing"))
INKS = np.stack([np.ones_like(FOR), FOR, AGAINST])


def stretch(heat: np.ndarray, height: int, width: int, smooth: bool = True) -> np.ndarray:
    """Stretch a map to the size of a picture, float32 [h, w].

    Linear between the centres of its cells if `smooth`, else each cell as it is.
    """
    image = Image.fromarray(np.asarray(heat, np.float32))
    between = Image.Resampling.BILINEAR if smooth else Image.Resampling.NEAREST
    return np.asarray(image.resize((width, height), between))


def inked(pale: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """What speaks for a digit and against it over greys, float32 [..., 3] in 0..255.

    Args:
        pale: float32 [...], what shows of the greys, 0..255.
        colours: float32 [...] in -1..1.
    """
    return np.stack([pale, np.maximum(colours, 0), np.maximum(-colours, 0)], -1) @ INKS


def overlay(
    picture: np.ndarray,
    signed: np.ndarray,
    strength: float = 0.7,
    top: float | None = None,
    smooth: bool = True,
) -> np.ndarray:
    """Lay a map of what speaks for a digit and against it over a picture.

    Args:
        picture: uint8 [h, w, 3].
        signed: float32 [h', w'].
        strength: 0..1, how much of the picture the strongest place covers.
        top: of the common scale: the magnitude that has the strongest colours, orange above zero
            and violet below; None for the map's own largest.
        smooth: False shows the map's cells as they are.

    Returns:
        uint8 [h, w, 3]; the picture pales to grey, so that the colours on it are the map's, and
        weak evidence gets no colour, see `explain.maps.strength.fade`.
    """
    top = top or float(np.abs(signed).max()) or 1.0  # an empty map leaves all of it grey
    h, w = picture.shape[:2]
    colours = strength * fade(stretch(signed, h, w, smooth), top)
    left, grey = 1 - np.abs(colours), min(2 * strength, 1)
    pale = (50 + 0.7 * (picture @ LUMA)) * grey * left
    laid = inked(pale, colours)
    if grey < 1:
        laid += (1 - grey) * left[..., None] * picture
    return laid.round().astype(np.uint8)


def colour_ramp(width: int, height: int) -> np.ndarray:
    """The colours of a map from full violet over its grey to full orange.

    Returns:
        uint8 [height, width, 3].
    """
    colours = fade(np.linspace(-1, 1, width, dtype=np.float32), 1)
    ramp = inked(NOTHING[0] * (1 - np.abs(colours)), colours)
    return np.tile(ramp.round().astype(np.uint8), (height, 1, 1))


def tiles(channels: np.ndarray, side: int = 44, gap: int = 4) -> np.ndarray:
    """Channels in a square, row by row: violet below zero, orange above; for any background.

    Args:
        channels: float32 [h, w, n] in -1..1.
        side: pixels of a tile.
        gap: transparent pixels between two.

    Returns:
        uint8 [s, s, 4]; zero is a faint grey, which shows how far a tile goes.
    """
    across = int(np.ceil(np.sqrt(channels.shape[-1])))
    whole = np.zeros((across * (side + gap) - gap,) * 2 + (4,), np.uint8)
    for i, channel in enumerate(np.moveaxis(channels, -1, 0)):
        strong = np.abs(channel)[..., None]
        faint = 0.14 * (1 - strong)
        colour = np.where(channel[..., None] < 0, AGAINST, FOR) * strong + 128 * faint
        tinted = np.dstack([colour / (strong + faint), 255 * (strong + faint)]).round()
        tile = Image.fromarray(tinted.astype(np.uint8)).resize(
            (side, side), Image.Resampling.NEAREST
        )
        top, left = (side + gap) * (i // across), (side + gap) * (i % across)
        whole[top : top + side, left : left + side] = tile
    return whole


def glow(activations: np.ndarray) -> np.ndarray:
    """A channel by itself: clear at zero, orange at its largest value; for any background.

    Args:
        activations: float32 [h, w], zero or more.

    Returns:
        uint8 [h, w, 4], a pixel a cell.
    """
    alpha = activations / max(float(activations.max()), 1e-9)
    colour = np.broadcast_to(FOR, (*activations.shape, 3))
    return np.dstack([colour, 255 * alpha]).round().astype(np.uint8)
