"""What was read, in words: the class, how sure it is, and what the heat map shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from demo.any_classifier.read_image import ReadImage
from demo.kit.components import TemplateValue
from demo.kit.words import colour_scale, percent
from demo.try_it.answer import CLOSE, SURE, Rest
from demo.try_it.heat_map import seen
from demo.try_it.request import MapLook
from explain.maps.strength import fade

SHOWN = 10  # classes of many that get a bar
EMPTY = Rest("empty", "Show me a picture", "Drop one in, paste it, or take one with the camera.")


@dataclass(frozen=True)
class ClassBar(TemplateValue):
    """A class's probability: `width` in percent, and `first`, `second` or no `rank`."""

    name: str
    width: float
    percent: str
    rank: str


@dataclass(frozen=True)
class ClassAnswer(TemplateValue):
    """A reading in words.

    Attributes:
        state: `sure` or `unsure`.
        word: the name of the class.
        sentence: how sure the answer is.
        bars: of the most probable classes.
        rest: how many more there are, in words; empty if all are shown.
    """

    state: str
    word: str
    sentence: str
    bars: tuple[ClassBar, ...]
    rest: str


def answer(hand: ReadImage, names: Sequence[str]) -> ClassAnswer:
    """Put a reading into words."""
    first, second = hand.order[:2]
    best, next_best = (float(hand.probabilities[each]) for each in (first, second))
    if best >= SURE:
        sentence = f"{percent(best)} sure"
    elif best - next_best < CLOSE:
        sentence = f"but it could be {names[second]}: {percent(best)} against {percent(next_best)}"
    else:
        sentence = f"probably: {percent(best)}, then {names[second]} with {percent(next_best)}"
    shown = hand.order[:SHOWN]
    ranks = {first: "first", second: "second"}
    more = len(names) - len(shown)
    return ClassAnswer(
        "sure" if best >= SURE else "unsure",
        names[first],
        sentence,
        tuple(
            ClassBar(names[each], round(100 * p, 1), percent(p), ranks.get(each, ""))
            for each in shown
            for p in [float(hand.probabilities[each])]
        ),
        f"and {more:,} more, each less probable" if more else "",
    )


def full_colour(hand: ReadImage, look: MapLook) -> float:
    """The magnitude that gets the full colour; 0 where the map is empty."""
    return float(np.abs(hand.maps.signed[look.stage]).max()) if look.own else hand.tops[look.stage]


def caption(hand: ReadImage, look: MapLook, names: Sequence[str], layer: str) -> str:
    """What the heat map shows, of what can be seen on it, and its scale.

    Args:
        hand: the picture.
        look: of the map.
        names: of the classes.
        layer: with which the stage ends.
    """
    chosen, signed = hand.maps.chosen, hand.maps.signed[look.stage]
    top, side = full_colour(hand, look), len(signed)
    colour = fade(signed, top) if top else np.zeros_like(signed)
    probability = percent(float(hand.probabilities[chosen]))
    name = f"<b>{escape(names[chosen])}</b> ({probability})"
    words = seen(colour, name, "spoke")
    of = f"from the output of <code>{escape(layer)}</code>"
    words += f", at {look.stage}, {side}×{side} cells, {of}."
    if top == 0:
        return f"<p>{words}</p>"
    if look.own:
        words += " The scale is this map's own: don't compare it with others."
    elif chosen != hand.best:
        words += f" The scale is that of the class that was read, {escape(names[hand.best])}."
    return f"{colour_scale(top, ' logits per cell')}<p>{words}</p>"
