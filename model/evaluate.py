"""The scores: `python -m model.evaluate FOLDER...` or `--split test`.

Every picture takes the road that the demo's pictures take, `HandClassifier.read`.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from model import datasets
from model.classifier import HandClassifier
from model.images import DIGITS, cut


def wilson_interval(right: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """95 % confidence interval of a share, 0..1.

    Source: Wilson 1927, Probable inference, the law of succession, and statistical inference.
    """
    if count == 0:
        return 0.0, 1.0
    share = right / count
    middle = share + z * z / (2 * count)
    spread = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return float((middle - spread) / scale), float((middle + spread) / scale)


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error: how far confidence is from accuracy, 0..1.

    Args:
        confidence: float [n], probability of the digit that was read.
        right: bool [n], whether it was the right one.
        bins: number of equal intervals of confidence.

    Source: Guo, Pleiss, Sun and Weinberger 2017, arXiv:1706.04599, eq. 3.
    """
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(right[places == place].sum() - confidence[places == place].sum())
        for place in range(bins)
    ]
    return float(sum(gaps) / max(len(right), 1))


def scores(classifier: HandClassifier, examples: Iterable[tuple[object, int]]) -> dict:
    """Read every picture and count.

    Args:
        classifier: the reader.
        examples: pairs of a picture, anything that `read_picture` takes, and its digit.

    Returns:
        pictures, right, accuracy (0..1), interval (95 %), calibration_error, digits (accuracy of
        each, None where it does not occur), confusion (rows the true digit, columns the one read).
    """
    readings = [(classifier.read(picture), digit) for picture, digit in examples]
    truth = np.array([digit for _, digit in readings], int)
    read = np.array([reading.digit for reading, _ in readings], int)
    confidence = np.array([reading.probabilities.max() for reading, _ in readings])
    confusion = np.zeros((DIGITS, DIGITS), int)
    np.add.at(confusion, (truth, read), 1)
    right, count = int(confusion.trace()), len(readings)
    return {
        "pictures": count,
        "right": right,
        "accuracy": round(right / max(count, 1), 4),
        "interval": [round(end, 4) for end in wilson_interval(right, count)],
        "calibration_error": round(calibration_error(confidence, truth == read), 4),
        "digits": [
            round(float(confusion[d, d] / confusion[d].sum()), 4) if confusion[d].any() else None
            for d in range(DIGITS)
        ],
        "confusion": confusion.tolist(),
    }


def split_scores(classifier: HandClassifier, split: str, data: str | None = None) -> dict:
    """The scores of each collection that has hands in a split, each hand cut to its box."""
    result = {}
    for collection in datasets.load_all(split, data):
        hands = [
            (cut(picture, box), int(digit))
            for picture, box, digit in zip(
                collection.pictures, collection.boxes, collection.digits, strict=True
            )
            if digit != datasets.NO_HAND
        ]
        if hands:
            result[collection.name] = scores(classifier, hands)
    return result


def folder_scores(classifier: HandClassifier, folder: Path) -> dict:
    """The scores of a folder with sub-folders 0 to 5.

    Raises:
        ValueError: if there is no such folder, or no digit's folder in it.
    """
    examples = [
        (path, digit)
        for digit in range(DIGITS)
        for path in sorted((folder / str(digit)).glob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]
    if not examples:
        raise ValueError(
            f"{folder} has no pictures in folders named 0 to 5; sort them so and try again."
        )
    return scores(classifier, examples)


def table(results: dict) -> str:
    lines = [f"{'':24}{'pictures':>9}{'accuracy':>10}  {'95 % interval':17}" + "".join(
        f"{digit:>7}" for digit in range(DIGITS)
    )]  # fmt: skip
    for name, score in results.items():
        low, high = score["interval"]
        digits = "".join("      -" if d is None else f"{d:7.1%}" for d in score["digits"])
        lines.append(
            f"{name[:24]:24}{score['pictures']:>9}{score['accuracy']:>10.1%}"
            f"  {f'{low:.1%} to {high:.1%}':17}{digits}"
        )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m model.evaluate", description=__doc__)
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER", help="sub-folders are digits"
    )
    parser.add_argument("--split", choices=datasets.SPLITS, help="of the project's own collections")
    parser.add_argument(
        "--data", help="folder with the collections (default: $HANDS_DATA or the cache)"
    )
    parser.add_argument("--weights", type=Path, help="other weights than the shipped ones")
    parser.add_argument("--json", type=Path, help="write the scores there as well")
    parser.add_argument("--no-find-hand", action="store_true", help="read the pictures whole")
    flags = parser.parse_args(arguments)
    if not flags.folders and not flags.split:
        parser.error("name a FOLDER or a --split")
    try:
        classifier = HandClassifier.load(flags.weights)
        results = split_scores(classifier, flags.split, flags.data) if flags.split else {}
        results |= {str(folder): folder_scores(classifier, folder) for folder in flags.folders}
    except ValueError as error:
        sys.exit(str(error))
    print(table(results))
    if flags.json:
        temporary = flags.json.with_suffix(".part")
        temporary.write_text(json.dumps(results, indent=2) + "\n")
        os.replace(temporary, flags.json)


if __name__ == "__main__":
    main()
