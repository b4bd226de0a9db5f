"""Whether dark hands are read as well as light ones."""

import numpy as np

from model.digits import NO_HAND
from model.reading import light
from model.reading.classifier import Reading
from model.scoring.examples import Examples
from model.scoring.scorecard import scores
from model.training.cut_out import cut_out

# Of a hand, in CIE L*.
LIGHTNESS = {"dark, L* under 50": (0, 50), "medium": (50, 65), "light, 65 and more": (65, 101)}


def lightness(picture: np.ndarray) -> float | None:
    """How light a hand before a plain wall was photographed: CIE L*, 0 to 100.

    Args:
        picture: uint8 [h, w, 3].

    Returns:
        L* of the median colour of the hand; None where it cannot be cut out.
    """
    mask = cut_out(picture)
    if mask is None:
        return None
    colour = np.median(picture[mask > 0], axis=0) / 255
    return light.lightness(float(light.linear(colour) @ light.LUMINANCE))


def lightness_scores(examples: Examples, readings: dict[str, list[tuple[Reading, int]]]) -> dict:
    """The scores of all hands that can be cut out, by how light they are.

    Args:
        examples: from `split_examples`.
        readings: from `read_parts`.
    """
    groups = {name: [] for name in LIGHTNESS}
    for part, pictures in examples.items():
        for (picture, digit), read in zip(pictures, readings[part], strict=True):
            light = lightness(picture) if digit != NO_HAND else None
            for name, (low, high) in LIGHTNESS.items():
                if light is not None and low <= light < high:
                    groups[name].append(read)
    return {name: scores(read) for name, read in groups.items()}
