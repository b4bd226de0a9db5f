"""Which places the answer depends on: a few whose covering changes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.kit.components import TemplateValue
from demo.kit.data_urls import data_url
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import LEVEL, percent
from demo.trust.digit_maps import sharp_maps
from model.digits import WORDS

if TYPE_CHECKING:
    from explain.checks.counterfactual import Counterfactual

GRID = 8  # places a side


@dataclass(frozen=True)
class FrameBar(TemplateValue):
    """The probability of a digit in a frame, in percent and as text."""

    width: float
    percent: str
    first: bool


@dataclass(frozen=True)
class Frame(TemplateValue):
    """The picture with some places covered, and what it is then read as."""

    src: str
    words: str
    bars: tuple[FrameBar, ...]


@dataclass(frozen=True)
class Corner(TemplateValue):
    """Where a covered place begins, in percent of the picture's side."""

    left: float
    top: float


@dataclass(frozen=True)
class Before(TemplateValue):
    """The probability of a digit before anything is covered, in percent."""

    digit: int
    before: float


@dataclass(frozen=True)
class Covering(TemplateValue):
    """A picture that is covered place by place; without frames, only why there are none."""

    sentence: str
    frames: tuple[Frame, ...] = ()
    last: int = 0
    src: str = ""
    side: float = 100 / GRID
    places: tuple[Corner, ...] = ()
    bars: tuple[Before, ...] = ()


def covering(network: Network, hand: ReadPicture, digit: int, against: int) -> Covering:
    """A few places whose covering turns the digit that was read into the other one of the two.

    If neither of the two was read, into the first.
    """
    from explain.checks.counterfactual import counterfactual

    if digit == against:
        return Covering("A digit cannot be told from itself; choose two different ones.")
    read = int(hand.explanation.probabilities.argmax())  # in the part alone, which is covered
    target = against if digit == read else digit
    sharp = sharp_maps(network, hand)
    heat = sharp[read] - sharp[target]
    found = counterfactual(network.classifier.predict, hand.crop, heat, target, GRID)
    cells, side = found.cells, 100 / GRID
    places = "place" if len(cells) == 1 else "places"

    def frame(step: int) -> Frame:
        probabilities = found.probabilities[step]
        best = int(probabilities.argmax())
        return Frame(
            data_url(found.pictures[step]),
            f"{step} of {len(cells)} {places} blurred: {WORDS[best]}, "
            f"{percent(float(probabilities[best]))}",
            tuple(
                FrameBar(round(100 * float(p), 1), percent(float(p)), d == best)
                for d, p in enumerate(probabilities)
            ),
        )

    frames = tuple(frame(step) for step in range(len(cells) + 1))
    return Covering(
        ("" if read in (digit, against) else f"On its own, this part is read as {WORDS[read]}. ")
        + covering_words(found),
        frames,
        last=len(cells),
        src=frames[-1].src,
        side=side,
        places=tuple(Corner(side * int(c), side * int(r)) for r, c in cells),
        bars=tuple(
            Before(d, round(100 * float(p), 1)) for d, p in enumerate(found.probabilities[0])
        ),
    )


def covering_words(found: Counterfactual) -> str:
    """What covering places came to, in a sentence or two."""
    count, was, now = len(found.cells), WORDS[found.digit], WORDS[found.becomes]
    target, last = WORDS[found.target], found.probabilities[-1]
    sure = percent(float(last[found.becomes]))
    if not found.reached:
        still = f"still read as {now}" if now == was else f"read as {now} instead"
        closest = f"At best, with {count} of {GRID**2} places blurred, it is {still}"
        if not count:
            closest = f"No place brings it closer: it is {still}"
        return (
            f"Blurring can't make this {was} a {target}. {closest} ({sure}), and {target} gets "
            f"{percent(float(last[found.target]))}. Blurring only takes away, and what would speak "
            f"for {target} is not in the picture."
        )
    level = " No digit stands out then." if last[found.becomes] < LEVEL else ""
    if count == 1:
        return f"Blur one place of {GRID**2}, and {was} becomes {now} ({sure}).{level}"
    return (
        f"Blur these {count} places of {GRID**2}, and {was} becomes {now} ({sure}); bring back any "
        f"one of the {count}, and it is no longer {now}. Other places may work too.{level}"
    )
