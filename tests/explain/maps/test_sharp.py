from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from explain.maps.cells import lay
from explain.maps.gradcam import Explainer, gradcam
from explain.maps.sharp import RECIPES, Recipe, SharpExplainer, agreement, pointwise
from model.network.resnet import tiny
from model.reading.classifier import HandClassifier
from tests.explain.conftest import crop

pytestmark = pytest.mark.slow  # most of these run a network


@pytest.fixture(scope="module")
def explainer(small):
    return Explainer(small)


def test_one_stage_of_one_view_weighed_by_mean_gradients_is_its_grad_cam(explainer):
    heat = SharpExplainer(explainer, Recipe(("conv4",), weigh=gradcam)).explain(crop())
    assert heat.shape == (6, 64, 64)
    for digit, found in enumerate(heat):
        signed = explainer.explain(crop(), digit).signed["conv4"]
        assert np.abs(signed).max() > 1e-3
        expected = lay(signed, explainer.centres["conv4"]) * 16
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)


def test_a_cell_counts_by_its_own_gradient():
    activations = np.float32([[[[1, 2]], [[3, 0]]]])  # two cells, two channels
    gradients = np.float32([[[[0.5, -1]], [[2, 7]]]])
    np.testing.assert_allclose(pointwise(activations, gradients), [[[-1.5], [6]]])


def test_stages_count_where_they_agree():
    one, other = np.float32([[4, -4, 4, 0]]), np.float32([[9, -1, -9, 5]])
    np.testing.assert_allclose(agreement([one, other]), [[6, -2, 0, 0]])


@pytest.mark.slow
@pytest.mark.parametrize("axis", [0, 1])
def test_the_maps_of_shifted_views_are_moved_back(explainer, axis):
    """A view one cell of conv2 further has the same map, but for the edges."""

    def inner(pixels: int, roll: int = 0) -> np.ndarray:
        shift = (pixels, 0) if axis == 0 else (0, pixels)
        heat = SharpExplainer(explainer, Recipe(("conv2",), (shift,), gradcam)).explain(crop())[2]
        return np.roll(heat, roll, axis).take(range(16, 48), axis).ravel()

    agree = np.corrcoef(inner(0), inner(4))[0, 1]
    wrong = np.corrcoef(inner(0), inner(4, roll=8))[0, 1]
    assert agree > wrong and agree > 0.3
    assert np.corrcoef(inner(0), inner(-4))[0, 1] > 0.3


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_a_sharp_map_is_the_agreement_of_its_stages_each_the_mean_of_its_views(name, explainer):
    recipe = RECIPES[name]
    stages = [
        np.mean(
            [
                SharpExplainer(explainer, Recipe((stage,), (shift,), recipe.weigh)).explain(crop())
                for shift in recipe.shifts
            ],
            axis=0,
        )
        for stage in recipe.stages
    ]
    expected = agreement(stages)
    assert np.abs(expected).max() > 1e-3
    found = SharpExplainer(explainer, recipe).explain(crop())
    np.testing.assert_allclose(found, expected, rtol=1e-2, atol=1e-3)


@pytest.mark.slow
def test_other_weights_give_what_a_network_with_them_gives(explainer):
    other = HandClassifier(tiny())
    layers = [layer for layer in other.folded.layers if layer.weights]
    weights = explainer.passes.weights_of({x.name: x.get_weights() for x in layers})
    own = SharpExplainer(Explainer(other)).explain(crop())
    given = SharpExplainer(explainer).explain(crop(), weights)
    assert np.abs(given - SharpExplainer(explainer).explain(crop())).max() > 1e-3
    np.testing.assert_allclose(given, own, rtol=1e-3, atol=1e-5)


def test_both_kinds_of_map_from_one_pass_are_those_of_two(explainer):
    sharp = SharpExplainer(explainer)
    with pytest.raises(ValueError, match="9 cannot be explained"):
        sharp.explain_both(crop(), 9)
    both, map_ = sharp.explain_both(crop(), 4)
    alone = explainer.explain(crop(), 4)
    np.testing.assert_allclose(map_, sharp.explain(crop(), digits=[4])[0], rtol=1e-3, atol=1e-5)
    assert both.digit == 4 and [*both.signed] == [*alone.signed]
    for stage, signed in alone.signed.items():
        assert np.abs(signed).max() > 1e-4
        np.testing.assert_allclose(both.signed[stage], signed, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(both.logits, alone.logits, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(
        both.exact_sum.contributions, alone.exact_sum.contributions, rtol=1e-3, atol=1e-5
    )


def test_pictures_that_are_explained_at_a_time_get_their_own_maps(explainer):
    sharp = SharpExplainer(explainer)
    crops = [np.roll(crop(), 9 * shift, axis=1) for shift in range(6)]
    alone = [sharp.explain_both(each, digit) for digit, each in enumerate(crops)]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(sharp.explain_both, crops, range(6)))
    for (both, map_), (expected, expected_map) in zip(together, alone, strict=True):
        assert np.abs(expected_map).max() > 1 and both.digit == expected.digit
        np.testing.assert_allclose(map_, expected_map, rtol=1e-2, atol=1e-2)
        for stage, signed in expected.signed.items():
            np.testing.assert_allclose(both.signed[stage], signed, rtol=1e-3, atol=1e-5)
