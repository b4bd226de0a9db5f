"""What turns logits into answers, chosen on validation data."""

from collections.abc import Container

import numpy as np

from model.collections.loading import Collection
from model.reading.classifier import Calibration, HandClassifier
from model.reading.find_hand import evidence, find_hand, glance, is_certain
from model.scoring.examples import empty_examples, strangers, validation_hands
from model.training.mixture import Mixture, make_pool

REJECTED = 0.97  # of the pictures without a hand at most, by the threshold: more is not asked
REFUSED = 0.015  # of strangers' hands at most, by the threshold
GLANCED = 0.03  # of the pictures without a hand at most, in which a glance may be enough
TEMPERATURES = np.geomspace(0.25, 4, 61)


def choose_calibration(
    classifier: HandClassifier,
    data: str | None = None,
    leave_out: str = "",
    trained_on: Container[str] = (),
) -> Calibration:
    """Choose on validation data what turns logits into answers.

    The evidence below which there is no hand, over whole pictures with and without one and through
    the whole search; the temperature, on hands that are as hard to read as those of training; and
    the evidence from which a glance is enough.

    Args:
        classifier: the reader; its own calibration does not matter.
        data: folder of the collections.
        leave_out: name of a collection that must not be looked at.
        trained_on: names of the collections that the network was trained on.
    """

    def seen(picture: np.ndarray) -> float:
        _, logits = find_hand(picture, classifier.look, classifier.scan)
        return float(evidence(logits))

    empty = {name: pictures for name, (pictures, _) in empty_examples(data, leave_out).items()}
    others = {name: [seen(picture) for picture in pictures] for name, pictures in empty.items()}
    hands = {
        name: [seen(picture) for picture, _ in examples]
        for name, examples in strangers(data, leave_out, trained_on).items()
    }
    glances = {
        name: [glance_evidence(glance(picture, classifier.logits).logits) for picture in pictures]
        for name, pictures in empty.items()
    }
    logits, digits = hard_hands(classifier, validation_hands(data, leave_out))
    hand = choose_threshold(others, hands)
    sure = max(hand, evenly(glances, 1 - GLANCED))
    return Calibration(hand, choose_temperature(logits, digits), sure)


def glance_evidence(logits: np.ndarray) -> float:
    """The most `sure` can be for a glance to be enough; minus infinity if it never is."""
    return float(evidence(logits)) if is_certain(logits) else -np.inf


def hard_hands(
    classifier: HandClassifier, collections: list[Collection], count: int = 2_000
) -> tuple[np.ndarray, np.ndarray]:
    """Logits, float32 [count, 6], and digits, int [count], of hands augmented as for training.

    As they are nearly all are read right, and no confidence would be too high for them.
    """
    pool = make_pool(collections, Mixture(without_hand=0, rendered=0, rendered_hands=0))
    pictures, targets = pool.batch((0,), count)
    return classifier.logits(pictures / np.float32(255)), targets.argmax(1)


def cross_entropies(
    classifier: HandClassifier, data: str | None = None, leave_out: str = ""
) -> dict[str, float]:
    """By collection, the cross-entropy on its validation hands augmented, by which runs compare."""
    return {
        collection.name: round(cross_entropy(*hard_hands(classifier, [collection])), 4)
        for collection in validation_hands(data, leave_out)
    }


def choose_threshold(others: dict[str, list[float]], hands: dict[str, list[float]]) -> float:
    """The evidence that tells hands from their absence.

    As high as strangers' hands allow: a share REFUSED of them does not reach it, a hand refused
    being worse than a picture without one that is given a digit. Nor is it higher than it takes to
    reject a share REJECTED of the pictures without a hand.

    Args:
        others: the evidence in pictures without a hand, by kind; the kinds count alike.
        hands: the evidence in pictures of hands, by collection; these count alike, too.
    """
    return min(evenly(others, REJECTED), evenly(hands, REFUSED))


def evenly(values: dict[str, list[float]], share: float) -> float:
    """The value that a share of them does not reach, each kind counting alike; of none infinity."""
    kinds = [kind for kind in values.values() if len(kind)]
    if not kinds:
        return np.inf
    weights = np.concatenate([np.full(len(kind), 1 / len(kind)) for kind in kinds])
    least = np.quantile(np.concatenate(kinds), share, weights=weights, method="inverted_cdf")
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
