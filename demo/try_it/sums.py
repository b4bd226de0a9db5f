"""The exact sum: what each cell of the last stage adds to each logit, as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from demo.kit.components import TemplateValue
from demo.kit.data_urls import thumbnail
from demo.kit.read_picture import ReadPicture
from demo.kit.words import signed
from explain.draw.cells import cells_svg
from model.digits import DIGITS, WORDS
from model.network.stages import cells
from model.reading.images import SIZE

(STAGE_BEFORE, SIDE_BEFORE), (LAST_STAGE, SIDE) = list(cells().items())[-2:]
SIGNS = {"◰": "upper left", "◳": "upper right", "◱": "lower left", "◲": "lower right"}
CORNERS = "".join(
    f'<th aria-label="{place} cell">{sign}</th>' for sign, place in SIGNS.items()
)  # the cells of a 2×2 map, row by row


@dataclass(frozen=True)
class Cell:
    """What a cell adds to a digit.

    Attributes:
        text: as a signed number.
        tone: `for` or `against` the digit.
        share: how strongly it is coloured, 0..70 %.
        decides: `decides`, or empty: whether it makes most of the difference between the first
            two digits.
    """

    text: str
    tone: str
    share: int
    decides: str


@dataclass(frozen=True)
class Row:
    """A digit's sum.

    Attributes:
        word: the digit.
        chosen: `chosen` if it is explained, or empty.
        logit: what it comes to.
        tone: `for` where that is above zero, else `against`.
        width: of its bar, in percent of the longest.
        cells: what each adds.
        bias: what the digit has before anything is seen.
    """

    word: str
    chosen: str
    logit: str
    tone: str
    width: int
    cells: list[Cell]
    bias: str


@dataclass(frozen=True)
class Sums(TemplateValue):
    """The sums of all digits, on one signed scale.

    Attributes:
        lead: which digits come first and second, and which cell decides between them, as HTML.
        src: the part that was read, as data URL.
        split: where one cell ends and the next begins, in percent of the picture.
        kept: why that is so, as SVG.
        word: the digit that is explained.
        cells: of that digit.
        rows: a row for each digit.
    """

    lead: str
    src: str
    split: float
    kept: str
    word: str
    cells: list[Cell]
    rows: list[Row]


def tone(value: float) -> str:
    return "for" if value > 0 else "against"


def lead(logits: np.ndarray, best: int, second: int, place: str, made: float) -> str:
    """Say which digits come first and second, and what the cell makes that decides between them.

    Args:
        logits: float32 [digits].
        best: the digit with the highest.
        second: the next.
        place: of the cell.
        made: what that cell adds to their difference.
    """
    first, next_ = round(float(logits[best]), 2), round(float(logits[second]), 2)
    between, made = first - next_, round(made, 2)
    if made > between:
        share = f"accounts for {made:.2f} by itself, and the rest takes {made - between:.2f} back"
    else:
        share = f"accounts for {made:.2f} of that, more than any other"
    return (
        f"<b>{WORDS[best].capitalize()}</b> comes first with {signed(first)}, "
        f"<b>{WORDS[second]}</b> second with {signed(next_)}: {between:.2f} apart. "
        f"The <b>{place}</b> cell (outlined) {share}."
    )


def sums(hand: ReadPicture, centres: Mapping[str, tuple[float, float]]) -> Sums:
    """Show what each cell of the last stage adds to each logit.

    Args:
        hand: the picture.
        centres: of each stage's cells; see `explain.maps.cells.cell_centres`.
    """
    exact, chosen = hand.explanation.exact_sum, hand.explanation.digit
    parts, logits = exact.contributions.reshape(DIGITS, -1), hand.explanation.logits
    top, longest = (float(abs(values).max()) or 1.0 for values in (parts, logits))
    first, step = centres[LAST_STAGE]
    best, second = (int(digit) for digit in (-logits).argsort()[:2])
    deciding = int((parts[best] - parts[second]).argmax())

    def shown(digit: int) -> list[Cell]:
        return [
            Cell(
                text=signed(value),
                tone=tone(value),
                share=round(70 * abs(value) / top),
                decides="decides" if cell == deciding and digit in (best, second) else "",
            )
            for cell, value in enumerate(parts[digit].tolist())
        ]

    made = float(parts[best, deciding] - parts[second, deciding])
    words = lead(logits, best, second, list(SIGNS.values())[deciding], made)
    if best != hand.reading.digit:
        words += (
            " These sums are of the part that was read, alone. The answer takes in more of the "
            f"picture, and there <b>{WORDS[hand.reading.digit]}</b> comes first."
        )
    return Sums(
        lead=words,
        src=thumbnail(Image.fromarray(hand.shown).convert("L"), 256),
        split=round(100 * (first + step / 2) / SIZE, 1),
        kept=cells_svg(centres[STAGE_BEFORE], centres[LAST_STAGE], SIZE),
        word=WORDS[chosen],
        cells=shown(chosen),
        rows=[
            Row(
                word=WORDS[digit],
                chosen="chosen" if digit == chosen else "",
                logit=signed(float(logits[digit])),
                tone=tone(float(logits[digit])),
                width=round(100 * abs(float(logits[digit])) / longest),
                cells=shown(digit),
                bias=signed(float(exact.bias[digit])),
            )
            for digit in range(DIGITS)
        ],
    )
