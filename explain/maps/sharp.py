"""One sharp map out of several views of the picture, in one compiled pass."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import tensorflow as tf

from explain.maps.cells import spread_matrix
from explain.maps.gradcam import Explainer, gradcam
from explain.network.passes import Weights
from model.digits import DIGITS
from model.reading.images import SIZE


@dataclass(frozen=True)
class Fusion:
    """What a fused map is made of.

    Attributes:
        shares: how much the map of each stage counts for.
        shifts: rows and columns, in pixels, by which the picture is moved before it is read, the
            first of them none; the maps are moved back and averaged. Steps smaller than a cell
            show what is in it.
    """

    shares: dict[str, float]
    shifts: tuple[tuple[int, int], ...] = ((0, 0),)


AROUND = ((0, 0), (-3, -3), (-3, 3), (3, -3), (3, 3))
FUSIONS = {  # measured against each other by `python -m explain.checks.compare --split validation`
    "conv3": Fusion({"conv3": 1}),
    "conv3, shifted": Fusion({"conv3": 1}, AROUND),
    "conv3 and conv4": Fusion({"conv3": 1, "conv4": 0.25}),
    "conv3 and conv4, shifted": Fusion({"conv3": 1, "conv4": 0.25}, AROUND),
    "conv2 to conv4, shifted": Fusion({"conv2": 0.25, "conv3": 1, "conv4": 0.25}, AROUND),
}
CHOSEN = "conv3, shifted"
SHOWS = "Grad-CAM of stage 3, for and against, averaged over slightly shifted pictures."
MISLEADS = "What only the later stages see is missing, and between two cells it is interpolated."


class Fuser:
    """Makes fused maps.

    Args:
        explainer: of the network.
        fusion: what they are made of.
    """

    def __init__(self, explainer: Explainer, fusion: Fusion = FUSIONS[CHOSEN]):
        self.fusion = fusion
        self.stages = {stage: explainer.stages[stage] for stage in fusion.shares}
        self.centres = explainer.centres
        self.passes = explainer.passes
        self._fuse = tf.function(partial(self._trace, self.passes.weights), autograph=False)
        self._fuse_with = tf.function(self._trace, autograph=False)

    def _trace(self, weights: Weights, picture):
        edge = max(abs(pixels) for shift in self.fusion.shifts for pixels in shift)
        frame = [(edge, edge), (edge, edge), (0, 0)]
        wide = tf.pad(picture, frame, "SYMMETRIC") if edge else picture
        views = [wide[edge + y :][:SIZE, edge + x :][:, :SIZE] for y, x in self.fusion.shifts]
        outputs = self.passes.forward(weights, tf.stack(views))
        # One pass back for all digits: each has the views as its part of the batch.
        outputs = {name: tf.concat([x] * DIGITS, 0) for name, x in outputs.items()}
        seed = tf.repeat(tf.eye(DIGITS), len(views), axis=0)
        last = self.stages[min(self.stages)]
        gradients = self.passes.backward(weights, outputs, seed, last)
        fused = 0.0
        for stage, layer in self.stages.items():
            cells = outputs[layer].shape[1]
            maps = gradcam(outputs[layer], gradients[layer])
            maps = tf.reshape(maps, (DIGITS, len(views), cells, cells))
            share = self.fusion.shares[stage] * cells**2 / len(views)
            first, step = self.centres[stage]
            for view, (y, x) in enumerate(self.fusion.shifts):
                rows = spread_matrix(cells, (first + y, step))
                columns = spread_matrix(cells, (first + x, step))
                fused += share * (rows @ maps[:, view] @ columns.T)
        return fused

    def fuse(self, crop: np.ndarray, weights: Weights | None = None) -> np.ndarray:
        """Find what speaks for each digit in a picture, and where exactly.

        Args:
            crop: uint8 [64, 64, 3].
            weights: others than the network's own.

        Returns:
            float32 [6, 64, 64], by digit; below zero where the picture speaks against it. The mean
            over the picture is in units of the logit, so that maps of different digits compare;
            what speaks for one digit rather than another is the difference of their maps.

        Source: Selvaraju et al. 2017, arXiv:1610.02391; the shifts after Morbidelli et al. 2020,
        Augmented Grad-CAM, ICASSP.
        """
        fuse = partial(self._fuse_with, weights) if weights else self._fuse
        return fuse(tf.constant(crop / np.float32(255))).numpy()
