"""Lines and bars as SVG, on axes with round numbers; legible from 320 pixels of width on."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

import numpy as np

from explain.draw.colours import CHART_COLOURS
from explain.draw.numbers import number_text, power_text
from explain.draw.svg import colour_rule, drawing, text

WIDTH, HEIGHT = 480, 300
LEFT, RIGHT, TOP, BOTTOM = 68, 18, 10, 50  # margins of what is plotted

Values = Sequence[float | None] | np.ndarray

STYLE = (
    colour_rule("chart", CHART_COLOURS)
    + """
.chart .grid { stroke: currentColor; opacity: .14; }
.chart .axis { stroke: currentColor; opacity: .5; fill: none; }
.chart .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.chart .residual { stroke: var(--residual); color: var(--residual); }
.chart .plain { stroke: var(--plain); color: var(--plain); }
.chart .dot, .chart .pillar { fill: currentColor; stroke: none; }
.chart .dashed { stroke-dasharray: 6 4; }
.chart .dotted { stroke-dasharray: 1 5; }
.chart .whisker { stroke: currentColor; stroke-width: 1.5; opacity: .55; }
.chart .halo { paint-order: stroke; stroke: var(--card, Canvas); stroke-width: 8px; }
.drawing.chart text { font-size: 12.5px; }
@container (max-width: 424px) { .drawing.chart text { font-size: 18px; } }
"""
)


@dataclass(frozen=True)
class Line:
    """One line of a chart.

    Attributes:
        name: in the legend.
        y: its values; where one is None or not finite the line is broken.
        network: `residual` or `plain`, which decides the colour.
        dash: `solid`, `dashed` or `dotted`.
        x: where the values are; None for 1, 2, 3 and so on.
        dots: the radius of a dot at each value; none at all if empty.
    """

    name: str
    y: Values
    network: str = "residual"
    dash: str = "solid"
    x: Values | None = None
    dots: Sequence[float] = ()

    def points(self) -> np.ndarray:
        """float64 [n, 2] of x and y, NaN where there is no value."""
        y = np.array(self.y, float)
        x = np.arange(1, len(y) + 1) if self.x is None else np.array(self.x, float)
        return np.stack([x, np.where(np.isfinite(y), y, np.nan)], 1)


@dataclass(frozen=True)
class Chart:
    """A drawing of numbers, and what goes with it.

    Attributes:
        svg: the drawing.
        legend: the lines that it needs to name.
        finding: what it shows, in a sentence; may be empty.
        title: distinguishes it from the charts beside it; empty if it stands alone.
    """

    svg: str
    legend: Sequence[Line] = ()
    finding: str = ""
    title: str = ""


@dataclass(frozen=True)
class Axis:
    """One side of a chart.

    Attributes:
        name: what is measured, with its unit.
        low: its lower end.
        high: its upper end.
        log: whether it is logarithmic.
        ticks: the values that are written along it; none for round numbers.
        share: whether values are shares, 0..1, and written in percent.
    """

    name: str
    low: float
    high: float
    log: bool = False
    ticks: tuple[float, ...] = ()
    share: bool = False

    def position(self, value):
        """0..1 along the axis."""
        if self.log:
            value = np.log10(np.maximum(value, self.low))
            return (value - log10(self.low)) / (log10(self.high) - log10(self.low))
        return (value - self.low) / (self.high - self.low)

    def marks(self) -> list[tuple[float, str]]:
        """Values and what is written at them."""
        if self.ticks:
            return [(tick, self.written(tick)) for tick in self.ticks]
        if self.log:
            first, last = ceil(log10(self.low) - 1e-9), floor(log10(self.high) + 1e-9)
            step = max(1, ceil((last - first) / 6))
            return [(10.0**k, power_text(k)) for k in range(first, last + 1, step)]
        rough = (self.high - self.low) / 5
        size = 10.0 ** floor(log10(rough))
        step = next(size * k for k in (1, 2, 5, 10) if size * k >= rough * 0.99)
        count = floor((self.high - self.low) / step + 1e-9)
        return [(self.low + i * step, self.written(self.low + i * step)) for i in range(count + 1)]

    def written(self, value: float) -> str:
        return number_text(100 * value if self.share else value)


def share_axis(name: str) -> Axis:
    """An axis of shares, from 0 to 100 %."""
    return Axis(f"{name}, %", 0, 1, share=True)


def log_axis(name: str, values) -> Axis:
    """A logarithmic axis of whole powers of ten around all positive values."""
    values = np.array([v for v in np.ravel(values) if v is not None and np.isfinite(v) and v > 0])
    if not values.size:
        return Axis(name, 0.1, 10, log=True)
    low, high = floor(log10(values.min())), ceil(log10(values.max()))
    return Axis(name, 10.0**low, 10.0 ** max(high, low + 1), log=True)


def chart_svg(label: str, body: list[str], height: float = HEIGHT, **root) -> str:
    """Elements in the frame of a chart; `root` as in `explain.draw.svg.drawing`."""
    return drawing("chart", WIDTH, height, label, STYLE, body, **root)


def across(axis: Axis, value):
    return LEFT + axis.position(value) * (WIDTH - LEFT - RIGHT)


def up(axis: Axis, value):
    return HEIGHT - BOTTOM - axis.position(value) * (HEIGHT - TOP - BOTTOM)


def vertical(axis: Axis) -> list[str]:
    """The vertical axis: its grid, its numbers and its name."""
    body = []
    for value, words in axis.marks():
        y = up(axis, value)
        body.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        body.append(text(LEFT - 7, y + 4, words, "quiet", "end"))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    name = text(0, 0, axis.name, "quiet", "middle")
    return [*body, f'<g transform="translate(13 {middle}) rotate(-90)">{name}</g>']


def horizontal(axis: Axis) -> list[str]:
    """The horizontal axis: its ticks, its numbers and its name."""
    floor_, body = HEIGHT - BOTTOM, []
    for value, words in axis.marks():
        x = across(axis, value)
        body.append(f'<path class="axis" d="M{x:.1f} {floor_}v4"/>')
        body.append(text(x, floor_ + 20, words, "quiet", "middle"))
    body.append(f'<path class="axis" d="M{LEFT} {floor_}H{WIDTH - RIGHT}"/>')
    name = text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, axis.name, "quiet", "middle")
    return [*body, name]


def line_chart(label: str, x: Axis, y: Axis, lines: Sequence[Line]) -> str:
    """A chart of lines, as SVG.

    Args:
        label: what it shows, for those who cannot see it.
        x: the horizontal axis.
        y: the vertical axis.
        lines: what is plotted.
    """
    body = [*vertical(y), *horizontal(x)]
    for line in lines:
        pen, path, marks = "M", [], []
        for number, (at, value) in enumerate(line.points()):
            if np.isnan(value):
                pen = "M"
                continue
            px, py = across(x, at), up(y, min(max(value, y.low), y.high))
            path.append(f"{pen}{px:.1f} {py:.1f}")
            if line.dots:
                place = f'cx="{px:.1f}" cy="{py:.1f}" r="{line.dots[number]:.1f}"'
                marks.append(f'<circle class="dot {line.network}" {place}/>')
            pen = "L"
        body.append(
            f"<g><title>{escape(line.name)}</title>"
            f'<path class="curve {line.network} {line.dash}" d="{"".join(path)}"/>'
            f"{''.join(marks)}</g>"
        )
    return chart_svg(label, body)


def bar_chart(
    label: str,
    y: Axis,
    names: Sequence[str],
    bars: Values,
    whiskers: Sequence[tuple[float, float] | None] = (),
    level: float | None = None,
    network: str = "residual",
) -> str:
    """A bar for each block of a network, in order, over the names of their stages, as SVG.

    Args:
        label: what it shows, for those who cannot see it.
        y: the vertical axis.
        names: of the blocks, such as `conv4_block2`.
        bars: a value for each; None leaves it empty.
        whiskers: a low and a high value for each, None for no thin line there; none at all if
            empty.
        level: a value at which to draw a dashed line across all of them.
        network: `residual` or `plain`, which decides the colour.
    """
    body = vertical(y)
    step = (WIDTH - LEFT - RIGHT) / len(names)
    wide, floor_ = 0.62 * step, HEIGHT - BOTTOM
    for i, (name, value) in enumerate(zip(names, bars, strict=True)):
        stage, number = name.split("_block")
        middle = LEFT + (i + 0.5) * step
        body.append(text(middle, floor_ + 17, number, "quiet", "middle"))
        if number == "1":
            blocks = sum(other.startswith(f"{stage}_") for other in names)
            center = LEFT + (i + blocks / 2) * step
            body.append(text(center, HEIGHT - 8, stage, "quiet", "middle"))
            body.append(f'<path class="axis" d="M{LEFT + i * step:.1f} {floor_}v{BOTTOM - 12}"/>')
        if value is not None and np.isfinite(value):
            top = up(y, min(max(value, y.low), y.high))
            body.append(
                f"<g><title>{escape(name)}: {y.written(value)}{' %' if y.share else ''}</title>"
                f'<rect class="pillar {network}" x="{middle - wide / 2:.1f}" y="{top:.1f}" '
                f'width="{wide:.1f}" height="{max(floor_ - top, 1):.1f}" rx="2"/></g>'
            )
        else:
            body.append(text(middle, floor_ - 6, "–", "quiet", "middle"))
        if whisker := whiskers[i] if whiskers else None:
            low, high = (up(y, min(max(end, y.low), y.high)) for end in whisker)
            body.append(f'<path class="whisker" d="M{middle:.1f} {low:.1f}V{high:.1f}"/>')
    body.append(f'<path class="axis" d="M{LEFT} {floor_}H{WIDTH - RIGHT}"/>')
    if level is not None:
        body.append(f'<path class="axis dashed" d="M{LEFT} {up(y, level):.1f}H{WIDTH - RIGHT}"/>')
    return chart_svg(label, body)
