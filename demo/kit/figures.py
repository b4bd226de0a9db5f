"""Drawings as parts of the page: charts with a legend and a finding, and diagrams of buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explain.draw.charts.chart import Chart, Line


def figure(chart: Chart) -> str:
    """A chart under its title, with its legend and what it comes to."""
    title = f"<h3>{chart.title}</h3>" if chart.title else ""
    words = f'<p class="finding">{chart.finding}</p>' if chart.finding else ""
    return f'{title}<figure class="plot">{chart.svg}{legend(chart.legend)}{words}</figure>'


def legend(lines: Sequence[Line]) -> str:
    """The names of lines, each with a piece of it."""
    if not lines:
        return ""
    names = (
        f'<span><i class="{line.network} {line.dash}"></i>{escape(line.name)}</span>'
        for line in lines
    )
    return f'<p class="legend quiet">{"".join(names)}</p>'


def side_by_side(*columns: Sequence[Chart]) -> str:
    """Columns of charts, beside each other where there is room."""
    made = "".join(f"<div>{''.join(map(figure, column))}</div>" for column in columns)
    return f'<div class="pair">{made}</div>'


def not_recorded(command: str) -> str:
    """What to say where a long run has not been recorded yet, or its record is damaged."""
    return (
        '<p class="missing">Not recorded yet, or the record is damaged. It is measured, never made '
        f"up, so there is nothing to show until somebody has run <code>{command}</code>.</p>"
    )


def buttons(svg: str, attributes: Mapping[str, Mapping[str, str]]) -> str:
    """Make the parts of a drawing that have an `id` buttons of the page.

    Args:
        svg: a diagram of `explain.draw.diagrams`.
        attributes: of each part, by its `id`; which itself goes, as a page may show two drawings.
    """

    def written(found: re.Match) -> str:
        return " ".join(
            f'{name}="{escape(value)}"'
            for name, value in ({"role": "button"} | dict(attributes[unescape(found[1])])).items()
        )

    return re.sub(r'\bid="([^"]+)"', written, svg)


def part_buttons(svg: str) -> str:
    """Make the parts of a block's diagram buttons that show what the picture is there."""
    places = re.findall(r'\bid="([^"]+)"', svg)
    return buttons(
        svg, {place: {"class": "part", "data-part": place, "tabindex": "0"} for place in places}
    )
