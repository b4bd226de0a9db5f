"""One reading to keep, as a picture and as a page: both stand by themselves."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape
from textwrap import wrap

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from explain.draw.colours import MAP_COLOURS, QUIET
from explain.draw.heat_maps import colour_ramp

SIDE, EDGE = 512, 32  # pixels, of each picture and around it
PAPER, INK, BAR = "#ffffff", "#1d2422", "#0c7166"
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
        probabilities: by the digits' names, 0..1.
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
    probabilities: dict[str, float]
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
        draw.text((x, y), words.replace("−", "-"), colour, font, anchor)  # the font has no minus

    left, right, top = EDGE, SIDE + 2 * EDGE, 124
    write(left, 26, report.headline, 44)
    write(left, 84, report.sentence, 20, QUIET)
    for x, pixels in ((left, report.picture), (right, report.heat)):
        page.paste(Image.fromarray(pixels).resize((SIDE, SIDE)), (x, top))

    under = top + SIDE + 18
    for row, (word, probability) in enumerate(report.probabilities.items()):
        y = under + 27 * row
        write(left, y, word, 16)
        draw.rounded_rectangle((left + 64, y + 4, left + 440, y + 15), 5, "#efede6")
        draw.rounded_rectangle((left + 64, y + 4, left + 66 + 374 * probability, y + 15), 5, BAR)
        write(left + SIDE, y, f"{probability:.1%}", 16, anchor="ra")

    page.paste(Image.fromarray(colour_ramp(SIDE, 14)), (right, under + 2))
    write(right, under + 24, f"-{report.end:.2g}", 16)
    write(right + SIDE, under + 24, f"+{report.end:.2g} {report.unit}", 16, anchor="ra")
    for row, line in enumerate(wrap(report.map_words, 62)):
        write(right, under + 58 + 23 * row, line, 16)
    write(left, page.height - 40, report.foot, 16, QUIET)
    return encoded(page, "PNG")


def report_html(report: Report) -> str:
    """Write a reading as one page of HTML that needs no other file and no network."""
    rows = "".join(
        f'<tr><th scope="row">{escape(word)}<td class="track"><i style="width:{probability:.1%}">'
        f"</i><td>{probability:.1%}"
        for word, probability in report.probabilities.items()
    )
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Residual Hands: {escape(report.headline)}</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
body {{ max-width: 900px; margin: 32px auto; padding: 0 16px; }}
h1 {{ margin: 0; font-size: 44px; line-height: 1.2; }}
.pictures {{ display: grid; gap: 24px; }}
@media (min-width: 620px) {{ .pictures {{ grid-template-columns: 1fr 1fr; }} }}
figure {{ margin: 0; }}
img {{ width: 100%; border-radius: 12px; }}
.scale {{ display: flex; gap: 8px; align-items: center; }}
.scale i {{ flex: 1; height: 12px; border-radius: 6px; background: linear-gradient(90deg,
  {MAP_COLOURS["against"]}, {MAP_COLOURS["nothing"]}, {MAP_COLOURS["for"]}); }}
table {{ width: 100%; margin: 24px 0; font-variant-numeric: tabular-nums; }}
th {{ width: 64px; font-weight: 400; text-align: left; }}
td:last-child {{ width: 72px; text-align: right; }}
.track i {{ display: block; height: 12px; min-width: 2px; border-radius: 6px; background: {BAR}; }}
footer {{ color: {QUIET}; font-size: 14px; }}
</style>
<h1>{escape(report.headline)}</h1>
<p>{escape(report.sentence)}</p>
<div class="pictures">
<figure><img src="{embedded(report.picture)}" alt="The part that was read">
<figcaption>The part that was read.</figcaption></figure>
<figure><img src="{embedded(report.heat)}" alt="The heat map over it">
<figcaption><div class="scale">−{report.end:.2g}<i></i>+{report.end:.2g} {escape(report.unit)}</div>
{escape(report.map_words)}</figcaption></figure>
</div>
<table>{rows}</table>
<footer>{escape(report.foot)}</footer>
</html>
"""


def encoded(picture: Image.Image, kind: str) -> bytes:
    """The bytes of a picture's file."""
    file = io.BytesIO()
    picture.save(file, kind, optimize=True)
    return file.getvalue()


def embedded(pixels: np.ndarray) -> str:
    """A picture, uint8 [h, w, 3], as data URL."""
    data = base64.b64encode(encoded(Image.fromarray(pixels), "JPEG")).decode()
    return f"data:image/jpeg;base64,{data}"
