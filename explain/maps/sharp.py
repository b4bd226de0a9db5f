"""The sharp map: Grad-CAM of a middle stage over several shifted views, in one compiled pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import tensorflow as tf

from explain.maps.cells import interpolation_matrix
from explain.maps.gradcam import Explainer, gradcam
from explain.network.passes import Weights
from model.digits import DIGITS
from model.reading.images import SIZE


@dataclass(frozen=True)
class Recipe:
    """What a sharp map is made of.

    Attributes:
        shares: by stage, the weight of its map.
        shifts: rows and columns, in pixels, by which the picture is moved before it is read, the
            first of them none; the maps are moved back and averaged. Steps smaller than a cell
            show what is in it.
    """

    shares: dict[str, float]
    shifts: tuple[tuple[int, int], ...] = ((0, 0),)


AROUND = ((0, 0), (-3, -3), (-3, 3), (3, -3), (3, 3))
RECIPES = {  # measured against each other by `python -m explain.checks.compare --split validation`
    "conv3": Recipe({"conv3": 1}),
    "conv3, shifted": Recipe({"conv3": 1}, AROUND),
    "conv3 and conv4": Recipe({"conv3": 1, "conv4": 0.25}),
    "conv3 and conv4, shifted": Recipe({"conv3": 1, "conv4": 0.25}, AROUND),
    "conv2 to conv4, shifted": Recipe({"conv2": 0.25, "conv3": 1, "conv4": 0.25}, AROUND),
}
CHOSEN = "conv3, shifted"
SHOWS = "Grad-CAM of stage 3, for and against, averaged over slightly shifted pictures."
MISLEADS = "It misses what only the later stages see, and interpolates between two cells."


class SharpExplainer:
    """Makes the sharp maps of all digits.

    Args:
        explainer: of the network.
        recipe: what the maps are made of.
    """

    def __init__(self, explainer: Explainer, recipe: Recipe = RECIPES[CHOSEN]):
        self.recipe = recipe
        self.stages = {stage: explainer.stages[stage] for stage in recipe.shares}
        self.centres = explainer.centres
        self.passes = explainer.passes
        self._explain = tf.function(
            partial(self._trace, self.passes.weights),
            input_signature=[
                tf.TensorSpec((SIZE, SIZE, 3), tf.float32),
                tf.TensorSpec((None,), tf.int32),
            ],
            autograph=False,
        )
        self._explain_with = tf.function(self._trace, autograph=False)

    def _trace(self, weights: Weights, picture, digits):
        edge = max(abs(pixels) for shift in self.recipe.shifts for pixels in shift)
        frame = [(edge, edge), (edge, edge), (0, 0)]
        wide = tf.pad(picture, frame, "SYMMETRIC") if edge else picture
        views = [wide[edge + y :][:SIZE, edge + x :][:, :SIZE] for y, x in self.recipe.shifts]
        outputs = self.passes.forward(weights, tf.stack(views))
        # One backward pass for all digits: each has the views as its share of the batch.
        count = tf.size(digits)
        outputs = {
            name: tf.tile(x, [count, *[1] * (len(x.shape) - 1)]) for name, x in outputs.items()
        }
        seed = tf.repeat(tf.one_hot(digits, DIGITS), len(views), axis=0)
        last = self.stages[min(self.stages)]
        gradients = self.passes.backward(weights, outputs, seed, last)
        sharp = 0.0
        for stage, layer in self.stages.items():
            cells = outputs[layer].shape[1]
            maps = gradcam(outputs[layer], gradients[layer])
            maps = tf.reshape(maps, (-1, len(views), cells, cells))
            share = self.recipe.shares[stage] * cells**2 / len(views)
            first, step = self.centres[stage]
            for view, (y, x) in enumerate(self.recipe.shifts):
                rows = interpolation_matrix(cells, (first + y, step))
                columns = interpolation_matrix(cells, (first + x, step))
                sharp += share * (rows @ maps[:, view] @ columns.T)
        return sharp

    def explain(
        self,
        crop: np.ndarray,
        weights: Weights | None = None,
        digits: Sequence[int] = range(DIGITS),
    ) -> np.ndarray:
        """Find what speaks for digits in a picture, and where exactly.

        Args:
            crop: uint8 [64, 64, 3].
            weights: used in place of the network's own.
            digits: those explained; one takes a third of the time of all six.

        Returns:
            float32 [len(digits), 64, 64]; below zero where the picture speaks against the digit.
            The mean over the picture is in units of the logit, so that maps of different digits
            compare; what speaks for one digit rather than another is the difference of their maps.

        Source: Selvaraju et al. 2017, arXiv:1610.02391; the shifts after Morbidelli et al. 2020,
        Augmented Grad-CAM, ICASSP.
        """
        explain = partial(self._explain_with, weights) if weights else self._explain
        return explain(
            tf.constant(crop / np.float32(255)), tf.constant(list(digits), tf.int32)
        ).numpy()
