"""What the tab answers about the picture in hand, one method per event."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from demo.kit.examples import or_example
from demo.kit.network import Waking
from demo.kit.read_picture import ReadPicture
from demo.kit.words import whose
from demo.trust.covering import Covering, covering
from demo.trust.digit_maps import (
    Difference,
    DigitMaps,
    difference,
    digit_maps,
    runner_up,
    sharp_maps,
)
from demo.trust.faithfulness import STOPPED, BesideChance, Checks, against_random_maps, forget
from demo.trust.methods import SHARP, Gallery, Scored, gallery, score_method

TOMSETT = (
    '<a href="https://arxiv.org/abs/1912.01451" target="_blank" rel="noreferrer">'
    "Tomsett et al. 2020, arXiv:1912.01451</a>"
)


@dataclass(frozen=True)
class TwoDigits:
    """What tells two digits apart, and what must be covered before the answer changes."""

    difference: Difference
    covering: Covering


@dataclass(frozen=True)
class Methods:
    """The maps of other methods so far, and a card for each method."""

    scored: dict[str, Scored]
    gallery: Gallery


@dataclass(frozen=True)
class FastMethods(Methods):
    """The methods that take no time, and whether the slow ones can be started."""

    run_slow: Any


@dataclass(frozen=True)
class Introduced(Methods, TwoDigits):
    """All that is shown at once of a picture that has not been tested yet."""

    subject: str
    digit_maps: DigitMaps
    digit: int
    against: int
    method_digit: int


@dataclass(frozen=True)
class Checked(BesideChance):
    """The map beside random ones, and what that cannot tell."""

    limits: str


class Trust:
    """The handlers of the tab.

    `hand` is the picture in hand, None until there is one.

    Args:
        waking: the network.
    """

    def __init__(self, waking: Waking):
        self.waking = waking

    def arrive(self, hand: ReadPicture | None) -> str:
        """What tells one reading from another, even of the same part: other views count as well."""
        if not hand:
            return "example"
        return f"{hand.reading.digit} {hashlib.sha256(hand.crop.tobytes()).hexdigest()}"

    def introduce(self, hand: ReadPicture | None, own_scales: bool) -> Introduced:
        mine = or_example(self.waking, hand)
        digit, against = mine.reading.digit, runner_up(mine)
        return Introduced(
            **vars(self.compare(mine, digit, against)),
            scored={},
            gallery=gallery(mine, {}, digit),
            subject=whose(hand, "is put to the test"),
            digit_maps=self.draw_digit_maps(mine, own_scales),
            digit=digit,
            against=against,
            method_digit=digit,
        )

    def draw_digit_maps(self, hand: ReadPicture | None, own_scales: bool) -> DigitMaps:
        network, hand = self.waking.network(), or_example(self.waking, hand)
        return digit_maps(hand, sharp_maps(network, hand), own_scales)

    def compare(self, hand: ReadPicture | None, digit: int, against: int) -> TwoDigits:
        network, hand = self.waking.network(), or_example(self.waking, hand)
        between = difference(hand, sharp_maps(network, hand), digit, against)
        return TwoDigits(between, covering(network, hand, digit, against))

    def check(self, hand: ReadPicture | None) -> Checked:
        from explain.checks.faithfulness import CANNOT_TELL

        found = against_random_maps(self.waking.network(), or_example(self.waking, hand))
        limits = f"<p class='quiet'><b>What this cannot tell.</b> {CANNOT_TELL} {TOMSETT}.</p>"
        return Checked(**vars(found), limits=limits)

    def forget(
        self, hand: ReadPicture | None, scored: dict[str, Scored], digit: int
    ) -> Iterator[Checks]:
        """The checks while the network forgets; other methods count if they explain that digit."""
        network, hand = self.waking.network(), or_example(self.waking, hand)
        others = [each.heat for name, each in scored.items() if name != SHARP]
        yield from forget(network, hand, others if digit == hand.reading.digit else ())

    def stop_forgetting(self, hand: ReadPicture | None, shown: Any) -> Checks:
        """What was known before the network began to forget, and the maps that are `shown`."""
        found = against_random_maps(self.waking.network(), or_example(self.waking, hand))
        maps = shown.get("maps") if isinstance(shown, dict) else None
        return replace(
            found.checks, maps=tuple(maps if isinstance(maps, (list, tuple)) else ()), words=STOPPED
        )

    def run_fast(self, hand: ReadPicture | None, digit: int, stage: str) -> Iterator[FastMethods]:
        """The slow ones can be started when these are done: they add to what was found."""
        last = None
        for last in self.run(hand, digit, stage, {}, slow=False):
            yield FastMethods(**vars(last), run_slow=gr.update(interactive=False))
        if last:
            yield FastMethods(**vars(last), run_slow=gr.update(interactive=True))

    def run_slow(
        self, hand: ReadPicture | None, digit: int, stage: str, scored: dict[str, Scored]
    ) -> Iterator[Methods]:
        yield from self.run(hand, digit, stage, scored, slow=True)

    def run(
        self,
        hand: ReadPicture | None,
        digit: int,
        stage: str,
        scored: dict[str, Scored],
        slow: bool,
    ) -> Iterator[Methods]:
        """Run the fast or the slow methods that have not run yet, one after the other."""
        from explain.maps.methods import METHODS

        network, hand = self.waking.network(), or_example(self.waking, hand)
        names = [name for name, method in METHODS.items() if method.slow == slow]
        for name in [SHARP, *names]:
            if name not in scored:
                yield Methods(scored, gallery(hand, scored, digit, name))
                scored = {**scored, name: score_method(network, hand, name, digit, stage)}
        yield Methods(scored, gallery(hand, scored, digit))

    def stop_slow(self, hand: ReadPicture | None, scored: dict[str, Scored], digit: int) -> Gallery:
        return gallery(or_example(self.waking, hand), scored, digit)
