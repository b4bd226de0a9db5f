import numpy as np
import pytest

from model.collections.loading import Collection
from model.digits import NO_HAND
from model.synthetic.rendered import render
from model.training.camera_effects import developed
from model.training.cut_out import best_split, cut_out
from model.training.mixture import Mixture, make_pool
from model.training.warps import homography, warp


def collection(name, pictures, digits):
    boxes = [(0, 0, picture.shape[1], picture.shape[0]) for picture in pictures]
    groups = np.array([str(i) for i in range(len(pictures))])
    return Collection(
        name, "train", "none", list(pictures), np.array(digits), groups, np.array(boxes)
    )


@pytest.fixture(scope="module")
def pool():
    rng = np.random.default_rng(0)
    hands = [render(digit, rng, size=80).picture for digit in range(6) for _ in range(2)]
    empty = [np.full((60, 60, 3), 90, np.uint8)]
    return make_pool(
        [
            collection("signs", hands, np.repeat(np.arange(6), 2)),
            collection("hand-patches", empty, [NO_HAND]),
        ],
        Mixture(rendered_hands=30),
    )


def disc(size=96, light=1.0):
    """A brown disc before a wall that darkens towards one side."""
    y, x = np.mgrid[:size, :size] / size
    inside = (x - 0.5) ** 2 + (y - 0.6) ** 2 < 0.3**2
    wall = (200 - 60 * x * light)[..., None] * np.ones(3)
    picture = np.where(inside[..., None], [150, 95, 70], wall).astype(np.uint8)
    return picture, inside


def test_cut_out_finds_the_shape_before_an_uneven_wall():
    picture, inside = disc()
    mask = cut_out(picture) > 0
    assert (mask & inside).sum() / (mask | inside).sum() > 0.9


def test_cut_out_refuses_a_busy_background():
    noise = np.random.default_rng(0).integers(0, 256, (96, 96, 3), dtype=np.uint8)
    assert cut_out(noise) is None


def test_cut_out_refuses_an_empty_wall():
    assert cut_out(np.full((96, 96, 3), 200, np.uint8)) is None


def test_the_best_split_has_the_greatest_variance_between():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(1, 0.3, 900), rng.normal(5, 0.6, 400)])
    levels = np.linspace(values.min(), np.percentile(values, 99), 48)[1:-1]

    def variance(level):
        above = values > level
        apart = values[above].mean() - values[~above].mean()
        return above.mean() * (1 - above.mean()) * apart**2

    assert best_split(values) == pytest.approx(max(levels, key=variance))


def test_a_batch_depends_on_its_seed_alone(pool):
    pictures, targets = pool.batch((1, 7), 12)
    pool.batch((1, 8), 3)
    again, targets_again = pool.batch((1, 7), 12)
    np.testing.assert_array_equal(pictures, again)
    np.testing.assert_array_equal(targets, targets_again)
    assert not np.array_equal(pictures, pool.batch((2, 7), 12)[0])


def test_targets_name_the_digit_and_are_zero_without_a_hand(pool):
    pool.mixture = Mixture(without_hand=1.0)
    assert not pool.batch((1,), 4)[1].any()
    pool.mixture = Mixture(without_hand=0.0)
    pictures, targets = pool.batch((1,), 40)
    assert pictures.shape == (40, 64, 64, 3) and pictures.dtype == np.uint8
    assert set(targets.ravel()) == {0, 1} and (targets.sum(1) == 1).all()
    assert set(targets.argmax(1)) == set(range(6))
    pool.mixture = Mixture()


@pytest.mark.parametrize("loose", [True, False])
def test_the_hand_stays_in_the_picture(loose):
    """Whatever the camera, the middle of the hand's box is seen, and most of the box."""
    _, inside = disc()
    mask = (255 * inside).astype(np.uint8)
    box = (0, 0, 96, 96) if loose else (19, 29, 77, 87)
    for seed in range(50):
        camera = homography(box, loose, np.random.default_rng(seed))
        seen = np.asarray(warp(mask, camera, 0), float) / 255
        enlargement = 1 / abs(np.linalg.det(camera[:2, :2] / camera[2, 2]))
        assert seen.sum() > 0.6 * inside.sum() * enlargement


def test_developed_keeps_dark_and_bright_pictures_in_range():
    pictures = np.stack([np.zeros((64, 64, 3)), np.ones((64, 64, 3))]).astype(np.float32)
    made = developed(pictures, np.random.default_rng(0))
    assert made.dtype == np.uint8
    assert made[0].mean() < made[1].mean()
