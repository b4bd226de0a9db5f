import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from explain.draw.curves import (
    Axis,
    Curve,
    blocks_svg,
    contour_lines,
    contour_svg,
    curves_svg,
    legend,
    log_axis,
    number_text,
    power_text,
    scaled,
    surface_svg,
)

NS = "{http://www.w3.org/2000/svg}"


def test_a_logarithmic_axis_has_equal_decades():
    axis = log_axis("norm", [0.02, None, 0, 300, float("nan")])
    assert (axis.low, axis.high) == (0.01, 1000)
    np.testing.assert_allclose(axis.place(np.array([0.01, 0.1, 1000])), [0, 0.2, 1])
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


@pytest.mark.parametrize(
    "value, words", [(0.5, "0.5"), (0.05, "0.05"), (2**-12, "1/4,096"), (250.0, "250")]
)
def test_numbers_without_needless_digits(value, words):
    assert number_text(value) == words


def test_powers_of_ten():
    assert [power_text(k) for k in (-11, 0, 1, 2)] == ["10⁻¹¹", "1", "10", "10²"]


def test_a_curve_goes_through_its_points_and_breaks_where_one_is_missing():
    curve = Curve("<one>", [0, 0.5, None, 1, float("nan"), 1], "plain")
    root = ElementTree.fromstring(
        curves_svg("a plot", Axis("x", 1, 6), Axis("y", 0, 1), [curve], dots=True)
    )
    assert root.get("aria-label") == "a plot"
    path = next(p for p in root.iter(f"{NS}path") if p.get("class") == "curve plain").get("d")
    assert re.findall("[ML]", path) == ["M", "L", "M", "M"]
    heights = [float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", path)]
    assert heights[0] == 250 and heights[1] == 130 and heights[2] == 10
    assert len(list(root.iter(f"{NS}circle"))) == 4
    assert [title.text for title in root.iter(f"{NS}title")] == ["<one>"]


def test_what_leaves_the_plot_stays_at_its_edge():
    root = curves_svg("a plot", Axis("x", 1, 2), Axis("y", 0, 1), [Curve("one", [9, 9], "plain")])
    assert "M62.0 10.0L462.0 10.0" in root


def test_a_legend_names_every_curve():
    found = legend([Curve("a < b", [1], "plain"), Curve("c", [1], "residual dashed")])
    assert "a &lt; b" in found and 'class="residual dashed"' in found


def test_every_block_has_its_bar_and_every_stage_its_name():
    names = ["conv2_block1", "conv2_block2", "conv3_block1"]
    drawn = blocks_svg("bars", Axis("share", 0, 1), names, [0.5, None, 2], [(0, 1)] * 3, line=0.9)
    root = ElementTree.fromstring(drawn)
    heights = [float(bar.get("height")) for bar in root.iter(f"{NS}rect")]
    assert heights == [120, 240]  # half, and cut off at the top
    words = [t.text for t in root.iter(f"{NS}text")]
    assert words.count("conv2") == words.count("conv3") == 1 and "–" in words


def test_contour_lines_by_hand():
    """A ramp from 0 to 2 crosses 0.5 a quarter of the way, straight down."""
    ramp = np.array([[0.0, 1, 2], [0, 1, 2], [0, 1, 2]])
    lines = contour_lines(ramp, 0.5)
    assert len(lines) == 2 and all(x0 == x1 == 0.5 for x0, _, x1, _ in lines)
    assert contour_lines(ramp, 5) == []


def test_a_surface_shows_every_cell_and_a_saddle_has_two_lines():
    hill = np.array([[1.0, 2, 1], [2, 9, 2], [1, 2, np.inf]])
    root = ElementTree.fromstring(surface_svg("hill", hill, 30))
    assert len(list(root.iter(f"{NS}polygon"))) == 4
    assert surface_svg("hill", hill, 30) != surface_svg("hill", hill, 60)
    ElementTree.fromstring(contour_svg("hill", hill))
    assert len(contour_lines(np.array([[0.0, 1], [1, 0]]), 0.5)) == 2


def test_heights_are_logarithmic():
    np.testing.assert_allclose(scaled(np.array([[1, 10], [100, np.nan]])), [[0, 0.5], [1, 1]])
