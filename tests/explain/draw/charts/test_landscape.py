import re
import xml.etree.ElementTree as ElementTree

import numpy as np

from explain.draw.charts.landscape import (
    LEFT,
    SIDE,
    TOP,
    contour_svg,
    landscape_charts,
    scale_of,
    surface_svg,
    width_words,
)

NS = "{http://www.w3.org/2000/svg}"


def paths(drawn):
    """Of each level, its lines: float [n, 2], x and y."""
    return [
        [
            np.array(re.findall(r"[\d.]+", line), float).reshape(-1, 2)
            for line in re.findall("M[^M]+", path.get("d"))
        ]
        for path in ElementTree.fromstring(drawn).iter(f"{NS}path")
        if path.get("class") == "curve"
    ]


def test_contour_lines_by_hand():
    """On a ramp from 1 to 100, the line of a loss of 10 is straight, half of the way across."""
    ramp = np.array([[1.0, 10, 100]] * 3)
    scale = scale_of([ramp])
    lines = paths(contour_svg("ramp", ramp, scale, 0.5))
    assert len(lines) == len(scale.marks()) == 11
    (ten,) = lines[scale.marks().index(10)]
    np.testing.assert_allclose(ten[:, 0], LEFT + SIDE / 2)
    assert (ten[:, 1].min(), ten[:, 1].max()) == (TOP, TOP + SIDE)


def test_the_axes_of_both_plots_are_named_and_have_numbers():
    hill = np.array([[1.0, 2, 1], [2, 9, 2], [1, 2, 1]])
    for drawn in (
        contour_svg("hill", hill, scale_of([hill]), 0.5),
        surface_svg("hill", hill, scale_of([hill]), 0.5),
    ):
        words = {each.text for each in ElementTree.fromstring(drawn).iter(f"{NS}text")}
        assert sum("direction" in each for each in words) == 2
        assert any("0.5" in each for each in words)
    assert {"2", "5", "loss"} <= words


def test_a_surface_shows_every_cell_and_a_saddle_has_two_lines():
    hill = np.array([[1.0, 2, 1], [2, 9, 2], [1, 2, np.inf]])
    scale = scale_of([hill])
    root = ElementTree.fromstring(surface_svg("hill", hill, scale, 0.5, 30))
    assert len(list(root.iter(f"{NS}polygon"))) == 4
    assert surface_svg("hill", hill, scale, 0.5, 30) != surface_svg("hill", hill, scale, 0.5, 60)
    saddle = np.array([[1.0, 2], [2, 1]])
    ((one, other),) = paths(contour_svg("saddle", saddle, scale_of([saddle]), 0.5))
    assert len(one) == len(other) == 2


def test_heights_are_logarithmic_and_shared():
    scale = scale_of([np.array([[1, 10]]), np.array([[100, np.nan]])])
    np.testing.assert_allclose(scale.height([1, 10, 100, np.nan]), [0, 0.5, 1, 1])


def test_the_width_of_a_bowl_by_hand():
    loss = np.array([[9.0, 9, 9, 9, 9], [9, 9, 2, 9, 9], [9, 2, 1, 2, 9], [9, 9, 2, 9, 9], [9] * 5])
    assert width_words(loss, 0.5) == "up to about ±0.25"
    assert width_words(np.ones((5, 5)), 0.5) == "all the way to the edge"


def test_a_landscape_turns():
    loss = [[1.0, 2, None], [3, 0.5, 4], [5, 6, 7]]
    record = {"kind": "plain", "layers": 26, "loss": loss, "reach": 0.5}
    ((one, contours),) = landscape_charts([record], 0)
    ((other, same),) = landscape_charts([record], 40)
    assert one.title == other.title == "plain, 26 layers"
    assert one.svg != other.svg and contours == same
    assert "The loss is 0.5 in the middle and 7 at most" in contours.finding
