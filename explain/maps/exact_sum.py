"""The exact ledger of a reading: what each cell of the last stage adds to each logit."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Ledger:
    """A reading taken apart; nothing is left over.

    Attributes:
        contributions: float32 [6, h, w], what each cell of the last stage adds to each digit's
            logit, or with a minus takes from it.
        bias: float32 [6], what each digit has before anything is seen.
    """

    contributions: np.ndarray
    bias: np.ndarray

    @property
    def logits(self) -> np.ndarray:
        """The sums, float32 [6]: the logits themselves."""
        return self.contributions.sum((1, 2)) + self.bias


def ledger(activations: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> Ledger:
    """Take a reading apart: after average pooling and a dense layer each logit is a plain sum.

    Args:
        activations: float32 [h, w, c], the last stage's output.
        kernel: float32 [c, 6], of the dense layer.
        bias: float32 [6], of the dense layer.

    Source: Zhou et al. 2016, arXiv:1512.04150, eq. 2, with the bias kept.
    """
    cells = activations.shape[0] * activations.shape[1]
    return Ledger(np.moveaxis(activations @ kernel, -1, 0) / np.float32(cells), bias)
