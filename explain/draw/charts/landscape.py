"""The loss around networks: contours and surfaces, on a logarithmic scale."""

from collections.abc import Sequence
from typing import cast

import contourpy
import matplotlib
import numpy as np

from explain.draw.charts.chart import WIDTH, Chart, chart_svg

HEAT = matplotlib.colormaps["inferno"]  # perceptually uniform


def shade(height: float) -> str:
    """The colour of a height in 0..1."""
    red, green, blue = (round(255 * part) for part in HEAT(0.1 + 0.85 * height)[:3])
    return f"rgb({red},{green},{blue})"


def log_heights(values: np.ndarray) -> np.ndarray:
    """Values on a logarithmic scale, 0..1; what is not finite counts as the highest."""
    values = np.asarray(values, float)
    values = np.where(np.isfinite(values), values, np.nanmax(values[np.isfinite(values)]))
    logs = np.log(np.maximum(values, 1e-6))
    return (logs - logs.min()) / max(float(np.ptp(logs)), 1e-9)


def contour_svg(label: str, values: np.ndarray, levels: int = 9) -> str:
    """Lines of equal height of a grid of positive values.

    Args:
        label: what it shows, for those who cannot see it.
        values: float [n, n].
        levels: number of heights that have lines.
    """
    heights = log_heights(values)
    grid = np.linspace(10, WIDTH - 10, len(heights))
    contours = contourpy.contour_generator(grid, grid, heights, line_type="Separate")
    body = []
    for level in np.linspace(0, 1, levels + 2)[1:-1]:
        lines = cast(list[np.ndarray], contours.lines(level))
        path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) for line in lines)
        stroke = f"color-mix(in srgb, {shade(level)} 60%, currentColor)"  # on paper and on black
        body.append(f'<path class="curve" style="stroke:{stroke};stroke-width:2.2" d="{path}"/>')
    half = WIDTH / 2
    body.append(f'<path class="axis" d="M{half - 7} {half}h14M{half} {half - 7}v14"/>')
    return chart_svg(label, body, WIDTH, style="max-width:420px")


def surface_svg(label: str, values: np.ndarray, turn: float = 30) -> str:
    """A grid of positive values as a surface, the far cells drawn first.

    Args:
        label: what it shows, for those who cannot see it.
        values: float [n, n].
        turn: degrees about the vertical axis.
    """
    heights = log_heights(values)
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
    return chart_svg(label, [polygon for _, polygon in cells], 355)


def landscape_charts(records: Sequence[dict], turn: float) -> list[tuple[Chart, Chart]]:
    """A surface and the contours of each recorded network."""
    made = []
    for record in records:
        loss = np.array(record["loss"], float)
        title = f"{record['kind']}, {record['layers']} layers"
        words = f"Loss around the network, {title}"
        middle = loss[len(loss) // 2, len(loss) // 2]
        finding = (
            f"The loss is {middle:.2g} in the middle and {np.nanmax(loss):.3g} at most; height "
            "and colour are on a logarithmic scale."
        )
        surface = Chart(surface_svg(words, loss, turn), title=title)
        made.append((surface, Chart(contour_svg(words, loss), finding=finding)))
    return made
