import re
import xml.etree.ElementTree as ElementTree

import numpy as np

from explain.draw.charts.landscape import contour_svg, landscape_charts, log_heights, surface_svg

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
    """On a ramp from 1 to 100, the line of a quarter of the way is straight, a quarter across."""
    ramp = np.array([[1.0, 10, 100]] * 3)
    lines = paths(contour_svg("ramp", ramp, levels=3))
    assert len(lines) == 3
    for share, line in zip((0.25, 0.5, 0.75), lines, strict=True):
        (one,) = line
        np.testing.assert_allclose(one[:, 0], 10 + share * 460)
        assert (one[:, 1].min(), one[:, 1].max()) == (10, 470)


def test_a_surface_shows_every_cell_and_a_saddle_has_two_lines():
    hill = np.array([[1.0, 2, 1], [2, 9, 2], [1, 2, np.inf]])
    root = ElementTree.fromstring(surface_svg("hill", hill, 30))
    assert len(list(root.iter(f"{NS}polygon"))) == 4
    assert surface_svg("hill", hill, 30) != surface_svg("hill", hill, 60)
    ElementTree.fromstring(contour_svg("hill", hill))
    ((one, other),) = paths(contour_svg("saddle", np.array([[1.0, 2], [2, 1]]), levels=1))
    assert len(one) == len(other) == 2


def test_heights_are_logarithmic():
    np.testing.assert_allclose(log_heights(np.array([[1, 10], [100, np.nan]])), [[0, 0.5], [1, 1]])


def test_a_landscape_turns():
    loss = [[1.0, 2, None], [3, 0.5, 4], [5, 6, 7]]
    record = {"kind": "plain", "layers": 26, "loss": loss}
    ((one, contours),) = landscape_charts([record], 0)
    ((other, same),) = landscape_charts([record], 40)
    assert one.title == other.title == "plain, 26 layers"
    assert one.svg != other.svg and contours == same
    assert "The loss is 0.5 in the middle and 7 at most" in contours.finding
