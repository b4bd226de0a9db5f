"""Grad-CAM of the stages of networks of others."""

import numpy as np
import pytest

from explain.maps.cells import cell_centres
from explain.maps.methods import map_by
from explain.maps.stage_maps import StageExplainer
from tests.any_models import APPLICATIONS, application, small


def crop(classifier):
    sides = (classifier.size, classifier.size, 3)
    return np.random.default_rng(0).integers(0, 256, sides, np.uint8)


@pytest.mark.parametrize(
    "classifier",
    [
        pytest.param(small, id="tutorial"),
        *(
            pytest.param(lambda name=name: application(name), id=name, marks=pytest.mark.slow)
            for name in APPLICATIONS
        ),
    ],
)
def test_maps_are_those_of_tf_keras_vis(classifier):
    classifier = classifier()
    explainer = StageExplainer(classifier)
    maps = explainer.explain(crop(classifier), 2).signed
    for stage, layer in explainer.stages.items():
        expected = map_by("Grad-CAM", classifier, crop(classifier), 2, layer)
        assert maps[stage].shape == (explainer.sides[stage],) * 2
        np.testing.assert_allclose(
            np.maximum(maps[stage], 0), expected, atol=1e-4 * max(expected.max(), 1e-12)
        )


def test_a_map_is_of_one_class():
    explainer = StageExplainer(small())
    one, other = (explainer.explain(crop(small()), k).signed["stage 2"] for k in (0, 1))
    assert np.abs(one - other).max() > 0


def test_cells_lie_where_their_windows_lie():
    centres = cell_centres(small().model)
    assert centres["conv2d"] == (1.5, 1.0)  # 3 pixels wide, from the first on
    assert centres["max_pooling2d"] == (2.0, 2.0)
    assert centres["conv2d_1"] == (4.0, 2.0)
