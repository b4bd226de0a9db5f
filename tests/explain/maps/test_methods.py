import numpy as np
import pytest

from explain.maps.gradcam import Explainer
from explain.maps.methods import METHODS, explain_by
from model.network.resnet import stage_layers
from tests.explain.conftest import crop, furthest

pytestmark = pytest.mark.slow  # most of these run a network


@pytest.mark.parametrize("name", sorted(METHODS.keys() - {"SmoothGrad"}))
def test_a_method_gives_a_map_of_its_own_cells(name, small):
    heat = explain_by(name, small, crop(), 2, "conv3")
    assert heat.dtype == np.float32 and heat.shape == (
        (8, 8) if METHODS[name].layered else (64, 64)
    )
    assert np.isfinite(heat).all() and heat.min() >= 0 and heat.max() > 0
    assert not np.isclose(heat.max(), 1), "the map was normalised"
    other = explain_by(name, small, crop(), 3, "conv3")
    assert not np.allclose(heat, other), "another digit has the same map"


@pytest.mark.slow
def test_the_noise_is_always_the_same(small):
    one, other = (explain_by("SmoothGrad", small, crop(), 2) for _ in range(2))
    assert one.shape == (64, 64) and one.max() > 0
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    "which", ["small", pytest.param("shipped", marks=[pytest.mark.slow, pytest.mark.weights])]
)
def test_grad_cam_is_ours(which, request):
    classifier = request.getfixturevalue(which)
    explainer = Explainer(classifier)
    # Of 50 layers, folding BatchNorm may round a ReLU to the other side of zero, in some of these.
    seeds = range(5) if which == "shipped" else [0]
    for digit in (0, 4):
        for stage in stage_layers(classifier.model):
            apart = [
                furthest(
                    explainer.explain(crop(seed), digit).maps[stage],
                    explain_by("Grad-CAM", classifier, crop(seed), digit, stage),
                )
                for seed in seeds
            ]
            assert np.median(apart) < 2e-4, (digit, stage, apart)


def test_unknown_names_get_one_sentence(small):
    with pytest.raises(ValueError, match="There is no Grad-MAP; there are Grad-CAM, "):
        explain_by("Grad-MAP", small, crop(), 2)
    with pytest.raises(ValueError, match="There is no conv6; there are conv1, "):
        explain_by("Grad-CAM", small, crop(), 2, "conv6")


@pytest.mark.slow
def test_score_cam_is_that_of_keras_own_predictions(small, capsys):
    ours = explain_by("Score-CAM", small, crop(), 2, "conv3")
    assert capsys.readouterr().out == ""
    picture = crop()[None] / np.float32(255)
    theirs = METHODS["Score-CAM"].run(small.model, picture, 2, stage_layers(small.model)["conv3"])
    np.testing.assert_allclose(ours, theirs[0], rtol=1e-3, atol=1e-5)
