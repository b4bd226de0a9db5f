"""What the tab answers to what a visitor brings and asks, an event a method."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from demo.kit.components import TemplateValue
from demo.kit.examples import ExamplePicture
from demo.kit.network import Waking
from demo.kit.read_picture import Erased, ReadPicture, explain_digit, explain_reading
from demo.kit.words import AS_READ, explained
from demo.try_it.answer import EMPTY, Answer, Rest, answer, trouble
from demo.try_it.heat_map import caption
from demo.try_it.part import ReadPart, read_part
from demo.try_it.remedies import Remedies, no_hand_words, remedy_rows
from demo.try_it.request import (
    FOUND,
    MapLook,
    Part,
    Remedied,
    Request,
    Sent,
    Source,
    Uploaded,
    remedies_for,
)
from demo.try_it.sums import Sums, sums
from model.digits import NO_HAND

ERASED_WORDS = "A picture is kept for an hour at most, and yours is gone; put it in again."
NOTHING_YET = "Put in a picture of a hand first, then choose what to explain."


@dataclass(frozen=True)
class Nothing(TemplateValue):
    """What a template shows nothing of."""


@dataclass(frozen=True)
class Answered:
    """All that the tab shows of a picture; the names are those of its components."""

    hand: ReadPicture | None = None
    answer: Answer | Rest = EMPTY
    heat: np.ndarray | None = None
    caption: str = ""
    sums: Sums | Nothing = Nothing()
    part: ReadPart | Nothing = Nothing()
    seen: np.ndarray | None = None
    digit: int = AS_READ


@dataclass(frozen=True)
class Explained:
    """What changes when another digit is explained."""

    hand: ReadPicture
    heat: np.ndarray
    caption: str
    sums: Sums


@dataclass(frozen=True)
class HeatMap:
    """A heat map over the picture, uint8 [512, 512, 3], and what it shows."""

    heat: np.ndarray
    caption: str


@dataclass(frozen=True)
class Picked:
    """An example, put in place of an upload."""

    upload: str
    sources: gr.Tabs


class TryIt:
    """The handlers of the tab.

    Args:
        waking: the network.
        shelf: the example pictures.

    Attributes:
        turn: taken by one reading at a time, once its picture is decoded.
    """

    def __init__(self, waking: Waking, shelf: list[ExamplePicture]):
        self.waking = waking
        self.shelf = shelf
        self.turn = threading.Lock()

    def read(self, picture: str | None, look: MapLook) -> Answered:
        return self.answer(Request(Uploaded(picture), look))

    def read_data(self, picture: str | None, look: MapLook) -> Answered:
        return self.answer(Request(Sent(picture), look))

    def read_part(self, hand: ReadPicture | None, chosen: Any, look: MapLook) -> Answered:
        return self.answer(Request(Part(in_hand(hand), fields_of(chosen)), look))

    def read_remedied(self, hand: ReadPicture | None, shelf: Any, look: MapLook) -> Answered:
        asked = fields_of(shelf)
        source = Remedied(in_hand(hand), asked.get("digit"), asked.get("chosen"))
        return self.answer(Request(source, look))

    def answer(self, request: Request) -> Answered:
        """Read a picture and explain what was read; whatever picture it is, this is its road.

        Raises:
            gr.Error: if a part or a remedy of the picture in hand cannot be read; it stays.
        """
        try:
            picture = request.source.to_read(self.waking)
            if picture is None:
                return Answered()
            pixels = picture.picture
            if not isinstance(pixels, np.ndarray):
                from model.reading.classifier import LONGEST

                pixels = self.waking.decoders.read(pixels, LONGEST)
            network = self.waking.network()
            with self.turn:
                find = picture.how == FOUND
                reading = network.classifier.read(pixels, find=find, box=picture.box)
                hand = explain_reading(network, reading, picture.origin)
        except ValueError as error:
            return self.refuse(request.source, error)
        shown = self.draw(hand, request.look)
        return Answered(
            hand,
            answer(hand),
            shown.heat,
            shown.caption,
            self.sums(hand),
            read_part(hand, picture.how),
            reading.crop,
        )

    def refuse(self, source: Source, error: ValueError) -> Answered:
        if source.new:
            return Answered(answer=trouble(error))
        raise gr.Error(str(error), print_exception=False) from error

    def taken_away(self, picture: str | None) -> Answered | dict:
        """An empty frame has no answer."""
        return gr.skip() if picture else Answered()

    def pick(self, index: int) -> Picked:
        return Picked(self.shelf[index].path, gr.Tabs(selected="picture"))

    def propose(self, hand: ReadPicture | None, digit: Any) -> Remedies:
        """What may be the matter with a picture that really shows a digit, or no hand."""
        from explain.checks.remedies import TROUBLES, beside_training

        hand = in_hand(hand)
        if digit == NO_HAND:
            return Remedies(digit, no_hand_words(hand))
        try:
            found = remedies_for(self.waking, hand, digit)
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from error
        classifier = self.waking.network().classifier
        ranks = beside_training(classifier, hand.origin.whole())
        alone = classifier.probabilities(hand.origin.logits)
        return remedy_rows(hand.origin, alone, digit, found, TROUBLES, ranks)

    def explain(self, hand: ReadPicture | None, digit: int, look: MapLook) -> Explained:
        hand = in_hand(hand)
        new = explain_digit(self.waking.network(), hand, explained(hand, digit))
        shown = self.draw(new, look)
        return Explained(new, shown.heat, shown.caption, self.sums(new))

    def show(self, hand: ReadPicture | None, look: MapLook) -> HeatMap:
        return self.draw(in_hand(hand), look)

    def draw(self, hand: ReadPicture, look: MapLook) -> HeatMap:
        from explain.draw.heat_maps import overlay
        from explain.maps.cells import lay

        signed = hand.signed(look.stage)
        if look.stage != "sharp":
            centres = self.waking.network().explainer.centres[look.stage]
            signed = lay(signed, centres, smooth=not look.raw)
        top = None if look.own else hand.tops[look.stage]
        heat = overlay(hand.shown, signed, look.strength / 100, top, not look.raw)
        return HeatMap(heat, caption(hand, look))

    def sums(self, hand: ReadPicture) -> Sums:
        return sums(hand, self.waking.network().explainer.centres)


def in_hand(hand: ReadPicture | Erased | None) -> ReadPicture:
    """The picture that was read last.

    Raises:
        gr.Error: if there is none, or none any more.
    """
    if hand is None:
        raise gr.Error(NOTHING_YET, print_exception=False)
    if isinstance(hand, Erased):
        raise gr.Error(ERASED_WORDS, print_exception=False)
    return hand


def fields_of(value: Any) -> dict[str, Any]:
    """What a program sent in place of a template's value, if it has fields at all."""
    return value if isinstance(value, dict) else {}
