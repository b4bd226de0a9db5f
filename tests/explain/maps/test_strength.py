import numpy as np

from explain.maps.strength import FAINT, fade, is_plain, is_seen, reach


def test_two_pixels_of_a_hundred_go_beyond_the_scale():
    signed = np.float32(np.arange(-100, 0)).reshape(10, 10)
    assert (np.abs(signed) > reach(signed)).sum() == 2
    lonely = np.zeros((64, 64), np.float32)
    assert reach(lonely) == 0
    lonely[3, 3] = 5
    assert reach(lonely) == 5


def test_weak_evidence_fades_to_nothing_on_both_sides_alike():
    signed = np.float32([[0, 0.9 * FAINT, -0.9 * FAINT, 0.5, -0.5, 1, -1, 3]])
    colour = fade(2 * signed, top=2)
    assert not colour[0, :3].any()
    np.testing.assert_allclose(colour[0, 3], -colour[0, 4])
    np.testing.assert_allclose(colour[0, 3], (0.5 - FAINT) / (1 - FAINT), rtol=1e-6)
    np.testing.assert_allclose(colour[0, 5:], [1, -1, 1])


def test_a_colour_is_plain_where_enough_of_the_hand_has_it():
    colour, hand = np.zeros((10, 10)), np.zeros((10, 10), bool)
    colour[0, :5] = 0.5
    hand[5:] = True
    assert is_plain(colour) and not is_plain(colour, hand) and is_plain(colour, ~hand)
    assert not is_plain(0.5 * colour)


def test_a_strong_colour_is_seen_in_a_small_place_too():
    colour = np.zeros((64, 64), np.float32)
    colour[:5, :5] = 1
    assert is_seen(colour) and not is_plain(colour)
    assert not is_seen(0.5 * colour) and not is_seen(np.zeros((64, 64)))
    assert is_seen(np.full((64, 64), 0.6))
