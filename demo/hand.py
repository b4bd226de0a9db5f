"""The picture in hand: what travels between the tabs, and how it is put into words."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    import numpy as np

    from explain.gradcam import Explanation

WORDS = ("zero", "one", "two", "three", "four", "five")


@dataclass(frozen=True)
class Hand:
    """A picture that was read, without the picture itself, which may be huge.

    Attributes:
        probabilities: float32 [6], of each digit.
        crop: uint8 [64, 64, 3], what the network saw.
        shown: uint8 [512, 512, 3], the same part as it came, for maps to be laid over.
        explanation: where the network looked.
    """

    probabilities: np.ndarray
    crop: np.ndarray
    shown: np.ndarray
    explanation: Explanation


def percent(probability: float) -> str:
    """A probability in words that never claim certainty."""
    if probability > 0.99:
        return "over 99 %"
    if probability < 0.01:
        return "under 1 %"
    return f"{probability:.0%}".replace("%", " %")


def answer(hand: Hand) -> dict:
    """A reading in words: `digit`, `word`, `sentence`, and a row for each probability in `bars`."""
    probabilities = [float(p) for p in hand.probabilities]
    first, second = sorted(range(len(WORDS)), key=lambda digit: -probabilities[digit])[:2]
    best, next_best = probabilities[first], probabilities[second]
    if best >= 0.9:
        sentence = f"{percent(best)} sure"
    elif best - next_best < 0.25:
        sentence = f"but it could be {WORDS[second]}: {percent(best)} against {percent(next_best)}"
    else:
        sentence = f"probably: {percent(best)}, then {WORDS[second]} with {percent(next_best)}"
    return {
        "state": "sure" if best >= 0.9 else "unsure",
        "digit": first,
        "word": WORDS[first],
        "sentence": sentence,
        "probabilities": [round(p, 4) for p in probabilities],
        "bars": [
            {
                "digit": digit,
                "width": round(100 * p, 1),
                "percent": percent(p),
                "rank": {first: "first", second: "second"}.get(digit, ""),
            }
            for digit, p in enumerate(probabilities)
        ],
    }


def thumbnail(picture: Image.Image, side: int = 112) -> str:
    """A small square of a picture, as data URL."""
    file = io.BytesIO()
    picture.convert("RGB").resize((side, side), Image.Resampling.BOX).save(file, "WEBP", quality=80)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
