"""The exact sum: what each cell of the last stage adds to each logit, as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from demo.kit.components import TemplateValue
from demo.kit.data_urls import thumbnail
from demo.kit.read_picture import ReadPicture
from demo.kit.words import signed
from model.digits import DIGITS, WORDS
from model.network.stages import cells
from model.reading.images import SIZE

LAST_STAGE, SIDE = list(cells().items())[-1]
SIGNS = {"◰": "upper left", "◳": "upper right", "◱": "lower left", "◲": "lower right"}
CORNERS = "".join(
    f'<th aria-label="{place} cell">{sign}</th>' for sign, place in SIGNS.items()
)  # the cells of a 2×2 map, row by row


@dataclass(frozen=True)
class Cell:
    """What a cell adds: `for` or `against` the digit, and how strongly it is coloured, 0..70 %."""

    text: str
    tone: str
    share: int


@dataclass(frozen=True)
class Row:
    """A digit's sum."""

    word: str
    chosen: str
    cells: list[Cell]
    bias: str
    logit: str


@dataclass(frozen=True)
class Sums(TemplateValue):
    """The sums of all digits, on one signed scale.

    Attributes:
        src: the part that was read, as data URL.
        split: where one cell ends and the next begins, in percent of the picture.
        word: the digit that is explained.
        cells: of that digit.
        rows: a row for each digit.
    """

    src: str
    split: float
    word: str
    cells: list[Cell]
    rows: list[Row]


def sums(hand: ReadPicture, centres: Mapping[str, tuple[float, float]]) -> Sums:
    """Show what each cell of the last stage adds to each logit.

    Args:
        hand: the picture.
        centres: of each stage's cells; see `explain.maps.cells.cell_centres`.
    """
    exact, chosen = hand.explanation.exact_sum, hand.explanation.digit
    parts = exact.contributions.reshape(DIGITS, -1)
    top = float(abs(parts).max()) or 1.0
    first, step = centres[LAST_STAGE]

    def shown(digit: int) -> list[Cell]:
        return [
            Cell(signed(value), "for" if value > 0 else "against", round(70 * abs(value) / top))
            for value in parts[digit].tolist()
        ]

    return Sums(
        src=thumbnail(Image.fromarray(hand.shown).convert("L"), 256),
        split=round(100 * (first + step / 2) / SIZE, 1),
        word=WORDS[chosen],
        cells=shown(chosen),
        rows=[
            Row(
                word=WORDS[digit],
                chosen="chosen" if digit == chosen else "",
                cells=shown(digit),
                bias=signed(float(exact.bias[digit])),
                logit=signed(float(hand.explanation.logits[digit])),
            )
            for digit in range(DIGITS)
        ],
    )
