"""The scores: `python -m model.evaluate FOLDER...` or `--split test`.

Every picture takes the road that the demo's pictures take, `HandClassifier.read`.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np

from model.collections import loading
from model.collections.loading import Collection
from model.digits import DIGITS, NO_HAND
from model.files import write_json
from model.reading.classifier import Calibration, HandClassifier, Reading
from model.reading.find_hand import evidence, places, weigh
from model.reading.images import cut
from model.synthetic.backgrounds import background
from model.training.augment import Mixture, Pool, cut_out, empty_places, scribble

TOLD = 0.96  # of the pictures without a hand, that are told to be so
# Of a hand, in CIE L*.
LIGHTNESS = {"dark, L* under 50": (0, 50), "medium": (50, 65), "light, 65 and more": (65, 101)}
GAINS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
TEMPERATURES = np.geomspace(0.25, 4, 61)


def wilson_interval(right: int, count: int) -> tuple[float, float]:
    """95 % confidence interval of a share, 0..1.

    Source: Wilson 1927, Probable inference, the law of succession, and statistical inference.
    """
    if count == 0:
        return 0.0, 1.0
    z, share = 1.96, right / count
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


def scores(readings: list[tuple[Reading, int]]) -> dict:
    """Count what was read.

    Args:
        readings: pairs of a reading and the true digit, or NO_HAND.

    Returns:
        pictures, right (by the most probable digit), accuracy (0..1), interval (95 %),
        calibration_error, digits (accuracy of each, None where it does not occur), confusion (rows
        the true digit, columns the one read), all of the pictures with a hand, whether it was seen
        or not; refused, the share of them told to be no hand; shown, the share of them read right
        and not told so, as the page shows it; without_hand, the number of pictures without one, and
        told, the share of those told so. Shares of nothing are None.
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
        "interval": [round(end, 4) for end in wilson_interval(right, count)],
        "calibration_error": round(calibration_error(confidence, truth == read), 4),
        "digits": [share(confusion[d, d], confusion[d].sum()) for d in range(DIGITS)],
        "confusion": confusion.tolist(),
        "shown": share(sum(r.is_hand and r.digit == digit for r, digit in hands), count),
        "refused": share(sum(not reading.is_hand for reading, _ in hands), count),
        "without_hand": len(others),
        "told": share(sum(not reading.is_hand for reading in others), len(others)),
    }


def share(part: int, whole: int) -> float | None:
    return round(float(part / whole), 4) if whole else None


def read_all(
    classifier: HandClassifier, examples: Iterable[tuple], find: bool = True
) -> list[tuple[Reading, int]]:
    """The readings of pictures with their digits, as `scores` counts them; no picture is kept."""
    return [
        (replace(classifier.read(picture, find), picture=None, crop=None), digit)
        for picture, digit in examples
    ]


def split_examples(split: str, data: str | None = None) -> dict[str, list[tuple]]:
    """The pictures of a split by collection, each hand cut to its box, and their digits.

    Under `hands, whole frames` come the uncut frames of the HandsDataset that show one hand.
    """
    examples = {}
    for collection in loading.load_all(split, data):
        rows = list(
            zip(collection.pictures, collection.boxes, collection.digits.tolist(), strict=True)
        )
        examples[collection.name] = [(cut(picture, box), digit) for picture, box, digit in rows]
        if collection.name == "hands":
            shown = Counter(id(picture) for picture, _, _ in rows)
            examples["hands, whole frames"] = [
                (picture, digit) for picture, _, digit in rows if shown[id(picture)] == 1
            ]
    return examples


def empty_examples(
    data: str | None = None, leave_out: str = ""
) -> dict[str, tuple[list[np.ndarray], list[np.ndarray]]]:
    """Pictures without a hand, none trained on: by kind those to choose with and those to score.

    They are the validation split's, places in its frames of hands, and what scripts make: blanks,
    clutter, scribbles and numerals.
    """
    kinds = {}
    for collection in loading.load_all("validation", data):
        if collection.name == leave_out:
            continue
        if not collection.has_hands:
            kinds[collection.name] = collection.pictures
        elif collection.name == "hands":
            kinds["hands, places without one"] = empty_places(collection)
    rng = np.random.default_rng((3,))
    made = [background(rng, 256) if i % 2 else scribble(rng) for i in range(120)]
    kinds["made by scripts"] = [(255 * np.clip(picture, 0, 1)).astype(np.uint8) for picture in made]
    halves = {name: len(pictures) // 2 for name, pictures in kinds.items()}
    return {name: (kinds[name][:half], kinds[name][half:]) for name, half in halves.items()}


def empty_scores(classifier: HandClassifier, data: str | None = None, find: bool = True) -> dict:
    """The scores of the pictures without a hand that nothing was chosen with, by kind."""
    return {
        name: scores(read_all(classifier, ((picture, NO_HAND) for picture in others), find))
        for name, (_, others) in empty_examples(data).items()
    }


def read_parts(
    classifier: HandClassifier, examples: dict[str, list[tuple]], find: bool = True
) -> dict[str, list[tuple[Reading, int]]]:
    """The readings of `split_examples`."""
    return {name: read_all(classifier, pictures, find) for name, pictures in examples.items()}


def split_scores(readings: dict[str, list[tuple[Reading, int]]]) -> dict:
    """The scores of each collection in a split, and of all together, from `read_parts`."""
    together = list(chain.from_iterable(readings.values()))
    return {name: scores(read) for name, read in (readings | {"all of these": together}).items()}


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
    linear = np.where(colour > 0.04045, ((colour + 0.055) / 1.055) ** 2.4, colour / 12.92)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    return float(116 * np.cbrt(luminance) - 16) if luminance > 0.008856 else 903.3 * luminance


def lightness_scores(
    examples: dict[str, list[tuple]], readings: dict[str, list[tuple[Reading, int]]]
) -> dict:
    """The scores of all hands that can be cut out, by how light they are.

    Args:
        examples: as of `split_examples`.
        readings: as of `read_parts`.
    """
    groups = {name: [] for name in LIGHTNESS}
    for part, pictures in examples.items():
        for (picture, digit), read in zip(pictures, readings[part], strict=True):
            light = lightness(picture) if digit != NO_HAND else None
            for name, (low, high) in LIGHTNESS.items():
                if light is not None and low <= light < high:
                    groups[name].append(read)
    return {name: scores(read) for name, read in groups.items()}


def folder_examples(folder: Path) -> list[tuple[Path, int]]:
    """The files in a folder's sub-folders 0 to 5, and none, and the digits.

    Raises:
        ValueError: if there is no such folder, or no digit's folder in it.
    """
    names = {str(digit): digit for digit in range(DIGITS)} | {"none": NO_HAND}
    examples = [
        (path, digit)
        for name, digit in names.items()
        for path in sorted((folder / name).glob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]
    if not examples:
        raise ValueError(
            f"{folder} has no pictures in folders named 0 to 5 or none; sort them so and try again."
        )
    return examples


def collection_examples(
    name: str, splits: Iterable[str], data: str | None = None
) -> dict[str, list[tuple]]:
    """What `split_examples` has of one collection, over several splits."""
    examples = {}
    for split in splits:
        for part, pictures in split_examples(split, data).items():
            if part.startswith(name):
                examples.setdefault(part, []).extend(pictures)
    return examples


def left_out_scores(classifier: HandClassifier, name: str, data: str | None = None) -> dict:
    """The scores of a collection that was not trained on, over all of its splits."""
    return {
        part: scores(read_all(classifier, pictures))
        for part, pictures in collection_examples(name, loading.SPLITS, data).items()
    }


def gain_scores(
    classifier: HandClassifier, name: str, data: str | None = None, count: int = 500
) -> list[dict[str, float]]:
    """What each gain of the whole picture comes to on a collection the network was kept from.

    On hands that it knows nearly every gain is right.

    Args:
        classifier: the reader.
        name: of the collection, which has whole frames.
        data: folder of the collections.
        count: of pictures cut to the hand, and of frames.

    Returns:
        For each of GAINS, `gain` and the accuracies of `cut` pictures and of `frames`.
    """
    # Nothing is chosen on test pictures.
    examples = collection_examples(name, ("train", "validation"), data)
    rng, rows = np.random.default_rng(0), [{"gain": gain} for gain in GAINS]
    for part, pictures in examples.items():
        kind = "frames" if "frames" in part else "cut"
        chosen = [pictures[i] for i in rng.permutation(len(pictures))[:count]]
        found = [
            (places(picture, classifier.logits, classifier.logit_map), digit)
            for picture, digit in chosen
        ]
        for row in rows:
            right = sum(weigh(each, row["gain"])[1].argmax() == digit for each, digit in found)
            row[kind] = share(right, len(found))
    return rows


def best_gain(rows: list[dict[str, float]]) -> float:
    """Of `gain_scores` the gain with the best mean accuracy over cut pictures and frames."""
    return max(rows, key=lambda row: row["cut"] + row["frames"])["gain"]


def choose_calibration(
    classifier: HandClassifier, gain: float, data: str | None = None, leave_out: str = ""
) -> Calibration:
    """Choose on validation data what turns logits into answers.

    First the evidence below which there is no hand, then the temperature, on hands that are as
    hard to read as those of training.

    Args:
        classifier: the reader; its own calibration does not matter.
        gain: of the whole picture, chosen by `best_gain`.
        data: folder of the collections.
        leave_out: name of a collection that must not be looked at.
    """

    def seen(picture: np.ndarray) -> float:
        found = places(picture, classifier.logits, classifier.logit_map)
        return float(evidence(weigh(found, gain)[1]))

    others = {
        name: [seen(picture) for picture in pictures]
        for name, (pictures, _) in empty_examples(data, leave_out).items()
    }
    logits, digits = hard_hands(classifier, validation_hands(data, leave_out))
    return Calibration(choose_threshold(others), gain, choose_temperature(logits, digits))


def validation_hands(data: str | None = None, leave_out: str = "") -> list[Collection]:
    """The validation splits that have hands, without a collection that must not be looked at."""
    found = loading.load_all("validation", data)
    return [c for c in found if c.has_hands and c.name != leave_out]


def hard_hands(
    classifier: HandClassifier, collections: list[Collection], count: int = 2_000
) -> tuple[np.ndarray, np.ndarray]:
    """Logits, float32 [count, 6], and digits, int [count], of hands augmented as for training.

    As they are nearly all are read right, and no confidence would be too high for them.
    """
    pool = Pool(collections, Mixture(without_hand=0, rendered=0, rendered_hands=0))
    pictures, targets = pool.batch((0,), count)
    parts = np.array_split(pictures / np.float32(255), -(-count // 64))
    return np.concatenate([classifier.logits(part) for part in parts]), targets.argmax(1)


def cross_entropies(
    classifier: HandClassifier, data: str | None = None, leave_out: str = ""
) -> dict[str, float]:
    """By collection, the cross-entropy on its validation hands augmented, by which runs compare."""
    return {
        collection.name: round(cross_entropy(*hard_hands(classifier, [collection])), 4)
        for collection in validation_hands(data, leave_out)
    }


def choose_threshold(others: dict[str, list[float]]) -> float:
    """The evidence that a share TOLD of the pictures without a hand does not reach.

    Nothing asks what hands reach: of hands it knows a network is surer than of a stranger's.

    Args:
        others: the evidence in pictures without a hand, by kind; the kinds count alike.
    """
    values = np.concatenate(list(others.values()))
    weights = np.concatenate(
        [np.full(len(seen), 1 / max(len(seen), 1)) for seen in others.values()]
    )
    least = np.quantile(values, TOLD, weights=weights, method="inverted_cdf")
    return round(float(least) + 0.0005, 3)


def choose_temperature(logits: np.ndarray, digits: np.ndarray) -> float:
    """The temperature under which the true digits are the most probable.

    Args:
        logits: float32 [n, 6].
        digits: int [n].
    """

    return round(float(min(TEMPERATURES, key=lambda t: cross_entropy(logits / t, digits))), 3)


def cross_entropy(logits: np.ndarray, digits: np.ndarray) -> float:
    """The mean surprise at the true digits, in nats, of hands known to be hands.

    Args:
        logits: float32 [n, 6].
        digits: int [n].
    """
    return float(np.mean(evidence(logits) - logits[np.arange(len(digits)), digits]))


def percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def table(results: dict) -> str:
    """The scores as text, a row each; `refused` are hands told to be none, `told` the others."""
    digits = "".join(f"{digit:>7}" for digit in range(DIGITS))
    lines = [
        f"{'':24}{'hands':>6}{'right':>8}  {'95 %':15}{digits}{'refused':>9}{'none':>6}{'told':>8}"
    ]
    for name, score in results.items():
        interval = " to ".join(percent(end) for end in score["interval"])
        lines.append(
            f"{name[-24:]:24}{score['pictures']:>6}{percent(score['accuracy']):>8}  {interval:15}"
            + "".join(f"{percent(digit):>7}" for digit in score["digits"])
            + f"{percent(score['refused']):>9}{score['without_hand']:>6}{percent(score['told']):>8}"
        )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m model.evaluate", description=__doc__)
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER", help="sub-folders are digits"
    )
    parser.add_argument("--split", choices=loading.SPLITS, help="of the project's own collections")
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
        find, results = not flags.no_find_hand, {}
        if flags.split:
            examples = split_examples(flags.split, flags.data)
            results = split_scores(read_parts(classifier, examples, find))
        if flags.split == "test":  # which has no pictures without a hand of its own
            results |= empty_scores(classifier, flags.data, find)
        for folder in flags.folders:
            results[str(folder)] = scores(read_all(classifier, folder_examples(folder), find))
    except ValueError as error:
        sys.exit(str(error))
    print(table(results))
    if flags.json:
        write_json(flags.json, results)


if __name__ == "__main__":
    main()
