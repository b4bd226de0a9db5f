"""The answer in words: the digit, how sure it is, and what to say without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.kit.components import TemplateValue
from demo.kit.read_picture import ReadPicture
from demo.kit.words import FOUND, YOURS, example_shows, percent, signed
from model.digits import DIGITS, WORDS

if TYPE_CHECKING:
    from model.reading.classifier import Reading

SURE = 0.9  # probability from which an answer needs no second digit
CLOSE = 0.25  # difference in probability below which the second digit is named as an equal


@dataclass(frozen=True)
class Rest(TemplateValue):
    """What stands in place of an answer."""

    state: str
    headline: str
    sentence: str


EMPTY = Rest(
    "empty", "Show me a hand", "Choose a photo, use the camera, draw one, or pick an example."
)


@dataclass(frozen=True)
class Bar:
    """A digit's probability: `width` in percent, and `first`, `second` or no `rank`."""

    digit: int
    width: float
    percent: str
    rank: str


@dataclass(frozen=True)
class Answer(TemplateValue):
    """A reading in words.

    Attributes:
        state: `sure`, `unsure`, or `none` where no hand is seen.
        digit: None where no hand is seen.
        numeral: the digit as it is shown.
        word: the digit's name.
        sentence: how sure the answer is.
        probabilities: of each digit.
        evidence: for a hand.
        bars: a row for each probability.
        supposing: what these suppose where no hand is seen; empty otherwise.
        example: what to know of an example; empty for a visitor's own picture.
        advice: what to try where no hand is seen; empty otherwise.
    """

    state: str
    digit: int | None
    numeral: str
    word: str
    sentence: str
    probabilities: list[float]
    evidence: float
    bars: list[Bar]
    supposing: str
    example: str
    advice: str


@dataclass(frozen=True)
class Glimpse:
    """A frame that was read in passing; for the rest see `ReadPicture`."""

    reading: Reading
    threshold: float
    example: str = ""


NO_HAND_ADVICE = (
    "Is there one? Hold it closer, in better light, in front of a plain background; or drag a "
    "box around it under “The part it read”. A drawing needs the whole hand, palm and wrist too."
)


def trouble(error: ValueError) -> Rest:
    """What to say in place of an answer."""
    return Rest("empty trouble", "That did not work", str(error))


def answer(hand: ReadPicture | Glimpse, how: str = FOUND) -> Answer:
    """Put a reading into words.

    Args:
        hand: what was read.
        how: the part was chosen; see `demo.try_it.request.ToRead`.
    """
    reading = hand.reading
    probabilities = [float(p) for p in reading.probabilities]
    first, second = sorted(range(DIGITS), key=lambda digit: -probabilities[digit])[:2]
    best, next_best = probabilities[first], probabilities[second]
    state, word = "sure" if best >= SURE else "unsure", WORDS[first]
    if not reading.is_hand:
        state, word = "none", "no hand"
        sentence = (
            f"The network sees no hand here: its evidence for one is {signed(reading.evidence)}, "
            f"below the {signed(hand.threshold)} it needs."
        )
        if best >= 0.5 and reading.evidence > 0:
            sentence += f" If there is one, it shows {WORDS[first]}."
    elif best >= SURE:
        sentence = f"{percent(best)} sure"
    elif best - next_best < CLOSE:
        sentence = f"but it could be {WORDS[second]}: {percent(best)} against {percent(next_best)}"
    else:
        sentence = f"probably: {percent(best)}, then {WORDS[second]} with {percent(next_best)}"
    ranks = {first: "first", second: "second"}
    return Answer(
        state=state,
        digit=first if reading.is_hand else None,
        numeral=str(first) if reading.is_hand else "–",
        word=word,
        sentence=sentence,
        probabilities=[round(p, 4) for p in probabilities],
        evidence=round(reading.evidence, 3),
        bars=[
            Bar(digit, round(100 * p, 1), percent(p), ranks.get(digit, ""))
            for digit, p in enumerate(probabilities)
        ],
        supposing="" if reading.is_hand else "If there were a hand, it would show:",
        example=example_words(hand, how),
        advice="" if reading.is_hand or hand.example else NO_HAND_ADVICE,
    )


def example_words(hand: ReadPicture | Glimpse, how: str = FOUND) -> str:
    """Say of an example what it is and whether it is read right; empty for a visitor's picture."""
    if not hand.example:
        return ""
    if how == YOURS:
        return "The part of the example that you chose."
    reading, shows = hand.reading, example_shows(hand.example)
    read = WORDS[reading.digit] if reading.is_hand else "no hand"
    changed = isinstance(hand, ReadPicture) and hand.changed
    kind = "The example, after a remedy." if changed else "An example, rendered by a script."
    if read != shows:
        verdict = ", and <b>the network gets it wrong</b>: “Is that wrong?” looks for the reason"
    else:
        verdict = ", and is now read right" if changed else ""
    return f"{kind} It shows {shows}{verdict}."
