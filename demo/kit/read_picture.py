"""The picture in hand: what was read, and where the network looked; it travels from tab to tab."""

from __future__ import annotations

import io
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from demo.kit.caches import picture_cache
from explain.maps.strength import full_at
from model.reading.images import cut_to

if TYPE_CHECKING:
    from demo.kit.network import Network
    from demo.kit.reader import Maps
    from explain.maps.gradcam import Explanation
    from model.reading.classifier import Reading
    from model.reading.images import Box

SIDE = 512  # pixels of the part that was read, as it is shown


class Erased:
    """In place of a picture that was kept for its time and then erased; false, as None is."""

    def __bool__(self) -> bool:
        return False


ERASED = Erased()
ERASED_WORDS = (
    "The picture is gone: pictures are kept for an hour after use. Put one in again, or choose an "
    "example."
)


class KeptReading:
    """A `Reading` whose picture is kept as a lossless WebP, in half the bytes.

    Many visitors' pictures wait in memory, and few of them are looked at again.
    """

    digit: int
    probabilities: np.ndarray
    box: Box
    crop: np.ndarray
    evidence: float
    is_hand: bool

    def __init__(self, reading: Reading):
        rest = dict(vars(reading))
        self._file = packed(rest.pop("picture"), "WEBP", method=0, lossless=True, quality=0)
        self.__dict__.update(rest)

    @property
    def picture(self) -> np.ndarray:
        """uint8 [h, w, 3], the picture as it came, upright."""
        return unpacked(self._file)

    def whole(self) -> Reading:
        """The reading as it was."""
        from model.reading.classifier import Reading

        names = (field.name for field in fields(Reading))
        return Reading(**{name: getattr(self, name) for name in names})


def packed(picture: np.ndarray, kind: str, **options: Any) -> bytes:
    """A picture, uint8 [h, w, 3], as the bytes of a file."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind, **options)
    return file.getvalue()


@picture_cache(8)  # an answer looks at its picture several times
def unpacked(file: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))


@dataclass(frozen=True)
class ReadPicture:
    """A picture that was read; it stays in memory for an hour, so it is kept small.

    Attributes:
        reading: what the network says of it.
        threshold: evidence below which it sees no hand.
        shown_file: the part that was read as it came, as the bytes of a JPEG file.
        maps: where the network looked for the digit that is explained.
        tops: for each stage and `sharp` the magnitude that gets the full colour, by the map of the
            digit that was read: the scale on which other digits are shown too.
        origin: what was read of the picture as it was brought, before a remedy changed it.
        example: the name of the example that it is; empty for a visitor's own picture.
    """

    reading: KeptReading
    threshold: float
    shown_file: bytes
    maps: Maps
    tops: dict[str, float]
    origin: KeptReading
    example: str = ""

    @property
    def shown(self) -> np.ndarray:
        """The part that was read, uint8 [512, 512, 3], for maps to be laid over."""
        return unpacked(self.shown_file)

    @property
    def crop(self) -> np.ndarray:
        """What the network saw of it, uint8 [64, 64, 3]."""
        return self.reading.crop

    @property
    def changed(self) -> bool:
        """Whether a remedy changed the picture that was read."""
        return self.reading is not self.origin

    @property
    def explanation(self) -> Explanation:
        """Grad-CAM of every stage."""
        return self.maps.explanation


def explain_reading(
    network: Network, reading: Reading, origin: KeptReading | None = None, example: str = ""
) -> ReadPicture:
    """See where a network looked in what it read.

    Args:
        network: what read it.
        reading: what it read.
        origin: see `ReadPicture`; None if no remedy changed the picture.
        example: see `ReadPicture`.
    """
    maps = network.reader.explain(reading.crop, reading.digit)
    stages = [*maps.explanation.signed, "sharp"]
    tops = {stage: full_at(stage, maps.signed(stage)) for stage in stages}
    shown = cut_to(reading.picture, reading.box, SIDE)
    threshold = network.classifier.calibration.hand
    kept = KeptReading(reading)
    file = packed(shown, "JPEG", quality=92)
    return ReadPicture(kept, threshold, file, maps, tops, origin or kept, example)


def explain_digit(network: Network, hand: ReadPicture, digit: int) -> ReadPicture:
    """See where a network looked for another digit in the same picture."""
    return replace(hand, maps=network.reader.explain(hand.crop, digit))
