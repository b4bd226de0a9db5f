"""Drawings as parts of the page."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from demo.kit.figures import buttons, figure, legend, not_recorded, side_by_side
from demo.kit.words import COLOUR_BAR
from demo.why_residual.figures import depth_figures
from explain.draw.charts.chart import Axis, Chart, Line, line_chart
from explain.draw.heat_maps import overlay


def whole(html):
    """The HTML, if it is well formed."""
    ElementTree.fromstring(f"<div>{html}</div>")
    return html


def test_a_chart_has_its_title_its_legend_and_its_finding():
    lines = [Line("one", [1, 2])]
    svg = line_chart("a chart", Axis("x", 1, 2), Axis("y", 0, 2), lines)
    drawn = whole(figure(Chart(svg, lines, "It grows.", "Growth")))
    assert drawn.startswith('<h3>Growth</h3><figure class="plot"><svg')
    assert drawn.endswith('<p class="finding">It grows.</p></figure>')
    bare = Chart(svg)
    assert "<h3>" not in figure(bare) and "legend" not in figure(bare)
    assert whole(side_by_side([bare], [bare, bare])).count("<div>") == 2


def test_parts_of_a_drawing_become_buttons():
    svg = '<svg><g id="a"><title>A</title></g><g id="b"/></svg>'
    made = whole(buttons(svg, {"a": {"data-block": "a"}, "b": {"style": '"'}}))
    assert '<g role="button" data-block="a"><title>A</title></g>' in made and "&quot;" in made
    with pytest.raises(KeyError):
        buttons(svg, {"a": {}})
    assert "data-block" in buttons('<g id="a&amp;b"/>', {"a&b": {"data-block": "a&b"}})


def test_the_colour_bar_has_the_colours_of_the_ends():
    white = np.full((4, 4, 3), 255, np.uint8)
    for sign, end in ((1, -1), (-1, 0)):
        made = overlay(white, np.float32([[sign]]), 1.0)[0, 0]
        colours = COLOUR_BAR.removesuffix(")").split(", ")[1:]
        assert colours[end] == "#{:02x}{:02x}{:02x}".format(*made)


def test_a_legend_names_every_line():
    found = legend([Line("a < b", [1], "plain"), Line("c", [1], "residual", "dashed")])
    assert "a &lt; b" in found and 'class="residual dashed"' in found


def test_what_is_not_there_is_not_drawn():
    assert "svg" not in not_recorded("python -m x") and "python -m x" in not_recorded("python -m x")


def test_depths_are_compared_at_their_ends_over_seeds():
    ends = ((14, "plain", 0.8), (50, "plain", 0.5), (50, "residual", 0.9))
    runs = [
        {"layers": layers, "kind": kind, "seed": seed, "step": [5, 10], "loss": [2, 1],
         "accuracy": [0.2, accuracy + 0.01 * seed], "validation": [0.2, accuracy]}
        for layers, kind, accuracy in ends
        for seed in (1, 2)
    ]  # fmt: skip
    drawn = whole(depth_figures({"steps": 10, "runs": runs}))
    assert "<td>plain 50</td><td>10</td><td>51.0–52.0 (2)</td><td>50.0–50.0 (2)</td>" in drawn
    assert "residual 50" in drawn and "residual 14" not in drawn
    longer = {"steps": 1500, "runs": [{**runs[0], "validation": [0.7]}]}
    drawn = whole(depth_figures({"steps": 10, "runs": runs}, longer))
    assert "<td>plain 14</td><td>1,500</td><td>81.0</td><td>70.0</td>" in drawn
