"""Numbers, digits and the picture in hand, in words."""

from __future__ import annotations

import numpy as np

from demo.kit.read_picture import KeptReading, ReadPicture
from explain.draw.colours import MAP_COLOURS
from explain.maps.strength import FAINT, PATCH
from model.digits import NO_HAND, WORDS

DIGIT_CHOICES = [(word, digit) for digit, word in enumerate(WORDS)]
COLOUR_BAR = (  # as colours fade in `explain.maps.strength`
    "linear-gradient(90deg, {against}, {nothing} {low:.1%}, {nothing} {high:.1%}, {for})".format(
        **MAP_COLOURS, low=(1 - FAINT) / 2, high=(1 + FAINT) / 2
    )
)
PER_PATCH = f"per {PATCH}×{PATCH} pixels"
COUNTS = (*WORDS, "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
LEVEL = 0.3  # probability below which no digit stands out
WORTH_A_WORD = 0.02  # difference in probability that is told
ON_ITS_OWN = (
    " Percentages here are for the part that was read, alone; the answer{} takes in more than that "
    "part."
)
FOUND, ALL, YOURS = "found", "all", "yours"  # how the part that is read is chosen
AS_READ = -1  # the choice to explain whichever digit was read
TRUTH_CHOICES = [*DIGIT_CHOICES, ("no hand", NO_HAND)]
EXPLAINED_CHOICES = [("as read", AS_READ), *((str(digit), digit) for digit in range(len(WORDS)))]


def explained(hand: ReadPicture, digit: int) -> int:
    """The digit that a choice among EXPLAINED_CHOICES stands for."""
    return hand.reading.digit if digit == AS_READ else digit


def percent(probability: float) -> str:
    """A probability in words that never claim certainty."""
    if probability > 0.99:
        return "over 99 %"
    if probability < 0.01:
        return "under 1 %"
    return f"{probability:.0%}".replace("%", " %")


def signed(value: float, digits: int = 2) -> str:
    """A number with its sign, as one writes it: +1.20, −0.35, 0.00."""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text if float(text[1:]) else text[1:]


def duration(seconds: float) -> str:
    """A time to read at a glance: 157 ms, 2.3 s, 43 s."""
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:,.0f} s"


def colour_scale(end: float, unit: str = "") -> str:
    """The colour bar of a map, from what speaks against a digit to what speaks for it."""
    return (
        f"<div class='scale'><span>−{end:.2g}</span><i style='background: {COLOUR_BAR}'></i>"
        f"<span>+{end:.2g}{unit}</span></div>"
    )


def example_shows(name: str) -> str:
    """What an example shows, by its name: a digit in words, or no hand."""
    first = name.split()[0]
    return WORDS[int(first)] if first.isdigit() else "no hand"


def owner(hand: ReadPicture) -> str:
    """What a picture in hand is called at the start of a sentence."""
    shows = hand.example and example_shows(hand.example)
    name = f"The example that shows {shows}" if shows else "Your picture"
    return f"{name} (changed under “Is that wrong?”)" if hand.changed else name


def whose(hand: ReadPicture | None, what: str) -> str:
    """Say whose picture is looked at, the visitor's or the example.

    Args:
        hand: the visitor's, if there is one.
        what: is done to it, such as `is put to the test`.
    """
    if not hand:
        words = f"There is no picture of yours here, so an example {what}. Show one under “Try it”."
    elif hand.reading.is_hand:
        words = f"{owner(hand)}, read as <b>{WORDS[hand.reading.digit]}</b>, {what}."
    else:
        words = (
            f"{owner(hand)} {what}. The network sees no hand in it; "
            f"if there is one, it shows <b>{WORDS[hand.reading.digit]}</b>."
        )
    if hand and differs_alone(hand.explanation.probabilities, hand.reading, hand.reading.digit):
        words += ON_ITS_OWN.format(" under “Try it”")
    return f"<p class='quiet'>{words}</p>"


def differs_alone(alone: np.ndarray, reading: KeptReading, digit: int) -> bool:
    """Whether a digit has another probability in the part that was read than in the answer.

    Args:
        alone: float32 [digits], the probabilities of that part.
        reading: the answer.
        digit: which.
    """
    return abs(float(alone[digit]) - float(reading.probabilities[digit])) > WORTH_A_WORD


def count_word(count: int) -> str:
    """A small count as one writes it in a sentence: six, twelve, 13."""
    return COUNTS[count] if count < len(COUNTS) else str(count)
