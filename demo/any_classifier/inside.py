"""The map of the network, and what a block of it is made of."""

from __future__ import annotations

from itertools import groupby

from demo.any_classifier.network import AnyNetwork
from demo.inside.block_card import BlockCard, facts_of
from demo.inside.network_map import (
    MEASURES,
    DrawnStage,
    Legend,
    NetworkMap,
    bytes_text,
    stop,
)
from demo.kit.figures import buttons

COSTS = MEASURES[:3]  # those that need no picture
HEAD = "head"


def network_map(network: AnyNetwork) -> NetworkMap:
    """The network from left to right, with the shades of what its blocks cost."""
    from explain.draw.diagrams import shades, stage_svg
    from explain.draw.numbers import count_text
    from explain.network.architecture import macs, memory, parameters, shape_text

    stages = network.summary.stages
    blocks = [block for stage in stages for block in stage.blocks]
    scales = {
        # What a block has none of has no place on a logarithmic scale, nor a shade.
        name: shades({x.name: cost([x]) for x in blocks if cost([x])}, name == "parameters")
        for name, cost in (("parameters", parameters), ("macs", macs), ("memory", memory))
    }
    stops = {
        x.name: stop(x.name, {name: s.shades.get(x.name, 0) for name, s in scales.items()})
        for x in blocks
    }
    return NetworkMap(
        blocks[0].name,
        src="",
        input=shape_text(network.summary.input_shape),
        stages=tuple(
            DrawnStage(x.name, shape_text(x.shape), buttons(stage_svg(x.name, x.blocks), stops))
            for x in stages
        ),
        legends=tuple(
            Legend(
                measure.name,
                measure.words,
                **{
                    end: text(round(getattr(scales[measure.name], end)))
                    for end in ("low", "middle", "high")
                },
            )
            for measure in COSTS
            for text in [bytes_text if measure.name == "memory" else count_text]
        ),
    )


def size_line(network: AnyNetwork) -> str:
    """How large the network is, and of what it ends, in a line."""
    from explain.draw.numbers import count_text
    from explain.network.architecture import macs, parameters

    summary = network.summary
    head = ", then ".join(layer.kind for layer in summary.head) or "nothing"
    return (
        f"{len(summary.stages)} stages of {sum(len(x.blocks) for x in summary.stages)} blocks, "
        f"{len(summary.layers)} layers: {parameters(summary.layers):,} parameters, "
        f"{count_text(macs(summary.layers))} multiply-adds per picture. After the last stage: "
        f"{head}. Choose a block to see what it is made of."
    )


def block_card(network: AnyNetwork, name: str) -> BlockCard:
    """What a block is made of and costs.

    Raises:
        ValueError: if there is none of that name.
    """
    for stage in network.summary.stages:
        for block in stage.blocks:
            if block.name == name:
                return BlockCard(
                    name,
                    kind=stage.name,
                    words=f"Its layers: {in_a_row([layer.kind for layer in block.layers])}.",
                    facts=facts_of(block, network.classifier.size, "all of it"),
                    finding="",
                )
    raise ValueError(f"There is no block {name}.")


def in_a_row(kinds: list[str]) -> str:
    """Layers in order; several of a kind in a row are counted."""
    counted = ((kind, len([*same])) for kind, same in groupby(kinds))
    return ", ".join(f"{count} × {kind}" if count > 1 else kind for kind, count in counted)
