"""The recipe that many learn residual networks with, to see what it gives on other people's hands.

Ten epochs of Adam on the training file of SIGNS alone, nothing augmented, and BatchNorm that takes
its statistics from the batch even when it predicts, so that an answer depends on its neighbours.
"""

import json
from pathlib import Path

import keras
import numpy as np

from model.collections import loading
from model.collections.catalogue import TEXTBOOK
from model.files import write_json
from model.network.resnet import resnet50
from model.records import RECORDED
from model.scoring.statistics import share, wilson_interval

SCORES = RECORDED / "original.json"
BATCH = 32


def fit(pictures: np.ndarray, digits: np.ndarray, seed: int, epochs: int = 10, build=resnet50):
    """Train a network by the recipe.

    Args:
        pictures: float32 [n, 64, 64, 3] in 0..1.
        digits: int [n].
        seed: of weights and of the pictures' order.
        epochs: times that each picture is seen.
        build: function that builds the network.
    """
    keras.utils.set_random_seed(seed)
    model = build()
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.99  # the default that the recipe leaves as it is
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=False)
    model.fit(pictures, digits, BATCH, epochs)
    return model


def accuracy(model: keras.Model, pictures: np.ndarray, digits: np.ndarray, training: bool) -> dict:
    """The share of pictures read right, in batches of mixed digits.

    Args:
        model: the network.
        pictures: float32 [n, 64, 64, 3] in 0..1.
        digits: int [n].
        training: whether BatchNorm takes its statistics from the batch.

    Returns:
        pictures, right, accuracy (0..1) and its 95 % interval.
    """
    order = np.random.default_rng(0).permutation(len(digits))
    parts = np.array_split(order, max(1, len(order) // BATCH))  # none is left with a few pictures
    right = 0
    for part in parts:
        logits = np.asarray(model(pictures[part], training=training))
        right += int((logits.argmax(-1) == digits[part]).sum())
    interval = wilson_interval(right, len(digits))
    count = len(digits)
    return {
        "pictures": count, "right": right, "accuracy": share(right, count), "interval": interval
    }  # fmt: skip


def run(data: str | None, seed: int, path: Path = SCORES) -> None:
    """Train by the recipe, score it on every collection's test split, and write the scores."""
    files = [loading.load(TEXTBOOK, split, data) for split in ("train", "validation")]
    pictures = np.concatenate([loading.inputs(file) for file in files]) / np.float32(255)
    model = fit(pictures, np.concatenate([file.digits for file in files]), seed)
    scores = {}
    for collection in loading.load_all("test", data):
        if collection.has_hands:
            hands = loading.inputs(collection) / np.float32(255), collection.digits
            scores[collection.name] = {
                "batch statistics": accuracy(model, *hands, training=True),
                "moving statistics": accuracy(model, *hands, training=False),
            }
    write_json(path, {"seed": seed, "scores": scores})
    print(json.dumps(scores, indent=2))
