"""The answer at a glance, for whoever looks at the paper or the video rather than at the answer."""

from __future__ import annotations

from dataclasses import dataclass

from demo.kit.components import TemplateValue
from demo.try_it.answer import Answer, Rest
from demo.try_it.part import ReadPart
from demo.try_it.request import ALL, FOUND, YOURS


@dataclass(frozen=True)
class Glance(TemplateValue):
    """The answer to a drawing or a frame; all empty where there is none.

    Attributes:
        state: see `Answer`.
        numeral: the digit as it is shown.
        sure: how probable it is.
        box: where the hand was read, as CSS.
    """

    state: str = ""
    numeral: str = ""
    sure: str = ""
    box: str = ""


def glance(answer: Answer | Rest, part: ReadPart | TemplateValue) -> Glance:
    """Sum an answer up; an example's has no place on the paper or the video.

    Args:
        answer: in words.
        part: that was read.
    """
    if not isinstance(answer, Answer) or not isinstance(part, ReadPart) or answer.example:
        return Glance()
    if answer.digit is None:
        return Glance(answer.state, answer.numeral, "no hand")
    sides = ("left", "top", "width", "height")
    box = ";".join(f"{side}:{getattr(part, side)}%" for side in sides)
    as_it_came = part.how in (FOUND, ALL, YOURS)
    sure = answer.bars[answer.digit].percent
    return Glance(answer.state, answer.numeral, sure, box if as_it_came else "")
