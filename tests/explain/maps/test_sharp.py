import numpy as np
import pytest

from explain.maps.cells import lay
from explain.maps.gradcam import Explainer
from explain.maps.sharp import RECIPES, Recipe, SharpExplainer
from model.network.resnet import tiny
from model.reading.classifier import HandClassifier
from tests.explain.conftest import crop


@pytest.fixture(scope="module")
def explainer(small):
    return Explainer(small)


def test_one_stage_of_one_view_is_its_grad_cam(explainer):
    heat = SharpExplainer(explainer, Recipe({"conv4": 0.5})).explain(crop())
    assert heat.shape == (6, 64, 64)
    for digit, found in enumerate(heat):
        signed = explainer.explain(crop(), digit).signed["conv4"]
        assert np.abs(signed).max() > 1e-3
        expected = lay(signed, explainer.centres["conv4"]) * 16 * 0.5
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("axis", [0, 1])
def test_the_maps_of_shifted_views_are_moved_back(explainer, axis):
    """A view one cell of conv2 further has the same map, but for the edges."""

    def inner(pixels: int, roll: int = 0) -> np.ndarray:
        shift = (pixels, 0) if axis == 0 else (0, pixels)
        heat = SharpExplainer(explainer, Recipe({"conv2": 1}, (shift,))).explain(crop())[2]
        return np.roll(heat, roll, axis).take(range(16, 48), axis).ravel()

    agree = np.corrcoef(inner(0), inner(4))[0, 1]
    wrong = np.corrcoef(inner(0), inner(4, roll=8))[0, 1]
    assert agree > wrong and agree > 0.3
    assert np.corrcoef(inner(0), inner(-4))[0, 1] > 0.3


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_a_fusion_is_the_mean_of_its_views_and_the_sum_of_its_stages(name, explainer):
    fusion = RECIPES[name]
    parts = [
        share * SharpExplainer(explainer, Recipe({stage: 1}, (shift,))).explain(crop())
        for stage, share in fusion.shares.items()
        for shift in fusion.shifts
    ]
    expected = np.sum(parts, axis=0) / len(fusion.shifts)
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(
        SharpExplainer(explainer, fusion).explain(crop()), expected, atol=1e-4
    )


@pytest.mark.slow
def test_other_weights_give_what_a_network_with_them_gives(explainer):
    other = HandClassifier(tiny())
    layers = [layer for layer in other.folded.layers if layer.weights]
    weights = explainer.passes.weights_of({x.name: x.get_weights() for x in layers})
    own = SharpExplainer(Explainer(other)).explain(crop())
    given = SharpExplainer(explainer).explain(crop(), weights)
    assert np.abs(given - SharpExplainer(explainer).explain(crop())).max() > 1e-3
    np.testing.assert_allclose(given, own, rtol=1e-3, atol=1e-5)
