"""The tab to look inside: the network's architecture, stage by stage."""

from __future__ import annotations

from functools import cache

import gradio as gr
from PIL import Image

from demo.hand import Hand, answer, thumbnail
from demo.look import own_component
from demo.network import Network, Waking

TITLES = {
    "conv1": ("Stage 1, the stem", "One wide convolution looks for edges and colours."),
    "conv2": ("Stage 2", "After pooling, the first residual blocks."),
    "conv3": ("Stage 3", "Half the resolution, twice the channels."),
    "conv4": ("Stage 4", "Halved and doubled again; the deepest stage."),
    "conv5": ("Stage 5", "The last 2×2 cells; each has seen the whole picture."),
    "head": ("Head", "The cells are averaged; one dense layer weighs them into six logits."),
}


@cache
def blueprint(network: Network) -> dict:
    """The architecture as the template shows it."""
    from explain.architecture import macs, parameters, summarize
    from explain.picture import block_svg, cost_text, count_text, network_svg, shape_text

    def layer_row(layer) -> dict:
        return {
            "name": layer.name,
            "kind": layer.kind,
            "shape": shape_text(layer.shape),
            "parameters": f"{layer.parameters:,}",
            "macs": f"{layer.macs:,}",
            "field": layer.receptive_field,
        }

    def block_card(block) -> dict:
        return {
            "name": block.name,
            "kind": block.kind,
            "shape": shape_text(block.shape),
            "cost": cost_text(block),
            "svg": block_svg(block),
        }

    def stage_row(name, layers, blocks=()) -> dict:
        title, words = TITLES[name]
        return {
            "name": name,
            "title": title,
            "words": words,
            "count": f"{len(blocks)} blocks" if blocks else "",
            "shape": shape_text(layers[-1].shape),
            "parameters": count_text(parameters(layers)),
            "share": round(100 * parameters(layers) / total, 1),
            "blocks": [block_card(block) for block in blocks],
            "layers": [] if blocks else [layer_row(layer) for layer in layers],
        }

    summary = summarize(network.classifier.model)
    total = parameters(summary.layers)
    stages = [stage_row(stage.name, stage.layers, stage.blocks) for stage in summary.stages]
    return {
        "name": summary.name,
        "parameters": f"{total:,}",
        "macs": count_text(macs(summary.layers)),
        "blocks": sum(len(stage.blocks) for stage in summary.stages),
        "svg": network_svg(summary),
        "stages": [*stages, stage_row("head", summary.head)],
        "layers": [layer_row(layer) for layer in summary.layers],
        "text": summary.text,
    }


def tab(waking: Waking, hand: gr.State, room: gr.Tab) -> gr.HTML:
    """Lay the tab out and wire it.

    Args:
        waking: the network.
        hand: holds the `Hand` that is looked at, None at first.
        room: the tab itself; opening it shows the picture in hand.

    Returns:
        The component that shows `blueprint` once the network is awake.
    """

    def carry(hand: Hand | None) -> dict:
        if hand is None:
            return {}
        return {"src": thumbnail(Image.fromarray(hand.shown)), **answer(hand)}

    carried = own_component("carried", {}, label="Your picture", elem_id="carried")
    plan = own_component("architecture", {}, label="Architecture", elem_id="architecture")
    room.select(carry, hand, carried, show_progress="hidden", api_visibility="private")
    return plan
