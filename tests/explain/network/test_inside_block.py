import keras
import numpy as np
import pytest

from explain.network.inside_block import STEM, look_inside, pick_channels, strongest
from model.network.resnet import tiny
from model.reading.classifier import HandClassifier

pytestmark = pytest.mark.slow  # most of these run a network


@pytest.fixture(scope="module")
def classifier():
    keras.utils.set_random_seed(2)
    return HandClassifier(tiny())


CROP = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)


def test_the_sum_is_the_sum_and_what_leaves_is_its_positive_part(classifier):
    views = look_inside(classifier, "conv3_block2", CROP)
    assert list(views) == ["in", "1", "2", "3", "add", "out"]
    np.testing.assert_allclose(views["add"], views["in"] + views["3"], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(views["out"], np.maximum(views["add"], 0))
    views = look_inside(classifier, "conv4_block1", CROP)
    np.testing.assert_allclose(views["add"], views["0"] + views["3"], rtol=1e-5, atol=1e-6)
    assert views["in"].shape == (8, 8, 16) and views["out"].shape == (4, 4, 16)


def test_the_same_channels_on_the_same_scale_so_that_the_addition_shows(classifier):
    shown = pick_channels(look_inside(classifier, "conv3_block2", CROP), 4)
    np.testing.assert_allclose(shown["add"], shown["in"] + shown["3"], rtol=1e-4, atol=1e-5)
    together = np.abs([shown[place] for place in ("in", "3", "add", "out")])
    np.testing.assert_allclose(together.max((0, 1, 2)), 1)
    np.testing.assert_allclose(np.abs(shown["1"]).max(), 1)
    shown = pick_channels(look_inside(classifier, "conv4_block1", CROP), 4)
    np.testing.assert_allclose(shown["add"], shown["0"] + shown["3"], rtol=1e-4, atol=1e-5)


def test_the_strongest_channels_by_hand():
    view = np.float32([[[1, -5, 0], [1, 3, 0]]])
    np.testing.assert_array_equal(strongest(view, 2), [1, 0])
    np.testing.assert_array_equal(strongest(view, 3), [0, 1, 2])


def test_the_stem_pools_what_its_relu_lets_through(classifier):
    views = look_inside(classifier, "stem", CROP)
    assert list(views) == list(STEM) and views["picture"].shape == (64, 64, 3)
    np.testing.assert_allclose(views["conv1_relu"], np.maximum(views["conv1_conv"], 0))
    np.testing.assert_allclose(views["pool1_pool"][0, 0], views["conv1_relu"][:3, :3].max((0, 1)))
    shown = pick_channels(views, 4)
    np.testing.assert_allclose(shown["conv1_relu"], np.maximum(shown["conv1_conv"], 0))
    assert shown["picture"].shape == (64, 64, 3)


def test_the_head_averages_the_cells_and_gives_the_logits(classifier):
    views = look_inside(classifier, "head", CROP)
    np.testing.assert_allclose(views["avg_pool"][0, 0], views["in"].mean((0, 1)), rtol=1e-5)
    logits = classifier.logits(CROP[None] / np.float32(255))[0]
    np.testing.assert_allclose(views["predictions"][0, 0], logits, rtol=1e-4, atol=1e-5)
    shown = pick_channels(views)
    assert shown["avg_pool"].shape == (1, 1, 9)
    np.testing.assert_allclose(shown["avg_pool"], shown["in"].mean((0, 1))[None, None], rtol=1e-4)
    np.testing.assert_array_equal(np.sign(shown["predictions"][0, 0]), np.sign(logits))


def test_an_unknown_block_is_named(classifier):
    with pytest.raises(ValueError, match="no block conv9_block1; they are named conv2_block1 to"):
        look_inside(classifier, "conv9_block1", CROP)
