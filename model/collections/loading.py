"""The collections as arrays: one split of one, of all, or the hands that the network sees."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.collections.catalogue import COLLECTIONS, find_row
from model.collections.download import CACHE
from model.collections.readers import MissingError, missing
from model.digits import NO_HAND
from model.reading.images import cut, to_input

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Collection:
    """One split of one collection.

    Attributes:
        name: of the collection.
        split: train, validation or test.
        licence: of the photographs.
        pictures: uint8 [h, w, 3] each, of any size; a frame with two hands occurs twice, as the
            same array.
        digits: int64 [n], 0 to 5, or NO_HAND.
        groups: str [n], the person, session or original photograph that a picture is of.
        boxes: int64 [n, 4], x0, y0, x1, y1 of the hand in its picture, in pixels.
        plain: whether the background is plain enough to cut the hands out.
        weight: how often hands are drawn from it.
        whole_frames: whether the boxes lie in frames in which a hand has to be found.
    """

    name: str
    split: str
    licence: str
    pictures: list[np.ndarray]
    digits: np.ndarray
    groups: np.ndarray
    boxes: np.ndarray
    plain: bool = False
    weight: float = 1.0
    whole_frames: bool = False

    @property
    def has_hands(self) -> bool:
        return bool((self.digits != NO_HAND).any())

    @property
    def alone(self) -> list[bool]:
        """Whether each hand is the only one in its picture."""
        shown = Counter(map(id, self.pictures))
        return [shown[id(picture)] == 1 for picture in self.pictures]


def data_folder(folder: str | Path | None = None) -> Path:
    """Where the collections are: `folder`, else $HANDS_DATA, else the cache that fetch fills."""
    return Path(folder or os.environ.get("HANDS_DATA") or CACHE)


def load(name: str, split: str, folder: str | Path | None = None) -> Collection:
    """Load one split of one collection.

    Args:
        name: of a row of COLLECTIONS.
        split: train, validation or test; a collection may have nothing in one.
        folder: with a sub-folder for each collection; None for $HANDS_DATA or the cache.

    Raises:
        ValueError: one sentence that names what is unknown, missing or damaged.
    """
    row = find_row(name)
    if split not in SPLITS:
        raise ValueError(f"There is no split {split}; there are {', '.join(SPLITS)}.")
    place = data_folder(folder) / (row.folder or name)
    if not place.is_dir():
        raise missing(place)
    pictures, digits, groups, boxes = [], [], [], []
    for picture, digit, group, box in row.read(place, split):
        pictures.append(picture)
        digits.append(digit)
        groups.append(group)
        boxes.append(box or (0, 0, picture.shape[1], picture.shape[0]))
    return Collection(
        name,
        split,
        row.licence,
        pictures,
        np.array(digits, np.int64),
        np.array(groups, str),
        np.array(boxes, np.int64).reshape(-1, 4),
        row.plain,
        row.weight,
        row.whole_frames,
    )


def load_all(split: str, folder: str | Path | None = None) -> list[Collection]:
    """One split of every collection that has pictures in it.

    What nobody can fetch may be missing.
    """
    loaded = []
    for row in COLLECTIONS:
        try:
            collection = load(row.name, split, folder)
        except MissingError:
            if row.home:
                raise
            continue
        if collection.pictures:
            loaded.append(collection)
    return loaded


def inputs(collection: Collection) -> np.ndarray:
    """What the network sees of a collection's hands, each cut to its box: uint8 [n, 64, 64, 3]."""
    pairs = zip(collection.pictures, collection.boxes, strict=True)
    return np.stack([to_input(cut(picture, box)) for picture, box in pairs])


def hands(
    split: str, folder: str | Path | None = None, names: Sequence[str] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """Every hand of a split as the network sees it.

    Args:
        split: train, validation or test.
        folder: with a sub-folder for each collection, as for `load`.
        names: of collections; none for all.

    Returns:
        float32 [n, 64, 64, 3] in 0..1, and the digits, int64 [n].
    """
    loaded = [load(name, split, folder) for name in names] or load_all(split, folder)
    pictures = np.concatenate([inputs(collection) for collection in loaded])
    digits = np.concatenate([collection.digits for collection in loaded])
    return pictures[digits != NO_HAND] / np.float32(255), digits[digits != NO_HAND]
