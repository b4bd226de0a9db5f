"""The tab to try it: a picture or a drawing in; the digit and where the network looked out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
import numpy as np
from PIL import Image

from demo.hand import WORDS, Hand, answer, percent, thumbnail
from demo.network import Waking

if TYPE_CHECKING:
    from model.classifier import Reading

HERE = Path(__file__).parent
EXAMPLES = HERE / "examples"
STAGES = {"conv1": 32, "conv2": 15, "conv3": 8, "conv4": 4, "conv5": 2}  # and their cells a side
AS_READ = -1  # the choice to explain whichever digit was read

EMPTY = {
    "state": "empty",
    "headline": "Show me a hand",
    "sentence": "Drop in a photo, use the camera, draw one, or pick an example.",
}
NOTHING_YET = "Put in a picture of a hand first, then choose what to explain."


def trouble(error: ValueError) -> dict:
    """What to say in place of an answer."""
    return {"state": "empty trouble", "headline": "That did not work", "sentence": str(error)}


def shown(reading: Reading) -> np.ndarray:
    """The part of the picture that was read, at the page's size, uint8 [512, 512, 3]."""
    from model.images import cut

    part = Image.fromarray(cut(reading.picture, reading.box))
    return np.asarray(part.resize((512, 512), Image.Resampling.BICUBIC, reducing_gap=2))


def caption(hand: Hand, stage: str) -> str:
    """What the heat map shows, in a sentence."""
    from explain.picture import map_is_empty

    digit, cells = hand.explanation.digit, STAGES[stage]
    where = f"at stage {stage[-1]}, {cells}×{cells} cells."
    if map_is_empty(hand.explanation.maps[stage]):
        return f"Nothing spoke for <b>{WORDS[digit]}</b> {where}"
    probability = percent(float(hand.explanation.probabilities[digit]))
    return f"What spoke for <b>{WORDS[digit]}</b> ({probability}) {where}"


def picture_of(drawing: str | None) -> bytes | None:
    """The bytes of a PNG that came as a data URL, as the canvas sends it; None if it's empty.

    Raises:
        ValueError: if it isn't a data URL.
    """
    if not drawing:
        return None
    try:
        return base64.b64decode(drawing.partition("base64,")[2] or "-", validate=True)
    except binascii.Error as error:
        raise ValueError("A drawing is sent as a data URL: data:image/png;base64,…") from error


def examples() -> list[dict]:
    """The example pictures: `path`, `src` (a thumbnail, as data URL) and `name` (`3, photo`)."""
    found = []
    for path in sorted(EXAMPLES.glob("[0-5]_*")):
        with Image.open(path) as picture:
            source = thumbnail(picture)
        found.append({"path": str(path), "src": source, "name": path.stem.replace("_", ", ")})
    return found


def tab(waking: Waking, hand: gr.State) -> None:
    """Lay the tab out and wire it.

    Args:
        waking: the network.
        hand: holds the `Hand` that is looked at, None at first.
    """

    def read(picture: str | None, stage: str, strength: float):
        return respond(lambda: picture, stage, strength)

    def draw(drawing: str | None, stage: str, strength: float):
        return respond(lambda: picture_of(drawing), stage, strength)

    def respond(bring: Callable[[], str | bytes | None], stage: str, strength: float):
        try:
            picture = bring()
            if picture is None:
                return None, EMPTY, None, "", None, AS_READ
            network = waking.network()
            reading = network.classifier.read(picture)
            explanation = network.explainer.explain(reading.crop)
        except ValueError as error:
            return None, trouble(error), None, "", None, AS_READ
        new = Hand(reading.probabilities, reading.crop, shown(reading), explanation)
        return new, answer(new), *looked(new, stage, strength), new.crop, AS_READ

    def looked(hand: Hand, stage: str, strength: float):
        from explain.picture import overlay

        heat = hand.explanation.maps[stage]
        return overlay(hand.shown, heat, strength / 100), caption(hand, stage)

    def in_hand(hand: Hand | None) -> Hand:
        if hand is None:
            raise gr.Error(NOTHING_YET, print_exception=False)
        return hand

    def explain(hand: Hand | None, digit: int, stage: str, strength: float):
        crop, chosen = in_hand(hand).crop, None if digit == AS_READ else digit
        new = replace(hand, explanation=waking.network().explainer.explain(crop, chosen))
        return new, *looked(new, stage, strength)

    def show(hand: Hand | None, stage: str, strength: float):
        return looked(in_hand(hand), stage, strength)

    def pick(chosen: gr.EventData):
        return shelf[chosen.index]["path"], gr.Tabs(selected="picture")

    shelf = examples()
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
                with gr.Tab("Draw", id="draw", render_children=True) as drawing_side:
                    drawing = gr.HTML(
                        "",
                        html_template=(HERE / "canvas.html").read_text("utf-8"),
                        js_on_load=(HERE / "canvas.js").read_text("utf-8"),
                        apply_default_css=False,
                        label="Your drawing",
                        elem_id="drawing",
                    )
            row = gr.HTML(
                shelf,
                html_template=(HERE / "examples.html").read_text("utf-8"),
                js_on_load="""element.addEventListener("click", (event) => {
                    const button = event.target.closest("button");
                    if (button) trigger("select", { index: Number(button.dataset.index) });
                });""",
                apply_default_css=False,
                visible=bool(shelf),
                elem_id="examples",
            )
        with gr.Column(scale=7, min_width=320, elem_classes="findings"):
            verdict = gr.HTML(
                EMPTY,
                html_template=(HERE / "answer.html").read_text("utf-8"),
                label="Answer",
                apply_default_css=False,
                elem_id="answer",
                elem_classes="card",
            )
            with gr.Row(elem_classes="card looking"):
                with gr.Column(scale=1, min_width=260):
                    gr.HTML("<h2>Where it looked</h2>", apply_default_css=False)
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
                    words = gr.HTML("", label="Caption", apply_default_css=False, elem_id="caption")
                with gr.Column(scale=1, min_width=260, elem_classes="controls"):
                    stage = gr.Radio(
                        [(f"{name[-1]}\n{cells}×{cells}", name) for name, cells in STAGES.items()],
                        value="conv5",
                        label="Stage, and its cells",
                        elem_id="stage",
                        elem_classes="pills",
                    )
                    digit = gr.Radio(
                        [("as read", AS_READ)] + [(str(d), d) for d in range(len(WORDS))],
                        value=AS_READ,
                        label="Digit to explain",
                        elem_id="digit",
                        elem_classes="pills",
                    )
                    strength = gr.Slider(
                        0,
                        100,
                        value=55,
                        step=5,
                        label="Strength of the overlay",
                        buttons=[],
                        elem_id="strength",
                    )
                    with gr.Row(elem_classes="saw"):
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
                        gr.HTML(
                            "<h2>What it saw</h2><p class='quiet'>Your picture in 64×64 pixels: "
                            "this is all that the network gets.</p>",
                            apply_default_css=False,
                        )

    # Gradio would open the file itself and speak of its own classes when it can't.
    picture.preprocess = lambda payload: payload and payload.path
    view = [stage, strength]
    network = {"concurrency_id": "network", "concurrency_limit": 1, "trigger_mode": "always_last"}
    quiet = {"show_progress": "hidden"}
    results = [hand, verdict, heat, words, seen, digit]
    # The answer always belongs to what is on show: the picture, or the drawing.
    gr.on(
        [picture.input, picture_side.select],
        read,
        [picture, *view],
        results,
        api_name="read",
        api_description="Read the digit in a picture: the answer, the heat map over the picture, "
        "its caption, the 64x64 picture that the network sees, and -1.",
        **network,
        **quiet,
    )
    gr.on(
        [drawing.change, drawing_side.select],
        draw,
        [drawing, *view],
        results,
        api_name="draw",
        api_description="The same for a drawing, a PNG as data URL.",
        **network,
        **quiet,
    )
    digit.input(
        explain,
        [hand, digit, *view],
        [hand, heat, words],
        api_name="explain",
        api_description="What speaks for a digit (-1: the one that was read) in the picture that "
        "this client had read last.",
        **network,
        **quiet,
    )
    gr.on(
        [stage.input, strength.input],
        show,
        [hand, *view],
        [heat, words],
        api_name="show",
        api_description="The heat map of the picture that this client had read last, at a stage "
        "(conv1 to conv5) and strength (0 to 100); only drawn, nothing is computed.",
        trigger_mode="always_last",
        **quiet,
    )
    row.select(pick, outputs=[picture, sources], api_visibility="private", **quiet).then(
        read, [picture, *view], results, api_visibility="private", **network, **quiet
    )
