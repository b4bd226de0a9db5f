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
from model.reading.together import Together


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
MOST = 16  # pictures that are explained at a time
CHOSEN = "conv2 to conv4, shifted"
SHOWS = (
    "Where stages 2, 3 and 4 agree: each cell's channels times their gradients, averaged over "
    "slightly shifted pictures; of the three maps, their geometric mean where their signs agree."
)
MISLEADS = "It misses what only one stage sees, and interpolates between cells."


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
        explain_both = tf.function(
            partial(self._trace_both, self.passes.weights),
            input_signature=[
                tf.TensorSpec((None, SIZE, SIZE, 3), tf.float32),
                tf.TensorSpec((None,), tf.int32),
            ],
            autograph=False,
        )
        self._explain_both = Together(
            lambda pictures, digits: [each.numpy() for each in explain_both(pictures, digits)],
            most=MOST,
        )

    def _trace(self, weights: Weights, picture, digits):
        outputs = self.passes.forward(weights, self._views(picture[None]))
        # One backward pass for all digits: each has the views as its share of the batch.
        count = tf.size(digits)
        outputs = {name: tf.repeat(output, count, axis=0) for name, output in outputs.items()}
        return self._sharp(outputs, self._gradients(weights, outputs, digits))

    def _trace_both(self, weights: Weights, pictures, digits):
        outputs = self.passes.forward(weights, self._views(pictures))
        gradients = self._gradients(weights, outputs, digits)
        # The sharp map ends before the first stage; of the pictures themselves the rest is needed.
        count = tf.size(digits)
        itself = {name: output[:count] for name, output in outputs.items()}
        last = gradients[self._last][:count]
        rest = self.passes.backward(weights, itself, last, start=self._last)
        own = {name: gradient[:count] for name, gradient in gradients.items()}
        found = self.explainer.found(itself, rest | own)
        return self._sharp(outputs, gradients), itself["predictions"], *found

    def _views(self, pictures):
        """All views of pictures: of [n, 64, 64, 3], [views * n, 64, 64, 3]."""
        edge = max(abs(pixels) for shift in self.recipe.shifts for pixels in shift)
        frame = [(0, 0), (edge, edge), (edge, edge), (0, 0)]
        wide = tf.pad(pictures, frame, "SYMMETRIC") if edge else pictures
        return tf.concat(
            [wide[:, edge + y :, edge + x :][:, :SIZE, :SIZE] for y, x in self.recipe.shifts], 0
        )

    def _gradients(self, weights: Weights, outputs, digits):
        """Those of the views' logits, of one digit each."""
        seed = tf.tile(tf.one_hot(digits, DIGITS), [len(self.recipe.shifts), 1])
        return self.passes.backward(weights, outputs, seed, self._last)

    def _sharp(self, outputs, gradients):
        return agreement(
            [
                self._moved_back(stage, self.recipe.weigh(outputs[layer], gradients[layer]))
                for stage, layer in self.stages.items()
            ]
        )

    def _moved_back(self, stage: str, maps):
        """The mean of all views' maps: of [views * n, cells, cells], [n, 64, 64]."""
        cells, views = maps.shape[1], len(self.recipe.shifts)
        maps = tf.reshape(maps, (views, -1, cells, cells))
        first, step = self.centres[stage]
        total = 0.0
        for view, (y, x) in enumerate(self.recipe.shifts):
            rows = interpolation_matrix(cells, (first + y, step))
            columns = interpolation_matrix(cells, (first + x, step))
            total += cells**2 / views * (rows @ maps[view] @ columns.T)
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

        Raises:
            ValueError: if there is no such digit.

        Source: Draelos and Carin 2020, arXiv:2011.08891; the shifts after Morbidelli et al. 2020,
        Augmented Grad-CAM, ICASSP.
        """
        for digit in digits:
            check(digit)
        explain = partial(self._explain_with, weights) if weights else self._explain
        return explain(
            tf.constant(crop / np.float32(255)), tf.constant(list(digits), tf.int32)
        ).numpy()

    def explain_both(self, crop: np.ndarray, digit: int) -> tuple[Explanation, np.ndarray]:
        """Make the sharp map and those of the stages in one pass, faster than one after another.

        What several threads ask for at a time goes through one pass.

        Args:
            crop: uint8 [64, 64, 3].
            digit: the one to explain.

        Returns:
            what `Explainer.explain` finds; float32 [64, 64], the sharp map.

        Raises:
            ValueError: if there is no such digit.
        """
        check(digit)
        pictures, digits = crop[None] / np.float32(255), np.array([digit], np.int32)
        answers = self._explain_both(pictures, digits)
        sharp, logits, *found = (rows[0] for rows in answers)
        return self.explainer.explanation(digit, logits, *found), sharp


def agreement(maps: list):
    """The geometric mean of maps where all have one sign, zero elsewhere; each [..., h, w]."""
    power = 1 / len(maps)
    above, below = (
        tf.reduce_prod([tf.maximum(sign * each, 0) for each in maps], 0) for sign in (1, -1)
    )
    return above**power - below**power
