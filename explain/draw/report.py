"""One reading to keep, and a picture of it that stands by itself."""

from __future__ import annotations

import io
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from explain.draw.colours import QUIET
from explain.draw.heat_maps import colour_ramp

SIDE, EDGE = 512, 32  # pixels, of each picture and around it
PAPER, INK, BAR = "#ffffff", "#1d2422", "#0c7166"
IN_FONT = str.maketrans({"−": "-", "×": " by "})  # what the font that comes with Pillow lacks
WITH = "Residual Hands: a ResNet-50 that reads the digits zero to five"


@dataclass(frozen=True)
class Report:
    """What is worth keeping of a reading.

    Attributes:
        picture: uint8 [h, w, 3], the part that was read.
        heat: uint8 [h, w, 3], the heat map over it.
        headline: what was read.
        sentence: how sure that is.
        map_words: what the map shows.
        end: of the map's scale, in both directions.
        unit: of the scale.
        bars: by the digits' names, the probability, 0..1, and how it is written.
        day: when it was read.
        weights: the digest of those that read it.
    """

    picture: np.ndarray
    heat: np.ndarray
    headline: str
    sentence: str
    map_words: str
    end: float
    unit: str
    bars: dict[str, tuple[float, str]]
    day: str
    weights: str

    @property
    def foot(self) -> str:
        """By whom and when it was read."""
        return f"{WITH}. Weights {self.weights}, {self.day}."


def report_png(report: Report) -> bytes:
    """Draw a reading: the picture, its map with the scale, the digit and all probabilities.

    Returns:
        The bytes of a PNG file.
    """
    page = Image.new("RGB", (2 * SIDE + 3 * EDGE, SIDE + 378), PAPER)
    draw = ImageDraw.Draw(page)

    def write(x: float, y: float, words: str, size: int, colour: str = INK, anchor="la") -> None:
        font = ImageFont.load_default(size)
        draw.text((x, y), words.translate(IN_FONT), colour, font, anchor)

    left, right, top = EDGE, SIDE + 2 * EDGE, 124
    write(left, 26, report.headline, 44)
    write(left, 84, report.sentence, 20, QUIET)
    for x, pixels in ((left, report.picture), (right, report.heat)):
        page.paste(Image.fromarray(pixels).resize((SIDE, SIDE)), (x, top))

    under = top + SIDE + 18
    for row, (word, (probability, written)) in enumerate(report.bars.items()):
        y = under + 27 * row
        write(left, y, word, 16)
        draw.rounded_rectangle((left + 64, y + 4, left + 420, y + 15), 5, "#efede6")
        draw.rounded_rectangle((left + 64, y + 4, left + 66 + 354 * probability, y + 15), 5, BAR)
        write(left + SIDE, y, written, 16, anchor="ra")

    page.paste(Image.fromarray(colour_ramp(SIDE, 14)), (right, under + 2))
    write(right, under + 24, f"-{report.end:.2g}", 16)
    write(right + SIDE, under + 24, f"+{report.end:.2g} {report.unit}", 16, anchor="ra")
    for row, line in enumerate(wrap(report.map_words, 66)):
        write(right, under + 58 + 23 * row, line, 16)
    write(left, page.height - 40, report.foot, 16, QUIET)
    file = io.BytesIO()
    page.save(file, "PNG", optimize=True)
    return file.getvalue()
