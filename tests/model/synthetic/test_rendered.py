"""Hands from geometry: the same seed, the same picture; whole hands; the right count of fingers."""

import numpy as np
import pytest

from model.synthetic.bones import WAYS, framed, skeleton
from model.synthetic.rendered import STYLES, render
from model.synthetic.surface import surface

ALL = [(digit, style) for digit in range(6) for style in STYLES]


@pytest.mark.parametrize("style", STYLES)
def test_a_seed_decides_everything(style):
    one, same, other = (render(3, np.random.default_rng(k), style, 64) for k in (5, 5, 6))
    assert np.array_equal(one.picture, same.picture)
    assert np.array_equal(one.mask, same.mask)
    assert not np.array_equal(one.picture, other.picture)


@pytest.mark.parametrize(("digit", "style"), ALL)
def test_shapes_and_share_of_the_picture(digit, style):
    for seed in range(3):
        made = render(digit, np.random.default_rng((seed, digit)), style, 80)
        assert made.picture.shape == (80, 80, 3)
        assert made.picture.dtype == np.uint8
        assert made.mask.shape == (80, 80)
        assert made.mask.dtype == bool
        assert made.digit == digit
        assert 0.03 < made.mask.mean() < 0.75
        assert made.picture.std() > 3  # something is to be seen


@pytest.mark.parametrize("digit", range(6))
def test_the_frame_cuts_no_finger(digit):
    for seed in range(10):
        rng = np.random.default_rng((seed, digit))
        hand = [b for b in framed(skeleton(WAYS[digit][-1], rng), rng, 96) if b.part != 6]
        for bone in hand:
            for point, radius in zip((bone.start, bone.end), bone.radii, strict=True):
                assert (point[:2] - radius >= 0).all()
                assert (point[:2] + radius <= 96).all()


@pytest.mark.parametrize("digit", [1, 2, 4, 5])
def test_an_arc_around_the_palm_crosses_as_many_fingers(digit):
    counts = []
    for seed in range(11):
        rng = np.random.default_rng((seed, digit))
        bones = [b for b in framed(skeleton(WAYS[digit][0], rng), rng, 128) if b.part != 6]
        mask = surface(bones, 128).part >= 0
        knuckle = next(b for b in bones if b.part == 3).start[:2]
        wrist = np.mean([b.start[:2] for b in bones if b.part == 0], axis=0)
        centre, radius = (knuckle + wrist) / 2, 0.95 * np.hypot(*(knuckle - wrist))
        turns = np.radians(np.linspace(-10, 190, 400))
        columns = np.rint(centre[0] + radius * np.cos(turns) - 0.5).astype(int).clip(0, 127)
        rows = np.rint(centre[1] - radius * np.sin(turns) - 0.5).astype(int).clip(0, 127)
        on = mask[rows, columns].astype(int)
        counts.append(int((np.diff(on, prepend=0) == 1).sum()))
    # fingers held together are one crossing, so that not every hand counts right
    assert np.mean(np.array(counts) == digit) > 0.6, counts
    assert max(counts) == digit, counts
