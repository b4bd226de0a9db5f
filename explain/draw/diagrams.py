"""The architecture drawn: the network from left to right, and the inside of a block."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import numpy as np

from explain.draw.colours import DIAGRAM_COLOURS
from explain.draw.numbers import count_text
from explain.draw.svg import colour_rule, drawing, text
from explain.network.architecture import (
    BlockSummary,
    LayerSummary,
    macs,
    parameters,
    shape_text,
)

STYLE = (
    colour_rule("diagram", DIAGRAM_COLOURS)
    + """
.diagram .small { font-size: 11px; }
.diagram .box { fill: var(--box); fill-opacity: .16; stroke: var(--box); stroke-width: 1.5; }
.diagram .opening { fill-opacity: .5; }
.diagram .paper { fill: var(--paper); }
.diagram .flow, .diagram .shortcut { fill: none; stroke: currentColor; stroke-width: 1.5; }
.diagram .flow { opacity: .45; }
.diagram .shortcut { stroke: var(--shortcut); stroke-width: 2; }
.diagram .projection { stroke-dasharray: 4 3; }
.diagram .sum { fill: var(--shortcut); }
.diagram .sign { fill: #fff; font-weight: 700; }
@media (max-width: 760px) { .drawing.diagram text { font-size: 13px; } }
.diagram :is(.area, .around) { fill: none; pointer-events: all; }
"""
)


class Scale(NamedTuple):
    """How strongly each of several things is coloured.

    Attributes:
        shades: from 0 to 1, by name.
        low, middle, high: the values that 0, a half and 1 stand for.
    """

    shades: dict[str, float]
    low: float
    middle: float
    high: float


def shades(values: dict[str, float], logarithmic: bool = False) -> Scale:
    """Colour by values: from zero to the largest, or logarithmically from the smallest to it."""
    if not values:
        return Scale({}, 0, 0, 0)
    high = max(values.values())
    if logarithmic:
        low = min(values.values())
        span = np.log(high / low) or 1.0
        found = {name: float(np.log(value / low) / span) for name, value in values.items()}
        return Scale(found, low, float(np.sqrt(low * high)), high)
    return Scale({name: value / (high or 1.0) for name, value in values.items()}, 0, high / 2, high)


def drawn_size(shape: tuple[int, ...]) -> tuple[float, float]:
    """Width and height, in pixels, of a block with an output of this shape.

    Both are logarithmic: so much wider for twice the channels, so much higher for twice the rows.
    """
    return 4.5 * np.log2(shape[-1]), 14 * (1 + np.log2(shape[0] if len(shape) > 1 else 1))


def cost_text(block: BlockSummary) -> str:
    """Parameters and multiply-adds of a block in words."""
    return (
        f"{count_text(parameters(block.layers))} parameters, "
        f"{count_text(macs(block.layers))} multiply-adds"
    )


def stage_svg(name: str, blocks: Sequence[BlockSummary]) -> str:
    """The blocks of one stage on the line that runs through the network.

    Args:
        name: of the stage.
        blocks: in a row, each with its shortcut as an arc over it.

    Returns:
        An SVG as high above its middle as below it, so that several make one line. Each block is a
        group with its name as `id`.
    """
    gap, room, least = 11, 14, 64
    sizes = [drawn_size(block.shape) for block in blocks]
    height = max(high for _, high in sizes) + 2 * room
    whole = sum(wide + gap for wide, _ in sizes)
    width, middle = max(whole, least), height / 2
    x = (width - whole + gap) / 2
    body = [f'<path class="flow" d="M0 {middle:g}H{width:g}"/>']
    for block, (wide, high) in zip(blocks, sizes, strict=True):
        words = (
            f"{block.name}: {shape_text(block.input_shape)} to {shape_text(block.shape)}, "
            f"{cost_text(block)}"
        )
        top, reach = middle - high / 2, max(wide + gap - 2, 30)
        body.append(
            f'<g id="{escape(block.name)}"><title>{escape(words)}</title>'
            f'<rect class="area" x="{x + wide / 2 - reach / 2:g}" y="1" width="{reach:g}" '
            f'height="{height - 2:g}" rx="7"/>'
            + arc(block, x - gap / 2, x + wide + gap / 2, top, middle)
            + f'<rect class="box" x="{x:g}" y="{top:g}" width="{wide:g}" height="{high:g}" '
            'rx="4"/></g>'
        )
        x += wide + gap
    size = {"width": f"{width:g}", "role": "group"}
    return drawing("diagram", width, height, name, STYLE, body, **size)


def arc(block: BlockSummary, start: float, end: float, top: float, middle: float) -> str:
    """The shortcut over a block; nothing where there is none."""
    if block.kind not in ("identity", "convolutional"):
        return ""
    return (
        f'<path class="{shortcut_kind(block)}" d="M{start + 2:g} {middle:g}V{top:g}'
        f"Q{start + 2:g} {top - 8:g} {start + 10:g} {top - 8:g}H{end - 10:g}"
        f'Q{end - 2:g} {top - 8:g} {end - 2:g} {top:g}V{middle:g}"/>'
        f'<circle class="sum" cx="{end - 2:g}" cy="{middle:g}" r="3"/>'
    )


def shortcut_kind(block: BlockSummary) -> str:
    return "shortcut projection" if block.shortcut else "shortcut"


def block_svg(block: BlockSummary) -> str:
    """The inside of a block as the paper draws it: main path to the left, shortcut to the right.

    The stem and the head have no shortcut: one layer below the other. Each place where
    `explain.network.inside_block` looks is a group with that place as `id`.
    """
    if block.kind in ("stem", "head"):
        return chain_svg(block)
    step, wide, left = 62, 166, 8
    middle, right = left + wide / 2, 267
    start, joint = 32, 32 + 3 * step + 26
    convolutions = [layer for layer in block.main_path if layer.macs]
    body = [
        f'<path class="flow" d="M{middle} {start}V{joint + 28}"/>',
        words_at("in", left, 21, f"in: {shape_text(block.input_shape)}"),
    ]
    if block.kind != "plain":
        body.append(
            f'<path class="{shortcut_kind(block)}" d="M{middle} {start}H{right - 20}Q{right} '
            f"{start} {right} {start + 20}V{joint - 20}Q{right} {joint} {right - 20} {joint}"
            f'H{middle}"/>'
            + group(
                "add",
                f'<circle class="around" cx="{middle}" cy="{joint}" r="15"/>'
                f'<circle class="sum" cx="{middle}" cy="{joint}" r="11"/>'
                + text(middle, joint + 4, "+", "sign", "middle"),
            )
        )
    for i, layer in enumerate(convolutions):
        after = "BatchNorm, ReLU" if i < len(convolutions) - 1 else "BatchNorm"
        body.append(convolution(layer, left, start + 10 + i * step, wide, after))
    if block.shortcut:
        x, y = right - wide / 2, start + 10 + step
        body.append(convolution(block.shortcut[0], x, y, wide, "BatchNorm", "opening"))
    elif block.kind == "identity":
        body.append(text(right + 8, start + 24 + step, "the input,", "quiet small"))
        body.append(text(right + 8, start + 40 + step, "as it came", "quiet small"))
    body.append(words_at("out", left, joint + 47, f"ReLU, out: {shape_text(block.shape)}"))
    return block_drawing(joint + 60, f"{block.name}, {block.kind} block", body)


def chain_svg(block: BlockSummary) -> str:
    step, wide, left, start = 48, 190, 8, 32
    layers = [layer for layer in block.layers if layer.kind not in ("zero padding", "BatchNorm")]
    middle = left + wide / 2
    entrance = "picture" if block.kind == "stem" else "in"
    body = [
        f'<path class="flow" d="M{middle} {start}V{start + step * len(layers)}"/>',
        words_at(entrance, left, 21, f"in: {shape_text(block.input_shape)}"),
    ]
    for i, layer in enumerate(layers):
        after = " · BatchNorm" if layer.macs and len(layer.shape) > 1 else ""
        lines = [layer.kind, shape_text(layer.shape) + after]
        body.append(group(layer.name, box(left, start + 10 + i * step, wide, lines)))
    return block_drawing(start + step * len(layers) + 4, f"The {block.name} of the network", body)


def block_drawing(height: float, label: str, body: list[str]) -> str:
    return drawing("diagram", 360, height, label, STYLE, body, role="group")


def group(place: str, drawn: str) -> str:
    return f'<g id="{place}">{drawn}</g>'


def words_at(place: str, x: float, y: float, words: str) -> str:
    """A place where there are only words, in a whole row that can be pointed at."""
    area = f'<rect class="area" x="2" y="{y - 19:g}" width="188" height="30" rx="5"/>'
    return group(place, area + text(x, y, words, "small"))


def convolution(
    layer: LayerSummary, x: float, y: float, wide: float, after: str, kind: str = ""
) -> str:
    """A convolution, and what comes `after` it: in a group named by its number in the block."""
    costs = f"{count_text(layer.parameters)} parameters, {count_text(layer.macs)} multiply-adds"
    return group(
        layer.name.split("_")[2],
        f"<title>{escape(f'{layer.name}: {costs}')}</title>"
        + box(x, y, wide, [layer.kind, shape_text(layer.shape), after], kind),
    )


def box(x: float, y: float, wide: float, lines: Sequence[str], kind: str = "") -> str:
    """A box with a name and lines of words, opaque, so that lines behind it end at its edge."""
    words = "".join(
        text(x + wide / 2, y + 16 + 15 * i, line, "small" if i else "", "middle")
        for i, line in enumerate(lines)
    )
    high = 8 + 15 * len(lines)
    edges = f'x="{x:g}" y="{y:g}" width="{wide:g}" height="{high}" rx="5"'
    return f'<rect class="paper" {edges}/><rect class="box {kind}" {edges}/>{words}'
