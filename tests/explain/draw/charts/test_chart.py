import re
import xml.etree.ElementTree as ElementTree

import numpy as np

from explain.draw.charts.chart import Axis, Line, bar_chart, line_chart, log_axis

NS = "{http://www.w3.org/2000/svg}"


def test_a_logarithmic_axis_has_equal_decades():
    axis = log_axis("norm", [0.02, None, 0, 300, float("nan")])
    assert (axis.low, axis.high) == (0.01, 1000)
    np.testing.assert_allclose(axis.position(np.array([0.01, 0.1, 1000])), [0, 0.2, 1])
    assert [words for _, words in axis.marks()] == ["10⁻²", "10⁻¹", "1", "10", "10²", "10³"]


def test_a_plain_axis_has_round_numbers():
    assert [words for _, words in Axis("share", 0, 1).marks()] == [
        "0",
        "0.2",
        "0.4",
        "0.6",
        "0.8",
        "1",
    ]
    assert [value for value, _ in Axis("step", 0, 16, ticks=(0, 4, 16)).marks()] == [0, 4, 16]


def test_a_curve_goes_through_its_points_and_breaks_where_one_is_missing():
    line = Line("<one>", [0, 0.5, None, 1, float("nan"), 1], "plain", dots=[1, 2, 3, 4, 5, 6])
    root = ElementTree.fromstring(line_chart("a plot", Axis("x", 1, 6), Axis("y", 0, 1), [line]))
    assert root.get("aria-label") == "a plot"
    path = next(p for p in root.iter(f"{NS}path") if p.get("class") == "curve plain solid").get("d")
    assert re.findall("[ML]", path) == ["M", "L", "M", "M"]
    heights = [float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", path)]
    assert heights[0] == 250 and heights[1] == 130 and heights[2] == 10
    assert [dot.get("r") for dot in root.iter(f"{NS}circle")] == ["1.0", "2.0", "4.0", "6.0"]
    assert [title.text for title in root.iter(f"{NS}title")] == ["<one>"]


def test_what_leaves_the_plot_stays_at_its_edge():
    root = line_chart("a plot", Axis("x", 1, 2), Axis("y", 0, 1), [Line("one", [9, 9], "plain")])
    assert "M68.0 10.0L462.0 10.0" in root


def test_every_block_has_its_bar_and_every_stage_its_name():
    names = ["conv2_block1", "conv2_block2", "conv3_block1"]
    drawn = bar_chart("bars", Axis("share", 0, 1), names, [0.5, None, 2], [(0, 1)] * 3, level=0.9)
    root = ElementTree.fromstring(drawn)
    heights = [float(bar.get("height")) for bar in root.iter(f"{NS}rect")]
    assert heights == [120, 240]  # half, and cut off at the top
    words = [t.text for t in root.iter(f"{NS}text")]
    assert words.count("conv2") == words.count("conv3") == 1 and "–" in words
