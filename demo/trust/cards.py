"""The cards of the tab: what each lays out, and the components that the tab wires."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from demo.kit.components import html, own_component
from demo.kit.words import DIGIT_CHOICES
from model.network.stages import cells

HERE = Path(__file__).parent
STAGES = tuple(cells())
STAGE = STAGES[len(STAGES) // 2]  # the middle one: fine enough to see, deep enough to mean a digit
DIGIT, OTHER_DIGIT = 3, 2  # until a picture says which


def digit_pills(value: int, label: str, elem_id: str) -> gr.Radio:
    return gr.Radio(DIGIT_CHOICES, value=value, label=label, elem_id=elem_id, elem_classes="pills")


@dataclass(frozen=True)
class DigitMapsCard:
    """A map of each digit, and whether each has its own scale."""

    own_scales: gr.Checkbox
    digit_maps: gr.HTML


def digit_maps_card() -> DigitMapsCard:
    own = gr.Checkbox(label="Each map on its own scale", elem_id="own-scales", container=False)
    maps = own_component(HERE / "digit_maps.html", {}, label="A map of each digit", elem_id="six")
    return DigitMapsCard(own, maps)


@dataclass(frozen=True)
class TwoDigitsCard:
    """Two digits, what tells them apart, and what the answer depends on."""

    digit: gr.Radio
    against: gr.Radio
    difference: gr.HTML
    covering: gr.HTML


def two_digits_card() -> TwoDigitsCard:
    with gr.Row(elem_classes="asks"):
        digit = digit_pills(DIGIT, "Why", "why")
        against = digit_pills(OTHER_DIGIT, "and not", "why-not")
    with gr.Row(elem_classes="halves"):
        with gr.Column(scale=1, min_width=260):
            html("<h3>What tells them apart</h3>")
            difference = own_component(
                HERE / "difference.html", {}, label="Difference", elem_id="between"
            )
        with gr.Column(scale=2, min_width=300):
            html("<h3>What the answer depends on</h3>")
            covering = own_component(
                HERE / "covering.html", {}, label="Covering", elem_id="covering"
            )
    return TwoDigitsCard(digit, against, difference, covering)


@dataclass(frozen=True)
class FaithfulnessCard:
    """The map beside random ones, and while the network forgets."""

    charts: gr.HTML
    forget: gr.Button
    stop_forgetting: gr.Button
    checks: gr.HTML
    limits: gr.HTML


def faithfulness_card() -> FaithfulnessCard:
    charts = html(elem_id="trust-curves")
    with gr.Row(elem_classes="knobs"):
        forget = gr.Button("Let the network forget", variant="primary", elem_id="forget")
        stop = gr.Button("Stop", visible=False)
    checks = own_component(HERE / "forgetting.html", {}, label="Checks", elem_id="losing")
    return FaithfulnessCard(charts, forget, stop, checks, html(elem_id="cannot-tell"))


@dataclass(frozen=True)
class MethodsCard:
    """The digit and the stage to explain, and a card for each method."""

    method_digit: gr.Radio
    stage: gr.Radio
    run_slow: gr.Button
    stop_slow: gr.Button
    gallery: gr.HTML


def methods_card() -> MethodsCard:
    with gr.Row(elem_classes="asks"):
        digit = digit_pills(DIGIT, "Digit", "method-digit")
        stage = gr.Radio(
            [(name[-1], name) for name in STAGES],
            value=STAGE,
            label="Stage, for the methods that use one",
            elem_id="method-stage",
            elem_classes="pills",
        )
    with gr.Row(elem_classes="knobs"):
        run_slow = gr.Button(
            "Run the slow ones too", variant="primary", interactive=False, elem_id="slow"
        )
        stop_slow = gr.Button("Stop", visible=False)
    gallery = own_component(HERE / "gallery.html", {}, label="Methods", elem_id="methods")
    return MethodsCard(digit, stage, run_slow, stop_slow, gallery)
