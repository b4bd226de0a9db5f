"""The loss around networks: contours and surfaces, on a logarithmic scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import cast

import contourpy
import matplotlib
import numpy as np

from explain.draw.charts.chart import WIDTH, Chart, chart_svg
from explain.draw.numbers import number_text
from explain.draw.svg import text

HEAT = matplotlib.colormaps["inferno"]  # perceptually uniform


def shade(height: float) -> str:
    """The colour of a height in 0..1."""
    red, green, blue = (round(255 * part) for part in HEAT(0.1 + 0.85 * height)[:3])
    return f"rgb({red},{green},{blue})"


NICE = (1, 1.5, 2, 3, 5, 7)  # the losses that are written, times a power of ten
SIDE, LEFT, TOP = 390, 66, 14  # of the contours: their square and its place
LOOP = 40  # the extent of a contour that has room for its loss
EDGE, DEEP, TALL = 150, 66, 150  # of the surface: half an edge, its foreshortening, its height


@dataclass(frozen=True)
class Scale:
    """The losses from the lowest to the highest of all networks that are compared."""

    low: float
    high: float

    def height(self, loss):
        """0..1 on a logarithmic scale; what is not finite counts as the highest."""
        loss = np.nan_to_num(np.asarray(loss, float), nan=self.high, posinf=self.high)
        logs = np.log(np.clip(loss, self.low, self.high) / self.low)
        return logs / max(np.log(self.high / self.low), 1e-9)

    def marks(self) -> list[float]:
        """Round losses between the ends."""
        powers = range(floor(log10(self.low)), ceil(log10(self.high)) + 1)
        marks = (nice * 10.0**power for power in powers for nice in NICE)
        return [loss for loss in marks if self.low < loss < self.high]


def scale_of(losses: Sequence[np.ndarray]) -> Scale:
    """The scale that networks share, so that heights and colours compare."""
    values = np.concatenate([np.ravel(loss) for loss in losses])
    values = values[np.isfinite(values)]
    return Scale(max(float(values.min()), 1e-6), float(values.max()))


def contour_svg(label: str, values: np.ndarray, scale: Scale, reach: float) -> str:
    """Lines of equal loss, each named once, on axes in units of the filters' norms.

    Args:
        label: what it shows, for those who cannot see it.
        values: float [n, n].
        scale: of the losses.
        reach: how far the weights are moved at the rim.
    """
    n = len(values)
    across, down = np.linspace(LEFT, LEFT + SIDE, n), np.linspace(TOP + SIDE, TOP, n)
    heights = scale.height(values)
    contours = contourpy.contour_generator(across, down, heights, line_type="Separate")
    body, names = [], []
    for loss in scale.marks():
        level = float(scale.height(loss))
        lines = cast(list[np.ndarray], contours.lines(level))
        path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) for line in lines)
        stroke = f"color-mix(in srgb, {shade(level)} 60%, currentColor)"  # on paper and on black
        body.append(f'<path class="curve" style="stroke:{stroke};stroke-width:2.2" d="{path}"/>')
        longest = max(lines, key=len, default=None)
        if longest is not None and np.ptp(longest, axis=0).max() > LOOP:
            x, y = longest[longest[:, 1].argmin() if len(longest) > n else len(longest) // 2]
            names.append(text(x, max(y + 4, TOP + 14), number_text(loss), "halo", "middle"))
    half = SIDE / 2
    x, y, floor_ = LEFT + half, TOP + half, TOP + SIDE
    body.append(f'<path class="axis" d="M{x - 7} {y}h14M{x} {y - 7}v14"/>')
    body.append(f'<rect class="axis" x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}"/>')
    for share, words in ((0, f"−{reach:g}"), (0.5, "0"), (1, f"+{reach:g}")):
        body.append(text(LEFT + share * SIDE, floor_ + 20, words, "quiet", "middle"))
        body.append(text(LEFT - 8, floor_ - share * SIDE + 4, words, "quiet", "end"))
    body.append(text(x, floor_ + 40, "one direction", "quiet", "middle"))
    side = text(0, 0, "the other direction", "quiet", "middle")
    body.append(f'<g transform="translate(14 {y}) rotate(-90)">{side}</g>')
    return chart_svg(label, [*body, *names], floor_ + 50, style="max-width:440px")


def surface_svg(
    label: str, values: np.ndarray, scale: Scale, reach: float, turn: float = 30
) -> str:
    """Losses as a surface over two directions, the far cells drawn first, with a scale beside it.

    Args:
        label: what it shows, for those who cannot see it.
        values: float [n, n].
        scale: of the losses.
        reach: how far the weights are moved at the rim.
        turn: degrees about the vertical axis.
    """
    heights = scale.height(values)
    n = len(heights)
    cos, sin = np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))

    def seen(row, column, height=0.0):
        """Where a place is on paper, and how far away."""
        right, far = column * cos - row * sin, column * sin + row * cos
        return WIDTH / 2 + 22 + EDGE * right, 272 - DEEP * far - TALL * height, far

    rows, columns = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n), indexing="ij")
    x, y, far = seen(rows, columns, heights)
    cells = []
    for r in range(n - 1):
        for c in range(n - 1):
            square = ((r, c), (r, c + 1), (r + 1, c + 1), (r + 1, c))
            corners = " ".join(f"{x[at]:.0f},{y[at]:.0f}" for at in square)
            fill = shade(float(np.mean([heights[at] for at in square])))
            depth = sum(far[at] for at in square)
            cells.append((depth, f'<polygon points="{corners}" fill="{fill}" stroke="{fill}"/>'))
    cells.sort(key=lambda cell: -cell[0])

    floor_ = [seen(r, c)[:2] for r, c in ((-1, -1), (-1, 1), (1, 1), (1, -1))]
    outline = "L".join(f"{px:.0f} {py:.0f}" for px, py in floor_)
    body = [f'<path class="axis" d="M{outline}Z"/>', *(polygon for _, polygon in cells)]
    for words, edges in (
        ("the other direction", ((-1, 0), (1, 0))),
        ("one direction", ((0, -1), (0, 1))),
    ):
        px, py, _ = min((seen(1.4 * r, 1.4 * c) for r, c in edges), key=lambda place: place[2])
        inside = float(np.clip(px, 82, WIDTH - 82))
        body.append(text(inside, py + 10, words, "quiet", "middle"))
        body.append(text(inside, py + 29, f"±{reach:g}", "quiet", "middle"))
    foot = 272.0
    body.append(f'<path class="axis" d="M44 {foot}v{-TALL}"/>')
    for loss in scale.marks():
        at = foot - TALL * float(scale.height(loss))
        body.append(f'<path class="axis" d="M44 {at:.1f}h5"/>')
        if f"{loss:e}".startswith(("1.0", "2.0", "5.0")):
            body.append(text(40, at + 4, number_text(loss), "quiet", "end"))
    body.append(text(49, foot - TALL - 10, "loss", "quiet", "end"))
    return chart_svg(label, body, 396)


def width_words(loss: np.ndarray, reach: float) -> str:
    """How far the loss stays under twice that of the middle, along the two axes."""
    half = len(loss) // 2
    lines = [loss[half, half:], loss[half, half::-1], loss[half:, half], loss[half::-1, half]]
    steps = [int((line <= 2 * line[0]).cumprod().sum()) - 1 for line in lines]
    if min(steps) == half:
        return "all the way to the edge"
    return f"up to about ±{np.mean(steps) / half * reach:.2g}"


def landscape_charts(records: Sequence[dict], turn: float) -> list[tuple[Chart, Chart]]:
    """A surface and the contours of each recorded network, all on one scale."""
    losses = [np.array(record["loss"], float) for record in records]
    scale = scale_of(losses)
    made = []
    for record, loss in zip(records, losses, strict=True):
        title, reach = f"{record['kind']}, {record['layers']} layers", record["reach"]
        words = f"Loss around the network, {title}"
        middle = loss[len(loss) // 2, len(loss) // 2]
        finding = (
            f"The loss is {middle:.2g} in the middle and {number_text(np.nanmax(loss))} at most. "
            "Along the two axes it stays under twice that of the middle "
            f"{width_words(loss, reach)}."
        )
        surface = Chart(surface_svg(words, loss, scale, reach, turn), title=title)
        made.append((surface, Chart(contour_svg(words, loss, scale, reach), finding=finding)))
    return made
