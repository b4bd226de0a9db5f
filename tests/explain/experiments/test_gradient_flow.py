import json

import keras
import numpy as np
import pytest

from explain.experiments.gradient_flow import (
    VARIANTS,
    depth_layers,
    gradients,
    line_correlation,
    measure,
    measure_all,
    on_picture,
    settle_batch_norm,
)
from model.network.resnet import TINY_STAGES, resnet50
from model.records import RECORDED

SMALL = TINY_STAGES[:2]
DIGITS = np.array([0, 3, 5, 1])


def pictures(count=4, seed=0):
    return np.random.default_rng(seed).random((count, 64, 64, 3), np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_each_gradient_against_a_finite_difference(variant):
    """Along its own direction the loss must rise by its norm."""
    model = variant.build(2, SMALL, stem=8)
    _, found = gradients(model, pictures(), DIGITS)
    flow = measure(variant, model, pictures(), DIGITS)
    layers = depth_layers(model)
    for layer, gradient, length in zip(layers, found, flow.norms, strict=True):
        kernel = layer.get_weights()[0]
        step = 3e-4 * np.linalg.norm(kernel)
        losses = []
        for sign in (1, -1):
            layer.kernel.assign(kernel + sign * step * gradient.numpy() / length)
            losses.append(float(gradients(model, pictures(), DIGITS)[0]))
        layer.kernel.assign(kernel)
        assert (losses[0] - losses[1]) / (2 * step) == pytest.approx(length, rel=0.05), layer.name


@pytest.mark.slow
def test_the_layers_are_the_fifty():
    names = [layer.name for layer in depth_layers(resnet50())]
    assert len(names) == 50 and not any("_0_" in name for name in names)
    assert (names[0], names[-1]) == ("conv1_conv", "predictions")


def test_the_loss_is_that_of_the_first_pictures_alone():
    model = VARIANTS[0].build(1, SMALL, stem=8)
    logits = model(pictures(), training=True)
    expected = keras.losses.sparse_categorical_crossentropy(DIGITS[:1], logits[:1], True)
    loss, _ = gradients(model, pictures(), DIGITS[:1])
    assert float(loss) == pytest.approx(float(expected[0]), rel=1e-4)


@pytest.mark.slow
def test_the_same_layers_start_alike_and_the_older_start_is_smaller():
    _, _, _, plain, older = (variant.build(3, SMALL, stem=8) for variant in VARIANTS)
    name = "conv2_block1_3_conv"  # from 8 channels to 16
    kernel, smaller = (model.get_layer(name).get_weights()[0] for model in (plain, older))
    np.testing.assert_allclose(smaller, kernel * (8 / (8 + 16)) ** 0.5, rtol=1e-5)


def test_settled_batch_norm_answers_as_in_training():
    model = VARIANTS[0].build(4, SMALL, stem=8)
    momentum = model.get_layer("conv1_bn").momentum
    settle_batch_norm(model, pictures())
    settled, trained = (model(pictures(), training=mode) for mode in (False, True))
    np.testing.assert_allclose(settled, trained, rtol=1e-3, atol=1e-4)
    assert model.get_layer("conv1_bn").momentum == momentum


def two_planes():
    """A network whose first logit is relu(first row's sum − 40) + the whole sum."""
    picture = keras.Input((64, 64, 3))
    whole = keras.layers.Flatten()(picture)
    row = keras.layers.Flatten()(keras.layers.Cropping2D(((0, 63), (0, 0)))(picture))
    one = keras.layers.Dense(1, activation="relu", name="row")(row)
    other = keras.layers.Dense(1, name="whole")(whole)
    model = keras.Model(picture, keras.layers.Add()([one, other]))
    model.get_layer("row").set_weights([np.ones((192, 1)), np.array([-40.0])])
    model.get_layer("whole").set_weights([np.ones((64 * 64 * 3, 1)), np.zeros(1)])
    return model


def test_the_correlation_along_a_line_by_hand():
    """From black to white the gradient changes once, where the row's sum of 192 passes 40."""
    black, white = np.zeros((64, 64, 3), np.float32), np.ones((64, 64, 3), np.float32)
    found = line_correlation(two_planes(), black, white, (0.1, 0.5, 1.0))
    pixels, row = 64 * 64 * 3, 192
    cosine = (pixels + row) / np.sqrt(pixels * (pixels + 3 * row))  # of (1, 1) and (1, 2)
    np.testing.assert_allclose(found, [1, (1 + cosine) / 2, cosine], rtol=1e-5)


@pytest.mark.slow
def test_a_live_pass_of_every_network(monkeypatch):
    build = type(VARIANTS[0]).build
    monkeypatch.setattr(type(VARIANTS[0]), "build", lambda v, seed: build(v, seed, SMALL, 8))
    crop = (255 * pictures(1)[0]).astype(np.uint8)
    first, again = (list(on_picture(crop, 3, seed)) for seed in (1, 1))
    assert [flow.variant for flow in first] == list(VARIANTS)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_allclose(one.norms, other.norms, rtol=1e-3)
        assert np.isfinite(one.norms).all() and (one.norms > 0).all()


@pytest.mark.slow
def test_a_record_has_every_network_and_step():
    digits = np.arange(12) % 6
    found = measure_all(
        pictures(12), digits, 1, batch=4, steps=(0, 2), lines=1, stages=SMALL, stem=8
    )
    assert list(found["variants"]) == [variant.name for variant in VARIANTS]
    for rows in found["variants"].values():
        assert np.shape(rows["norms"]) == (2, len(found["layers"])) == (2, 11)
        assert rows["loss"][0] != rows["loss"][1]
        assert len(rows["correlation"]) == len(found["distances"])


@pytest.mark.parametrize("seed", [1, 2])
def test_what_the_page_says_holds_on_both_seeds(seed):
    path = RECORDED / f"gradient_flow_{seed}.json"
    if not path.exists():
        pytest.skip(
            f"not recorded yet: python -m explain.experiments.gradient_flow record --seed {seed}"
        )
    rows = json.loads(path.read_text())["variants"]
    first = {name: row["norms"][0] for name, row in rows.items()}
    growth = {name: norms[0] / norms[-1] for name, norms in first.items()}
    assert growth["residual"] > 5 and growth["plain"] > 10 * growth["residual"]  # explodes
    assert growth["plain without BatchNorm"] < 1  # shrinks
    assert max(first["plain without BatchNorm, older start"]) < 1e-6  # vanishes
    late = {name: row["norms"][-1] for name, row in rows.items()}
    assert late["plain without BatchNorm"][0] < 1e-3 * late["plain without BatchNorm"][-1]
    near = {name: row["correlation"][6] for name, row in rows.items()}
    assert near["plain"] < near["residual"] < near["residual without BatchNorm"]  # shatters
