"""A network that forgets from its head down."""

import numpy as np

from explain.checks.forgetting import forgetting
from explain.network.any_architecture import describe
from tests.any_models import small


def test_weights_are_mixed_up_from_the_head_down():
    copy = small().copy()
    before = {layer.name: layer.get_weights() for layer in copy.model.layers}

    def changed():
        return {
            layer.name
            for layer in copy.model.layers
            for now, then in zip(layer.get_weights(), before[layer.name], strict=True)
            if not np.array_equal(now, then)
        }

    steps = forgetting(copy.model, describe(copy.model))
    assert next(steps) == "head" and changed() == {"dense"}
    assert [*steps] == ["stage 3", "stage 2", "stage 1"]
    assert changed() == {"dense", "conv2d_1", "conv2d"}
    for layer in copy.model.layers:
        for now, then in zip(layer.get_weights(), before[layer.name], strict=True):
            np.testing.assert_array_equal(np.sort(now.ravel()), np.sort(then.ravel()))
