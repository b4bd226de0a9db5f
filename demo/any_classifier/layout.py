"""Where everything of the page is."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from demo.any_classifier.answer import EMPTY
from demo.any_classifier.inside import COSTS, block_card, network_map, size_line
from demo.any_classifier.network import AnyNetwork
from demo.any_classifier.trust import not_run_yet
from demo.inside.layer_table import layer_table
from demo.inside.layout import HERE as INSIDE
from demo.kit.components import html, own_component
from demo.kit.uploads import picture_upload
from demo.kit.words import AS_READ
from demo.trust.cards import HERE as TRUST
from demo.try_it.layout import heat_and_caption, strength_slider

HERE = Path(__file__).parent
LEFT_OUT = (
    "These experiments compare this project's own network with twins of each depth, one plain and "
    "one residual, trained alike. There are no such twins of {name}, so they are left out; the "
    "page without --model shows them."
)
NO_SCORES = "Nobody has recorded on which pictures {name} is right, so there are no scores to show."


@dataclass(frozen=True)
class Page:
    """The components of the page; those that show a handler's answer have its fields' names."""

    hand: gr.State
    upload: gr.Image
    answer: gr.HTML
    heat: gr.Image
    caption: gr.HTML
    stage: gr.Radio
    of_class: gr.Dropdown
    strength: gr.Slider
    raw: gr.Checkbox
    own: gr.Checkbox
    measure: gr.Radio
    network_map: gr.HTML
    block_card: gr.HTML
    check: gr.Button
    stop_check: gr.Button
    charts: gr.HTML
    checks: gr.HTML
    covered: gr.HTML
    forget: gr.Button
    stop_forgetting: gr.Button
    forgotten: gr.HTML
    methods: gr.Button
    stop_methods: gr.Button
    gallery: gr.HTML


def lay_out(network: AnyNetwork) -> Page:
    """Put the components on the page."""
    name = network.summary.name
    parts: dict[str, Any] = {"hand": gr.State(None)}
    with gr.Tabs(elem_id="rooms"):
        with gr.Tab("Try it", id="try-it"):
            parts |= try_it(network)
        with gr.Tab("Inside", id="inside"):
            parts |= look_inside(network)
        with gr.Tab("Can I trust it?", id="trust"):
            parts |= doubt()
        for title, words in (("Why residual?", LEFT_OUT), ("Scores", NO_SCORES)):
            with gr.Tab(title), gr.Column(elem_classes="card station"):
                html(f"<p>{escape(words.format(name=name))}</p>")
    return Page(**parts)


def try_it(network: AnyNetwork) -> dict:
    with gr.Row(elem_classes="bench"):
        with gr.Column(scale=5, min_width=320, elem_classes="card source"):
            upload = picture_upload("a picture")
            size = network.classifier.size
            html(f"<p class='quiet'>The network gets all of it, as {size}×{size} pixels.</p>")
        with gr.Column(scale=7, min_width=320, elem_classes="findings"):
            answer = own_component(
                HERE / "answer.html",
                EMPTY,
                label="Answer",
                elem_id="answer",
                elem_classes="card",
            )
            with gr.Row(elem_classes="card looking"):
                with gr.Column(scale=1, min_width=260):
                    heat, caption = heat_and_caption()
                with gr.Column(scale=1, min_width=260, elem_classes="controls"):
                    looks = look_controls(network)
    return {"upload": upload, "answer": answer, "heat": heat, "caption": caption} | looks


def look_controls(network: AnyNetwork) -> dict:
    sides = network.explainer.sides
    return {
        "stage": gr.Radio(
            [(f"{name.split()[-1]}\n{side}×{side}", name) for name, side in sides.items()],
            value=[*sides][-1],
            label="Grad-CAM of a stage, with its cells",
            elem_id="stage",
            elem_classes="pills",
        ),
        "of_class": gr.Dropdown(
            [("as read", AS_READ), *((name, each) for each, name in enumerate(network.names))],
            value=AS_READ,
            label="Class to explain",
            elem_id="digit",
        ),
        "strength": strength_slider(),
        "raw": gr.Checkbox(label="Cells as they are", elem_id="raw"),
        "own": gr.Checkbox(label="Each map on its own scale", elem_id="own"),
    }


def look_inside(network: AnyNetwork) -> dict:
    with gr.Column(elem_classes="card station"):
        html(f"<h2>All its blocks</h2><p class='lead'>{escape(size_line(network))}</p>")
        with gr.Row(elem_classes="controls"):
            measure = gr.Radio(
                [(each.label, each.name) for each in COSTS],
                value=COSTS[0].name,
                label="Coloured by",
                elem_classes="pills",
            )
        drawn = network_map(network)
        shown = own_component(
            INSIDE / "network_map.html", drawn, label="Blocks of the network", elem_id="map"
        )
    with gr.Column(elem_classes="card station"):
        card = own_component(
            INSIDE / "block_card.html",
            block_card(network, drawn.chosen),
            label="The block",
            elem_id="block",
        )
    with gr.Column(elem_classes="card station"):
        html("<h2>Every layer</h2>")
        own_component(
            INSIDE / "layer_table.html",
            layer_table(network.summary),
            label="Every layer",
            elem_id="layers",
        )
    return {"measure": measure, "network_map": shown, "block_card": card}


def doubt() -> dict:
    html(
        "<div class='prologue'><h2>Can I trust it?</h2><p>A heat map always looks convincing. Here "
        "the one that is chosen under “Try it”, of a stage and a class, is put to the test.</p>"
        "</div>"
    )
    with gr.Column(elem_classes="card station"):
        html(
            "<h2>Is the map better than chance?</h2><p class='lead'>If it is right, the "
            "probability of the answer falls when its hottest places are blurred (deletion) and "
            "recovers when they alone are shown (insertion).</p>"
        )
        with gr.Row(elem_classes="knobs"):
            check = gr.Button("Test the map", variant="primary", elem_id="check")
            stop_check = gr.Button("Stop", visible=False)
        charts = html(elem_id="trust-curves")
        checks = own_component(
            TRUST / "forgetting.html", {}, label="Compared with random maps", elem_id="random-maps"
        )
        covered = own_component(HERE / "covered.html", {}, label="Covered", elem_id="covered")
    with gr.Column(elem_classes="card station"):
        html(
            "<h2>Does it depend on what was learned?</h2><p class='lead'>Part by part, from the "
            "head down, the network's weights are put in random order. If the map shows what was "
            "learned, it must change.</p>"
        )
        with gr.Row(elem_classes="knobs"):
            forget = gr.Button("Let the network forget", variant="primary", elem_id="forget")
            stop_forgetting = gr.Button("Stop", visible=False)
        forgotten = own_component(TRUST / "forgetting.html", {}, label="Checks", elem_id="losing")
    with gr.Column(elem_classes="card station"):
        html(
            "<h2>Other methods</h2><p class='lead'>The same picture, class and stage, explained in "
            "other ways. No two answer quite the same question, and each can mislead in its own "
            "way.</p>"
        )
        with gr.Row(elem_classes="knobs"):
            methods = gr.Button("Run them", variant="primary", elem_id="run-methods")
            stop_methods = gr.Button("Stop", visible=False)
        gallery = own_component(
            TRUST / "gallery.html", not_run_yet(), label="Methods", elem_id="methods"
        )
    return {
        "check": check,
        "stop_check": stop_check,
        "charts": charts,
        "checks": checks,
        "covered": covered,
        "forget": forget,
        "stop_forgetting": stop_forgetting,
        "forgotten": forgotten,
        "methods": methods,
        "stop_methods": stop_methods,
        "gallery": gallery,
    }
