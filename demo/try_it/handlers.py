"""What the tab answers to what a visitor brings and asks, one method per event."""

from __future__ import annotations

from dataclasses import fields
from filecmp import cmp
from typing import Any, TypeVar

import gradio as gr
import numpy as np
from gradio.data_classes import FileData

from demo.kit.examples import ExamplePicture, example_read
from demo.kit.network import Waking
from demo.kit.read_picture import (
    ERASED_WORDS,
    Erased,
    ReadPicture,
    explain_digit,
    explain_reading,
)
from demo.kit.uploads import REFUSED, uploaded
from demo.kit.words import AS_READ, explained
from demo.serve.page import in_a_sentence
from demo.try_it.answer import answer, trouble
from demo.try_it.beside import Beside, beside
from demo.try_it.glance import glance, place_of
from demo.try_it.heat_map import caption, full_colour
from demo.try_it.keep import KINDS, Kept, keep, report_of
from demo.try_it.part import read_part
from demo.try_it.remedies import Remedies, no_hand_words, remedy_rows
from demo.try_it.request import (
    FOUND,
    MapLook,
    Part,
    Remedied,
    Request,
    Sent,
    Shelved,
    Source,
    Uploaded,
    read,
    remedies_for,
)
from demo.try_it.shown import Answered, Explained, HeatMap, Redrawn, Shown
from demo.try_it.sums import Sums, sums
from model.digits import DIGITS, NO_HAND

NOTHING_YET = "Put in a picture of a hand first, then choose what to explain."
Hand = TypeVar("Hand")


AS_IT_IS = {each.name: gr.skip() for each in fields(Shown)}
NO_REMEDIES = {"truth": None, "remedies": Remedies(None, "")}


class TryIt:
    """The handlers of the tab.

    Args:
        waking: the network.
        shelf: the example pictures.
    """

    def __init__(self, waking: Waking, shelf: list[ExamplePicture]):
        self.waking = waking
        self.shelf = shelf

    def react(
        self,
        asked: Any,
        hand: ReadPicture | None,
        look: MapLook,
        pinned: ReadPicture | None = None,
    ) -> Shown:
        """Answer what the visitor did last, whatever that was.

        Args:
            asked: `how` and `what`, as `asked.js` keeps them, and the `turn` that it was.
            hand: the picture in hand.
            look: of the heat map.
            pinned: the picture to compare with.
        """
        asked = fields_of(asked)
        how = str(asked.get("how"))
        try:
            new = self.changes(how, asked.get("what"), hand, look)
            if pinned and "hand" in new:
                new["beside"] = self.beside(pinned, new["hand"], look)
        except gr.Error as error:
            new = {}
            gr.Warning(str(error.message))
        except Exception as error:  # the turn must end, or the page would wait for ever
            new = {}
            gr.Warning(in_a_sentence(error))
        if "part" in new:
            reading = new["hand"] and new["hand"].reading
            new["glance"] = glance(new["answer"], place_of(new["part"]), reading)
        if "heat" in new:
            new["drawn"] = look, asked.get("turn")
        return Shown(**(AS_IT_IS | new | {"turn": asked.get("turn")}))

    def changes(
        self, how: str, what: Any, hand: ReadPicture | None, look: MapLook
    ) -> dict[str, Any]:
        """What a request changes on the page, by the names of its components."""
        match how:
            case "opening":
                return vars(self.open(look))
            case "back":
                emptied = {"upload": None, "sources": gr.Tabs(selected="picture")}
                return vars(self.open(look)) | NO_REMEDIES | emptied
            case "digit" if what in range(AS_READ, DIGITS):
                return vars(self.explain(hand, what, look))
            case "truth":
                return {"truth": what, "remedies": self.propose(hand, what)}
            case "upload":
                return vars(self.read_upload(what, look)) | NO_REMEDIES
            case "camera" | "drawing":
                return vars(self.read_data(text_of(what), look)) | NO_REMEDIES
            case "next frame":
                sent = fields_of(what)
                frame = Sent(text_of(sent.get("frame")), sent.get("before"))
                return vars(self.answer(Request(frame, look))) | NO_REMEDIES
            case "example" if what in range(len(self.shelf)):
                example = self.shelf[what]
                placed = {"upload": example.path}
                return vars(self.answer(Request(Shelved(example), look))) | NO_REMEDIES | placed
            case "part":
                return vars(self.read_part(hand, what, look)) | NO_REMEDIES
            case "remedy":
                return vars(self.read_remedied(hand, what, look))
        return {}

    def open(self, look: MapLook) -> Answered:
        """The example that the page opens on: read once, for all visits."""
        try:
            hand = example_read(self.waking.network())
        except ValueError as error:
            return Answered(answer=trouble(error))
        return self.show_all(hand, FOUND, look)

    def read_upload(self, sent: Any, look: MapLook) -> Answered:
        """Read the file that a browser sent as Gradio's `FileData`."""
        try:
            path = uploaded(FileData(**sent)) if sent else None
            for example in self.shelf:  # one that is still in the frame
                if path and cmp(path, example.path, shallow=False):
                    return self.answer(Request(Shelved(example), look))
            return self.read(path, look)
        except gr.Error as error:
            return Answered(answer=trouble(ValueError(error.message)))
        except (OSError, TypeError, ValueError):
            return Answered(answer=trouble(ValueError(REFUSED)))

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
            network, reading = read(self.waking, picture)
            hand = explain_reading(network, reading, picture.origin, picture.example)
        except ValueError as error:
            return self.refuse(request.source, error)
        return self.show_all(hand, picture.how, request.look)

    def show_all(self, hand: ReadPicture, how: str, look: MapLook) -> Answered:
        """All that the tab shows of a picture of which a part was read, chosen as `how` says."""
        map_ = self.draw(hand, look)
        return Answered(
            hand,
            answer(hand, how),
            map_.heat,
            map_.caption,
            self.sums(hand),
            read_part(hand, how),
            hand.crop,
        )

    def refuse(self, source: Source, error: ValueError) -> Answered:
        if source.new:
            return Answered(answer=trouble(error))
        raise gr.Error(str(error), print_exception=False) from error

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
        alone = classifier.predict(hand.origin.crop[None] / np.float32(255))[0]
        return remedy_rows(hand.origin, alone, digit, found, TROUBLES, ranks)

    def explain(self, hand: ReadPicture | None, digit: int, look: MapLook) -> Explained:
        hand = in_hand(hand)
        new = explain_digit(self.waking.network(), hand, explained(hand, digit))
        shown = self.draw(new, look)
        return Explained(new, shown.heat, shown.caption, self.sums(new), digit)

    def show(self, hand: ReadPicture | None, look: MapLook) -> HeatMap:
        return self.draw(in_hand(hand), look)

    def keep(self, asked: Any, hand: ReadPicture | None, look: MapLook) -> Kept:
        """The file to save, of the `kind` that was pressed at a `turn`."""
        asked, hand = fields_of(asked), in_hand(hand)
        kind, turn = asked.get("kind"), asked.get("turn")
        if kind not in KINDS or not isinstance(turn, int):
            raise gr.Error("Say what to keep it as: png or html.", print_exception=False)
        digest = self.waking.network().digest
        return keep(kind, turn, report_of(hand, self.draw(hand, look).heat, look, digest))

    def redraw(
        self, hand: ReadPicture | None, look: MapLook, pinned: ReadPicture | None
    ) -> Redrawn:
        """Draw all maps again with another look."""
        shown = self.show(hand, look)
        return Redrawn(shown.heat, shown.caption, self.beside(pinned, hand, look))

    def catch_up(
        self,
        hand: ReadPicture | None,
        drawn: tuple[MapLook, Any],
        look: MapLook,
        pinned: ReadPicture | None,
    ) -> Redrawn:
        """Draw the maps again if their look was changed while the picture was read."""
        return gr.skip() if hand is None or drawn[0] == look else self.redraw(hand, look, pinned)

    def pin(self, asked: Any, hand: ReadPicture | None) -> ReadPicture | None:
        """Pin the picture in hand, or let go what is pinned."""
        return in_hand(hand) if fields_of(asked).get("pinned") else None

    def beside(self, pinned: ReadPicture | None, hand: ReadPicture | None, look: MapLook) -> Beside:
        """What is pinned, beside what is in hand; empty while nothing is."""
        if not pinned:
            return Beside()
        network = self.waking.network()
        return beside(network, pinned, hand, look, lambda each, top: self.lay(each, look, top))

    def draw(self, hand: ReadPicture, look: MapLook) -> HeatMap:
        return HeatMap(self.lay(hand, look, full_colour(hand, look)), caption(hand, look))

    def lay(self, hand: ReadPicture, look: MapLook, top: float) -> np.ndarray:
        """The map over the picture, uint8 [512, 512, 3], with the full colour at a magnitude."""
        from explain.draw.heat_maps import overlay
        from explain.maps.cells import lay

        signed = hand.maps.signed(look.stage)
        smooth = look.stage == "sharp" or not look.raw  # the sharp map has no cells to show
        if look.stage != "sharp":
            centres = self.waking.network().explainer.centres[look.stage]
            signed = lay(signed, centres, smooth=smooth)
        return overlay(hand.shown, signed, look.strength / 100, top, smooth)

    def sums(self, hand: ReadPicture) -> Sums:
        return sums(hand, self.waking.network().explainer.centres)


def in_hand(hand: Hand | Erased | None, nothing_yet: str = NOTHING_YET) -> Hand:
    """The picture that was read last.

    Args:
        hand: of a visit.
        nothing_yet: what to say if there is none.

    Raises:
        gr.Error: if there is none, or none any more.
    """
    if hand is None:
        raise gr.Error(nothing_yet, print_exception=False)
    if isinstance(hand, Erased):
        raise gr.Error(ERASED_WORDS, print_exception=False)
    return hand


def text_of(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def fields_of(value: Any) -> dict[str, Any]:
    """What a program sent in place of a template's value, if it has fields at all.

    JSON has one kind of number: 3.0 becomes 3.
    """
    fields = value.items() if isinstance(value, dict) else ()
    return {
        name: int(each) if isinstance(each, float) and each.is_integer() else each
        for name, each in fields
    }
