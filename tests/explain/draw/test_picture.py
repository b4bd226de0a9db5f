import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from explain.draw.picture import (
    block_svg,
    colour_bar,
    count_text,
    glow,
    map_size,
    map_svg,
    overlay,
    shades,
    spread,
    tiles,
)
from explain.network.architecture import summarize
from explain.network.inside_block import STEM
from model.network.resnet import plain50, resnet50

PICTURE = np.full((40, 40, 3), 100, np.uint8)


def test_an_empty_map_leaves_the_picture():
    np.testing.assert_array_equal(overlay(PICTURE, np.zeros((2, 2))), PICTURE)
    changed = overlay(PICTURE, np.zeros((2, 2)), top=1.0)
    assert len(np.unique(changed)) == 1  # pale, and nowhere coloured


def test_a_constant_map_is_drawn_evenly():
    made = overlay(PICTURE, np.full((4, 4), 3.0))
    assert made.dtype == np.uint8 and len(np.unique(made.reshape(-1, 3), axis=0)) == 1
    assert (made != PICTURE).any()


def test_orange_speaks_for_and_violet_against_where_they_are():
    made = overlay(PICTURE, np.float32([[2, 0, -2]])).astype(int)
    (red, _, blue), (red_against, _, blue_against) = made[5, 2], made[5, -2]
    assert red > blue + 50 and blue_against > red_against + 50
    np.testing.assert_allclose(made[5, 20], made[5, 20, 0], atol=12)


def test_strength_zero_leaves_the_picture():
    np.testing.assert_array_equal(overlay(PICTURE, np.ones((2, 2)), 0.0), PICTURE)


def test_a_common_scale_keeps_a_weak_map_weak():
    weak, strong = np.float32([[0.1, -0.1]]), np.float32([[1, -1]])
    np.testing.assert_array_equal(overlay(PICTURE, weak), overlay(PICTURE, strong))
    pale = overlay(PICTURE, 0 * weak, top=1.0).astype(int)
    faint, bold = (abs(overlay(PICTURE, x, top=1.0) - pale).sum() for x in (weak, strong))
    assert 0 < faint < bold / 5


def test_the_colour_bar_has_the_colours_of_the_ends():
    made = overlay(PICTURE, np.float32([[1]]), 1.0)[0, 0]
    assert colour_bar().endswith(f"rgb({made[0]}, {made[1]}, {made[2]}))")


def test_a_cell_has_its_value_at_its_centre():
    wide = spread(np.float32([[0, 1]]), 1, 8)[0]
    np.testing.assert_allclose(wide, [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1], atol=1e-6)


@pytest.mark.parametrize(
    "number, words", [(512, "512"), (12_294, "12.3 k"), (23_600_006, "23.6 M")]
)
def test_counts_as_people_say_them(number, words):
    assert count_text(number) == words


def groups(drawn: str, what: str) -> list[str]:
    root = ElementTree.fromstring(drawn)
    found = (g.get(what) for g in root.iter("{http://www.w3.org/2000/svg}g"))
    return [name for name in found if name]


def test_the_map_is_drawn_to_scale():
    *_, last = summarize(resnet50()).walk[:-1]
    shades = {last.name: {"macs": 0.25, "parameters": 1}}
    drawn = map_svg("conv5", [last, last], shades)
    assert groups(drawn, "data-block") == [last.name] * 2
    assert "--macs:25.0%;--parameters:100.0%;" in drawn
    assert f"{last.name}: 2×2×2048 to 2×2×2048, 4.47 M parameters" in drawn
    assert drawn.count('class="shortcut"') == 2
    (wide, high), (wider, lower) = (map_size(shape) for shape in ((8, 8, 512), (4, 4, 1024)))
    np.testing.assert_allclose((wider - wide, high - lower), (4.5, 14))


def test_the_parts_of_a_block_can_be_pointed_at():
    network = summarize(resnet50())
    first, second = network.stages[3].blocks[:2]
    assert groups(block_svg(first), "data-part") == ["in", "add", "1", "2", "3", "0", "out"]
    assert groups(block_svg(second), "data-part") == ["in", "add", "1", "2", "3", "out"]
    assert "as it came" in block_svg(second) and "as it came" not in block_svg(first)
    plain = summarize(plain50()).stages[1].blocks[0]
    assert 'class="shortcut' not in block_svg(plain)
    stem, *_, head = network.walk
    assert groups(block_svg(stem), "data-part") == list(STEM)
    assert groups(block_svg(head), "data-part") == ["in", "avg_pool", "predictions"]


def test_a_channel_glows_where_it_is_active():
    made = glow(np.float32([[0, 1], [2, 4]]))
    np.testing.assert_array_equal(made[..., 3], [[0, 64], [128, 255]])
    assert (made[..., :3] == made[0, 0, :3]).all()
    assert not glow(np.zeros((2, 2), np.float32))[..., 3].any()


def test_shades_go_from_zero_or_from_the_smallest():
    scale = shades({"a": 1, "b": 4})
    assert (scale.shades, scale[1:]) == ({"a": 0.25, "b": 1}, (0, 2, 4))
    scale = shades({"a": 1, "b": 10, "c": 100}, logarithmic=True)
    assert scale.shades == pytest.approx({"a": 0, "b": 0.5, "c": 1})
    assert scale[1:] == (1, 10, 100)
    assert shades({"a": 0}).shades == {"a": 0}


def test_tiles_are_faint_at_zero_and_clear_between():
    channels = np.zeros((2, 2, 3), np.float32)
    channels[..., 1], channels[..., 2] = 1, -1
    made = tiles(channels, side=10, gap=2)
    assert made.shape == (22, 22, 4)
    assert 0 < made[5, 5, 3] < 50 and made[5, 11, 3] == 0 and made[20, 20, 3] == 0
    assert made[5, 15, 0] > made[5, 15, 2] and made[15, 5, 0] < made[15, 5, 2]
    assert made[5, 15, 3] == made[15, 5, 3] == 255
