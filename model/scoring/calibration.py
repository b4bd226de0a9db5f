"""What turns logits into answers, chosen on validation data."""

import numpy as np

from model.collections.loading import Collection
from model.reading.classifier import Calibration, HandClassifier
from model.reading.find_hand import evidence, places, weigh
from model.scoring.examples import collection_examples, empty_examples, validation_hands
from model.scoring.statistics import share
from model.training.mixture import Mixture, make_pool

REJECTED = 0.96  # of the pictures without a hand, by the threshold
GAINS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
TEMPERATURES = np.geomspace(0.25, 4, 61)


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
    rng = np.random.default_rng(0)
    rows: list[dict] = [{"gain": gain} for gain in GAINS]
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


def hard_hands(
    classifier: HandClassifier, collections: list[Collection], count: int = 2_000
) -> tuple[np.ndarray, np.ndarray]:
    """Logits, float32 [count, 6], and digits, int [count], of hands augmented as for training.

    As they are nearly all are read right, and no confidence would be too high for them.
    """
    pool = make_pool(collections, Mixture(without_hand=0, rendered=0, rendered_hands=0))
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
    """The evidence that a share REJECTED of the pictures without a hand does not reach.

    Nothing asks what hands reach: of hands it knows a network is surer than of a stranger's.

    Args:
        others: the evidence in pictures without a hand, by kind; the kinds count alike.
    """
    values = np.concatenate(list(others.values()))
    weights = np.concatenate(
        [np.full(len(seen), 1 / max(len(seen), 1)) for seen in others.values()]
    )
    least = np.quantile(values, REJECTED, weights=weights, method="inverted_cdf")
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
