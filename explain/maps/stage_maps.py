"""Grad-CAM of every stage of any image classifier, from one compiled pass."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from explain.maps.cells import cell_centres
from explain.maps.gradcam import gradcam
from explain.network.any_architecture import stage_ends
from model.reading.image_classifier import ImageClassifier


@dataclass(frozen=True)
class StageMaps:
    """Where a network looked for a class.

    Attributes:
        chosen: the number of the class.
        signed: for each stage a float32 [h, w] in units of the logit, not normalised; below zero
            where the picture speaks against the class.
    """

    chosen: int
    signed: dict[str, np.ndarray]


class StageExplainer:
    """Explains what an image classifier reads.

    Args:
        classifier: the reader whose network is explained.

    Attributes:
        stages: their names, from the first to the last, and the layer that each ends with.
        sides: the cells of a side of each.
        centres: of the cells of each; see `explain.maps.cells.cell_centres`.

    Raises:
        ValueError: one sentence, if the network has no stages.
    """

    def __init__(self, classifier: ImageClassifier):
        model = classifier.model
        self.stages = stage_ends(model)
        centres = cell_centres(model)
        self.centres = {stage: centres[layer] for stage, layer in self.stages.items()}
        ends = [model.get_layer(layer).output for layer in self.stages.values()]
        self.sides = {stage: end.shape[1] for stage, end in zip(self.stages, ends, strict=True)}
        self._outputs = keras.Model(model.input, [*ends, model.output])
        size = classifier.size
        self._explain = tf.function(
            self._trace,
            input_signature=[
                tf.TensorSpec((1, size, size, 3), tf.float32),
                tf.TensorSpec((), tf.int32),
            ],
        )

    def _trace(self, picture, chosen):
        with tf.GradientTape() as tape:
            tape.watch(picture)
            *outputs, logits = self._outputs(picture, training=False)
            score = logits[0, chosen]
        gradients = tape.gradient(score, outputs, unconnected_gradients="zero")
        return [gradcam(*pair)[0] for pair in zip(outputs, gradients, strict=True)]

    def explain(self, crop: np.ndarray, chosen: int) -> StageMaps:
        """Find where each stage looked for a class.

        Args:
            crop: uint8 [size, size, 3].
            chosen: the number of the class.
        """
        maps = self._explain(tf.constant(crop[None] / np.float32(255)), tf.constant(chosen))
        signed = {stage: m.numpy() for stage, m in zip(self.stages, maps, strict=True)}
        return StageMaps(chosen, signed)
