"""Which places a reading depends on: a smallest set that changes the answer when covered."""

from dataclasses import dataclass

import numpy as np

from explain.checks.faithfulness import Predict, blurred, order
from model.reading.images import SIZE


@dataclass(frozen=True)
class Counterfactual:
    """A picture with places covered one after another.

    Attributes:
        digit: what was read before.
        becomes: what is read at the end; `digit` itself if the answer did not change.
        cells: int [k, 2], row and column on a grid of each place, in the order of covering.
        pictures: uint8 [k + 1, 64, 64, 3], with none, one, ... and all of the places covered.
        probabilities: float32 [k + 1, digits], of every digit on each of the pictures.
    """

    digit: int
    becomes: int
    cells: np.ndarray
    pictures: np.ndarray
    probabilities: np.ndarray

    @property
    def changed(self) -> bool:
        """Whether the answer changed."""
        return self.becomes != self.digit


def counterfactual(
    predict: Predict, crop: np.ndarray, heat: np.ndarray, grid: int = 8, most: int = 32
) -> Counterfactual:
    """Cover the hottest places until the answer changes, then uncover those that did not matter.

    Args:
        predict: the probabilities of all digits on a batch; see `HandClassifier.predict`.
        crop: uint8 [64, 64, 3].
        heat: float32 [64, 64], of the digit that is read.
        grid: places on a side; divides 64.
        most: number of places to cover at most.

    Returns:
        A set of places of which none can be uncovered without bringing the old answer back; the
        `most` hottest ones if even those change nothing.
    """
    side = SIZE // grid
    places = order(heat.reshape(grid, side, grid, side).mean((1, 3)))[:most]
    blank = blurred(crop)

    def covered(sets) -> tuple[np.ndarray, np.ndarray]:
        masks = np.zeros((len(sets), grid * grid), bool)
        for mask, members in zip(masks, sets, strict=True):
            mask[members] = True
        masks = masks.reshape(-1, grid, grid).repeat(side, 1).repeat(side, 2)
        pictures = np.where(masks[..., None], blank, crop)
        return pictures, predict(pictures / np.float32(255))

    def prefixes(chosen):
        return [chosen[:k] for k in range(len(chosen) + 1)]

    pictures, probabilities = covered(prefixes(places))
    answers = probabilities.argmax(1)
    digit = int(answers[0])
    changed = np.flatnonzero(answers != digit)
    if len(changed):
        places = needed(places[: changed[0]], digit, covered)
        pictures, probabilities = covered(prefixes(places))
    return Counterfactual(
        digit,
        int(probabilities[-1].argmax()),
        np.stack(np.divmod(places, grid), 1),
        pictures,
        probabilities,
    )


def needed(places: np.ndarray, digit: int, covered) -> np.ndarray:
    """Uncover one place after another, the least needed first, while the answer stays changed."""
    while len(places) > 1:
        fewer = [np.delete(places, k) for k in range(len(places))]
        _, probabilities = covered(fewer)
        changed = probabilities.argmax(1) != digit
        if not changed.any():
            break
        places = fewer[int(np.where(changed, probabilities[:, digit], np.inf).argmin())]
    return places
