"""The sharp map: three stages that agree, over several shifted views, in one compiled pass."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import tensorflow as tf

from explain.maps.cells import interpolation_matrix
from explain.maps.gradcam import Explainer, Explanation, check, gradcam
from explain.network.passes import Weights
from model.digits import DIGITS
from model.reading.images import SIZE


def pointwise(activations, gradients):
    """Weigh each channel in each cell by its own gradient there and add them up.

    Args:
        activations: float32 [n, h, w, c], a stage's output.
        gradients: float32 [n, h, w, c], of one digit's logit with respect to it.

    Returns:
        float32 [n, h, w], signed.

    Source: Draelos and Carin 2020, HiResCAM, arXiv:2011.08891, eq. 3.
    """
    return tf.reduce_mean(activations * gradients, -1) * activations.shape[-1]


@dataclass(frozen=True)
class Recipe:
    """What a sharp map is made of.

    Attributes:
        stages: whose maps are multiplied.
        shifts: rows and columns, in pixels, by which the picture is moved before it is read, the
            first of them none; the maps are moved back and averaged. Steps smaller than a cell
            show what is in it.
        weigh: makes a stage's map of its activations and gradients.
    """

    stages: tuple[str, ...]
    shifts: tuple[tuple[int, int], ...] = ((0, 0),)
    weigh: Callable = pointwise


AROUND = ((0, 0), (-3, -3), (-3, 3), (3, -3), (3, 3))
RECIPES = {  # measured against each other by `python -m explain.checks.compare --split validation`
    "Grad-CAM of conv3, shifted": Recipe(("conv3",), AROUND, gradcam),
    "conv3, shifted": Recipe(("conv3",), AROUND),
    "conv3 and conv4, shifted": Recipe(("conv3", "conv4"), AROUND),
    "conv2 to conv4": Recipe(("conv2", "conv3", "conv4")),
    "conv2 to conv4, shifted": Recipe(("conv2", "conv3", "conv4"), AROUND),
}
CHOSEN = "conv2 to conv4, shifted"
SHOWS = (
    "Where stages 2, 3 and 4 agree: each cell's channels times their gradients, multiplied from "
    "stage to stage, averaged over slightly shifted pictures."
)
MISLEADS = "It misses what a single stage sees, and interpolates between two cells."


class SharpExplainer:
    """Makes the sharp maps of all digits.

    Args:
        explainer: of the network.
        recipe: what the maps are made of.
    """

    def __init__(self, explainer: Explainer, recipe: Recipe = RECIPES[CHOSEN]):
        self.explainer = explainer
        self.recipe = recipe
        self.stages = {stage: explainer.stages[stage] for stage in recipe.stages}
        self._last = self.stages[min(self.stages)]  # where the pass back ends
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
        self._explain_both = tf.function(
            partial(self._trace_both, self.passes.weights),
            input_signature=[
                tf.TensorSpec((SIZE, SIZE, 3), tf.float32),
                tf.TensorSpec((), tf.int32),
            ],
            autograph=False,
        )

    def _trace(self, weights: Weights, picture, digits):
        return self._sharp(*self._views(weights, picture, digits))

    def _trace_both(self, weights: Weights, picture, digit):
        outputs, gradients = self._views(weights, picture, digit[None])
        # The sharp map ends before the first stage; of the picture itself the rest is needed, too.
        itself = {name: output[:1] for name, output in outputs.items()}
        rest = self.passes.backward(weights, itself, gradients[self._last][:1], start=self._last)
        found = self.explainer.found(outputs, rest | gradients)
        return self._sharp(outputs, gradients)[0], outputs["predictions"][0], *found

    def _views(self, weights: Weights, picture, digits):
        """The outputs and gradients of all views, for each of the digits: [digits * views, ...]."""
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
        return outputs, self.passes.backward(weights, outputs, seed, self._last)

    def _sharp(self, outputs, gradients):
        return agreement(
            [
                self._moved_back(stage, self.recipe.weigh(outputs[layer], gradients[layer]))
                for stage, layer in self.stages.items()
            ]
        )

    def _moved_back(self, stage: str, maps):
        """The mean of all views' maps: of [digits * views, cells, cells], [digits, 64, 64]."""
        cells, views = maps.shape[1], len(self.recipe.shifts)
        maps = tf.reshape(maps, (-1, views, cells, cells))
        first, step = self.centres[stage]
        total = 0.0
        for view, (y, x) in enumerate(self.recipe.shifts):
            rows = interpolation_matrix(cells, (first + y, step))
            columns = interpolation_matrix(cells, (first + x, step))
            total += cells**2 / views * (rows @ maps[:, view] @ columns.T)
        return total

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

        Source: Draelos and Carin 2020, arXiv:2011.08891; the shifts after Morbidelli et al. 2020,
        Augmented Grad-CAM, ICASSP.
        """
        explain = partial(self._explain_with, weights) if weights else self._explain
        return explain(
            tf.constant(crop / np.float32(255)), tf.constant(list(digits), tf.int32)
        ).numpy()

    def explain_both(self, crop: np.ndarray, digit: int) -> tuple[Explanation, np.ndarray]:
        """Make the sharp map and those of the stages in one pass, faster than one after another.

        Args:
            crop: uint8 [64, 64, 3].
            digit: the one to explain.

        Returns:
            what `Explainer.explain` finds; float32 [64, 64], the sharp map.

        Raises:
            ValueError: if there is no such digit.
        """
        check(digit)
        sharp, logits, *found = (
            tensor.numpy()
            for tensor in self._explain_both(
                tf.constant(crop / np.float32(255)), tf.constant(digit, tf.int32)
            )
        )
        return self.explainer.explanation(digit, logits, *found), sharp


def agreement(maps: list):
    """The geometric mean of maps where all have one sign, zero elsewhere; each [..., h, w]."""
    power = 1 / len(maps)
    above, below = (
        tf.reduce_prod([tf.maximum(sign * each, 0) for each in maps], 0) for sign in (1, -1)
    )
    return above**power - below**power
