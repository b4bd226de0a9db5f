"""A contact sheet of mistakes."""

import textwrap

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from model.digits import NO_HAND
from model.reading.classifier import Reading
from model.reading.images import square

SIDE, GAP, WORDS = 144, 16, 40  # pixels: of a hand, between two, and for the words under it


def sheet(mistakes: list[tuple[Reading, int]], columns: int = 6) -> Image.Image:
    """The pictures, and under each what it shows and what was read, a row after the other."""
    rows = -(-len(mistakes) // columns)
    step = np.array([SIDE + GAP, SIDE + GAP + WORDS])
    page = Image.new("RGB", (*(step * (columns, rows) + GAP),), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(14)
    for place, (reading, digit) in enumerate(mistakes):
        x, y = step * (place % columns, place // columns) + GAP
        page.paste(Image.fromarray(square(reading.picture)).resize((SIDE, SIDE)), (x, y))
        said = f"a {reading.digit}, {reading.probabilities.max():.0%}"
        shown = "no hand" if digit == NO_HAND else digit
        words = f"shows {shown}, read as {said if reading.is_hand else 'no hand'}"
        draw.text((x, y + SIDE + 3), textwrap.fill(words, 20), "#333", font)
    return page
