"""What the page asks about a visitor's picture, whoever answers: its own network, or a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from explain.maps.gradcam import Explanation
    from model.reading.classifier import Reading
    from model.reading.images import Box


@dataclass(frozen=True)
class Maps:
    """Where the network looked for a digit.

    Attributes:
        explanation: Grad-CAM of every stage.
        sharp: float32 [64, 64], the sharp map; see `explain.maps.sharp`.
    """

    explanation: Explanation
    sharp: np.ndarray

    def signed(self, stage: str) -> np.ndarray:
        """What speaks for the digit and against it at a stage, or `sharp`; float32 [h, w]."""
        return self.sharp if stage == "sharp" else self.explanation.signed[stage]


class Reader(Protocol):
    """Reads and explains pictures for several threads at a time."""

    def read(
        self,
        picture: np.ndarray,
        find: bool = True,
        box: Box | None = None,
        last: Box | None = None,
    ) -> Reading:
        """Read a picture; see `HandClassifier.read`.

        Args:
            picture: uint8 [h, w, 3], its longer side at most `model.reading.images.LONGEST`.
            find: look for the hand.
            box: the part to read instead.
            last: where the hand was in the frame before.

        Raises:
            ValueError: one sentence, if it cannot be read now.
        """
        ...

    def explain(self, crop: np.ndarray, digit: int) -> Maps:
        """See where the network looks for a digit in a crop, uint8 [64, 64, 3].

        Raises:
            ValueError: one sentence, if it cannot be explained now.
        """
        ...
