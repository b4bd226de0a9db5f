"""Whether the map shows orange on the hand: `python -m explain.checks.visible`.

Measured on the hands of the validation collections that are read right, each cut to its box. Where
the background is plain enough to cut the hand out, only the orange on the hand itself counts.
"""

import argparse
import sys
from collections.abc import Iterator

import numpy as np

from explain.maps.gradcam import Explainer
from explain.maps.sharp import SharpExplainer
from explain.maps.strength import PLAIN, fade, is_plain, reach
from model.collections import loading
from model.digits import NO_HAND
from model.reading.classifier import HandClassifier
from model.reading.images import cut, to_input
from model.records import save_record
from model.training.cut_out import cut_out

RECORD = "visible"


def hands(count: int, data: str | None = None) -> Iterator[tuple[str, np.ndarray, int]]:
    """From each validation collection the same `count` hands: its name, the crop, the digit."""
    rng = np.random.default_rng(0)
    for collection in loading.load_all("validation", data):
        shown = np.flatnonzero(collection.digits != NO_HAND)
        for i in rng.permutation(shown)[:count]:
            crop = to_input(cut(collection.pictures[i], collection.boxes[i]))
            yield collection.name, crop, int(collection.digits[i])


def shows(signed: np.ndarray, crop: np.ndarray) -> tuple[bool, float]:
    """Whether orange is plain on the hand, and the share of the picture that is plainly violet."""
    mask = cut_out(crop)
    colour = fade(signed, reach(signed))
    return is_plain(colour, None if mask is None else mask > 0), float((colour <= -PLAIN).mean())


def measure(count: int, data: str | None = None) -> dict:
    """For each collection, and for all: hands read right, the share with orange, mean violet."""
    classifier = HandClassifier.load()
    sharp = SharpExplainer(Explainer(classifier))
    rows: dict[str, list[tuple[bool, float]]] = {}
    for name, crop, digit in hands(count, data):
        if classifier.logits(crop[None] / np.float32(255))[0].argmax() == digit:
            rows.setdefault(name, []).append(shows(sharp.explain(crop, digits=[digit])[0], crop))
    rows["all"] = [row for each in rows.values() for row in each]
    return {
        name: {
            "hands": len(found),
            "orange": round(float(np.mean([orange for orange, _ in found])), 3),
            "violet": round(float(np.mean([violet for _, violet in found])), 3),
        }
        for name, found in rows.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=30, help="hands a collection (default: 30)")
    parser.add_argument("--data", help="folder of the collections (default: $HANDS_DATA)")
    flags = parser.parse_args()
    try:
        found = measure(flags.count, flags.data)
    except ValueError as error:
        sys.exit(str(error))
    save_record(RECORD, found)
    for name, row in found.items():
        print(
            f"{name:28} {row['hands']:4} hands, orange {row['orange']:.1%}, "
            f"violet {row['violet']:.1%}"
        )


if __name__ == "__main__":
    main()
