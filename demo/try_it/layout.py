"""Where everything of the tab is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from demo.kit.components import html, own_component
from demo.kit.examples import ExamplePicture
from demo.kit.glossary import term
from demo.kit.uploads import picture_upload
from demo.kit.words import AS_READ, EXPLAINED_CHOICES, TRUTH_CHOICES
from demo.try_it.answer import EMPTY
from demo.try_it.beside import Beside
from demo.try_it.glance import Glance
from demo.try_it.sums import CORNERS, LAST_STAGE, SIDE, SIDE_BEFORE, STAGE_BEFORE
from model.digits import WORDS
from model.network.stages import cells
from model.reading.images import SIZE

HERE = Path(__file__).parent
STAGE_CHOICES = [
    (f"sharp\n{SIZE}×{SIZE}", "sharp"),
    *((f"{stage[-1]}\n{side}×{side}", stage) for stage, side in cells().items()),
]


@dataclass(frozen=True)
class Page:
    """The components of the tab; those that show a handler's answer have its fields' names."""

    hand: gr.State
    asked: gr.HTML
    turn: gr.HTML
    drawn: gr.State
    sources: gr.Tabs
    upload: gr.Image
    upload_side: gr.Tab
    camera: gr.HTML
    camera_side: gr.Tab
    glance: gr.HTML
    drawing: gr.HTML
    drawing_side: gr.Tab
    examples: gr.HTML
    answer: gr.HTML
    truth: gr.Radio
    remedies: gr.HTML
    heat: gr.Image
    caption: gr.HTML
    stage: gr.Radio
    digit: gr.Radio
    strength: gr.Slider
    raw: gr.Checkbox
    own: gr.Checkbox
    keep: gr.HTML
    kept: gr.HTML
    pin: gr.HTML
    pinned: gr.State
    beside: gr.HTML
    sums: gr.HTML
    part: gr.HTML
    seen: gr.Image


def lay_out(hand: gr.State, shelf: Sequence[ExamplePicture]) -> Page:
    """Put the components of the tab on the page.

    Args:
        hand: holds the `ReadPicture` that is looked at, None at first.
        shelf: the example pictures.
    """
    with gr.Row(elem_classes="bench"):
        with gr.Column(scale=5, min_width=320, elem_classes="card source"):
            with gr.Tabs(elem_classes="segments") as sources:
                with gr.Tab("Picture", id="picture") as upload_side:
                    upload = picture_upload("a picture of a hand")
                with gr.Tab("Live", id="live", render_children=True) as camera_side:
                    camera = own_component(HERE / "live.html", "", label="The camera")
                with gr.Tab("Draw", id="draw", render_children=True) as drawing_side:
                    drawing = own_component(
                        HERE / "canvas.html", "", label="Your drawing", elem_id="drawing"
                    )
            own_component(HERE / "brought.html", "", label="What was brought", elem_id="brought")
            examples = own_component(
                HERE / "examples.html",
                [{"src": each.src, "name": each.name} for each in shelf],
                visible=bool(shelf),
                label="Examples",
                elem_id="examples",
            )
        with gr.Column(scale=7, min_width=320, elem_classes="findings"):
            asked = own_component(HERE / "asked.html", {}, label="Request", elem_id="asked")
            turn = html(
                0, html_template="<i data-turn='{{value}}'></i>", visible="hidden", elem_id="turn"
            )
            glance = own_component(
                HERE / "glance.html", Glance(), label="Glance", visible="hidden", elem_id="glance"
            )
            drawn = gr.State(None)
            answer = own_component(
                HERE / "answer.html",
                EMPTY,
                {"size": SIZE, "first": WORDS[0], "last": WORDS[-1]},
                label="Answer",
                elem_id="answer",
                elem_classes="card",
            )
            truth, remedies = wrong_card()
            heat, caption, stage, digit, strength, raw, own, keep, kept, pin = looking_card()
            beside = own_component(
                HERE / "beside.html",
                Beside(),
                label="Side by side",
                elem_id="beside",
                elem_classes="card",
            )
            sums = sums_card()
        part, seen = part_card()
    return Page(
        hand=hand,
        asked=asked,
        turn=turn,
        drawn=drawn,
        sources=sources,
        upload=upload,
        upload_side=upload_side,
        camera=camera,
        camera_side=camera_side,
        glance=glance,
        drawing=drawing,
        drawing_side=drawing_side,
        examples=examples,
        answer=answer,
        truth=truth,
        remedies=remedies,
        heat=heat,
        caption=caption,
        stage=stage,
        digit=digit,
        strength=strength,
        raw=raw,
        own=own,
        keep=keep,
        kept=kept,
        pin=pin,
        pinned=gr.State(None),
        beside=beside,
        sums=sums,
        part=part,
        seen=seen,
    )


def wrong_card() -> tuple[gr.Radio, gr.HTML]:
    """What the hand really shows, and the remedies."""
    with gr.Accordion("Is that wrong?", open=False, elem_classes="card wrong", elem_id="wrong"):
        truth = gr.Radio(
            TRUTH_CHOICES,
            label="What does the picture show?",
            elem_id="truth",
            elem_classes="pills",
        )
        remedies = own_component(HERE / "remedies.html", {}, label="Remedies", elem_id="remedies")
    return truth, remedies


def looking_card() -> tuple[
    gr.Image,
    gr.HTML,
    gr.Radio,
    gr.Radio,
    gr.Slider,
    gr.Checkbox,
    gr.Checkbox,
    gr.HTML,
    gr.HTML,
    gr.HTML,
]:
    """The heat map and its caption; its stage, its digit, how it is to look, and how to keep it."""
    with gr.Row(elem_classes="card looking"):
        with gr.Column(scale=1, min_width=260):
            heat, caption = heat_and_caption()
        with gr.Column(scale=1, min_width=260, elem_classes="controls"):
            stage = gr.Radio(
                STAGE_CHOICES,
                value="sharp",
                label="Map",
                info="Sharp combines stages 2 to 4. A number shows that stage alone, by Grad-CAM, "
                "in its own cells. Early stages respond to edges, late ones to whole shapes.",
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
            strength = strength_slider()
            raw = gr.Checkbox(
                label="Cells as they are (stages 1 to 5)",
                interactive=False,
                elem_id="raw",
            )
            own = gr.Checkbox(label="Each map on its own scale", elem_id="own")
            keep = own_component(HERE / "keep.html", {}, label="Keep", elem_id="keep")
            kept = own_component(
                HERE / "kept.html", {}, label="Kept", visible="hidden", elem_id="kept"
            )
            pin = own_component(HERE / "pin.html", {}, label="Pin", elem_id="pin")
    return heat, caption, stage, digit, strength, raw, own, keep, kept, pin


def heat_and_caption() -> tuple[gr.Image, gr.HTML]:
    """The heat map over the picture, and what it shows."""
    html("<h2>Where it looked</h2>")
    heat = shown_picture(
        format="jpeg",
        label="Heat map",
        buttons=["download", "fullscreen"],
        alt_text="The picture, with a heat map of where the network looked",
        elem_id="heat",
    )
    return heat, html(label="Caption", elem_id="caption")


def shown_picture(**settings: Any) -> gr.Image:
    """A picture to look at; `settings` of `gr.Image`."""
    return gr.Image(show_label=False, container=False, interactive=False, **settings)


def strength_slider() -> gr.Slider:
    """How strongly the heat map covers the picture, in percent."""
    return gr.Slider(
        0,
        100,
        value=70,
        step=5,
        label="Strength of the overlay",
        buttons=[],
        elem_id="strength",
        elem_classes="bare",
    )


def sums_card() -> gr.HTML:
    """The sums behind the logits."""
    with gr.Column(elem_classes="card sums"):
        html(
            f"<h2>The exact sum</h2><p class='quiet'>At the end the network averages the "
            f"{SIDE}×{SIDE} cells of stage {LAST_STAGE[-1]} and takes one weighted sum for each "
            f"digit. So a digit's {term('logit')} is exactly what these cells add to it or take "
            "from it, plus a bias; nothing is left over.</p>"
        )
        return own_component(
            HERE / "sums.html",
            {},
            {"corners": CORNERS, "side": SIDE, "stage": LAST_STAGE[-1]}
            | {"side_before": SIDE_BEFORE, "stage_before": STAGE_BEFORE[-1]},
            label="Sums",
            elem_id="sums",
        )


def part_card() -> tuple[gr.HTML, gr.Image]:
    """The part that was read, and what the network gets of it."""
    with gr.Row(elem_classes="card part"):
        with gr.Column(scale=1, min_width=180):
            html("<h2>The part it read</h2>")
            part = own_component(HERE / "part.html", {}, label="Part", elem_id="part")
        with gr.Column(scale=1, min_width=180):
            html("<h2>What the network gets</h2>")
            seen = shown_picture(
                format="png",
                label="What the network saw",
                buttons=[],
                alt_text="The picture as the network sees it",
                elem_id="seen",
            )
            html(f"<p class='quiet'>{SIZE}×{SIZE} pixels, nothing more.</p>")
    return part, seen
