"""The picture in hand: what was read, and where the network looked; it travels from tab to tab."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from explain.maps.strength import reach
from model.reading.images import cut

if TYPE_CHECKING:
    from demo.kit.network import Network
    from explain.maps.gradcam import Explanation
    from model.reading.classifier import Reading


@dataclass(frozen=True)
class ReadPicture:
    """A picture that was read.

    Attributes:
        reading: what the network says of it.
        threshold: evidence below which it sees no hand.
        shown: uint8 [512, 512, 3], the part that was read as it came, for maps to be laid over.
        explanation: where the network looked.
        sharp: float32 [6, 64, 64], the sharp map of each digit, see `explain.maps.sharp`.
        tops: for each stage and `sharp` the magnitude that gets the full colour, by the map of the
            digit that was read: the scale on which other digits are shown too.
        origin: what was read of the picture as it was brought, before a remedy changed it.
        example: the name of the example that it is; empty for a visitor's own picture.
    """

    reading: Reading
    threshold: float
    shown: np.ndarray
    explanation: Explanation
    sharp: np.ndarray
    tops: dict[str, float]
    origin: Reading
    example: str = ""

    @property
    def crop(self) -> np.ndarray:
        """What the network saw of it, uint8 [64, 64, 3]."""
        return self.reading.crop

    @property
    def changed(self) -> bool:
        """Whether a remedy changed the picture that was read."""
        return self.reading.picture is not self.origin.picture

    def signed(self, stage: str) -> np.ndarray:
        """What speaks for the digit and against it at a stage, or `sharp`; float32 [h, w]."""
        if stage == "sharp":
            return self.sharp[self.explanation.digit]
        return self.explanation.signed[stage]


def explain_reading(
    network: Network, reading: Reading, origin: Reading | None = None, example: str = ""
) -> ReadPicture:
    """See where a network looked in what it read.

    Args:
        network: what read it.
        reading: what it read.
        origin: see `ReadPicture`; None if no remedy changed the picture.
        example: see `ReadPicture`.
    """
    explanation = network.explainer.explain(reading.crop, reading.digit)
    sharp = network.sharp.explain(reading.crop)
    tops = {stage: float(np.abs(signed).max()) for stage, signed in explanation.signed.items()}
    tops["sharp"] = reach(sharp[explanation.digit])
    seen = Image.fromarray(cut(reading.picture, reading.box))
    shown = np.asarray(seen.resize((512, 512), Image.Resampling.BICUBIC, reducing_gap=2))
    threshold = network.classifier.calibration.hand
    origin = origin or reading
    return ReadPicture(reading, threshold, shown, explanation, sharp, tops, origin, example)


def explain_digit(network: Network, hand: ReadPicture, digit: int) -> ReadPicture:
    """See where a network looked for another digit in the same picture."""
    return replace(hand, explanation=network.explainer.explain(hand.crop, digit))
