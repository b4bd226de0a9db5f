"""Arrays into pictures: overlays and diagrams. The only place that has colour maps."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import matplotlib
import numpy as np
from PIL import Image

from explain.draw.colours import MAP_COLOURS, rgb
from explain.network.architecture import BlockSummary, macs, parameters

HEAT = matplotlib.colormaps["inferno"]  # perceptually uniform: twice the heat looks twice as hot
AGAINST, FOR = rgb(MAP_COLOURS["against"]), rgb(MAP_COLOURS["for"])


def spread(heat: np.ndarray, height: int, width: int, smooth: bool = True) -> np.ndarray:
    """Stretch a map over a picture, float32 [h, w].

    Linear between the centres of its cells if `smooth`, else each cell as it is.
    """
    image = Image.fromarray(np.asarray(heat, np.float32))
    between = Image.Resampling.BILINEAR if smooth else Image.Resampling.NEAREST
    return np.asarray(image.resize((width, height), between))


def overlay(
    picture: np.ndarray,
    signed: np.ndarray,
    strength: float = 0.7,
    top: float | None = None,
    smooth: bool = True,
) -> np.ndarray:
    """Lay a map of what speaks for a digit and against it over a picture.

    Args:
        picture: uint8 [h, w, 3].
        signed: float32 [h', w'].
        strength: 0..1, how much of the picture the strongest place covers.
        top: of the common scale: what has the strongest colours, orange above zero and violet
            below; None for the map's own largest magnitude.
        smooth: False shows the map's cells as they are.

    Returns:
        uint8 [h, w, 3]; the picture pales to grey, so that the colours on it are the map's. An
        empty map gives the picture itself.
    """
    top = top or float(np.abs(signed).max())
    if top == 0:
        return picture
    h, w = picture.shape[:2]
    signed = np.clip(spread(signed, h, w, smooth) / top, -1, 1)[..., None]
    pale = 50 + 0.7 * (picture @ np.float32([0.299, 0.587, 0.114]))[..., None]
    ground = picture + (pale - picture) * min(2 * strength, 1)
    alpha = strength * np.abs(signed)
    return (
        (ground * (1 - alpha) + np.where(signed > 0, FOR, AGAINST) * alpha).round().astype(np.uint8)
    )


def colour_bar() -> str:
    """The scale of an overlay from its lowest value to its highest, as a CSS image.

    In its middle is the grey of what was said nothing of.
    """
    below, above = (f"rgb({red}, {green}, {blue})" for red, green, blue in (AGAINST, FOR))
    return f"linear-gradient(90deg, {below}, rgb(150, 150, 150), {above})"


def tiles(channels: np.ndarray, side: int = 44, gap: int = 4) -> np.ndarray:
    """Channels in a square, row by row: violet below zero, orange above; for any background.

    Args:
        channels: float32 [h, w, n] in -1..1.
        side: pixels of a tile.
        gap: transparent pixels between two.

    Returns:
        uint8 [s, s, 4]; at zero a breath of grey, by which one sees how far a tile goes.
    """
    across = int(np.ceil(np.sqrt(channels.shape[-1])))
    whole = np.zeros((across * (side + gap) - gap,) * 2 + (4,), np.uint8)
    for i, channel in enumerate(np.moveaxis(channels, -1, 0)):
        strong = np.abs(channel)[..., None]
        faint = 0.14 * (1 - strong)
        colour = np.where(channel[..., None] < 0, AGAINST, FOR) * strong + 128 * faint
        tinted = np.dstack([colour / (strong + faint), 255 * (strong + faint)]).round()
        tile = Image.fromarray(tinted.astype(np.uint8)).resize(
            (side, side), Image.Resampling.NEAREST
        )
        top, left = (side + gap) * (i // across), (side + gap) * (i % across)
        whole[top : top + side, left : left + side] = tile
    return whole


def glow(activations: np.ndarray) -> np.ndarray:
    """A channel by itself: clear at zero, orange at its largest value; for any background.

    Args:
        activations: float32 [h, w], zero or more.

    Returns:
        uint8 [h, w, 4], a pixel a cell.
    """
    alpha = activations / max(float(activations.max()), 1e-9)
    colour = np.broadcast_to(FOR, (*activations.shape, 3))
    return np.dstack([colour, 255 * alpha]).round().astype(np.uint8)


def shape_text(shape: tuple[int, ...]) -> str:
    return "×".join(str(side) for side in shape)


def count_text(number: int) -> str:
    """A count as people say it: 23.6 M, 12.3 k, 512."""
    for unit, name in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if number >= unit:
            return f"{number / unit:.3g}{name}"
    return str(number)


DIAGRAM_STYLE = """
.diagram text { font: 12px system-ui, sans-serif; fill: currentColor; }
.diagram .quiet { opacity: .7; font-size: 11px; }
.diagram .name { font-weight: 600; }
.diagram .box { fill: var(--diagram-box, #4c7a99); fill-opacity: .16;
  stroke: var(--diagram-box, #4c7a99); stroke-width: 1.5; }
.diagram .opening { fill-opacity: .5; }
.diagram .paper { fill: var(--diagram-paper, Canvas); }
.diagram .flow, .diagram .shortcut { fill: none; stroke: currentColor; stroke-width: 1.5; }
.diagram .flow { opacity: .45; }
.diagram .shortcut { stroke: var(--diagram-shortcut, #d0743c); stroke-width: 2; }
.diagram .projection { stroke-dasharray: 4 3; }
.diagram .sum { fill: var(--diagram-shortcut, #d0743c); }
.diagram .hold { fill: none; pointer-events: all; }
.diagram .sign { fill: #fff; text-anchor: middle; font-weight: 700; }
"""


def svg(width: int, height: int, label: str, body: list[str]) -> str:
    return (
        f'<svg class="diagram" viewBox="0 0 {width} {height}" width="100%" role="img" '
        f'aria-label="{escape(label)}" xmlns="http://www.w3.org/2000/svg">'
        f"<style>{DIAGRAM_STYLE}</style>{''.join(body)}</svg>"
    )


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def box(x: float, y: float, width: float, height: float, kind: str = "") -> str:
    """A rounded box, opaque, so that lines behind it end at its edge."""
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="5"'
    return f'<rect class="paper" {place}/><rect class="box {kind}" {place}/>'


class Scale(NamedTuple):
    """How strongly each part of the map is coloured.

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
    high = max(values.values())
    if logarithmic:
        low = min(values.values())
        span = np.log(high / low) or 1.0
        found = {name: float(np.log(value / low) / span) for name, value in values.items()}
        return Scale(found, low, float(np.sqrt(low * high)), high)
    return Scale({name: value / (high or 1.0) for name, value in values.items()}, 0, high / 2, high)


def map_size(shape: tuple[int, ...]) -> tuple[float, float]:
    """Width and height, in pixels, of what has this shape on the map of the network.

    Both are logarithmic: so much wider for twice the channels, so much higher for twice the rows.
    """
    return 4.5 * np.log2(shape[-1]), 14 * (1 + np.log2(shape[0] if len(shape) > 1 else 1))


def map_svg(
    name: str, blocks: Sequence[BlockSummary], shades: dict[str, dict[str, float]] | None = None
) -> str:
    """The blocks of one resolution on the line that runs through the network.

    Args:
        name: of the stage.
        blocks: in a row, each with its shortcut as an arc over it.
        shades: by block and measure, from 0 to 1, left to the page's style as `--measure`.

    Returns:
        An SVG as high above its middle as below it, so that several make one line. Each block is
        a button with `data-block`.
    """
    gap, room, least = 11, 14, 64
    sizes = [map_size(block.shape) for block in blocks]
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
        style = "".join(
            f"--{measure}:{100 * shade:.1f}%;"
            for measure, shade in (shades or {}).get(block.name, {}).items()
        )
        start, end, top = x - gap / 2, x + wide + gap / 2, middle - high / 2
        arc = ""
        if block.kind in ("identity", "convolutional"):
            projection = " projection" if block.shortcut else ""
            arc = (
                f'<path class="shortcut{projection}" d="M{start + 2:g} {middle:g}V{top:g}'
                f"Q{start + 2:g} {top - 8:g} {start + 10:g} {top - 8:g}H{end - 10:g}"
                f'Q{end - 2:g} {top - 8:g} {end - 2:g} {top:g}V{middle:g}"/>'
                f'<circle class="sum" cx="{end - 2:g}" cy="{middle:g}" r="3"/>'
            )
        body.append(
            f'<g class="stop" data-block="{block.name}" role="button" tabindex="-1" '
            f'aria-pressed="false" aria-label="{escape(words)}" style="{style}">'
            f"<title>{escape(words)}</title>"
            f'<rect class="hold" x="{start + 1:g}" y="1" width="{wide + gap - 2:g}" '
            f'height="{height - 2:g}" rx="7"/>{arc}<rect class="box" x="{x:g}" y="{top:g}" '
            f'width="{wide:g}" height="{high:g}" rx="4"/></g>'
        )
        x += wide + gap
    return (
        f'<svg class="diagram" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'role="group" aria-label="{escape(name)}" xmlns="http://www.w3.org/2000/svg">'
        f"<style>{DIAGRAM_STYLE}</style>{''.join(body)}</svg>"
    )


def chain_svg(block: BlockSummary) -> str:
    """The stem or the head, which have no shortcut: one layer below the other."""
    step, wide, high, left, start = 48, 190, 38, 8, 30
    layers = [layer for layer in block.layers if layer.kind not in ("zero padding", "BatchNorm")]
    middle = left + wide / 2
    body = [
        f'<path class="flow" d="M{middle} {start}V{start + step * len(layers)}"/>',
        part(
            "picture" if block.kind == "stem" else "in",
            text(left, 18, f"in: {shape_text(block.input_shape)}", "quiet"),
            2,
        ),
    ]
    for y, layer in zip(range(start + 10, 999, step), layers, strict=False):
        after = " · BatchNorm" if layer.macs and len(layer.shape) > 1 else ""
        body.append(
            part(
                layer.name,
                box(left, y, wide, high)
                + text(middle, y + 16, layer.kind, "", "middle")
                + text(middle, y + 31, shape_text(layer.shape) + after, "quiet", "middle"),
            )
        )
    return svg(360, start + step * len(layers) + 4, f"The {block.name} of the network", body)


def part(place: str, drawn: str, y: int | None = None) -> str:
    """One that can be pointed at; where there are only words, in a whole row from y on."""
    hold = "" if y is None else f'<rect class="hold" x="2" y="{y}" width="188" height="24" rx="5"/>'
    return f'<g class="part" data-part="{place}" tabindex="0" role="button">{hold}{drawn}</g>'


def block_svg(block: BlockSummary) -> str:
    """The inside of a block as the paper draws it: main path to the left, shortcut to the right.

    Its parts, named as in `explain.network.inside_block`, can be pointed at.
    """
    if block.kind in ("stem", "head"):
        return chain_svg(block)
    step, wide, high, left = 48, 166, 38, 8
    middle, right = left + wide / 2, 267
    start, joint = 30, 30 + 3 * step + 26
    convolutions = [layer for layer in block.main_path if layer.macs]

    body = [
        f'<path class="flow" d="M{middle} {start}V{joint + 28}"/>',
        part("in", text(left, 18, f"in: {shape_text(block.input_shape)}", "quiet"), 2),
    ]

    def convolution(x: float, y: float, layer, after: str, kind: str = "") -> str:
        words = f"{layer.name}: {count_text(layer.parameters)} parameters"
        return part(
            layer.name.split("_")[2],
            f"<g><title>{escape(words)}, {count_text(layer.macs)} multiply-adds</title>"
            + box(x, y, wide, high, kind)
            + text(x + wide / 2, y + 16, layer.kind, "", "middle")
            + text(x + wide / 2, y + 31, f"{shape_text(layer.shape)} · {after}", "quiet", "middle")
            + "</g>",
        )

    if block.kind != "plain":
        projection = " projection" if block.shortcut else ""
        body.append(
            f'<path class="shortcut{projection}" d="M{middle} {start}H{right - 20}Q{right} {start} '
            f'{right} {start + 20}V{joint - 20}Q{right} {joint} {right - 20} {joint}H{middle}"/>'
            + part(
                "add",
                f'<circle class="sum" cx="{middle}" cy="{joint}" r="11"/>'
                f'<text class="sign" x="{middle}" y="{joint + 4}">+</text>',
            )
        )
    for i, layer in enumerate(convolutions):
        after = "BatchNorm, ReLU" if i < len(convolutions) - 1 else "BatchNorm"
        body.append(convolution(left, start + 10 + i * step, layer, after))
    if block.shortcut:
        body.append(
            convolution(
                right - wide / 2, start + 10 + step, block.shortcut[0], "BatchNorm", "opening"
            )
        )
    elif block.kind == "identity":
        body.append(text(right + 8, start + 24 + step, "the input,", "quiet"))
        body.append(text(right + 8, start + 40 + step, "as it came", "quiet"))
    out = text(left, joint + 44, f"ReLU, out: {shape_text(block.shape)}", "quiet")
    body.append(part("out", out, joint + 28))
    return svg(360, joint + 52, f"{block.name}, {block.kind} block", body)


def cost_text(block) -> str:
    """Parameters and multiply-adds of a block or stage in words."""
    return (
        f"{count_text(parameters(block.layers))} parameters, "
        f"{count_text(macs(block.layers))} multiply-adds"
    )
