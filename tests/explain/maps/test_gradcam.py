import keras
import numpy as np
import pytest
import tensorflow as tf

from explain.maps.gradcam import Explainer, gradcam
from model.network.resnet import stage_layers
from tests.explain.conftest import crop, furthest


def test_gradcam_by_hand():
    """Two channels of four cells: mean gradients 1 and -0.5."""
    activations = np.float32([[[[1, 2], [3, 0]], [[0, 8], [2, 2]]]])
    gradients = np.float32([[[[4, -2], [0, 0]], [[0, 0], [0, 0]]]])
    expected = [[[1 - 1, 3 - 0], [0 - 4, 2 - 1]]]
    np.testing.assert_allclose(gradcam(activations, gradients), expected)


def by_tape(model, picture, digit):
    layers = stage_layers(model)
    outputs = [model.get_layer(name).output for name in layers.values()]
    staged = keras.Model(model.input, [*outputs, model.output])
    with tf.GradientTape() as tape:
        *activations, logits = staged(picture, training=False)
        score = logits[0, digit]
    gradients = tape.gradient(score, activations)
    return {
        stage: np.maximum((a.numpy()[0] * g.numpy()[0].mean((0, 1))).sum(-1), 0)
        for stage, a, g in zip(layers, activations, gradients, strict=True)
    }


def agrees(classifier, digits, seeds=(0,)):
    explainer = Explainer(classifier)
    hottest, apart = [], []
    for seed in seeds:
        apart.append([])
        for digit in digits:
            maps = explainer.explain(crop(seed), digit).maps
            theirs = by_tape(classifier.model, crop(seed)[None] / np.float32(255), digit)
            hottest += [float(expected.max()) for expected in theirs.values()]
            apart[-1] += [furthest(maps[stage], expected) for stage, expected in theirs.items()]
    assert np.mean(np.array(hottest) > 0) > 0.5  # maps of zeros agree with anything
    assert np.median(apart, axis=0).max() < 2e-4, apart


@pytest.mark.slow
def test_every_stage_equals_ten_lines_of_tape(small):
    agrees(small, range(6))


@pytest.mark.weights
@pytest.mark.slow
def test_every_stage_equals_ten_lines_of_tape_on_the_shipped_weights(shipped):
    # Of 50 layers, folding BatchNorm may round a ReLU to the other side of zero, in one of these.
    agrees(shipped, [3], seeds=range(5))


def test_the_prediction_is_the_classifiers(small):
    explanation = Explainer(small).explain(crop(1))
    logits = small.logits(crop(1)[None] / np.float32(255))[0]
    np.testing.assert_allclose(explanation.logits, logits, rtol=1e-4, atol=1e-5)
    assert explanation.digit == logits.argmax()


@pytest.mark.slow
@pytest.mark.weights
def test_the_stages_are_the_ones_asked_for(small, shipped):
    assert list(stage_layers(small.model).values()) == [
        "conv1_relu", "conv2_block1_out", "conv3_block2_out", "conv4_block1_out", "conv5_block1_out"
    ]  # fmt: skip
    sides = [m.shape for m in Explainer(shipped).explain(crop()).maps.values()]
    assert sides == [(32, 32), (15, 15), (8, 8), (4, 4), (2, 2)]


def test_an_unknown_digit_gets_one_sentence(small):
    with pytest.raises(ValueError, match="7 cannot be explained; choose"):
        Explainer(small).explain(crop(), 7)


def test_the_exact_sum_adds_up_to_the_logits(small):
    explanation = Explainer(small).explain(crop(2))
    contributions = explanation.exact_sum.contributions
    assert contributions.shape == (6, 2, 2) and contributions.std() > 1e-3
    np.testing.assert_allclose(
        explanation.exact_sum.logits, explanation.logits, rtol=1e-4, atol=1e-5
    )
