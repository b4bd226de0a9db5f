"""The picture in hand: what was read, and where each stage looked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from demo.any_classifier.network import AnyNetwork
from demo.kit.read_picture import SIDE, packed, unpacked

if TYPE_CHECKING:
    from explain.maps.stage_maps import StageMaps
    from model.reading.image_classifier import ClassReading


@dataclass(frozen=True)
class ReadImage:
    """A picture that was read.

    Attributes:
        probabilities: float32 [classes].
        logits: float32 [classes].
        shown_file: the picture in a square, as the bytes of a JPEG file.
        crop: uint8 [size, size, 3], what the network saw.
        maps: where each stage looked for the class that is explained.
        tops: for each stage the magnitude that gets the full colour, by the map of the class that
            was read: the scale on which other classes are shown too.
    """

    probabilities: np.ndarray
    logits: np.ndarray
    shown_file: bytes
    crop: np.ndarray
    maps: StageMaps
    tops: dict[str, float]

    @property
    def order(self) -> list[int]:
        """The numbers of the classes, from the most probable on."""
        return np.argsort(-self.logits, kind="stable").tolist()

    @property
    def best(self) -> int:
        """The number of the class that was read."""
        return int(self.logits.argmax())

    @property
    def shown(self) -> np.ndarray:
        """The picture in a square, uint8 [512, 512, 3], for maps to be laid over."""
        return unpacked(self.shown_file)


def explain_reading(network: AnyNetwork, reading: ClassReading) -> ReadImage:
    """See where a network looked in what it read."""
    maps = network.explainer.explain(reading.crop, reading.best)
    sides = (SIDE, SIDE)
    shown = Image.fromarray(reading.picture).resize(sides, Image.Resampling.BICUBIC)
    return ReadImage(
        reading.probabilities,
        reading.logits,
        packed(np.asarray(shown), "JPEG", quality=92),
        reading.crop,
        maps,
        {stage: float(np.abs(signed).max()) for stage, signed in maps.signed.items()},
    )


def explain_class(network: AnyNetwork, hand: ReadImage, chosen: int) -> ReadImage:
    """See where a network looked for another class in the same picture."""
    return replace(hand, maps=network.explainer.explain(hand.crop, chosen))


def laid(network: AnyNetwork, hand: ReadImage, stage: str, smooth: bool = True) -> np.ndarray:
    """The map of a stage where its cells lie in the picture, float32 [size, size]."""
    from explain.maps.cells import lay

    centres = network.explainer.centres[stage]
    return lay(hand.maps.signed[stage], centres, smooth, len(hand.crop))
