import numpy as np

from explain.draw.heat_maps import glow, overlay, stretch, tiles
from explain.maps.strength import FAINT

PICTURE = np.full((40, 40, 3), 100, np.uint8)


def test_an_empty_map_colours_nothing():
    for top in (None, 1.0):
        red = overlay(PICTURE * np.uint8([2, 0, 0]), np.zeros((2, 2)), top=top)
        assert len(np.unique(red)) == 1  # grey, as under any other map


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
    weak, strong = np.float32([[0.3, -0.3]]), np.float32([[1, -1]])
    np.testing.assert_array_equal(overlay(PICTURE, weak), overlay(PICTURE, strong))
    pale = overlay(PICTURE, 0 * weak, top=1.0).astype(int)
    faint, bold = (abs(overlay(PICTURE, x, top=1.0) - pale).sum() for x in (weak, strong))
    assert 0 < faint < bold / 4


def test_weak_evidence_gets_no_colour_on_either_side():
    pale = overlay(PICTURE, np.zeros((1, 2)), top=1.0)
    weak = np.float32([[0.9 * FAINT, -0.9 * FAINT]])
    np.testing.assert_array_equal(overlay(PICTURE, weak, top=1.0), pale)


def test_a_cell_has_its_value_at_its_centre():
    wide = stretch(np.float32([[0, 1]]), 1, 8)[0]
    np.testing.assert_allclose(wide, [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1], atol=1e-6)


def test_a_channel_glows_where_it_is_active():
    made = glow(np.float32([[0, 1], [2, 4]]))
    np.testing.assert_array_equal(made[..., 3], [[0, 64], [128, 255]])
    assert (made[..., :3] == made[0, 0, :3]).all()
    assert not glow(np.zeros((2, 2), np.float32))[..., 3].any()


def test_tiles_are_faint_at_zero_and_clear_between():
    channels = np.zeros((2, 2, 3), np.float32)
    channels[..., 1], channels[..., 2] = 1, -1
    made = tiles(channels, side=10, gap=2)
    assert made.shape == (22, 22, 4)
    assert 0 < made[5, 5, 3] < 50 and made[5, 11, 3] == 0 and made[20, 20, 3] == 0
    assert made[5, 15, 0] > made[5, 15, 2] and made[15, 5, 0] < made[15, 5, 2]
    assert made[5, 15, 3] == made[15, 5, 3] == 255
