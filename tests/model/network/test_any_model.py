"""Networks of others: the same answers in one flat piece, or one sentence why not."""

import keras
import numpy as np
import pytest
from keras import layers

from model.network.any_model import classifier_of, open_model
from model.network.resnet import tiny
from tests.any_models import APPLICATIONS, transferred, tutorial

pytestmark = pytest.mark.slow  # most of these run a network


def pictures(model, n=2):
    return np.random.default_rng(0).random((n, *model.input_shape[1:3], 3), np.float32)


def test_a_grey_network_gives_its_probabilities_from_colours():
    model = tutorial()
    rgb = pictures(model)
    grey = (255 * rgb @ np.float32([0.299, 0.587, 0.114]))[..., None]
    logits = classifier_of(model, "it")(rgb, training=False)
    expected = model(grey, training=False)
    np.testing.assert_allclose(keras.ops.softmax(logits), expected, atol=1e-5)


def test_a_network_in_a_network_becomes_one():
    model = transferred()
    flat = classifier_of(model, "it", "0..255")
    assert not any(isinstance(layer, keras.Model) for layer in flat.layers)
    expected = model(255 * pictures(model), training=False)
    np.testing.assert_allclose(flat(pictures(model), training=False), expected, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", APPLICATIONS)
def test_networks_of_keras_keep_their_answers(name, tmp_path):
    size, scale = APPLICATIONS[name]
    model = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), classes=10)
    model.save(tmp_path / "it.keras")
    factor, offset = {"-1..1": (2, -1), None: (255, 0)}[scale]
    expected = model(factor * pictures(model) + offset, training=False)
    logits = open_model(tmp_path / "it.keras", scale)(pictures(model), training=False)
    np.testing.assert_allclose(keras.ops.softmax(logits), expected, atol=1e-5)


def test_our_own_network_is_one_of_them(tmp_path):
    model = tiny()
    model.save(tmp_path / "ours.keras")
    flat = open_model(tmp_path / "ours.keras", "0..1")
    np.testing.assert_allclose(
        flat(pictures(model), training=False), model(pictures(model), training=False), atol=1e-5
    )


def test_what_it_was_is_left_alone():
    model = tutorial()
    classifier_of(model, "it")
    np.testing.assert_allclose(model(np.zeros((1, 28, 28, 1))).numpy().sum(), 1, atol=1e-5)


def of(*inside, shape=(32, 32, 3), **wired):
    return keras.Sequential([keras.Input(shape), *inside])


class Subclassed(keras.Model):
    def call(self, x):
        return x


def two_inputs():
    one, other = keras.Input((8, 8, 3)), keras.Input((8, 8, 3))
    return keras.Model([one, other], layers.Dense(2)(layers.Flatten()(one + other)))


def twice():
    picture, convolution = keras.Input((8, 8, 3)), layers.Conv2D(3, 3)
    return keras.Model(
        picture, layers.Dense(2)(layers.Flatten()(convolution(convolution(picture))))
    )


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (Subclassed, "it is a subclassed network"),
        (two_inputs, "several inputs"),
        (twice, "uses a layer twice"),
        (lambda: of(layers.Dense(2), shape=(10,)), "it takes 10; it must take a square picture"),
        (lambda: of(layers.Flatten(), layers.Dense(2), shape=(8, 9, 3)), "it takes 8×9×3"),
        (lambda: of(layers.GlobalAveragePooling2D(), shape=(None, None, 3)), "any×any×3"),
        (lambda: of(layers.Conv2D(4, 3)), "it gives 30×30×4"),
        (lambda: tutorial(units=1, activation="sigmoid"), "it gives 1;"),
        (lambda: tutorial(units=4, activation="sigmoid"), "it ends in sigmoid"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(model, says):
    with pytest.raises(ValueError, match=says) as refused:
        classifier_of(model(), "it", "0..1")
    assert "\n" not in str(refused.value)


def test_the_scale_is_asked_for_where_the_network_has_none():
    with pytest.raises(ValueError, match="say --scale 0..1, -1..1 or 0..255"):
        classifier_of(transferred(), "it")


def test_files_that_hold_no_network_are_refused(tmp_path):
    with pytest.raises(ValueError, match="There is no file"):
        open_model(tmp_path / "none.keras")
    (tmp_path / "text.keras").write_text("hello")
    with pytest.raises(ValueError, match="damaged, or not a .keras or .h5 file"):
        open_model(tmp_path / "text.keras")
    tutorial().save_weights(tmp_path / "it.weights.h5")
    with pytest.raises(ValueError, match="holds no whole network"):
        open_model(tmp_path / "it.weights.h5")
    own = keras.Sequential([keras.Input((8, 8, 3)), layers.Lambda(lambda x: x), layers.Flatten()])
    for name in ("own.keras", "own.h5"):
        own.save(tmp_path / name)
        with pytest.raises(ValueError, match="needs Python code that is not in the file"):
            open_model(tmp_path / name)


def test_an_older_file_of_a_whole_network_is_opened(tmp_path):
    model = tutorial()
    model.save(tmp_path / "it.h5")
    flat = open_model(tmp_path / "it.h5")
    expected = classifier_of(model, "it")(pictures(model), training=False)
    np.testing.assert_allclose(flat(pictures(model), training=False), expected, atol=1e-6)
