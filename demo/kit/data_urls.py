"""Pictures as data URLs, for templates to show."""

from __future__ import annotations

import base64
import io
from typing import Protocol

import numpy as np
from PIL import Image


class Shows(Protocol):
    """A picture in hand."""

    @property
    def shown(self) -> np.ndarray:
        """uint8 [h, w, 3], for maps to be laid over."""
        ...

    @property
    def crop(self) -> np.ndarray:
        """uint8 [h, h, 3], what is read of it."""
        ...


def data_url(pixels: np.ndarray) -> str:
    """A picture, uint8 [h, w, 3 or 4], as data URL."""
    return _url_of(Image.fromarray(pixels), lossless=pixels.shape[-1] == 4)


def thumbnail(picture: Image.Image, longest: int = 112) -> str:
    """A small copy of a picture, its longer side `longest` pixels, as data URL."""
    small = picture.convert("RGB")
    small.thumbnail((longest, longest), Image.Resampling.BOX)
    return _url_of(small)


def _url_of(picture: Image.Image, lossless: bool = False) -> str:
    file = io.BytesIO()
    # Method 4, the usual one, takes three times as long and saves one byte of twenty.
    picture.save(file, "WEBP", quality=80, method=2, lossless=lossless)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()


def heat_url(hand: Shows, heat: np.ndarray, top: float | None) -> str:
    """A heat map over the picture in hand, 240 pixels wide, as data URL.

    Args:
        hand: the picture.
        heat: float32 [h, w].
        top: of the scale; see `explain.draw.heat_maps.overlay`.
    """
    from explain.draw.heat_maps import overlay

    picture = np.asarray(Image.fromarray(hand.shown).resize((240, 240), Image.Resampling.BOX))
    return data_url(overlay(picture, heat, top=top))
