"""What the tab is laid out of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from demo.inside.network_map import MEASURES
from demo.kit.components import KIT, html, own_component
from demo.kit.glossary import term
from demo.kit.words import AS_READ, EXPLAINED_CHOICES

HERE = Path(__file__).parent


@dataclass(frozen=True)
class InsidePage:
    """The components of the tab; `block` and `channel` hold which ones are open."""

    carried: gr.HTML
    walk: gr.HTML
    words_line: gr.HTML
    filters: gr.HTML
    size_line: gr.HTML
    measure: gr.Radio
    network_map: gr.HTML
    block: gr.State
    block_card: gr.HTML
    drawn_block: gr.HTML
    view_line: gr.HTML
    digit: gr.Radio
    channel_mosaic: gr.HTML
    channel: gr.State
    channel_card: gr.HTML
    layer_table: gr.HTML


def layout() -> InsidePage:
    """Put the components on the page."""
    block, channel = gr.State(None), gr.State(None)
    carried = own_component(KIT / "carried.html", {}, label="Your picture", elem_id="carried")
    with gr.Column(elem_classes="card station"):
        html("<h2>A walk through it</h2>")
        walk = own_component(HERE / "walk.html", {}, label="The walk", elem_id="walk")
        words_line = html(elem_classes="lead")
    with gr.Column(elem_classes="card station"):
        html("<h2>All its blocks</h2>")
        size_line = html(elem_classes="lead")
        with gr.Row(elem_classes="controls"):
            measure = gr.Radio(
                [(measure.label, measure.name) for measure in MEASURES],
                value=MEASURES[0].name,
                label="Coloured by",
                elem_classes="pills",
            )
        network_map = own_component(
            HERE / "network_map.html", {}, label="Blocks of the network", elem_id="map"
        )
    with gr.Column(elem_classes="card station"):
        block_card = own_component(HERE / "block_card.html", {}, label="The block", elem_id="block")
        html(
            "<p class='quiet'>Point at a part, or tap it, to see the picture at that place. Every "
            f"convolution of the network is followed by {term('BatchNorm')}.</p>"
        )
        drawn_block = own_component(
            KIT / "drawn_block.html", {}, label="Inside the block", elem_id="living"
        )
    with gr.Column(elem_classes="card station"):
        html("<h2>Its channels</h2>")
        view_line = html(elem_classes="lead")
        html(
            f"<p class='quiet'>By its {term('activation')}, each channel adds to the "
            f"{term('logit')} of a digit, or takes from it.</p>"
        )
        with gr.Row(elem_classes="controls"):
            digit = gr.Radio(
                EXPLAINED_CHOICES,
                value=AS_READ,
                label="What they add to the digit",
                elem_id="adds-to",
                elem_classes="pills",
            )
        with gr.Row(elem_classes="halves"):
            with gr.Column(scale=6, min_width=300):
                channel_mosaic = own_component(
                    HERE / "channel_mosaic.html", {}, label="Its channels", elem_id="mosaic"
                )
            with gr.Column(scale=5, min_width=300):
                channel_card = own_component(
                    HERE / "channel_card.html", {}, label="One channel", elem_id="channel"
                )
    with gr.Column(elem_classes="card station"):
        html(
            "<h2>The first convolution, cell by cell</h2><p class='lead'>These are its filters. "
            "They began as random numbers, and became edges, bars and blobs of colour. Choose one, "
            "and point at the picture: the filter is laid on the patch there, the two are "
            "multiplied pixel by pixel, and the products are added up. Every convolution of the "
            "network does this, with channels in place of colours. (The BatchNorm that follows is "
            "already multiplied into filter and bias.)</p>"
        )
        filters = own_component(HERE / "filters.html", {}, label="Filters", elem_id="filters")
    with gr.Column(elem_classes="card station"):
        html("<h2>Every layer</h2>")
        layer_table = own_component(
            HERE / "layer_table.html", {}, label="Every layer", elem_id="layers"
        )
    return InsidePage(
        carried, walk, words_line, filters, size_line, measure, network_map, block, block_card,
        drawn_block, view_line, digit, channel_mosaic, channel, channel_card, layer_table,
    )  # fmt: skip
