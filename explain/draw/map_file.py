"""A heat map as a picture that stands by itself: over what was read, with its scale under it."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from explain.draw.heat_maps import overlay

EDGE, BAR = 16, 14  # pixels: around the scale, and its height
PAPER, INK = "white", "#222222"


def map_file(
    picture: np.ndarray, signed: np.ndarray, title: str, unit: str, share: float = 1
) -> Image.Image:
    """Draw a map of what speaks for a digit and against it, and the scale of its colours.

    Args:
        picture: uint8 [h, w, 3], w 256 pixels or more.
        signed: float32 [h', w'].
        title: what the map shows.
        unit: of the numbers on the scale.
        share: a value of the map divided by this is a number on the scale.
    """
    h, w = picture.shape[:2]
    top = float(np.abs(signed).max())
    heat = Image.fromarray(overlay(picture, signed))
    page = Image.new("RGB", (w, h + 2 * EDGE + BAR + 44), PAPER)
    page.paste(heat, (0, 0))
    # The same colours as the map's, on a picture that is white.
    ramp = np.linspace(-top, top, w - 2 * EDGE, dtype=np.float32)
    white = np.full((BAR, ramp.size, 3), 255, np.uint8)
    scale = overlay(white, np.broadcast_to(ramp, (BAR, ramp.size)), top=top)
    page.paste(Image.fromarray(scale), (EDGE, h + EDGE + 22))
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(15)
    draw.text((EDGE, h + 10), title, INK, font)
    under = h + EDGE + BAR + 26
    ends = (
        (EDGE, "la", f"-{top / share:.2g}"),
        (w / 2, "ma", "0"),
        (w - EDGE, "ra", f"+{top / share:.2g} {unit}"),
    )
    for x, anchor, words in ends:
        draw.text((x, under), words, INK, font, anchor)
    return page
