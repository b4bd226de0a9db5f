import numpy as np
import pytest

from explain.fused import FUSIONS, Fuser, Fusion
from explain.gradcam import Explainer
from explain.place import lay
from model.classifier import HandClassifier
from model.resnet import tiny
from tests.explain.conftest import crop


@pytest.fixture(scope="module")
def explainer(small):
    return Explainer(small)


def test_one_stage_of_one_view_is_its_grad_cam(explainer):
    fused = Fuser(explainer, Fusion({"conv4": 0.5})).fuse(crop(), 2)
    signed = explainer.explain(crop(), 2).signed["conv4"]
    assert np.abs(signed).max() > 1e-3
    expected = lay(signed, explainer.centres["conv4"]) * 16 * 0.5
    np.testing.assert_allclose(fused, expected, rtol=1e-3, atol=1e-5)


def test_the_maps_of_shifted_views_are_moved_back(explainer):
    """A view one cell of conv3 further has the same map, but for the edges."""
    kept, moved = (Fuser(explainer, Fusion({"conv2": 1}, ((y, 0),))) for y in (0, 4))
    kept, moved = kept.fuse(crop(), 2), moved.fuse(crop(), 2)
    turned = Fuser(explainer, Fusion({"conv2": 1}, ((-4, 0),))).fuse(crop(), 2)
    agree = np.corrcoef(kept[16:48].ravel(), moved[16:48].ravel())[0, 1]
    wrong = np.corrcoef(kept[16:48].ravel(), np.roll(moved, 8, 0)[16:48].ravel())[0, 1]
    assert agree > wrong and agree > 0.3
    assert np.corrcoef(kept[16:48].ravel(), turned[16:48].ravel())[0, 1] > 0.3


@pytest.mark.parametrize("name", FUSIONS)
def test_one_digit_against_another_is_the_difference_of_their_maps(name, explainer):
    fuser = Fuser(explainer, FUSIONS[name])
    one, other, between = (fuser.fuse(crop(), *pair) for pair in [(2,), (4,), (2, 4)])
    assert between.shape == (64, 64) and np.abs(between).max() > 0
    np.testing.assert_allclose(between, one - other, rtol=1e-3, atol=1e-5)


def test_it_is_of_the_digit_that_is_read_unless_told_otherwise(small, explainer):
    fuser = Fuser(explainer)
    np.testing.assert_array_equal(fuser.fuse(crop()), fuser.fuse(crop(), small.read(crop()).digit))
    with pytest.raises(ValueError, match="7 cannot be explained; choose"):
        fuser.fuse(crop(), 7)


def test_other_weights_give_what_a_network_with_them_gives(explainer):
    other = HandClassifier(tiny())
    layers = [layer for layer in other.folded.layers if layer.weights]
    weights = explainer.passes.weights_of({x.name: x.get_weights() for x in layers})
    own = Fuser(Explainer(other)).fuse(crop(), 1)
    given = Fuser(explainer).fuse(crop(), 1, weights=weights)
    assert np.abs(given - Fuser(explainer).fuse(crop(), 1)).max() > 1e-3
    np.testing.assert_allclose(given, own, rtol=1e-3, atol=1e-5)
