import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

import explain.draw
from explain.draw.charts.chart import Axis, Line, bar_chart, line_chart
from explain.draw.charts.landscape import contour_svg, scale_of, surface_svg
from explain.draw.diagrams import block_svg, stage_svg
from explain.draw.svg import drawing
from explain.network.architecture import summarize
from model.network.resnet import tiny

UNIT, HILL = Axis("share", 0, 1), np.array([[1.0, 2], [3, 4]])
STEM, BLOCK, *_ = summarize(tiny()).walk


@pytest.mark.parametrize(
    "drawn",
    [
        line_chart("lines", Axis("step", 1, 2), UNIT, [Line("one", [0, 1], "plain", "dashed")]),
        bar_chart("bars", UNIT, ["conv2_block1"], [0.5], [(0, 1)], 0.7),
        contour_svg("contours", HILL, scale_of([HILL]), 0.5),
        surface_svg("surface", HILL, scale_of([HILL]), 0.5),
        stage_svg("conv2", [BLOCK]),
        block_svg(BLOCK),
        block_svg(STEM),
    ],
)
def test_a_drawing_stands_by_itself(drawn):
    root = ElementTree.fromstring(drawn)
    style = root.find("{http://www.w3.org/2000/svg}style").text
    own = set(re.findall(r"(--[\w-]+):", style))
    used = set(re.findall(r"var\((--[\w-]+)\)", drawn))  # those without a fallback
    assert used <= own
    assert root.get("aria-label") and root.get("role") in ("img", "group")


def test_attributes_of_the_root_can_be_others():
    root = ElementTree.fromstring(drawing("chart", 10, 20, "<a>", "", [], width="10", style="b:c"))
    assert root.get("viewBox") == "0 0 10 20" and root.get("aria-label") == "<a>"
    assert (root.get("width"), root.get("style"), root.get("role")) == ("10", "b:c", "img")


def test_there_is_nothing_of_the_page_in_explain():
    """Neither its HTML nor its attributes."""
    of_a_page = re.compile(r"<(div|p|span|figure|table|button|h[1-6]|b|i)[ >]|\bdata-\w+=")
    for path in Path(explain.draw.__path__[0]).parent.rglob("*.py"):
        found = of_a_page.search(path.read_text("utf-8"))
        assert not found, f"{path.name}: {found[0]}"
