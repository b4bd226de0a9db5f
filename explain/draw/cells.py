"""How the cells of a stage share the picture, drawn."""

from itertools import pairwise

from explain.draw.colours import DIAGRAM_COLOURS
from explain.draw.svg import drawing

STYLE = """
.kept-cells :is(rect, path) { fill: none; stroke: currentColor; stroke-width: 0.5; opacity: 0.6; }
.kept-cells circle { fill: none; stroke: BOX; stroke-width: 0.9; }
.kept-cells .kept { fill: BOX; }
""".replace("BOX", f"var(--diagram-box, {DIAGRAM_COLOURS['box']})")


def cells_svg(before: tuple[float, float], after: tuple[float, float], size: int) -> str:
    """Draw which cells of a stage the next one keeps, and the part of the picture each gets.

    Args:
        before: the middle of the stage's first cell and the step from cell to cell, in pixels; see
            `explain.maps.cells.cell_centres`.
        after: the same of the next stage.
        size: of the picture, in pixels a side.
    """
    all_, kept = middles(before, size), middles(after, size)
    edges = [(one + other) / 2 for one, other in pairwise(kept)]
    lines = "".join(f"M{edge:g} 0V{size}M0 {edge:g}H{size}" for edge in edges)
    body = [f'<rect width="{size}" height="{size}"/><path d="{lines}"/>']
    body += [
        f'<circle cx="{x:g}" cy="{y:g}" r="2.3" class="{"kept" * (x in kept and y in kept)}"/>'
        for y in all_
        for x in all_
    ]
    label = f"Of {len(all_)}×{len(all_)} cells, {len(kept)}×{len(kept)} are kept, the first of all"
    view = {"viewBox": f"-1 -1 {size + 2} {size + 2}"}  # a mark may reach over the edge
    return drawing("kept-cells", size, size, label, STYLE, body, **view)


def middles(centres: tuple[float, float], size: int) -> list[float]:
    """The middle of each cell of a row, in pixels."""
    first, step = centres
    return [first + step * number for number in range(int((size - first) // step) + 1)]
