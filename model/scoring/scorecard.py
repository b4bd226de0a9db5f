"""Readings, and the scores that come of them.

Every picture takes the road that the demo's pictures take, `HandClassifier.read`.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

import numpy as np

from model.collections.loading import SPLITS
from model.digits import DIGITS, NO_HAND
from model.reading.classifier import HandClassifier, Reading
from model.records import ALL, rounded
from model.scoring.examples import Examples, collection_examples, empty_examples
from model.scoring.statistics import (
    calibration_error,
    reliability,
    share,
    wilson_interval,
)

NOTHING = np.empty((0, 0, 3), np.uint8)  # in place of pictures that are not kept


def scores(readings: list[tuple[Reading, int]]) -> dict:
    """Count what was read.

    Args:
        readings: pairs of a reading and the true digit, or NO_HAND.

    Returns:
        pictures, right (by the most probable digit), accuracy (0..1), interval (95 %),
        calibration_error, reliability (of each interval of confidence that has answers their
        number, mean confidence and accuracy), digits (accuracy of each, None where it does not
        occur), confusion (rows the true digit, columns the one read), all of the pictures with a
        hand, whether it was seen or not; hands_rejected, the share of them in which no hand is
        seen; shown, the share of them read right and not rejected, as the page shows it;
        without_hand, the number of pictures without one, and without_hand_rejected, the share of
        those that are rejected. Shares of nothing are None.
    """
    hands = [(reading, digit) for reading, digit in readings if digit != NO_HAND]
    others = [reading for reading, digit in readings if digit == NO_HAND]
    truth = np.array([digit for _, digit in hands], int)
    read = np.array([reading.digit for reading, _ in hands], int)
    confidence = np.array([reading.probabilities.max() for reading, _ in hands])
    confusion = np.zeros((DIGITS, DIGITS), int)
    np.add.at(confusion, (truth, read), 1)
    right, count = int(confusion.trace()), len(hands)
    return {
        "pictures": count,
        "right": right,
        "accuracy": share(right, count),
        "interval": wilson_interval(right, count),
        "calibration_error": round(calibration_error(confidence, truth == read), 4),
        "reliability": rounded(reliability(confidence, truth == read)),
        "digits": [share(confusion[d, d], confusion[d].sum()) for d in range(DIGITS)],
        "confusion": confusion.tolist(),
        "shown": share(sum(r.is_hand and r.digit == digit for r, digit in hands), count),
        "hands_rejected": share(sum(not reading.is_hand for reading, _ in hands), count),
        "without_hand": len(others),
        "without_hand_rejected": share(sum(not reading.is_hand for reading in others), len(others)),
    }


def read_all(
    classifier: HandClassifier, examples: Iterable[tuple], find: bool = True
) -> list[tuple[Reading, int]]:
    """The readings of pictures with their digits, as `scores` counts them; no picture is kept."""
    return [
        (replace(classifier.read(picture, find), picture=NOTHING, crop=NOTHING), digit)
        for picture, digit in examples
    ]


def read_parts(
    classifier: HandClassifier, examples: Examples, find: bool = True
) -> dict[str, list[tuple[Reading, int]]]:
    """The readings of `split_examples`."""
    return {name: read_all(classifier, pictures, find) for name, pictures in examples.items()}


def split_scores(readings: dict[str, list[tuple[Reading, int]]]) -> dict:
    """The scores of each collection in a split, and of all together, from `read_parts`."""
    together = list(chain.from_iterable(readings.values()))
    return {name: scores(read) for name, read in (readings | {ALL: together}).items()}


def empty_scores(classifier: HandClassifier, data: str | None = None, find: bool = True) -> dict:
    """The scores of the pictures without a hand that nothing was chosen with, by kind."""
    return {
        name: scores(read_all(classifier, ((picture, NO_HAND) for picture in others), find))
        for name, (_, others) in empty_examples(data).items()
    }


def left_out_scores(classifier: HandClassifier, name: str, data: str | None = None) -> dict:
    """The scores of a collection that was not trained on, over all of its splits."""
    return {
        part: scores(read_all(classifier, pictures))
        for part, pictures in collection_examples(name, SPLITS, data).items()
    }


def percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def table(results: dict) -> str:
    """The scores as text, a row each; first of hands, then of pictures without one."""
    digits = "".join(f"{digit:>7}" for digit in range(DIGITS))
    lines = [
        f"{'':24}{'hands':>6}{'right':>8}  {'95 %':15}{digits}{'rejected':>10}"
        f"{'no hand':>9}{'rejected':>10}"
    ]
    for name, score in results.items():
        interval = " to ".join(percent(end) for end in score["interval"])
        lines.append(
            f"{name[-24:]:24}{score['pictures']:>6}{percent(score['accuracy']):>8}  {interval:15}"
            + "".join(f"{percent(digit):>7}" for digit in score["digits"])
            + f"{percent(score['hands_rejected']):>10}{score['without_hand']:>9}"
            + f"{percent(score['without_hand_rejected']):>10}"
        )
    return "\n".join(lines)
