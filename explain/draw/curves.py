"""Numbers into drawings: curves, bars, contours and surfaces as SVG, for light and dark pages.

Colours are CSS variables with a fallback, and text is legible from 320 pixels of width on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log2, log10

import numpy as np

from explain.draw.picture import HEAT, text

WIDTH, HEIGHT = 480, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 18, 10, 50  # margins of what is plotted

STYLE = """
.curves text { font: 12px system-ui, sans-serif; fill: currentColor; }
.curves .quiet { opacity: .72; }
.curves .grid { stroke: currentColor; opacity: .14; }
.curves .axis { stroke: currentColor; opacity: .5; fill: none; }
.curves .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.curves .dot { stroke: none; }
.curves .residual { stroke: var(--curve-residual, #d0743c); color: var(--curve-residual, #d0743c); }
.curves .plain { stroke: var(--curve-plain, #4c7a99); color: var(--curve-plain, #4c7a99); }
.curves .dot, .curves .pillar { fill: currentColor; stroke: none; }
.curves .dashed { stroke-dasharray: 6 4; }
.curves .dotted { stroke-dasharray: 1 5; }
.curves .whisker { stroke: currentColor; stroke-width: 1.5; opacity: .55; }
@media (max-width: 760px) { .curves text { font-size: 18px; } }
"""


@dataclass(frozen=True)
class Curve:
    """One line of a plot.

    Attributes:
        name: in the legend.
        y: its values; where one is None or not finite the line is broken.
        kind: `residual` or `plain`, which decides the colour, and `dashed` or `dotted`.
        x: where they are; None for 1, 2, 3 and so on.
    """

    name: str
    y: Sequence[float | None]
    kind: str
    x: Sequence[float] | None = None

    def points(self) -> np.ndarray:
        """float64 [n, 2] of x and y, NaN where there is no value."""
        y = np.array(self.y, float)
        x = np.arange(1, len(y) + 1) if self.x is None else np.array(self.x, float)
        return np.stack([x, np.where(np.isfinite(y), y, np.nan)], 1)


@dataclass(frozen=True)
class Axis:
    """One side of a plot.

    Attributes:
        name: what is measured, with its unit.
        low: its lower end.
        high: its upper end.
        log: whether it is logarithmic.
        ticks: what is written along it; none for round numbers.
    """

    name: str
    low: float
    high: float
    log: bool = False
    ticks: tuple[float, ...] = ()

    def place(self, value):
        """0..1 along the axis."""
        if self.log:
            value = np.log10(np.maximum(value, self.low))
            return (value - log10(self.low)) / (log10(self.high) - log10(self.low))
        return (value - self.low) / (self.high - self.low)

    def marks(self) -> list[tuple[float, str]]:
        """Values and what is written at them."""
        if self.ticks:
            return [(tick, number_text(tick)) for tick in self.ticks]
        if self.log:
            first, last = ceil(log10(self.low) - 1e-9), floor(log10(self.high) + 1e-9)
            step = max(1, ceil((last - first) / 6))
            return [(10.0**k, power_text(k)) for k in range(first, last + 1, step)]
        rough = (self.high - self.low) / 5
        size = 10.0 ** floor(log10(rough))
        step = next(size * k for k in (1, 2, 5, 10) if size * k >= rough * 0.99)
        count = floor((self.high - self.low) / step + 1e-9)
        return [(self.low + i * step, number_text(self.low + i * step)) for i in range(count + 1)]


def number_text(value: float) -> str:
    """A number without needless digits: 0.5, 20, and 1/64 for a small power of two."""
    if 0 < value < 0.1 and log2(value).is_integer():
        return f"1/{1 / value:,.0f}"
    return f"{value:.3g}"


def power_text(exponent: int) -> str:
    """A power of ten: 10⁻³, and 1 for its zeroth."""
    digits = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return "1" if exponent == 0 else "10" if exponent == 1 else f"10{digits}"


def log_axis(name: str, values) -> Axis:
    """A logarithmic axis of whole powers of ten around all positive values."""
    values = np.array([v for v in np.ravel(values) if v is not None and np.isfinite(v) and v > 0])
    if not values.size:
        return Axis(name, 0.1, 10, log=True)
    low, high = floor(log10(values.min())), ceil(log10(values.max()))
    return Axis(name, 10.0**low, 10.0 ** max(high, low + 1), log=True)


def frame(label: str, body: list[str], height: int = HEIGHT) -> str:
    shape = " square" if height == WIDTH else ""
    return (
        f'<svg class="curves{shape}" viewBox="0 0 {WIDTH} {height}" width="100%" role="img" '
        f'aria-label="{escape(label)}" xmlns="http://www.w3.org/2000/svg">'
        f"<style>{STYLE}</style>{''.join(body)}</svg>"
    )


def across(axis: Axis, value):
    return LEFT + axis.place(value) * (WIDTH - LEFT - RIGHT)


def up(axis: Axis, value):
    return HEIGHT - BOTTOM - axis.place(value) * (HEIGHT - TOP - BOTTOM)


def side(axis: Axis) -> list[str]:
    """The vertical axis: its grid, its numbers and its name."""
    body = []
    for value, words in axis.marks():
        y = up(axis, value)
        body.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        body.append(text(LEFT - 7, y + 4, words, "quiet", "end"))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    name = text(0, 0, axis.name, "quiet", "middle")
    return [*body, f'<g transform="translate(13 {middle}) rotate(-90)">{name}</g>']


def curves_svg(label: str, x: Axis, y: Axis, curves: Sequence[Curve], dots: bool = False) -> str:
    """A plot of curves.

    Args:
        label: what it shows, for those who cannot see it.
        x: the horizontal axis.
        y: the vertical axis.
        curves: what is plotted.
        dots: whether each value gets one.
    """
    body = side(y)
    for value, words in x.marks():
        place = across(x, value)
        body.append(f'<path class="axis" d="M{place:.1f} {HEIGHT - BOTTOM}v4"/>')
        body.append(text(place, HEIGHT - BOTTOM + 20, words, "quiet", "middle"))
    body.append(f'<path class="axis" d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>')
    body.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, x.name, "quiet", "middle"))
    for curve in curves:
        pen, path = "M", []
        marks = []
        for at, value in curve.points():
            if np.isnan(value):
                pen = "M"
                continue
            px, py = across(x, at), up(y, min(value, y.high))
            path.append(f"{pen}{px:.1f} {py:.1f}")
            if dots:
                marks.append(
                    f'<circle class="dot {curve.kind}" cx="{px:.1f}" cy="{py:.1f}" r="3"/>'
                )
            pen = "L"
        body.append(
            f"<g><title>{escape(curve.name)}</title>"
            f'<path class="curve {curve.kind}" d="{"".join(path)}"/>{"".join(marks)}</g>'
        )
    return frame(label, body)


def legend(curves: Sequence[Curve]) -> str:
    """The names of curves, each with a piece of its line; HTML."""
    return (
        '<p class="legend quiet">'
        + "".join(
            f'<span><i class="{curve.kind}"></i>{escape(curve.name)}</span>' for curve in curves
        )
        + "</p>"
    )


def blocks_svg(
    label: str,
    y: Axis,
    names: Sequence[str],
    bars: Sequence[float | None],
    whiskers: Sequence[tuple[float, float] | None] | None = None,
    line: float | None = None,
    kind: str = "residual",
) -> str:
    """A bar for each block of a network, in order, under the names of their stages.

    Args:
        label: what it shows, for those who cannot see it.
        y: the vertical axis.
        names: of the blocks, such as `conv4_block2`.
        bars: a value for each; None leaves it empty.
        whiskers: a low and a high value for each; None for no line there.
        line: a value to draw a line across all of them.
        kind: `residual` or `plain`, which decides the colour.
    """
    body = side(y)
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
                f"<g><title>{escape(name)}: {value:.3g}</title>"
                f'<rect class="pillar {kind}" x="{middle - wide / 2:.1f}" y="{top:.1f}" '
                f'width="{wide:.1f}" height="{max(floor_ - top, 1):.1f}" rx="2"/></g>'
            )
        else:
            body.append(text(middle, floor_ - 6, "–", "quiet", "middle"))
        if whiskers is not None and whiskers[i] is not None:
            low, high = (up(y, min(max(end, y.low), y.high)) for end in whiskers[i])
            body.append(f'<path class="whisker" d="M{middle:.1f} {low:.1f}V{high:.1f}"/>')
    body.append(f'<path class="axis" d="M{LEFT} {floor_}H{WIDTH - RIGHT}"/>')
    if line is not None:
        body.append(f'<path class="axis dashed" d="M{LEFT} {up(y, line):.1f}H{WIDTH - RIGHT}"/>')
    return frame(label, body)


def shade(value: float) -> str:
    red, green, blue = (round(255 * part) for part in HEAT(0.1 + 0.85 * value)[:3])
    return f"rgb({red},{green},{blue})"


def scaled(values: np.ndarray) -> np.ndarray:
    """Values on a logarithmic scale, 0..1; what is not finite counts as the highest."""
    values = np.asarray(values, float)
    values = np.where(np.isfinite(values), values, np.nanmax(values[np.isfinite(values)]))
    logs = np.log(np.maximum(values, 1e-6))
    return (logs - logs.min()) / max(float(np.ptp(logs)), 1e-9)


def contour_lines(values: np.ndarray, level: float) -> list[tuple[float, float, float, float]]:
    """Where a grid of values crosses a level: segments x0, y0, x1, y1 in cells.

    Source: Lorensen and Cline 1987, Marching cubes, in two dimensions.
    """
    segments = []
    rows, columns = values.shape
    for r in range(rows - 1):
        for c in range(columns - 1):
            corners = ((r, c), (r, c + 1), (r + 1, c + 1), (r + 1, c))
            crossings = []
            for (r0, c0), (r1, c1) in zip(corners, (*corners[1:], corners[0]), strict=True):
                a, b = values[r0, c0], values[r1, c1]
                if (a < level) != (b < level):
                    t = (level - a) / (b - a)
                    crossings.append((c0 + t * (c1 - c0), r0 + t * (r1 - r0)))
            segments += [
                (*one, *other) for one, other in zip(crossings[::2], crossings[1::2], strict=True)
            ]
    return segments


def contour_svg(label: str, values: np.ndarray, levels: int = 9) -> str:
    """Lines of equal height of a grid of positive values, on a logarithmic scale.

    Args:
        label: what it shows, for those who cannot see it.
        values: float [n, n].
        levels: number of lines.
    """
    heights = scaled(values)
    cell = (WIDTH - 20) / (len(heights) - 1)
    body = []
    for level in np.linspace(0, 1, levels + 2)[1:-1]:
        path = "".join(
            f"M{10 + x0 * cell:.1f} {10 + y0 * cell:.1f}L{10 + x1 * cell:.1f} {10 + y1 * cell:.1f}"
            for x0, y0, x1, y1 in contour_lines(heights, level)
        )
        stroke = f"color-mix(in srgb, {shade(level)} 60%, var(--ink))"  # on paper and on black
        body.append(f'<path class="curve" style="stroke:{stroke};stroke-width:2.2" d="{path}"/>')
    half = WIDTH / 2
    body.append(f'<path class="axis" d="M{half - 7} {half}h14M{half} {half - 7}v14"/>')
    return frame(label, body, WIDTH)


def surface_svg(label: str, values: np.ndarray, turn: float = 30) -> str:
    """A grid of positive values as a surface, on a logarithmic scale, the far cells drawn first.

    Args:
        label: what it shows, for those who cannot see it.
        values: float [n, n].
        turn: degrees about the vertical axis.
    """
    heights = scaled(values)
    n = len(heights)
    rows, columns = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n), indexing="ij")
    cos, sin = np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))
    right, far = columns * cos - rows * sin, columns * sin + rows * cos
    x = WIDTH / 2 + 155 * right
    y = 250 - 70 * far - 140 * heights
    cells = []
    for r in range(n - 1):
        for c in range(n - 1):
            square = ((r, c), (r, c + 1), (r + 1, c + 1), (r + 1, c))
            corners = " ".join(f"{x[at]:.0f},{y[at]:.0f}" for at in square)
            fill = shade(float(np.mean([heights[at] for at in square])))
            depth = sum(far[at] for at in square)
            cells.append((depth, f'<polygon points="{corners}" fill="{fill}" stroke="{fill}"/>'))
    cells.sort(key=lambda cell: -cell[0])
    return frame(label, [polygon for _, polygon in cells], 355)
