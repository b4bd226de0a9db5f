"""What may be the matter with a picture that was read wrong, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from demo.kit.components import TemplateValue
from demo.kit.data_urls import thumbnail
from demo.kit.read_picture import KeptReading, ReadPicture
from demo.kit.words import ON_ITS_OWN, differs_alone, percent
from model.digits import NO_HAND, WORDS
from model.reading.images import cut

if TYPE_CHECKING:
    from explain.checks.remedies import Remedy

HELPS = 0.05  # gain in probability from which a remedy is said to help


@dataclass(frozen=True)
class RemedyRow:
    """A change of the picture.

    Attributes:
        name: what the picture has become.
        trouble: what that would help against.
        src: the changed part, as data URL.
        read_as: what is then read.
        change: what it does to the digit's probability.
        effect: `helps`, `right` where the digit is then read, or empty.
        width: the digit's probability after it, in percent.
    """

    name: str
    trouble: str
    src: str
    read_as: str
    change: str
    effect: str
    width: float


@dataclass(frozen=True)
class Remedies(TemplateValue):
    """What was tried for a `digit`, or NO_HAND; None while nothing was asked."""

    digit: int | None
    words: str
    rows: list[RemedyRow] = field(default_factory=list)


def remedy_rows(
    reading: KeptReading,
    alone: np.ndarray,
    digit: int,
    remedies: list[Remedy],
    troubles: dict[str, str],
    ranks: dict[str, int],
) -> Remedies:
    """Say what each change of a picture does to it.

    Args:
        reading: of the picture.
        alone: float32 [digits], the probabilities of the part that was read, alone.
        digit: what it really shows.
        remedies: what was tried, the best first.
        troubles: what may be the matter, by the kind of remedy.
        ranks: by measure of light, the percent of training pictures that have less of it.
    """
    before = float(alone[digit])
    right = is_right(reading, digit)
    rows = []
    for remedy in remedies:
        after = float(remedy.probabilities[digit])
        helps = "helps" if remedy.is_hand and after > before + HELPS else ""
        rows.append(
            RemedyRow(
                name=remedy.name,
                trouble="" if right else troubles[remedy.kind],
                src=thumbnail(Image.fromarray(cut(remedy.picture, remedy.box))),
                read_as="no hand seen"
                if remedy.read_as == NO_HAND
                else f"read as {WORDS[remedy.read_as]}",
                change=f"{WORDS[digit]}: {percent(before)} → {percent(after)}",
                effect="right" if remedy.read_as == digit else helps,
                width=round(100 * after, 1),
            )
        )
    words = f"{verdict(reading, alone, digit, remedies)}{light_words(ranks)}"
    if differs_alone(alone, reading, digit):
        words += ON_ITS_OWN.format(" for the original picture")
    return Remedies(digit, words, rows)


def is_right(reading: KeptReading, digit: int) -> bool:
    """Whether a picture was read as what it really shows."""
    return reading.is_hand and reading.digit == digit


def verdict(reading: KeptReading, alone: np.ndarray, digit: int, remedies: list[Remedy]) -> str:
    """What the remedies come to."""
    word = WORDS[digit]
    if is_right(reading, digit):
        return f"It was read as {word}. Below is how each change moves the probability of {word}."
    if reading.is_hand and alone.argmax() == digit:
        return (
            f"On its own, the part that was read shows {word}; with what is around it, it was read "
            f"as {WORDS[reading.digit]}. Drag a box around the hand to have that part alone read."
        )
    for remedy in remedies:
        if remedy.read_as == digit:
            return f"One change is enough: {remedy.name}, it is read as {word}."
    return (
        f"None of these changes makes it {word}: either it shows something else, or it is a hand "
        "that the network has not learned to read."
    )


def no_hand_words(hand: ReadPicture) -> str:
    """What to say to somebody who says that a picture shows no hand."""
    if not hand.origin.is_hand:
        return "That is how it was read: no hand."
    return (
        f"Then the network is mistaken: it finds evidence of {hand.origin.evidence:.1f} for a "
        f"hand, and {hand.threshold:.1f} is enough for it. No change to the picture fixes that."
    )


def light_words(ranks: dict[str, int], odd: int = 90) -> str:
    """How the light of a picture is unlike that of most training pictures; empty if it isn't."""
    names = {
        "brightness": ("darker", "brighter"),
        "contrast": ("lower in contrast", "higher in contrast"),
        "busyness": ("plainer at the edges", "busier at the edges"),
    }
    compared = [
        f"{names[name][rank >= odd]} than {min(max(rank, 100 - rank), 99)} %"
        for name, rank in ranks.items()
        if not 100 - odd < rank < odd
    ]
    if not compared:
        return ""
    return f" The picture is {' and '.join(compared)} of those that the network learned from."
