"""Image classifiers of others for the tests: of a tutorial's kind, and of keras.applications."""

from functools import cache

import keras
from keras import layers

from model.network.any_model import classifier_of
from model.reading.image_classifier import ImageClassifier


def tutorial(**last) -> keras.Sequential:
    """A small network as tutorials build it, for grey pictures of 28x28 pixels."""
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(8, 3, activation="relu", name="conv2d"),
            layers.MaxPooling2D(name="max_pooling2d"),
            layers.Conv2D(16, 3, activation="relu", name="conv2d_1"),
            layers.MaxPooling2D(name="max_pooling2d_1"),
            layers.Flatten(name="flatten"),
            layers.Dropout(0.5, name="dropout"),
            layers.Dense(**{"name": "dense", "units": 4, "activation": "softmax"} | last),
        ],
        name="tutorial",
    )


def transferred() -> keras.Model:
    """A network of another, trained for one thing, that is taken for another."""
    keras.utils.set_random_seed(0)
    base = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(8, 3, strides=2, padding="same", name="block1_conv"),
            layers.BatchNormalization(name="block1_bn"),
            layers.ReLU(name="block1_relu"),
        ]
    )
    turned = keras.Sequential([layers.RandomFlip("horizontal"), layers.RandomRotation(0.1)])
    picture = keras.Input((32, 32, 3))
    x = base(turned(picture) / 127.5 - 1.0, training=False)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(picture, layers.Dense(3)(x), name="transferred")


APPLICATIONS = {  # each with the side of its pictures and the scale that it was made for
    "MobileNetV2": (64, "-1..1"),
    "ResNet50V2": (64, "-1..1"),
    "EfficientNetB0": (96, None),
}


@cache
def application(name: str) -> ImageClassifier:
    """A network of keras.applications with random weights and ten classes."""
    keras.utils.set_random_seed(0)
    size, scale = APPLICATIONS[name]
    made = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), classes=10)
    return ImageClassifier(classifier_of(made, name, scale))


@cache
def small() -> ImageClassifier:
    """The reader of the tutorial's network."""
    return ImageClassifier(classifier_of(tutorial(), "tutorial"), ["cat", "dog", "fox", "owl"])
