"""The questions of the tab, a row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from demo.kit.words import count_word
from demo.trust import cards
from model.digits import DIGITS


@dataclass(frozen=True)
class Station:
    """A card of the tab.

    Attributes:
        title: of the card.
        words: what it asks, in a sentence or two.
        card: puts its components on the page, and returns them as a dataclass.
    """

    title: str
    words: str
    card: Callable[[], Any]


STATIONS = (
    Station(
        f"{count_word(DIGITS).capitalize()} digits, one scale",
        "Orange marks what in the picture speaks for a digit, violet what speaks against it. On "
        "one scale, their colours can be compared.",
        cards.digit_maps_card,
    ),
    Station(
        "Why this digit and not that one?",
        "What tells two digits apart in this picture, and a few places that change the answer "
        "when they are blurred.",
        cards.two_digits_card,
    ),
    Station(
        "Is the map better than chance?",
        "If a map is right, the answer's probability falls when its hottest places are blurred "
        "(deletion) and recovers when they alone are shown (insertion). If the map shows what was "
        "learned, it must change when the network forgets.",
        cards.faithfulness_card,
    ),
    Station(
        "Other methods",
        "The same picture and digit, explained in other ways. No two answer quite the same "
        "question, and each can mislead in its own way.",
        cards.methods_card,
    ),
)
