"""The exact sum behind each logit: what every cell of the last stage adds to it, and the bias."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ExactSum:
    """The logits taken apart; nothing is left over.

    Attributes:
        contributions: float32 [digits, h, w], what each cell of the last stage adds to each
            digit's logit; negative where it takes from it.
        bias: float32 [digits], what each digit has before anything is seen.
    """

    contributions: np.ndarray
    bias: np.ndarray

    @property
    def logits(self) -> np.ndarray:
        """The logits themselves, float32 [digits]: contributions and bias added up."""
        return self.contributions.sum((1, 2)) + self.bias


def exact_sum(activations: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> ExactSum:
    """Take the logits apart: after average pooling and a dense layer each one is a plain sum.

    Args:
        activations: float32 [h, w, c], the last stage's output.
        kernel: float32 [c, digits], of the dense layer.
        bias: float32 [digits], of the dense layer.

    Source: Zhou et al. 2016, arXiv:1512.04150, eq. 2, with the bias kept.
    """
    cells = activations.shape[0] * activations.shape[1]
    return ExactSum(np.moveaxis(activations @ kernel, -1, 0) / np.float32(cells), bias)
