"""A film: what is read of a frame is steadied by what was read of those before."""

from dataclasses import replace

import numpy as np

from model.reading.classifier import Reading

NEW = 0.5  # weight of the newest frame; each frame before has half the weight of the next


def steadied(reading: Reading, probabilities: np.ndarray, evidence: float, hand: float) -> Reading:
    """Average a reading with those of the frames before, so that one odd frame changes nothing.

    A hand that appears is read at once: where there was none before, nothing is averaged.

    Args:
        reading: of the frame.
        probabilities: float32 [6], of the hand in the frame before, steadied itself.
        evidence: for that hand.
        hand: evidence from which there is a hand.
    """
    probabilities = NEW * reading.probabilities + (1 - NEW) * probabilities
    seen = NEW * reading.evidence + (1 - NEW) * evidence
    return replace(
        reading,
        digit=int(probabilities.argmax()),
        probabilities=probabilities,
        evidence=seen,
        is_hand=seen >= hand,
    )
