"""Grad-CAM of every stage and the prediction, from one compiled pass."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import tensorflow as tf

from explain.maps.cells import cell_centres
from explain.maps.exact_sum import ExactSum, exact_sum
from explain.network.passes import Passes, Weights
from model.digits import DIGITS
from model.network.resnet import stage_layers
from model.reading.classifier import HandClassifier


@dataclass(frozen=True)
class Explanation:
    """Where the network looked.

    Attributes:
        digit: the one that is explained.
        logits: float32 [digits].
        probabilities: float32 [digits].
        signed: for each stage a float32 [h, w] in units of the logit, not normalised; below zero
            where the picture speaks against the digit.
        exact_sum: what each cell of the last stage adds to each logit.
    """

    digit: int
    logits: np.ndarray
    probabilities: np.ndarray
    signed: dict[str, np.ndarray]
    exact_sum: ExactSum

    @property
    def maps(self) -> dict[str, np.ndarray]:
        """Grad-CAM as published, with everything below zero cut off."""
        return {stage: np.maximum(signed, 0) for stage, signed in self.signed.items()}


def gradcam(activations, gradients):
    """Weigh each channel by its mean gradient and add them up.

    Args:
        activations: float32 [n, h, w, c], a stage's output.
        gradients: float32 [n, h, w, c], of one digit's logit with respect to it.

    Returns:
        float32 [n, h, w], signed, not normalised; the published map is the part above zero.

    Source: Selvaraju et al. 2017, arXiv:1610.02391, eq. 1 and 2.
    """
    return tf.einsum("nhwc,nc->nhw", activations, tf.reduce_mean(gradients, axis=(1, 2)))


def check(digit: int) -> None:
    """Raise ValueError, one sentence, if there is no such digit."""
    if digit not in range(DIGITS):
        raise ValueError(f"{digit} cannot be explained; choose a digit from 0 to {DIGITS - 1}.")


class Explainer:
    """Explains what a classifier reads.

    Args:
        classifier: the reader whose network is explained.

    Attributes:
        stages: their names, from the first to the last, and the layer that each ends with.
        centres: of the cells of each stage; see `explain.maps.cells.cell_centres`.
        passes: forwards and backwards through the network.
    """

    def __init__(self, classifier: HandClassifier):
        model = classifier.folded
        self.probabilities = classifier.probabilities
        self.stages = stage_layers(model)
        centres = cell_centres(model)
        self.centres = {stage: centres[layer] for stage, layer in self.stages.items()}
        self.passes = Passes(model)
        # Weights that are part of the function need not be passed in for every picture.
        self._explain = tf.function(partial(self._trace, self.passes.weights), autograph=False)

    def _trace(self, weights: Weights, picture, digit):
        outputs = self.passes.forward(weights, picture)
        logits = outputs["predictions"][0]
        digit = tf.where(digit < 0, tf.argmax(logits, output_type=tf.int32), digit)
        gradients = self.passes.backward(weights, outputs, tf.one_hot([digit], DIGITS))
        return digit, logits, *(each[0] for each in self.found(outputs, gradients))

    def found(self, outputs, gradients) -> list[tf.Tensor]:
        """What the last stage puts out for each picture, and the maps of each stage.

        Args:
            outputs: of every layer, a tensor [n, ...].
            gradients: of one digit's logit each, likewise.
        """
        stages = [*self.stages.values()]
        return [outputs[stages[-1]], *(gradcam(outputs[name], gradients[name]) for name in stages)]

    def explain(self, crop: np.ndarray, digit: int | None = None) -> Explanation:
        """Read a picture and find where each stage looked.

        Args:
            crop: uint8 [64, 64, 3], such as `Reading.crop`.
            digit: the one to explain; None for the one that is read.

        Raises:
            ValueError: if there is no such digit.
        """
        if digit is not None:
            check(digit)
        found = self._explain(
            tf.constant(crop[None] / np.float32(255)), tf.constant(-1 if digit is None else digit)
        )
        return self.explanation(*(tensor.numpy() for tensor in found))

    def explanation(self, digit, logits, last, *maps: np.ndarray) -> Explanation:
        """Put together what a pass found.

        Args:
            digit: int32 [], the one that is explained.
            logits: float32 [digits].
            last: float32 [h, w, c], what the last stage puts out.
            maps: of each stage.
        """
        dense = self.passes.weights.forward["predictions"]
        return Explanation(
            int(digit),
            logits,
            self.probabilities(logits),
            dict(zip(self.stages, maps, strict=True)),
            exact_sum(last, *(weight.numpy() for weight in dense)),
        )
