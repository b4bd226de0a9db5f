"""Whether the hand is found: `python -m model.scoring.finding`.

In frames of collections whose boxes are known and that show one hand, the box of the answer is held
against the true one. So it is for rendered people before photographed rooms, if a folder has some
that were not trained on:

    make people ARGS="--kind person --count 400 --seed 1 --out FOLDER"
    python -m model.scoring.finding --people FOLDER

The result goes into the records, where the model card takes it from.
"""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from model.collections import loading
from model.collections.catalogue import COLLECTIONS
from model.progress import show_progress
from model.reading.classifier import HandClassifier
from model.reading.find_hand import overlap, square
from model.records import load_record, save_record
from model.scoring.statistics import share, wilson_interval
from model.synthetic.people.looks import SKIN_NAMES
from model.training.boxes import ENOUGH, before_a_ground
from model.training.people import people_in, rendered_person

RECORD = "finding"
ROOMS = "no-hands/rooms"
# The longer side of a hand, as a share of the frame's shorter one.
SIZES = {
    "under a fifth": (0, 0.2),
    "a fifth to a third": (0.2, 1 / 3),
    "a third to a half": (1 / 3, 1 / 2),
    "a half and more": (1 / 2, 9),
}
OTHER_HAND = "the other hand in view"
KINDS = (*(f"{name} skin" for name in SKIN_NAMES), OTHER_HAND)


@dataclass(frozen=True)
class Found:
    """Where a hand was, and where it was found.

    Attributes:
        size: the longer side of the true box, as a share of the frame's shorter one.
        holds: whether the middle of the hand is in the box of the answer.
        overlap: of the squares around both boxes: intersection over union.
        right: whether the digit was.
        kinds: of KINDS, those that the picture is of.
    """

    size: float
    holds: bool
    overlap: float
    right: bool
    kinds: tuple[str, ...] = ()


def compare(frame: np.ndarray, true: np.ndarray, read: np.ndarray, right: bool) -> Found:
    """Hold the box of an answer against the true one.

    Both become squares first, since the answer's is one: a pointing finger's narrow box is found as
    well as it can be by the square around it.

    Args:
        frame: uint8 [h, w, 3].
        true: x0, y0, x1, y1 in pixels.
        read: likewise.
        right: whether the digit was read right.
    """
    true, read = np.asarray(true, float), np.asarray(read, float)
    middle = (true[:2] + true[2:]) / 2
    holds = bool((read[:2] <= middle).all() and (middle <= read[2:]).all())
    size = float(max(true[2:] - true[:2]) / min(frame.shape[:2]))
    return Found(size, holds, float(overlap(square(true), square(read))), right)


def found_in(classifier: HandClassifier, collection: loading.Collection) -> list[Found]:
    """Look for the hand in every frame of a collection that shows one."""
    rows = zip(
        collection.pictures, collection.boxes, collection.digits.tolist(), collection.alone,
        strict=True,
    )  # fmt: skip
    found = []
    for picture, box, digit, alone in rows:
        if alone:
            reading = classifier.read(picture)
            found.append(compare(picture, box, np.array(reading.box), reading.digit == digit))
    return found


def found_in_rooms(
    classifier: HandClassifier, people: Path, rooms: list[np.ndarray]
) -> list[Found]:
    """Look for the raised hand of rendered people, each laid before one of the photographs.

    Args:
        classifier: reads them.
        people: folder that `make people` wrote.
        rooms: the photographs, uint8 [h, w, 3].

    Raises:
        ValueError: one sentence, if there are none, or the shipped network was trained on them.
    """
    persons = [each for each in people_in(people) if each[1]["kind"] == "person"]
    if not persons or any(row["seed"].startswith("0/") for _, row in persons):
        command = f'make people ARGS="--kind person --count 400 --seed 1 --out {people}"'
        raise ValueError(
            f"{people} must hold rendered people, and none of seed 0, which is trained on; make "
            f"some with `{command}`."
        )
    rng = np.random.default_rng(0)
    found = []
    for listed in show_progress(persons, len(persons), "rendered people"):
        row = listed[1]
        frame, box = before_a_ground(rendered_person(listed), rooms, rng)
        reading = classifier.read(frame)
        compared = compare(frame, box, np.array(reading.box), reading.digit == int(row["digit"]))
        kinds = (f"{row['skin']} skin", *[OTHER_HAND] * bool(row["other_x0"]))
        found.append(replace(compared, kinds=kinds))
    return found


def finding_scores(found: Iterable[Found]) -> dict[str, dict]:
    """By size of the hand, by other kinds, and of all: `pictures`, and the shares that `hold` its
    middle, `overlap` it by ENOUGH (with `interval`, 95 %) and are `right`; what does not occur is
    left out."""
    found = list(found)
    groups = {
        name: [each for each in found if low <= each.size < high]
        for name, (low, high) in SIZES.items()
    }
    groups |= {kind: [each for each in found if kind in each.kinds] for kind in KINDS}
    scores = {}
    for name, group in (groups | {"all": found}).items():
        if group:
            enough = sum(each.overlap >= ENOUGH for each in group)
            scores[name] = {
                "pictures": len(group),
                "hold": share(sum(each.holds for each in group), len(group)),
                "overlap": share(enough, len(group)),
                "interval": wilson_interval(enough, len(group)),
                "right": share(sum(each.right for each in group), len(group)),
            }
    return scores


def measured(people: Path | None, data: str | None) -> dict[str, dict]:
    """The record, measured anew; without a folder of people, their rows stay as they were.

    Raises:
        ValueError: one sentence, if anything cannot be read.
    """
    classifier, record = HandClassifier.load(), load_record(RECORD) or {}
    if people:
        rooms = loading.load(ROOMS, "test", data).pictures
        found = found_in_rooms(classifier, people, rooms)
        record["rendered people in rooms"] = finding_scores(found)
    for row in COLLECTIONS:
        if row.whole_frames:
            for split in ("test", "validation"):
                collection = loading.load(row.name, split, data)
                if collection.pictures:
                    name = f"{row.name}, {split}"
                    record[name] = finding_scores(found_in(classifier, collection))
                    print(name, record[name], flush=True)
    return record


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m model.scoring.finding", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", help="folder of the collections")
    parser.add_argument("--people", type=Path, help="folder of rendered people, not trained on")
    flags = parser.parse_args()
    try:
        print(save_record(RECORD, measured(flags.people, flags.data)))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
