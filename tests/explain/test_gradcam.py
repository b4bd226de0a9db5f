import keras
import numpy as np
import pytest
import tensorflow as tf
from tf_keras_vis.gradcam import Gradcam

from explain.gradcam import Explainer, gradcam, stage_layers
from model.classifier import HandClassifier
from model.resnet import tiny
from model.weights_file import WEIGHTS


@pytest.fixture(scope="module")
def small():
    keras.utils.set_random_seed(3)
    model = tiny()
    rng = np.random.default_rng(0)
    for variable in model.weights:
        if "moving" in variable.path:
            variable.assign(rng.uniform(0.5, 1.5, variable.shape))
    return HandClassifier(model)


@pytest.fixture(scope="module")
def shipped():
    if not WEIGHTS.exists():
        pytest.skip("there are no shipped weights")
    return HandClassifier.load()


def crop(seed=0):
    return np.random.default_rng(seed).integers(0, 256, (64, 64, 3), dtype=np.uint8)


def test_gradcam_by_hand():
    """Two channels of four cells: mean gradients 1 and -0.5."""
    activations = np.float32([[[[1, 2], [3, 0]], [[0, 8], [2, 2]]]])
    gradients = np.float32([[[[4, -2], [0, 0]], [[0, 0], [0, 0]]]])
    expected = [[[1 - 1, 3], [0, 2 - 1]]]  # 0 - 4 is cut off at zero
    np.testing.assert_allclose(gradcam(activations, gradients), expected)


def by_tape(model, picture, digit, layer):
    staged = keras.Model(model.input, [model.get_layer(layer).output, model.output])
    with tf.GradientTape() as tape:
        activations, logits = staged(picture, training=False)
        score = logits[0, digit]
    gradients = tape.gradient(score, activations).numpy()[0]
    return np.maximum((activations.numpy()[0] * gradients.mean((0, 1))).sum(-1), 0)


def by_tf_keras_vis(model, picture, digit, layer):
    maps = Gradcam(model, clone=True)(
        lambda logits: logits[:, digit],
        picture,
        penultimate_layer=layer,
        seek_penultimate_conv_layer=False,
        expand_cam=False,
        normalize_cam=False,
        training=False,
    )
    return np.asarray(maps)[0]


def agrees(classifier, digits, others):
    explainer = Explainer(classifier)
    picture = crop()[None] / np.float32(255)
    for digit in digits:
        maps = explainer.explain(crop(), digit).maps
        for stage, layer in stage_layers(classifier.model).items():
            for other in others:
                expected = other(classifier.model, picture, digit, layer)
                scale = max(float(expected.max()), 1e-6)
                np.testing.assert_allclose(maps[stage] / scale, expected / scale, atol=2e-4)


def test_every_stage_equals_ten_lines_of_tape(small):
    agrees(small, range(6), [by_tape])


def test_every_stage_equals_tf_keras_vis(small):
    agrees(small, [0, 4], [by_tf_keras_vis])


def test_every_stage_equals_tf_keras_vis_on_the_shipped_weights(shipped):
    agrees(shipped, [3], [by_tape, by_tf_keras_vis])


def test_the_prediction_is_the_classifiers(small):
    explanation = Explainer(small).explain(crop(1))
    reading = small.read(crop(1))
    np.testing.assert_allclose(explanation.logits, reading.logits, rtol=1e-4, atol=1e-5)
    assert explanation.digit == reading.digit


def test_the_stages_are_the_ones_asked_for(small, shipped):
    assert list(stage_layers(small.model).values()) == [
        "conv1_relu", "conv2_block1_out", "conv3_block2_out", "conv4_block1_out", "conv5_block1_out"
    ]  # fmt: skip
    sides = [m.shape for m in Explainer(shipped).explain(crop()).maps.values()]
    assert sides == [(32, 32), (15, 15), (8, 8), (4, 4), (2, 2)]


def test_an_unknown_digit_gets_one_sentence(small):
    with pytest.raises(ValueError, match="7 cannot be explained; choose"):
        Explainer(small).explain(crop(), 7)
