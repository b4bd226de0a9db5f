"""The tab to look inside: a map of the network to walk, block by block and channel by channel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import gradio as gr
from PIL import Image

from demo.inside.views import (
    channel_view,
    climbing,
    first_part,
    mosaic,
    network_map,
    opened,
    part,
    totals,
    walked,
)
from demo.kit.components import KIT, html, own_component
from demo.kit.data_urls import thumbnail
from demo.kit.drawn_block import drawn_block
from demo.kit.examples import or_example
from demo.kit.network import Waking
from demo.kit.read_picture import ReadPicture
from demo.kit.words import AS_READ, EXPLAINED_CHOICES, explained, percent
from model.digits import WORDS

HERE = Path(__file__).parent
COLOURS = [
    ("parameters", "parameters"),
    ("multiply-adds", "macs"),
    ("activation memory", "memory"),
    ("the picture", "excited"),
]


def tab(waking: Waking, hand: gr.State, room: gr.Tab) -> gr.HTML:
    """Lay the tab out and wire it.

    Args:
        waking: the network.
        hand: holds the `ReadPicture` that is looked at, None at first.
        room: the tab itself; opening it shows what the picture in hand does to the network.

    Returns:
        The component that shows `demo.inside.views.layer_table` once the network is awake.
    """

    def carry(hand: ReadPicture | None) -> dict:
        if hand is None:
            return {}
        digit = hand.reading.digit
        sure = percent(float(hand.reading.probabilities[digit])) if hand.reading.is_hand else ""
        shown = thumbnail(Image.fromarray(hand.shown))
        return {"src": shown, "word": WORDS[digit], "sure": sure}

    def channels(hand: ReadPicture, name: str, digit: int) -> tuple:
        """The mosaic of a part, and its first channel."""
        network, digit = waking.network(), explained(hand, digit)
        shown = mosaic(network, hand, name, digit)
        channel = shown["tiles"][0]["channel"]
        return shown, channel, channel_view(network, hand, name, digit, channel)

    def look_at(hand: ReadPicture, name: str, digit: int) -> tuple:
        network = waking.network()
        return (
            name,
            opened(network, hand, name),
            drawn_block(network, hand, name),
            *channels(hand, name, digit),
        )

    def arrive(hand: ReadPicture | None, name: str | None, digit: int) -> tuple:
        network, hand = waking.network(), or_example(waking, hand)
        name = name or first_part(network)
        return (
            totals(network),
            walked(network),
            network_map(network, hand),
            *look_at(hand, name, digit),
        )

    def choose(hand: ReadPicture | None, digit: int, chosen: gr.EventData) -> tuple:
        return look_at(or_example(waking, hand), part(waking.network(), chosen.index).name, digit)

    def weigh(hand: ReadPicture | None, name: str, digit: int) -> tuple:
        return channels(or_example(waking, hand), name, digit)

    def pick(hand: ReadPicture | None, name: str, digit: int, chosen: gr.EventData) -> tuple:
        hand, channel = or_example(waking, hand), int(chosen.index)
        shown = channel_view(waking.network(), hand, name, explained(hand, digit), channel)
        return channel, shown

    def climb(shown: dict, name: str, channel: int) -> Iterator[dict]:
        for found in climbing(waking.network(), name, channel):
            yield {**shown, **found}

    name, channel = gr.State(None), gr.State(None)
    carried = own_component(KIT / "carried.html", {}, label="Your picture", elem_id="carried")
    with gr.Column(elem_classes="card station"):
        html("<h2>The map</h2>")
        total = html(elem_classes="lead")
        with gr.Row(elem_classes="controls"):
            colour = gr.Radio(
                COLOURS, value="parameters", label="Coloured by", elem_classes="pills"
            )
        plan = own_component(HERE / "map.html", {}, label="Map of the network", elem_id="map")
    with gr.Column(elem_classes="card station"):
        block = own_component(HERE / "block.html", {}, label="The block", elem_id="block")
        html("<p class='quiet'>Tap or point at a part to see what the picture is there.</p>")
        living = own_component(
            KIT / "drawn_block.html", {}, label="Inside the block", elem_id="living"
        )
    with gr.Column(elem_classes="card station"):
        html("<h2>Its channels</h2>")
        line = html(elem_classes="lead")
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
                tiles = own_component(
                    HERE / "mosaic.html", {}, label="Its channels", elem_id="mosaic"
                )
            with gr.Column(scale=5, min_width=300):
                one = own_component(
                    HERE / "channel.html", {}, label="One channel", elem_id="channel"
                )
    with gr.Column(elem_classes="card station"):
        html("<h2>Every layer</h2>")
        table = own_component(HERE / "layers.html", {}, label="Every layer", elem_id="layers")

    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    network = {"concurrency_id": "network", "concurrency_limit": 1, **quiet}
    seen = [tiles, channel, one]
    searching = one.click(
        climb, [one, name, channel], one, concurrency_id="training", concurrency_limit=1, **quiet
    )
    last = {"trigger_mode": "always_last", "cancels": searching, **network}
    room.select(carry, hand, carried, cancels=searching, **quiet).then(
        arrive, [hand, name, digit], [total, line, plan, name, block, living, *seen], **network
    )
    colour.input(
        None, colour, js='(by) => { document.querySelector("#map").dataset.by = by; }', **quiet
    )
    plan.select(choose, [hand, digit], [name, block, living, *seen], **last)
    digit.input(weigh, [hand, name, digit], seen, **last)
    tiles.select(pick, [hand, name, digit], [channel, one], **last)
    return table
