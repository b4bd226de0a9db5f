"""What the page answers about the picture in hand, one method per event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from demo.any_classifier import trust
from demo.any_classifier.answer import EMPTY, ClassAnswer, answer, caption, full_colour
from demo.any_classifier.inside import block_card
from demo.any_classifier.network import AnyNetwork
from demo.any_classifier.read_image import ReadImage, explain_class, explain_reading, laid
from demo.inside.block_card import BlockCard
from demo.kit.read_picture import Erased
from demo.kit.words import AS_READ
from demo.trust.faithfulness import Checks
from demo.trust.methods import Gallery
from demo.try_it.answer import Rest, trouble
from demo.try_it.handlers import in_hand as still_in_hand
from demo.try_it.request import MapLook
from model.reading.decoder import Decoders
from model.reading.images import LONGEST

NOTHING_YET = "Put in a picture first, under “Try it”."


@dataclass(frozen=True)
class HeatMap:
    """A heat map over the picture, uint8 [512, 512, 3], and what it shows."""

    heat: np.ndarray | None
    caption: str


@dataclass(frozen=True)
class Explained(HeatMap):
    """What changes when another class is explained."""

    hand: ReadImage | None


@dataclass(frozen=True)
class Answered(Explained):
    """All that is shown of a picture."""

    answer: ClassAnswer | Rest
    of_class: int


@dataclass(frozen=True)
class Results(trust.Checked):
    """All that was found out about a map."""

    forgotten: Checks
    gallery: Gallery


class AnyClassifier:
    """The handlers of the page.

    `hand` is the picture in hand, None until there is one.

    Args:
        network: what is asked.
        decoders: what opens the pictures that are brought to it.
    """

    def __init__(self, network: AnyNetwork, decoders: Decoders):
        self.network = network
        self.decoders = decoders

    def read(self, picture: str | None, look: MapLook) -> Answered:
        """Read a picture and explain what was read."""
        if picture is None:
            return Answered(None, "", None, EMPTY, AS_READ)
        try:
            pixels = self.decoders.read(Path(picture), LONGEST)
            reading = self.network.classifier.read(pixels)
        except ValueError as error:
            return Answered(None, "", None, trouble(error), AS_READ)
        hand = explain_reading(self.network, reading)
        said = answer(hand, self.network.names)
        return Answered(**vars(self.draw(hand, look)), hand=hand, answer=said, of_class=AS_READ)

    def explain(self, hand: ReadImage | None, chosen: int, look: MapLook) -> Explained:
        hand = in_hand(hand)
        hand = explain_class(self.network, hand, hand.best if chosen == AS_READ else chosen)
        return Explained(**vars(self.draw(hand, look)), hand=hand)

    def show(self, hand: ReadImage | None, look: MapLook) -> HeatMap:
        return self.draw(in_hand(hand), look)

    def draw(self, hand: ReadImage, look: MapLook) -> HeatMap:
        from explain.draw.heat_maps import overlay

        signed = laid(self.network, hand, look.stage, smooth=not look.raw)
        top = full_colour(hand, look)
        heat = overlay(hand.shown, signed, look.strength / 100, top, not look.raw)
        layer = self.network.explainer.stages[look.stage]
        return HeatMap(heat, caption(hand, look, self.network.names, layer))

    def open_block(self, chosen: str) -> BlockCard:
        return block_card(self.network, str(chosen))

    def check(self, hand: ReadImage | None, stage: str) -> Iterator[trust.Checked]:
        yield trust.check(self.network, in_hand(hand), stage)

    def forget(self, hand: ReadImage | None, stage: str) -> Iterator[Checks]:
        yield from trust.forget(self.network, in_hand(hand), stage)

    def methods(self, hand: ReadImage | None, stage: str) -> Iterator[Gallery]:
        yield from trust.methods(self.network, in_hand(hand), stage)

    def forget_results(self) -> Results:
        """Nothing is known yet of another picture, class or stage."""
        return Results("", Checks(()), trust.Covered("", "", ""), Checks(()), trust.not_run_yet())


def in_hand(hand: ReadImage | Erased | None) -> ReadImage:
    """The picture that was read last.

    Raises:
        gr.Error: if there is none, or none any more.
    """
    return still_in_hand(hand, NOTHING_YET)
