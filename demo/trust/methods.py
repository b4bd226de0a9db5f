"""Other ways to explain the same picture, a card each."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

import numpy as np

from demo.kit.components import TemplateValue
from demo.kit.data_urls import heat_url
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import duration, signed
from demo.trust.faithfulness import beside_random_maps, correlation_text
from model.digits import WORDS

INSERTION_LESS = (
    "Insertion − deletion is the gap between the two areas under “Is the map better than chance?”: "
    "higher is better."
)

SHARP = "Sharp map"


@dataclass(frozen=True)
class Scored:
    """The map of a method and what was measured of it.

    Attributes:
        heat: float32 [64, 64].
        seconds: that it took.
        score: insertion area minus deletion area, -1..1.
        beaten: how many random maps have a lower score.
        rivals: how many random maps there were.
    """

    heat: np.ndarray
    seconds: float
    score: float
    beaten: int
    rivals: int


@dataclass(frozen=True)
class MethodCard(TemplateValue):
    """A method, and once it has run its map and what was measured of it."""

    name: str
    shows: str
    misleads: str
    state: str
    waits: str = ""
    src: str = ""
    score: str = "–"
    beats: str = "–"
    agrees: str = "–"
    time: str = "–"


@dataclass(frozen=True)
class Gallery(TemplateValue):
    """A card for each method."""

    cards: tuple[MethodCard, ...]
    words: str


def score_method(network: Network, hand: ReadPicture, name: str, digit: int, stage: str) -> Scored:
    """Explain a picture by a method, and score its map."""
    from explain.checks.faithfulness import beaten
    from explain.maps.cells import lay
    from explain.maps.methods import METHODS, as_expected, explain_by

    if name == SHARP:
        make = lambda: network.sharp.explain(hand.crop, digits=[digit])[0]  # noqa: E731
    else:
        as_expected(network.classifier)  # made once: not the method's own time
        make = partial(explain_by, name, network.classifier, hand.crop, digit, stage)
    began = time.perf_counter()
    heat = make()
    seconds = time.perf_counter() - began
    if name != SHARP and METHODS[name].layered:
        heat = lay(heat, network.explainer.centres[stage])
    own, random = beside_random_maps(network.classifier.predict, hand.crop, heat, digit)
    return Scored(heat, seconds, own.score, beaten(own, random), len(random))


def gallery(hand: ReadPicture, found: dict[str, Scored], digit: int, running: str = "") -> Gallery:
    """A card for each method, with its map once it has run."""
    from explain.checks.faithfulness import agreement
    from explain.maps.methods import METHODS
    from explain.maps.sharp import MISLEADS, SHOWS

    agree = agreement({name: each.heat for name, each in found.items()}) if len(found) > 1 else {}

    def card(name: str, shows: str, misleads: str) -> MethodCard:
        if name == running:
            return MethodCard(name, shows, misleads, "running", waits="running…")
        if name not in found:
            slow = name in METHODS and METHODS[name].slow
            waits = "slow, so not run yet" if slow else "not run yet"
            return MethodCard(name, shows, misleads, "waiting", waits=waits)
        each = found[name]
        measured = {}
        if each.heat.any():
            measured["score"] = signed(each.score)
            measured["beats"] = f"{each.beaten} of {each.rivals}"
            measured["agrees"] = correlation_text(agree[name]) if name in agree else "–"
        else:
            shows = f"Empty: nothing here speaks for {WORDS[digit]}. {shows}"
        return MethodCard(
            name,
            shows,
            misleads,
            state="own" if name == SHARP else "",
            src=heat_url(hand, each.heat, None),
            time=duration(each.seconds),
            **measured,
        )

    return Gallery(
        (
            card(SHARP, SHOWS, MISLEADS),
            *(card(name, method.shows, method.misleads) for name, method in METHODS.items()),
        ),
        f"What each method shows for {WORDS[digit]}: {len(found)} of {len(METHODS) + 1} "
        f"have run. Each map has its own scale. {INSERTION_LESS} Agreement is how alike a map and "
        "the others rank the pixels (mean rank correlation). The sharp map runs in code written "
        "for this page, the others through tf-keras-vis, so their times say little about the "
        "methods themselves.",
    )
