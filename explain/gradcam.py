"""Grad-CAM of every stage and the prediction, from one compiled pass."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from explain.ledger import Ledger, ledger
from explain.passes import Passes, Weights
from model.classifier import HandClassifier
from model.images import DIGITS


@dataclass(frozen=True)
class Explanation:
    """Where the network looked.

    Attributes:
        digit: the one explained.
        against: the one it is compared with, if any: the maps are of the difference of logits.
        logits: float32 [6].
        probabilities: float32 [6].
        signed: for each stage a float32 [h, w] in units of the logit, not normalised; where it is
            below zero the picture speaks against the digit.
        ledger: what each cell of the last stage adds to each logit.
    """

    digit: int
    against: int | None
    logits: np.ndarray
    probabilities: np.ndarray
    signed: dict[str, np.ndarray]
    ledger: Ledger

    @property
    def maps(self) -> dict[str, np.ndarray]:
        """Grad-CAM as published: what is below zero is cut off."""
        return {stage: np.maximum(signed, 0) for stage, signed in self.signed.items()}


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
        float32 [n, h, w], signed, not normalised; the published map is what is above zero.

    Source: Selvaraju et al. 2017, arXiv:1610.02391, eq. 1 and 2.
    """
    return tf.einsum("nhwc,nc->nhw", activations, tf.reduce_mean(gradients, axis=(1, 2)))


def layercam(activations, gradients):
    """Weigh each cell of each channel by its own gradient, if positive, and add the channels up.

    Args:
        activations: float32 [n, h, w, c], a stage's output.
        gradients: float32 [n, h, w, c], of one digit's logit with respect to it.

    Returns:
        float32 [n, h, w], zero or more, not normalised.

    Source: Jiang et al. 2021, LayerCAM, IEEE TIP 30, eq. 5 and 6.
    """
    return tf.reduce_sum(tf.nn.relu(gradients) * activations, axis=-1)


class Explainer:
    """Explains what a classifier reads.

    Args:
        classifier: the reader whose network is looked into.

    Attributes:
        stages: conv1 to conv5 and the layer that each ends with.
        passes: through its network.
    """

    def __init__(self, classifier: HandClassifier):
        model = classifier.folded
        self.probabilities = classifier.probabilities
        self.stages = stage_layers(model)
        self.passes = Passes(model, down_to=self.stages["conv1"])
        self._explain = tf.function(self._trace, autograph=False)

    def _trace(self, weights: Weights, picture, digit, against):
        outputs = self.passes.forward(weights, picture)
        logits = outputs["predictions"]
        chosen = tf.where(digit < 0, tf.argmax(logits[0], output_type=tf.int32), digit)
        seed = tf.one_hot([chosen], DIGITS) - tf.one_hot([against], DIGITS)  # of -1 it is all zeros
        gradients = self.passes.backward(weights, outputs, seed)
        maps = [gradcam(outputs[name], gradients[name])[0] for name in self.stages.values()]
        return chosen, logits[0], outputs[self.stages["conv5"]][0], *maps

    def explain(
        self,
        crop: np.ndarray,
        digit: int | None = None,
        against: int | None = None,
        weights: Weights | None = None,
    ) -> Explanation:
        """Read a picture and find where each stage looked.

        Args:
            crop: uint8 [64, 64, 3], as of `Reading.crop`.
            digit: the one to explain; None for the one that is read.
            against: explain what speaks for `digit` rather than for this one.
            weights: others than the network's own.

        Raises:
            ValueError: if there is no such digit.
        """
        for asked in (digit, against):
            if asked is not None and asked not in range(DIGITS):
                raise ValueError(f"{asked} cannot be explained; choose a digit from 0 to 5.")
        weights = weights or self.passes.weights
        chosen, logits, last, *maps = self._explain(
            weights,
            tf.constant(crop[None] / np.float32(255)),
            tf.constant(-1 if digit is None else digit),
            tf.constant(-1 if against is None else against),
        )
        logits = logits.numpy()
        return Explanation(
            int(chosen),
            against,
            logits,
            self.probabilities(logits),
            {stage: m.numpy() for stage, m in zip(self.stages, maps, strict=True)},
            ledger(last.numpy(), *(w.numpy() for w in weights.forward["predictions"])),
        )
