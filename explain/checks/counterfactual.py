"""Which places a reading depends on: a smallest set that changes the answer when covered."""

from dataclasses import dataclass

import numpy as np

from explain.checks.faithfulness import Predict, blurred, order
from model.reading.courtesy import by_parts


@dataclass(frozen=True)
class Counterfactual:
    """A picture with places covered one after another.

    Attributes:
        digit: what was read before.
        becomes: what is read at the end; `digit` itself if the answer did not change.
        target: what it was to become.
        cells: int [k, 2], row and column on a grid of each place, in the order of covering.
        pictures: uint8 [k + 1, size, size, 3], with none, one, ... and all of the places covered.
        probabilities: float32 [k + 1, digits], of every digit on each of the pictures.
    """

    digit: int
    becomes: int
    target: int
    cells: np.ndarray
    pictures: np.ndarray
    probabilities: np.ndarray

    @property
    def reached(self) -> bool:
        """Whether it became what it was to become."""
        return self.becomes == self.target


def counterfactual(
    predict: Predict,
    crop: np.ndarray,
    heat: np.ndarray,
    target: int,
    grid: int = 8,
    most: int = 32,
    tries: int = 12,
) -> Counterfactual:
    """Cover places until another digit is read, then uncover those that did not matter.

    The hottest places come first. If another digit than the target is read instead, or none, the
    places are chosen one by one, each the one that brings the target closest.

    Args:
        predict: the probabilities of all digits on a batch; see `HandClassifier.predict`.
        crop: uint8 [size, size, 3].
        heat: float32 [size, size], what speaks for the digit that is read rather than the target.
        target: the digit that is to be read.
        grid: places on a side.
        most: number of the hottest places to cover at most.
        tries: number of places to choose one by one at most.

    Returns:
        A set of places of which none can be uncovered without losing the target; if it can't be
        reached, the places that bring it closest.
    """
    row = np.arange(len(crop)) * grid // len(crop)
    place = row[:, None] * grid + row  # of each pixel
    heats = np.bincount(place.ravel(), heat.ravel()) / np.bincount(place.ravel())
    places = order(heats)[:most]
    blank = blurred(crop)

    def covered(sets) -> tuple[np.ndarray, np.ndarray]:
        masks = np.zeros((len(sets), grid * grid), bool)
        for mask, members in zip(masks, sets, strict=True):
            mask[members] = True
        pictures = np.where(masks[:, place, None], blank, crop)
        return pictures, by_parts(predict, pictures / np.float32(255))

    def prefixes(chosen):
        return [chosen[:k] for k in range(len(chosen) + 1)]

    pictures, probabilities = covered(prefixes(places))
    digit = int(probabilities[0].argmax())
    there = np.flatnonzero(probabilities.argmax(1) == target)
    found = places[: there[0]] if len(there) else closest(grid * grid, target, tries, covered)
    pictures, probabilities = covered(prefixes(found))
    if probabilities[-1].argmax() == target:
        found = needed(found, target, covered)
        pictures, probabilities = covered(prefixes(found))
    return Counterfactual(
        digit,
        int(probabilities[-1].argmax()),
        target,
        np.stack(np.divmod(found, grid), 1),
        pictures,
        probabilities,
    )


def closest(count: int, target: int, tries: int, covered) -> np.ndarray:
    """Cover one place after another, each the one that brings a digit closest, until it is read.

    Args:
        count: of all places.
        target: the digit.
        tries: number of places at most.
        covered: gives the pictures and probabilities of sets of places.

    Returns:
        int [k], the places; without those from which on none brought the digit closer.
    """

    def ahead_in(sets) -> np.ndarray:
        _, probabilities = covered(sets)
        others = np.delete(probabilities, target, 1).max(1)
        return np.log(probabilities[:, target] + 1e-9) - np.log(others + 1e-9)

    places = np.empty(0, int)
    best = float(ahead_in([places])[0])
    for _ in range(tries):
        more = [np.append(places, place) for place in range(count) if place not in places]
        ahead = ahead_in(more)
        if ahead.max() <= best:
            break
        best, places = float(ahead.max()), more[int(ahead.argmax())]
        if best > 0:
            break
    return places


def needed(places: np.ndarray, target: int, covered) -> np.ndarray:
    """Uncover one place after another, the least needed first, while the target is still read."""
    while len(places) > 1:
        fewer = [np.delete(places, k) for k in range(len(places))]
        _, probabilities = covered(fewer)
        there = probabilities.argmax(1) == target
        if not there.any():
            break
        places = fewer[int(np.where(there, probabilities[:, target], -np.inf).argmax())]
    return places
