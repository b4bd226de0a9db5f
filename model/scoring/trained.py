"""What is written beside trained weights: what reading needs, and what they score."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np

from model.collections import loading
from model.files import write_json
from model.network.weights_file import notes_of
from model.reading import light
from model.reading.classifier import HandClassifier
from model.reading.notes import digest_of
from model.scoring import calibration, lightness, scorecard
from model.scoring.examples import of_hands, split_examples
from model.training.checkpoints import record_of
from model.training.settings import Settings

MOST = 1e6  # stands for infinity, which JSON does not know


def calibrate_and_score(
    model: keras.Model,
    settings: Settings,
    data: str | None,
    trained_on: Collection[str],
    boxes: Sequence[np.ndarray] | None = None,
) -> tuple[dict, dict]:
    """Choose what turns logits into answers, and score them.

    Of a network that a collection was kept from, it is what it scores on that one.

    Args:
        model: the network, its weights rounded to float16 as they are shipped.
        settings: that it was trained with.
        data: folder with the collections; None for the cache.
        trained_on: names of the collections that it was trained on.
        boxes: weights of its box head; None if it has none.

    Returns:
        what reading needs beside the weights, and the scores.
    """
    left_out = settings.leave_out
    reader = HandClassifier(model, boxes=boxes)
    chosen = calibration.choose_calibration(reader, data, left_out, trained_on)
    reader = HandClassifier(model, chosen, boxes=boxes)
    finite = {name: float(np.clip(value, -MOST, MOST)) for name, value in asdict(chosen).items()}
    reading: dict = {"calibration": finite}
    record = reading | {
        "cross_entropy": calibration.cross_entropies(reader, data, left_out),
    }
    if left_out:
        record["left_out"] = scorecard.left_out_scores(reader, left_out, data)
        return reading, record
    collections = [c for c in loading.load_all("train", data) if c.name in trained_on]
    reading["light"] = light.percentiles(
        crop for c in collections if c.has_hands for crop in loading.inputs(c)
    )
    examples = of_hands(split_examples("test", data))
    readings = scorecard.read_parts(reader, examples)
    record |= {
        "data": {c.name: {"pictures": len(c.digits), "licence": c.licence} for c in collections},
        "lightness": lightness.lightness_scores(examples, readings),
        "scores": scorecard.split_scores(readings),
        "none": scorecard.empty_scores(reader, data),
    }
    return reading, record


def write_beside(weights: Path, reading: dict, record: dict) -> None:
    """Write what reading needs beside weights, and their record where records are."""
    write_json(notes_of(weights), reading | {"sha256": digest_of(weights)})
    write_json(record_of(weights), record)
