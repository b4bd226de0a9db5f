"""A heat map as a picture that stands by itself: over what was read, with its scale under it."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from explain.draw.heat_maps import colour_ramp, overlay
from explain.maps.cells import lay
from explain.maps.strength import PATCH, full_at, patch_end
from model.reading.classifier import Reading
from model.reading.images import SIZE, cut_to

EDGE, BAR = 16, 14  # pixels: around the scale, and its height
SIDE = 512  # pixels, of the map
PAPER, INK = "white", "#222222"


def map_file(
    picture: np.ndarray, signed: np.ndarray, top: float, title: str, end: float, unit: str
) -> Image.Image:
    """Draw a map of what speaks for a digit and against it, and the scale of its colours.

    Args:
        picture: uint8 [h, w, 3], w 256 pixels or more.
        signed: float32 [h', w'].
        top: the magnitude that gets the full colour.
        title: what the map shows.
        end: the number at which the scale ends.
        unit: of that number.
    """
    h, w = picture.shape[:2]
    heat = Image.fromarray(overlay(picture, signed, top=top))
    page = Image.new("RGB", (w, h + 2 * EDGE + BAR + 44), PAPER)
    page.paste(heat, (0, 0))
    page.paste(Image.fromarray(colour_ramp(w - 2 * EDGE, BAR)), (EDGE, h + EDGE + 22))
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(15)
    draw.text((EDGE, h + 10), title, INK, font)
    under = h + EDGE + BAR + 26
    ends = (
        (EDGE, "la", f"-{end:.2g}"),
        (w / 2, "ma", "0"),
        (w - EDGE, "ra", f"+{end:.2g} {unit}"),
    )
    for x, anchor, words in ends:
        draw.text((x, under), words, INK, font, anchor)
    return page


def map_of_reading(
    reading: Reading,
    digit: int,
    stage: str,
    signed: np.ndarray,
    centres: tuple[float, float] | None,
) -> Image.Image:
    """Draw what speaks for a digit and against it in the part of a picture that was read.

    Args:
        reading: what was read.
        digit: the one that is explained.
        stage: `sharp`, or the stage whose Grad-CAM is drawn.
        signed: the map, float32 [h, w].
        centres: of the stage's cells; None for the sharp map.
    """
    top = full_at(stage, signed)
    if centres is None:
        unit = f"logits per {PATCH} by {PATCH} of {SIZE} by {SIZE} pixels"
        end = patch_end(top)
    else:
        signed, unit, end = lay(signed, centres), "logits per cell", top
    shown = cut_to(reading.picture, reading.box, SIDE)
    title = f"{stage}: orange speaks for {digit} ({reading.probabilities[digit]:.0%}), "
    title += "violet against it" + ("" if reading.is_hand else "; no hand is seen")
    return map_file(shown, signed, top, title, end, unit)
