"""The answer at a glance, for whoever looks at the paper or the video rather than at the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.kit.components import TemplateValue
from demo.try_it.answer import Answer, Rest
from demo.try_it.part import ReadPart
from demo.try_it.request import ALL, FOUND, YOURS, Before

if TYPE_CHECKING:
    from demo.kit.read_picture import KeptReading
    from model.reading.classifier import Reading


@dataclass(frozen=True)
class Glance(TemplateValue):
    """The answer to a drawing or a frame; all empty where there is none.

    Attributes:
        state: see `Answer`.
        numeral: the digit as it is shown.
        sure: how probable it is.
        box: where the hand is, as CSS.
        before: of that hand, for the next frame of a film; None where there is none.
    """

    state: str = ""
    numeral: str = ""
    sure: str = ""
    box: str = ""
    before: Before | None = None


def glance(
    answer: Answer | Rest, place: Mapping[str, float], reading: Reading | KeptReading | None
) -> Glance:
    """Sum an answer up; an example's has no place on the paper or the video.

    Args:
        answer: in words.
        place: of the hand, in percent of the picture; see `model.reading.images.in_percent`.
        reading: what was read; None if nothing was.
    """
    if not isinstance(answer, Answer) or answer.example or reading is None:
        return Glance()
    if answer.digit is None:
        return Glance(answer.state, answer.numeral, "no hand")
    box = ";".join(f"--{side}:{share}%" for side, share in place.items())
    before = Before(reading.box, reading.probabilities.tolist(), float(reading.evidence))
    return Glance(answer.state, answer.numeral, answer.bars[answer.digit].percent, box, before)


def place_of(part: ReadPart | TemplateValue) -> dict[str, float]:
    """Where the part that was read is in the picture as it came; empty for any other picture."""
    if not isinstance(part, ReadPart) or part.how not in (FOUND, ALL, YOURS):
        return {}
    return {side: getattr(part, side) for side in ("left", "top", "width", "height")}
