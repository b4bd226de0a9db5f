"""The tab to try it: a picture or a drawing in; the digit and where the network looked out."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
from PIL import Image

from demo.kit.components import html, own_component
from demo.kit.data_urls import thumbnail
from demo.kit.network import Waking
from demo.kit.read_picture import ReadPicture, explain_digit, explain_reading
from demo.kit.uploads import uploaded
from demo.kit.words import (
    AS_READ,
    EXPLAINED_CHOICES,
    TRUTH_CHOICES,
    colour_scale,
    explained,
    percent,
)
from demo.try_it.words import answer, ledger_rows, no_hand_words, part, remedy_rows
from model.digits import NO_HAND, WORDS

if TYPE_CHECKING:
    import numpy as np

    from model.reading.classifier import Reading
    from model.reading.images import Box

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"
STAGES = {
    "sharp": 64,
    "conv1": 32,
    "conv2": 15,
    "conv3": 8,
    "conv4": 4,
    "conv5": 2,
}  # and their cells a side

EMPTY = {
    "state": "empty",
    "headline": "Show me a hand",
    "sentence": "Drop in a photo, use the camera, draw one, or pick an example.",
}
NOTHING = (None, EMPTY, None, "", {}, {}, None, AS_READ)
MOST_LETTERS = 20_000_000  # of a drawing or a frame that comes as text
NOTHING_YET = "Put in a picture of a hand first, then choose what to explain."


def trouble(error: ValueError) -> dict:
    """What to say in place of an answer."""
    return {"state": "empty trouble", "headline": "That did not work", "sentence": str(error)}


def box_of(chosen: dict, picture: np.ndarray) -> Box | None:
    """The visitor's own box in pixels of the picture; None if it isn't theirs.

    Args:
        chosen: as `demo.kit.hand.part` gives it.
        picture: uint8 [h, w, 3].

    Raises:
        ValueError: if it isn't a box, or nothing says whose.
    """
    if chosen.get("how") not in ("found", "all", "yours"):
        raise ValueError("Say how the part is chosen: found, all or yours.")
    if chosen["how"] != "yours":
        return None
    try:
        left, top, width, height = (
            float(chosen[side]) / 100 for side in ("left", "top", "width", "height")
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("A box is given by left, top, width and height in percent.") from error
    if not (0 < width <= 3 and 0 < height <= 3 and abs(left) <= 3 and abs(top) <= 3):
        raise ValueError("That box lies too far outside of the picture; drag another one.")
    h, w = picture.shape[:2]
    sides = left * w, top * h, (left + width) * w, (top + height) * h
    return tuple(round(side) for side in sides)


def caption(hand: ReadPicture, stage: str, own: bool) -> str:
    """What the heat map shows, and its scale."""

    digit, signed = hand.explanation.digit, hand.signed(stage)
    word, cells = f"<b>{WORDS[digit]}</b>", STAGES[stage]
    probability = percent(float(hand.explanation.probabilities[digit]))
    if probability != percent(float(hand.reading.probabilities[digit])):
        probability += " in this part alone"
    strongest = float(abs(signed).max())
    top = strongest if own else hand.tops[stage]
    in_favour = float(signed.max()) > 0.02 * top  # less cannot be seen
    spoke = "spoke" if hand.reading.is_hand else "would speak"
    if top == 0 or strongest == 0:
        words = f"Nothing here {spoke} for {word} ({probability}), and nothing against it"
    elif in_favour:
        words = f"Orange {spoke} for {word} ({probability}), violet against it"
    else:
        words = (
            f"Next to nothing {spoke} for {word} ({probability}) here; violet {spoke} against it"
        )
    words += "." if stage == "sharp" else f", at stage {stage[-1]}, {cells}×{cells} cells."
    if stage == "sharp" and not in_favour:
        words += " The sharp map is of stage 3; what spoke for it came later: see stage 5."
    if top == 0:
        return words
    share, unit = (64, "8×8 pixels") if stage == "sharp" else (1, "a cell")
    if own:
        words += " The scale is this map's own: don't compare it with others."
    elif strongest < 0.1 * top:
        words += " It is faint beside the map of the digit that was read, whose scale this is."
    elif strongest > 1.01 * top:
        words += " Its strongest places go beyond the scale, that of the digit that was read."
    return f"{colour_scale(top / share, f' logits, {unit}')}<p>{words}</p>"


def picture_of(drawing: str | None) -> bytes | None:
    """The bytes of a PNG that came as a data URL, as the canvas sends it; None if it's empty.

    Raises:
        ValueError: if it isn't a data URL.
    """
    if not drawing:
        return None
    if len(str(drawing)) > MOST_LETTERS:
        raise ValueError("That drawing is too large to read; make it smaller and try again.")
    try:
        return base64.b64decode(str(drawing).partition("base64,")[2] or "-", validate=True)
    except ValueError as error:
        raise ValueError("A drawing is sent as a data URL: data:image/png;base64,…") from error


def examples() -> list[dict]:
    """The example pictures: `path`, `src` (a thumbnail, as data URL) and `name` (`3 photo`)."""
    found = []
    for path in sorted(EXAMPLES.glob("*.jpg")):
        with Image.open(path) as picture:
            source = thumbnail(picture)
        found.append({"path": str(path), "src": source, "name": path.stem.replace("_", " ")})
    return found


def in_hand(hand: ReadPicture | None) -> ReadPicture:
    """The picture that was read last."""
    if hand is None:
        raise gr.Error(NOTHING_YET, print_exception=False)
    return hand


class Answers:
    """What the page says to what a visitor brings, an event a method.

    The last four arguments of most are what the heat map is to look like: `stage` (or `sharp`), the
    `strength` of the overlay (0..100), whether the cells are shown `raw`, and on their `own` scale.

    Args:
        waking: the network.
    """

    def __init__(self, waking: Waking):
        self.waking = waking

    def read(self, picture: str | None, stage: str, strength: float, raw: bool, own: bool):
        return self.respond(lambda: (picture, None), stage, strength, raw, own)

    def read_data(self, picture: str | None, stage: str, strength: float, raw: bool, own: bool):
        return self.respond(lambda: (picture_of(picture), None), stage, strength, raw, own)

    def read_part(
        self,
        hand: ReadPicture | None,
        chosen: dict,
        stage: str,
        strength: float,
        raw: bool,
        own: bool,
    ):
        """Of a picture that a remedy changed, too; without a box, of the picture as it came."""
        hand, chosen = in_hand(hand), chosen if isinstance(chosen, dict) else {}
        how = str(chosen.get("how"))
        changed = how == "yours" and hand.changed
        picture = (hand.reading if changed else hand.origin).picture
        origin = hand.origin if changed else None
        return self.respond(
            lambda: (picture, box_of(chosen, picture)), stage, strength, raw, own, how, origin
        )

    def read_remedied(
        self,
        hand: ReadPicture | None,
        shelf: dict,
        stage: str,
        strength: float,
        raw: bool,
        own: bool,
    ):
        hand, shelf = in_hand(hand), shelf if isinstance(shelf, dict) else {}

        def remedied():
            for remedy in self.remedies_for(hand, shelf.get("digit")):
                if remedy.name == shelf.get("chosen"):
                    return remedy.picture, remedy.box
            raise ValueError("There is no such remedy; ask for the remedies again.")

        how = str(shelf.get("chosen"))
        return self.respond(remedied, stage, strength, raw, own, how, hand.origin)

    def respond(
        self,
        bring: Callable,
        stage: str,
        strength: float,
        raw: bool,
        own: bool,
        how: str = "found",
        origin: Reading | None = None,
    ):
        try:
            picture, box = bring()
            if picture is None:
                return NOTHING
            network = self.waking.network()
            reading = network.classifier.read(picture, find=how == "found", box=box)
            new = explain_reading(network, reading, origin)
        except ValueError as error:
            if how != "found":  # the picture in hand stays
                raise gr.Error(str(error), print_exception=False) from error
            return None, trouble(error), *NOTHING[2:]
        looks = self.looked(new, stage, strength, raw, own)
        return new, answer(new), *looks, self.book(new), part(new, how), reading.crop, AS_READ

    def remedies_for(self, hand: ReadPicture, digit: int | None):
        from explain.checks.remedies import remedies

        return remedies(self.waking.network().classifier, hand.origin, digit)

    def suggest(self, hand: ReadPicture | None, digit: int | None) -> dict:
        from explain.checks.remedies import TROUBLES, beside_training

        hand = in_hand(hand)
        if digit == NO_HAND:
            return {"digit": digit, "words": no_hand_words(hand), "rows": []}
        try:
            found = self.remedies_for(hand, digit)
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from error
        classifier = self.waking.network().classifier
        ranks = beside_training(classifier, hand.origin)
        alone = classifier.probabilities(hand.origin.logits)
        return remedy_rows(hand.origin, alone, digit, found, TROUBLES, ranks)

    def looked(self, hand: ReadPicture, stage: str, strength: float, raw: bool, own: bool):
        from explain.draw.heat_maps import overlay
        from explain.maps.cells import lay

        signed = hand.signed(stage)
        if stage != "sharp":
            signed = lay(signed, self.waking.network().explainer.centres[stage], smooth=not raw)
        top = None if own else hand.tops[stage]
        return overlay(hand.shown, signed, strength / 100, top, not raw), caption(hand, stage, own)

    def book(self, hand: ReadPicture) -> dict:
        return ledger_rows(hand, self.waking.network().explainer.centres["conv5"])

    def explain(
        self,
        hand: ReadPicture | None,
        digit: int,
        stage: str,
        strength: float,
        raw: bool,
        own: bool,
    ):
        hand = in_hand(hand)
        new = explain_digit(self.waking.network(), hand, explained(hand, digit))
        return new, *self.looked(new, stage, strength, raw, own), self.book(new)

    def show(self, hand: ReadPicture | None, stage: str, strength: float, raw: bool, own: bool):
        return self.looked(in_hand(hand), stage, strength, raw, own)


def wrong_card() -> tuple[gr.Radio, gr.HTML]:
    """What the hand really shows, and the remedies."""
    with gr.Accordion("Is that wrong?", open=False, elem_classes="card wrong", elem_id="wrong"):
        truth = gr.Radio(
            TRUTH_CHOICES,
            label="What does the picture show?",
            elem_id="truth",
            elem_classes="pills",
        )
        remedied = own_component(HERE / "remedies.html", {}, label="Remedies", elem_id="remedies")
    return truth, remedied


def looking_card() -> tuple:
    """The heat map and its caption; the digit, and how the map is to look."""
    with gr.Row(elem_classes="card looking"):
        with gr.Column(scale=1, min_width=260):
            html("<h2>Where it looked</h2>")
            heat = gr.Image(
                format="jpeg",
                label="Heat map",
                show_label=False,
                container=False,
                interactive=False,
                buttons=["download", "fullscreen"],
                alt_text="The picture, with a heat map of where the network looked",
                elem_id="heat",
            )
            words = html(label="Caption", elem_id="caption")
        with gr.Column(scale=1, min_width=260, elem_classes="controls"):
            stage = gr.Radio(
                [
                    (
                        "sharp\n64×64" if name == "sharp" else f"{name[-1]}\n{cells}×{cells}",
                        name,
                    )
                    for name, cells in STAGES.items()
                ],
                value="sharp",
                label="Map: sharp, or of a stage and its cells",
                elem_id="stage",
                elem_classes="pills",
            )
            digit = gr.Radio(
                EXPLAINED_CHOICES,
                value=AS_READ,
                label="Digit to explain",
                elem_id="digit",
                elem_classes="pills",
            )
            strength = gr.Slider(
                0,
                100,
                value=70,
                step=5,
                label="Strength of the overlay",
                buttons=[],
                elem_id="strength",
                elem_classes="bare",
            )
            raw = gr.Checkbox(label="Show the cells as they are", elem_id="raw")
            own = gr.Checkbox(label="Give each map a scale of its own", elem_id="own")
    return heat, words, digit, stage, strength, raw, own


def sums_card() -> gr.HTML:
    """The sums behind the logits."""
    with gr.Column(elem_classes="card sums"):
        html(
            "<h2>The exact sum</h2><p class='quiet'>At the end the network averages the "
            "2×2 cells of stage 5 and weighs them once. So each digit's logit is exactly "
            "what the four cells add or take, and a bias; nothing is left over.</p>"
        )
        sums = own_component(HERE / "sums.html", {}, label="Sums", elem_id="sums")
    return sums


def part_card() -> tuple[gr.HTML, gr.Image]:
    """The part that was read, and what the network gets of it."""
    with gr.Row(elem_classes="card part"):
        with gr.Column(scale=1, min_width=180):
            html("<h2>The part it read</h2>")
            chosen = own_component(HERE / "part.html", {}, label="Part", elem_id="part")
        with gr.Column(scale=1, min_width=180):
            html("<h2>What the network gets</h2>")
            seen = gr.Image(
                format="png",
                label="What the network saw",
                show_label=False,
                container=False,
                interactive=False,
                buttons=[],
                alt_text="The picture as the network sees it",
                elem_id="seen",
            )
            html("<p class='quiet'>64×64 pixels, nothing more.</p>")
    return chosen, seen


def tab(waking: Waking, hand: gr.State) -> None:
    """Lay the tab out and wire it.

    Args:
        waking: the network.
        hand: holds the `ReadPicture` that is looked at, None at first.
    """

    def pick(chosen: gr.EventData):
        return shelf[chosen.index]["path"], gr.Tabs(selected="picture")

    answers, shelf = Answers(waking), examples()
    with gr.Row(elem_classes="bench"):
        with gr.Column(scale=5, min_width=320, elem_classes="card source"):
            with gr.Tabs(elem_classes="segments") as sources:
                with gr.Tab("Picture", id="picture") as picture_side:
                    picture = gr.Image(
                        type="filepath",
                        sources=["upload", "webcam", "clipboard"],
                        placeholder="Drop a picture of a hand here\nor click to choose one",
                        label="Your picture",
                        show_label=False,
                        container=False,
                        buttons=["fullscreen"],
                        alt_text="Your picture",
                        height=360,
                        elem_id="picture",
                    )
                    own_component(
                        HERE / "refused.html", "", label="What was refused", elem_id="refused"
                    )
                with gr.Tab("Live", id="live", render_children=True) as live_side:
                    live = own_component(HERE / "live.html", "", label="The camera")
                with gr.Tab("Draw", id="draw", render_children=True) as drawing_side:
                    drawing = own_component(
                        HERE / "canvas.html", "", label="Your drawing", elem_id="drawing"
                    )
            shown = [{key: each[key] for key in ("src", "name")} for each in shelf]
            row = own_component(
                HERE / "examples.html",
                shown,
                visible=bool(shelf),
                label="Examples",
                elem_id="examples",
            )
        with gr.Column(scale=7, min_width=320, elem_classes="findings"):
            verdict = own_component(
                HERE / "answer.html", EMPTY, label="Answer", elem_id="answer", elem_classes="card"
            )
            truth, remedied = wrong_card()
            heat, words, digit, *view = looking_card()
            sums = sums_card()
        chosen, seen = part_card()

    picture.preprocess = uploaded
    network = {"concurrency_id": "network", "concurrency_limit": 1, "trigger_mode": "always_last"}
    quiet = {"show_progress": "hidden"}
    results = [hand, verdict, heat, words, sums, chosen, seen, digit]
    # The answer always belongs to what is on show: the picture, or the drawing.
    gr.on(
        [picture.input, picture_side.select],
        answers.read,
        [picture, *view],
        results,
        api_name="read",
        api_description="Read the digit in a picture: the answer, the heat map over the picture, "
        "its caption, the sums behind the logits, the part that was read, the 64x64 picture that "
        "the network sees, and -1.",
        **network,
        **quiet,
    )
    # Taking an example away, Gradio still sends its path as input.
    picture.change(
        lambda path: gr.skip() if path else NOTHING,
        picture,
        results,
        api_visibility="private",
        **network,
        **quiet,
    )
    for name, source, side in (("draw", drawing, drawing_side), ("film", live, live_side)):
        gr.on(
            [source.change, side.select],
            answers.read_data,
            [source, *view],
            results,
            api_name=name,
            api_description="The same for a picture that comes as data URL.",
            **network,
            **quiet,
        )
    chosen.input(
        answers.read_part,
        [hand, chosen, *view],
        results,
        api_name="read_part",
        api_description="Read another part of the picture that this client had read last: "
        '{"how": "found"}, {"how": "all"}, or {"how": "yours"} with left, top, width and height '
        "in percent.",
        **network,
        **quiet,
    )
    truth.input(
        answers.suggest,
        [hand, truth],
        remedied,
        api_name="remedies",
        api_description="What may be the matter with the picture that this client had read last, "
        "when it really shows a digit (0 to 5; -1 for no hand): changes, and the digit's "
        "probability after each.",
        **network,
        **quiet,
    )
    remedied.input(
        answers.read_remedied,
        [hand, remedied, *view],
        results,
        api_name="remedy",
        api_description='Read the picture after a remedy: {"digit": 3, "chosen": "mirrored"}.',
        **network,
        **quiet,
    )
    verdict.change(None, None, [truth, remedied], js="() => [null, {}]", api_visibility="private")
    digit.input(
        answers.explain,
        [hand, digit, *view],
        [hand, heat, words, sums],
        api_name="explain",
        api_description="What speaks for a digit (-1: the one that was read) in the picture that "
        "this client had read last.",
        **network,
        **quiet,
    )
    gr.on(
        [control.input for control in view],
        answers.show,
        [hand, *view],
        [heat, words],
        api_name="show",
        api_description="The heat map of the picture that this client had read last: sharp, or "
        "of a stage (conv1 to conv5), at a strength (0 to 100), with its cells as they are or "
        "smooth, on a scale of its own or on that of the digit that was read; only drawn, nothing "
        "is computed.",
        trigger_mode="always_last",
        **quiet,
    )
    row.select(pick, outputs=[picture, sources], api_visibility="private", **quiet).then(
        answers.read, [picture, *view], results, api_visibility="private", **network, **quiet
    )
