"""The pictures that scores are made of."""

from collections.abc import Container, Iterable

import numpy as np

from model.collections import loading
from model.digits import NO_HAND
from model.reading.images import cut
from model.synthetic.backgrounds import background
from model.training.drawings import scribble
from model.training.photographs import empty_places

Examples = dict[str, list[tuple[np.ndarray, int]]]  # pictures and their digits, by part


def split_examples(split: str, data: str | None = None) -> Examples:
    """The pictures of a split by collection, each hand cut to its box, and their digits.

    Of a collection of frames, those that show one hand come uncut as well, as a part of their own.
    """
    examples = {}
    for collection in loading.load_all(split, data):
        rows = list(
            zip(collection.pictures, collection.boxes, collection.digits.tolist(), strict=True)
        )
        examples[collection.name] = [(cut(picture, box), digit) for picture, box, digit in rows]
        if collection.whole_frames:
            examples[f"{collection.name}, whole frames"] = [
                (picture, digit)
                for (picture, _, digit), alone in zip(rows, collection.alone, strict=True)
                if alone
            ]
    return examples


def of_hands(examples: Examples) -> Examples:
    """The parts that show hands."""
    return {
        name: part for name, part in examples.items() if any(digit != NO_HAND for _, digit in part)
    }


def collection_examples(name: str, splits: Iterable[str], data: str | None = None) -> Examples:
    """What `split_examples` has of one collection, over several splits."""
    examples = {}
    for split in splits:
        for part, pictures in split_examples(split, data).items():
            if part.split(", ")[0] == name:
                examples.setdefault(part, []).extend(pictures)
    return examples


def empty_examples(
    data: str | None = None, leave_out: str = ""
) -> dict[str, tuple[list[np.ndarray], list[np.ndarray]]]:
    """Pictures without a hand, none trained on: by kind those to choose with and those to score.

    They are the validation split's, places in its frames of hands, and what scripts make: blanks,
    clutter, scribbles and numerals. What has a test split is scored with that, of the others one
    half is for choosing.
    """
    kinds, tests = {}, {}
    for collection in loading.load_all("test", data):
        if not collection.has_hands:
            tests[collection.name] = collection.pictures
    for collection in loading.load_all("validation", data):
        if collection.name == leave_out:
            continue
        if not collection.has_hands:
            kinds[collection.name] = collection.pictures
        elif collection.whole_frames:
            kinds[f"{collection.name}, places without one"] = empty_places(collection)
    rng = np.random.default_rng((3,))
    made = [background(rng, 256) if i % 2 else scribble(rng) for i in range(120)]
    kinds["made by scripts"] = [(255 * np.clip(picture, 0, 1)).astype(np.uint8) for picture in made]
    found = {}
    for name, pictures in (kinds | tests).items():
        if name in tests:
            chosen, scored = kinds.get(name, []), pictures
        else:
            chosen, scored = pictures[: len(pictures) // 2], pictures[len(pictures) // 2 :]
        found[name] = chosen[:: 1 + len(chosen) // 60], scored
    return found


def strangers(
    data: str | None = None, leave_out: str = "", trained_on: Container[str] = (), count: int = 40
) -> Examples:
    """Hands of people that a network was not trained on, none of them of a test split.

    Args:
        data: folder of the collections.
        leave_out: name of a collection that must not be looked at.
        trained_on: names of the collections that the network was trained on; of these come the
            validation splits alone.
        count: of pictures of a collection, drawn from all of them.
    """
    rng, found = np.random.default_rng(0), {}
    for split in ("train", "validation"):
        for name, pictures in of_hands(split_examples(split, data)).items():
            collection = name.split(", ")[0]
            known = split == "train" and collection in trained_on
            if known or collection == leave_out:
                continue
            found.setdefault(name, []).extend(pictures)
    return {
        name: [pictures[i] for i in rng.permutation(len(pictures))[:count]]
        for name, pictures in found.items()
    }


def validation_hands(data: str | None = None, leave_out: str = "") -> list[loading.Collection]:
    """The validation splits that have hands, without a collection that must not be looked at."""
    found = loading.load_all("validation", data)
    return [c for c in found if c.has_hands and c.name != leave_out]
