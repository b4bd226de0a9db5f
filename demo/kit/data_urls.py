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


def data_url(pixels: np.ndarray) -> str:
    """A picture, uint8 [h, w, 3 or 4], as data URL."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", lossless=pixels.shape[-1] == 4, quality=80)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()


def thumbnail(picture: Image.Image, longest: int = 112) -> str:
    """A small copy of a picture, its longer side `longest` pixels, as data URL."""
    file = io.BytesIO()
    small = picture.convert("RGB")
    small.thumbnail((longest, longest), Image.Resampling.BOX)
    small.save(file, "WEBP", quality=80)
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
