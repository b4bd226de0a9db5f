"""The part of the picture that was read."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from demo.kit.components import TemplateValue
from demo.kit.data_urls import thumbnail
from demo.kit.read_picture import ReadPicture
from demo.kit.words import differs_alone, percent
from demo.try_it.request import ALL, FOUND, YOURS
from model.digits import WORDS
from model.reading.images import in_percent


@dataclass(frozen=True)
class ReadPart(TemplateValue):
    """The part that was read, in percent of the picture's width and height.

    Attributes:
        src: the picture, as data URL.
        how: see `demo.try_it.request.ToRead`.
        left: of the box.
        top: of the box.
        width: of the box.
        height: of the box.
        words: how the part was chosen.
        found: whether it was found, as HTML says it.
        all: whether it is all, as HTML says it.
        yours: whether the visitor chose it, as HTML says it.
    """

    src: str
    how: str
    left: float
    top: float
    width: float
    height: float
    words: str
    found: str
    all: str
    yours: str


def read_part(hand: ReadPicture, how: str) -> ReadPart:
    """Show the part of a picture that was read, and say how it was chosen."""
    picture = hand.reading.picture
    return ReadPart(
        src=thumbnail(Image.fromarray(picture), 360),
        how=how,
        **in_percent(hand.reading.box, picture),
        words=part_words(hand, how),
        found=str(how == FOUND).lower(),
        all=str(how == ALL).lower(),
        yours=str(how == YOURS).lower(),
    )


def read_as(hand: ReadPicture) -> str:
    """The answer, for whoever looks at the part rather than at the card that has it."""
    reading = hand.reading
    if not reading.is_hand:
        return "no hand seen"
    return f"{WORDS[reading.digit]}, {percent(float(reading.probabilities[reading.digit]))}"


def part_words(hand: ReadPicture, how: str) -> str:
    """How the part was chosen; and of one that was found, what it shows on its own."""
    reading = hand.reading
    if how == YOURS:
        changed = ", in the changed picture" if hand.changed else ""
        return f"Your own box was read{changed}: {read_as(hand)}."
    if how == ALL:
        return f"The whole picture was read, as it came: {read_as(hand)}."
    if how != FOUND:
        whose = "The example" if hand.example else "Your picture"
        return f"{whose}, {how}. “Find it” and “Read it all” go back to the original."
    (x0, y0, x1, y1), (h, w) = reading.box, reading.picture.shape[:2]
    whole = x0 <= 0 and y0 <= 0 and x1 >= w and y1 >= h
    if not reading.is_hand:
        shown = "this is the whole picture" if whole else "this part comes closest to one"
        words = f"The network looked for a hand and found none; {shown}."
    elif whole:
        words = "The network looked for the hand; it fills the picture."
    else:
        words = "The network looked for the hand and found it here."
    alone = hand.explanation.probabilities
    if differs_alone(alone, reading, reading.digit):
        words += (
            f" Alone, this part gets {percent(float(alone[reading.digit]))} for "
            f"{WORDS[reading.digit]}; the answer takes in more of the picture."
        )
    return words
