import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from explain.draw.diagrams import block_svg, drawn_size, shades, stage_svg
from explain.network.architecture import summarize
from explain.network.inside_block import STEM
from model.network.resnet import plain50, resnet50


def parts(drawn: str) -> list[str]:
    root = ElementTree.fromstring(drawn)
    found = (g.get("id") for g in root.iter("{http://www.w3.org/2000/svg}g"))
    return [name for name in found if name]


@pytest.mark.slow
def test_the_map_is_drawn_to_scale():
    *_, last = summarize(resnet50()).walk[:-1]
    drawn = stage_svg("conv5", [last, last])
    assert parts(drawn) == [last.name] * 2
    assert f"{last.name}: 2×2×2048 to 2×2×2048, 4.47 M parameters" in drawn
    assert drawn.count('class="shortcut"') == 2
    (wide, high), (wider, lower) = (drawn_size(shape) for shape in ((8, 8, 512), (4, 4, 1024)))
    np.testing.assert_allclose((wider - wide, high - lower), (4.5, 14))


@pytest.mark.slow
def test_the_parts_of_a_block_can_be_pointed_at():
    network = summarize(resnet50())
    first, second = network.stages[3].blocks[:2]
    assert parts(block_svg(first)) == ["in", "add", "1", "2", "3", "0", "out"]
    assert parts(block_svg(second)) == ["in", "add", "1", "2", "3", "out"]
    assert "as it came" in block_svg(second) and "as it came" not in block_svg(first)
    plain = summarize(plain50()).stages[1].blocks[0]
    assert 'class="shortcut' not in block_svg(plain)
    stem, *_, head = network.walk
    assert parts(block_svg(stem)) == list(STEM)
    assert parts(block_svg(head)) == ["in", "avg_pool", "predictions"]


def test_shades_go_from_zero_or_from_the_smallest():
    scale = shades({"a": 1, "b": 4})
    assert (scale.shades, scale[1:]) == ({"a": 0.25, "b": 1}, (0, 2, 4))
    scale = shades({"a": 1, "b": 10, "c": 100}, logarithmic=True)
    assert scale.shades == pytest.approx({"a": 0, "b": 0.5, "c": 1})
    assert scale[1:] == (1, 10, 100)
    assert shades({"a": 0}).shades == {"a": 0}
    assert shades({}).shades == shades({}, logarithmic=True).shades == {}
