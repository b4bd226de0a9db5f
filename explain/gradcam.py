"""Grad-CAM of every stage and the prediction, from one compiled pass."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from model.classifier import HandClassifier
from model.images import SIZE


@dataclass(frozen=True)
class Explanation:
    """Where the network looked.

    Attributes:
        digit: the one explained.
        logits: float32 [6].
        probabilities: float32 [6].
        maps: for each stage a float32 [h, w], zero or more, in units of the logit, not normalised.
    """

    digit: int
    logits: np.ndarray
    probabilities: np.ndarray
    maps: dict[str, np.ndarray]


def stage_layers(model: keras.Model) -> dict[str, str]:
    """The stages of a network, conv1 to conv5, and the layer whose output each ends with."""
    layers = {"conv1": "conv1_relu"}
    for layer in model.layers:
        if layer.name.endswith("_out"):
            layers[layer.name.split("_")[0]] = layer.name
    return layers


def gradcam(activations, gradients):
    """Weigh each channel by its mean gradient and add them up.

    Args:
        activations: float32 [n, h, w, c], a stage's output.
        gradients: float32 [n, h, w, c], of one digit's logit with respect to it.

    Returns:
        float32 [n, h, w], zero or more, not normalised.

    Source: Selvaraju et al. 2017, arXiv:1610.02391, eq. 1 and 2.
    """
    weights = tf.reduce_mean(gradients, axis=(1, 2), keepdims=True)
    return tf.nn.relu(tf.reduce_sum(weights * activations, axis=-1))


class Explainer:
    """Explains what a classifier reads.

    Args:
        classifier: the reader whose network is looked into.
    """

    def __init__(self, classifier: HandClassifier):
        model = classifier.folded
        self.probabilities = classifier.probabilities
        layers = stage_layers(model)
        self.stages = tuple(layers)
        outputs = [model.get_layer(name).output for name in layers.values()]
        staged = keras.Model(model.input, [*outputs, model.output])

        def explain(picture, digit):
            with tf.GradientTape() as tape:
                tape.watch(picture)
                *activations, logits = staged(picture, training=False)
                chosen = tf.where(digit < 0, tf.argmax(logits[0], output_type=tf.int32), digit)
                score = tf.gather(logits[0], chosen)
            gradients = tape.gradient(score, activations)
            maps = [gradcam(a, g)[0] for a, g in zip(activations, gradients, strict=True)]
            return chosen, logits[0], *maps

        signature = [tf.TensorSpec((1, SIZE, SIZE, 3), tf.float32), tf.TensorSpec((), tf.int32)]
        self._explain = tf.function(explain, input_signature=signature)

    def explain(self, crop: np.ndarray, digit: int | None = None) -> Explanation:
        """Read a picture and find where each stage looked.

        Args:
            crop: uint8 [64, 64, 3], as of `Reading.crop`.
            digit: the one to explain; None for the one that is read.

        Raises:
            ValueError: if there is no such digit.
        """
        if digit is not None and digit not in range(6):
            raise ValueError(f"{digit} cannot be explained; choose a digit from 0 to 5.")
        chosen, logits, *maps = self._explain(
            tf.constant(crop[None] / np.float32(255)), tf.constant(-1 if digit is None else digit)
        )
        logits = logits.numpy()
        maps = {stage: m.numpy() for stage, m in zip(self.stages, maps, strict=True)}
        return Explanation(int(chosen), logits, self.probabilities(logits), maps)
