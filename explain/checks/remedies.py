"""Why a hand may have been read wrong: the picture is changed in one way and read again."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from model.digits import DIGITS, NO_HAND
from model.reading.classifier import HandClassifier, Reading
from model.reading.find_hand import evidence
from model.reading.images import Box, cut, to_input
from model.reading.light import measure, rank

SIDE = 256  # pixels of the square that is changed, twice as wide as the part that was read
PART = (SIDE // 4, SIDE // 4, 3 * SIDE // 4, 3 * SIDE // 4)

# What may be wrong with a picture, by the kind of change that would help.
TROUBLES = {
    "size": "The hand may be too small or too large in the part that was read.",
    "place": "The part that was read may cut off some of the hand.",
    "turn": "The hand may be turned too far.",
    "light": "The light may be too dark, too bright or too flat.",
    "mirror": "The network may know the other hand better.",
    "background": "The background may be mistaken for fingers.",
}


@dataclass(frozen=True)
class Remedy:
    """One change of a picture, and what is then read.

    Attributes:
        kind: of trouble that it helps against, a key of TROUBLES.
        name: what the picture has become, in words.
        picture: uint8 [256, 256, 3], changed.
        box: the part of it that is read.
        probabilities: float32 [digits], after the change.
        is_hand: whether there is enough evidence for a hand after the change.
    """

    kind: str
    name: str
    picture: np.ndarray
    box: Box
    probabilities: np.ndarray
    is_hand: bool

    @property
    def read_as(self) -> int:
        """The digit that is read after the change, or NO_HAND."""
        return int(self.probabilities.argmax()) if self.is_hand else NO_HAND


def variations(picture: np.ndarray) -> Iterator[tuple[str, str, np.ndarray, Box]]:
    """Every change that is tried: its kind and name, the changed picture and the part to read.

    Args:
        picture: uint8 [256, 256, 3]; the part that was read is its middle half.
    """
    half = SIDE / 4
    for name, scale in (
        ("closer", 0.8),
        ("closer still", 0.64),
        ("wider", 1.25),
        ("wider still", 1.6),
    ):
        first, last = (round(SIDE / 2 + sign * half * scale) for sign in (-1, 1))
        yield "size", name, picture, (first, first, last, last)
    for name, right, down in (
        ("further left", -1, 0), ("further right", 1, 0), ("higher up", 0, -1), ("lower down", 0, 1)
    ):  # fmt: skip
        move = round(0.3 * half)
        x0, y0, x1, y1 = PART
        box = (x0 + right * move, y0 + down * move, x1 + right * move, y1 + down * move)
        yield "place", name, picture, box
    image = Image.fromarray(picture)
    fill = tuple(np.median(picture, axis=(0, 1)).astype(int).tolist())
    for degrees in (15, 30, 45, 90, 180, -90, -45, -30, -15):
        name = f"turned {abs(degrees)}° to the {'left' if degrees > 0 else 'right'}"
        turned = image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=fill)
        yield "turn", name.replace("180° to the left", "upside down"), np.asarray(turned), PART
    for name, power in (("brighter", 0.5), ("a little brighter", 0.7), ("darker", 1.7)):
        lit = 255 * (picture / 255.0) ** power
        yield "light", name, lit.astype(np.uint8), PART
    low, high = np.percentile(cut(picture, PART), (2, 98))
    stretched = np.clip((picture - low) * (255 / max(high - low, 1)), 0, 255)
    yield "light", "with more contrast", stretched.astype(np.uint8), PART
    yield "mirror", "mirrored", picture[:, ::-1], PART
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    near = np.clip((1.15 * half - np.hypot(x, y)) / (0.3 * half) + 0.5, 0, 1)[..., None]
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(SIDE / 16)))
    blank = np.median(picture, (0, 1))
    for name, behind in (("blurred around the hand", soft), ("plain around the hand", blank)):
        yield "background", name, (picture * near + behind * (1 - near)).astype(np.uint8), PART


def remedies(classifier: HandClassifier, reading: Reading, digit: int) -> list[Remedy]:
    """Try every change, and keep the one of each kind that helps a digit most.

    Args:
        classifier: the reader.
        reading: of the picture.
        digit: the one that the hand really shows.

    Returns:
        One remedy of each kind: first those after which the digit is read, then those after which
        another is read, last those after which no hand is seen; the most probable digit first.

    Raises:
        ValueError: if there is no such digit.
    """
    if digit not in range(DIGITS):
        raise ValueError(f"There is no digit {digit}; choose one from 0 to {DIGITS - 1}.")
    x0, y0, x1, y1 = reading.box
    side = max(x1 - x0, y1 - y0)
    centre = np.array([x0 + x1, y0 + y1]) / 2
    around = cut(reading.picture, (*(centre - side), *(centre + side)))
    image = Image.fromarray(around).resize((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=2)
    tried = list(variations(np.asarray(image)))
    crops = np.stack([to_input(cut(picture, box)) for _, _, picture, box in tried])
    logits = classifier.logits(crops / np.float32(255))
    seen = evidence(logits) >= classifier.calibration.hand
    found = [
        Remedy(*change, now, bool(is_hand))
        for change, now, is_hand in zip(tried, classifier.probabilities(logits), seen, strict=True)
    ]
    best = {}
    for remedy in sorted(
        found,
        key=lambda each: (each.read_as != digit, not each.is_hand, -each.probabilities[digit]),
    ):
        best.setdefault(remedy.kind, remedy)
    return list(best.values())


def beside_training(classifier: HandClassifier, reading: Reading) -> dict[str, int]:
    """By measure of light, the percentage of training pictures that have less of it."""
    if not classifier.light:
        return {}
    return {
        name: rank(value, classifier.light[name]) for name, value in measure(reading.crop).items()
    }
