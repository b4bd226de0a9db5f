"""Charts of blocks that learn the identity, and of blocks that start as it."""

from collections.abc import Sequence

import numpy as np

from explain.draw.charts.chart import Axis, Chart, Line, line_chart
from explain.experiments.identity import Opening, Progress


def identity_chart(progress: Sequence[Progress], steps: int, blocks: int) -> Chart:
    """How far residual and plain blocks are from the identity, step by step.

    Args:
        progress: so far, at least the start.
        steps: of the whole training.
        blocks: in each stack.
    """
    x = [p.step for p in progress]
    lines = [
        Line("residual blocks", [p.residual for p in progress], "residual", x=x),
        Line("plain blocks", [p.plain for p in progress], "plain", x=x),
    ]
    high = max([1.5, *(p.residual for p in progress), *(p.plain for p in progress)])
    y = Axis("distance from the identity", 0, float(np.ceil(2 * high) / 2))
    now = progress[-1]
    stacks = f"{blocks} block{'s' if blocks > 1 else ''} in a row"
    finding = f"{stacks}, step {now.step}: residual {now.residual:.2f}, plain {now.plain:.2f}."
    svg = line_chart("Distance from the identity", Axis("step", 0, steps), y, lines)
    return Chart(svg, lines, finding)


def opening_chart(gamma: float, opening: Opening) -> Chart:
    """What passes through a stack of identity blocks whose last scale is `gamma`."""
    n = len(opening.ratios)
    lines = [
        Line("main path / shortcut in each block", opening.ratios, dots=n * [3]),
        Line(
            "how far the signal is from what went in",
            opening.distances,
            dash="dashed",
            dots=n * [3],
        ),
    ]
    x = Axis("block", 1, n, ticks=tuple(range(1, n + 1)))
    svg = line_chart("Opening the blocks", x, Axis("times the signal's length", 0, 4.5), lines)
    exact = " Output and input are equal, to the last bit." if not opening.distances.any() else ""
    finding = (
        f"Scale {gamma:g}: after {n} blocks the signal has moved by {opening.distances[-1]:.2f} "
        f"times its own length.{exact}"
    )
    return Chart(svg, lines, finding)
