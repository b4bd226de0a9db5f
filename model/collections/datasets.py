"""The collections of hand photographs: fetch them from their homes, load them, split them.

    python -m model.collections.datasets list
    python -m model.collections.datasets fetch

The splits keep the pictures of a person, a session or an original photograph on one side, where the
collection says which these are. None of the photographs is part of this project; each collection
has a licence of its own.
"""

import argparse
import csv
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from model.collections.download import CACHE, Home, fetch
from model.digits import NO_HAND
from model.reading.images import cut, read_picture, to_input

SPLITS = ("train", "validation", "test")
LARGEST = 480  # pixels of a frame's longer side, above which it is reduced on loading

# One hand in one picture: the picture, its digit, its group, the hand's box (None: all of it).
Example = tuple[np.ndarray, int, str, tuple[int, int, int, int] | None]


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


def signs(folder: Path, split: str) -> Iterator[Example]:
    """Every tenth picture of a digit in the training file validates; near copies of it train.

    The file does not tell who is in a picture, so a group is a picture.
    """
    part = "test" if split == "test" else "train"
    path = folder / f"{part}_signs.h5"
    try:
        with h5py.File(path) as file:
            pictures, digits = file[f"{part}_set_x"][:], file[f"{part}_set_y"][:].ravel()
    except FileNotFoundError as error:
        raise missing(path) from error
    except (OSError, KeyError) as error:
        raise damaged(path) from error
    if pictures.shape != (len(digits), 64, 64, 3) or not np.isin(digits, range(6)).all():
        raise damaged(path)
    counts = np.zeros(6, int)
    for picture, digit in zip(pictures, digits, strict=True):
        counts[digit] += 1
        if split == "test" or (split == "validation") == (counts[digit] % 10 == 0):
            yield picture, int(digit), f"{part}-{digit}-{counts[digit]}", None


def sign_language_digits(folder: Path, split: str) -> Iterator[Example]:
    """A student's pictures have consecutive numbers; the last students test, some validate."""
    for path, digit, number in numbered(
        folder / "Dataset", "[0-5]/IMG_*.JPG", r"(\d)/IMG_(\d+)\.JPG"
    ):
        place = "train" if number < 5600 else "validation" if number < 5740 else "test"
        if place == split:
            yield read_picture(path), digit, str(number // 10), None


HANDS_TEST = ("996_", "3_1528499009.07_", "15_", "5_")
HANDS_VALIDATION = ("16_", "35_")


def hands_dataset(folder: Path, split: str) -> Iterator[Example]:
    """Webcam frames with boxes; whole capture sessions test and validate."""
    frames = {}
    for part in ("train", "test"):
        path = folder / "data" / f"{part}_labels.csv"
        try:
            with open(path, newline="") as file:
                rows = [
                    (row["filename"], int(row["width"]), int(row["class"][0]), corners(row))
                    for row in csv.DictReader(file)
                ]
        except FileNotFoundError as error:
            raise missing(path) from error
        except (KeyError, TypeError, ValueError, IndexError, csv.Error) as error:
            raise damaged(path) from error
        for name, width, digit, box in rows:
            session = name.split("pic")[0]
            place = "test" if session in HANDS_TEST else "train"
            if session in HANDS_VALIDATION:
                place = "validation"
            if place != split:
                continue
            path = folder / "images" / part / name
            if path not in frames:
                frame = read_picture(path)
                frames[path] = reduced(frame, -(-max(frame.shape) // LARGEST))
            frame = frames[path]
            scale = frame.shape[1] / width
            yield frame, digit, session, tuple(round(side * scale) for side in box)


def corners(row: dict[str, str]) -> list[int]:
    return [int(row[side]) for side in ("xmin", "ymin", "xmax", "ymax")]


def hand_cricket(folder: Path, split: str) -> Iterator[Example]:
    """One or two people, and copies of every frame in other colours: for training alone."""
    if split == "train":
        for path, digit, number in numbered(folder / "input", "[0-5]_*.jpg", r"(\d)_(\d+)\.jpg"):
            yield read_picture(path), digit, str(number // 30), None


def gesture_digits(folder: Path, split: str) -> Iterator[Example]:
    """Some hundred augmented copies of each original; every tenth original validates."""
    place = folder / "digital_gesture_recognition" / "resized_img"
    for path, digit, original in numbered(place, "[01245]_*.jpg", r"(\d)_(\d+)_.*"):
        if split == ("validation" if original % 10 == 9 else "train"):
            yield read_picture(path), digit, f"{digit}-{original}", None


def hand_patches(folder: Path, split: str) -> Iterator[Example]:
    """Patches without a hand; every tenth validates."""
    for path, _, number in numbered(folder / "neg", "*.png", r"()neg_(\d+)\.png"):
        if split == ("validation" if number % 10 == 9 else "train"):
            yield read_picture(path), NO_HAND, str(number), None


def of_source(kept_for: str) -> Callable[[Path, str], Iterator[Example]]:
    """Reads `<digit>/*` of one source, a person or a few, who are all on one side."""

    def read(folder: Path, split: str) -> Iterator[Example]:
        if split == kept_for:
            for path in files(folder, "[0-5]/*"):
                digit, kind = int(path.parent.name), path.stem.rpartition("_")[0]
                yield read_picture(path), digit, kind, None

    return read


def boxed_frames(kept_for: str) -> Callable[[Path, str], Iterator[Example]]:
    """Reads whole frames whose boxes are in `frames/boxes.csv`."""

    def read(folder: Path, split: str) -> Iterator[Example]:
        if split == kept_for:
            with open(folder / "frames" / "boxes.csv", newline="") as file:
                for row in csv.DictReader(file):
                    path = next((folder / "frames").glob(f"{row['file']}*"))
                    yield read_picture(path), int(row["digit"]), "", tuple(corners(row))

    return read


def without_hands(
    source: str, validation: Iterable = (), test: Iterable = ()
) -> Callable[[Path, str], Iterator[Example]]:
    """Reads `<source>__<number>_<kind>.*`: pictures without a hand.

    Args:
        source: of the pictures.
        validation: numbers or kinds of the pictures that validate.
        test: likewise of those that test; all others train.
    """

    def read(folder: Path, split: str) -> Iterator[Example]:
        for path in files(folder, f"{source}__*"):
            number, _, kind = path.stem.removeprefix(f"{source}__").partition("_")
            found = {int(number), kind}
            place = (
                "test" if found & {*test} else "validation" if found & {*validation} else "train"
            )
            if place == split:
                yield read_picture(path), NO_HAND, kind or number, None

    return read


def files(folder: Path, pattern: str) -> list[Path]:
    """The files of a folder that fit a pattern, in order; there must be some."""
    if found := sorted(path for path in folder.glob(pattern) if not path.name.startswith(".")):
        return found
    raise missing(folder / pattern)


def numbered(folder: Path, pattern: str, numbers: str) -> Iterator[tuple[Path, int, int]]:
    """The files of a folder in order, with the digit and the number in each one's path."""
    found = []
    for path in folder.glob(pattern):
        # A file of another name was put there by someone else.
        if match := re.fullmatch(numbers, path.relative_to(folder).as_posix()):
            found.append((int(match[1] or NO_HAND), int(match[2]), path))
    if not found:
        raise missing(folder / pattern)
    return ((path, digit, number) for digit, number, path in sorted(found))


def reduced(frame: np.ndarray, factor: int) -> np.ndarray:
    """A frame at a whole fraction of its height and width, by means of blocks; uint8."""
    if factor == 1:
        return frame
    h, w = frame.shape[0] // factor, frame.shape[1] // factor
    blocks = frame[: h * factor, : w * factor].reshape(h, factor, w, factor, 3)
    return blocks.mean((1, 3)).round().astype(np.uint8)


def missing(path: Path) -> ValueError:
    return ValueError(
        f"{path} is missing; run `python -m model.collections.datasets fetch`, or name the folder "
        "that has it with --data or HANDS_DATA."
    )


def damaged(path: Path) -> ValueError:
    return ValueError(f"{path} is damaged or another file; remove it and fetch it again.")


@dataclass(frozen=True)
class Source:
    """A row of the table: a collection, where it comes from, how it is read and trained on.

    Attributes:
        name: of the collection.
        licence: of the photographs.
        home: where it comes from; None if it is not fetched yet.
        read: from its folder and a split to the pictures.
        folder: below the folder of all collections, if it is not called like the collection.
        plain: whether the background is plain enough to cut the hands out.
        weight: how often hands are drawn from it; digits are drawn first, and evenly.
    """

    name: str
    licence: str
    home: Home | None
    read: Callable[[Path, str], Iterator[Example]]
    folder: str = ""
    plain: bool = False
    weight: float = 1.0


# Classes of objects of which no picture is trained on.
CALTECH_VALIDATION = (
    *("saxophone", "schooner", "scissors", "scorpion", "sea_horse", "snoopy", "soccer_ball"),
    *("stapler", "starfish", "stegosaurus", "stop_sign", "strawberry", "sunflower"),
)
CALTECH_TEST = (
    *("tick", "trilobite", "umbrella", "watch", "water_lilly", "wheelchair", "wild_cat"),
    *("windsor_chair", "wrench", "yin_yang"),
)

COLLECTIONS = (
    Source(
        "signs",
        "none stated",
        Home(
            "mosesmulwa-bebop/Residual-Network-for-Digit-Recognition",
            "e7a512b8090169a562bd65297d546faacd2cfc7d",
            single={
                "datasets/train_signs.h5": "15904fbeb148848aea50d42c96a539b7bd11c4e5",
                "datasets/test_signs.h5": (
                    "539fb746ed9e947eb244cfca73f4d1b03f9bf5524d609eeed2cd76ddb1b179be"
                ),
            },
        ),
        signs,
        plain=True,
        weight=2.0,
    ),
    Source(
        "sign-language-digits",
        "Apache-2.0",
        Home(
            "ardamavi/Sign-Language-Digits-Dataset",
            "4b09433ef9d5c60602e8805bb54b8aa2428527f8",
            r"Dataset/[0-5]/[^/]*\.JPG",
            1237,
            "a8203a785453856797af3d526bcb48c5f406930f66696a6187efd7e07da4cf98",
        ),
        sign_language_digits,
        plain=True,
        weight=2.0,
    ),
    Source(
        "hands",
        "Apache-2.0",
        Home(
            "SubhiH/HandsDataset",
            "73228cb5ba6a8d454663aa9873157862b69a1c4c",
            r"images/(train|test)/[^/]*\.jpg|data/[^/]*_labels\.csv",
            1559,
            "c70f0bd9a1e3564a1d63e5f8019fb66e7cb3abe38a7b403bd123fcb2a232b83c",
        ),
        hands_dataset,
        weight=4.0,
    ),
    Source(
        "hand-cricket",
        "MIT",
        Home(
            "abhinavnayak11/Hand-Cricket",
            "e2a52cb72ca58d447cd927e800497d469fe7bb59",
            r"input/[0-5]_[^/]*\.jpg",
            1584,
            "f005c997bdc688cf4044c87f21ba391a0c35349e61255fae3671124bce561b55",
        ),
        hand_cricket,
        plain=True,
        weight=1.5,
    ),
    Source(
        "gesture-digits",
        "BSD-2-Clause",
        Home(
            "tz28/Chinese-number-gestures-recognition",
            "2a9136b223064450ffde79d3f2e01c0de41baf09",
            r"digital_gesture_recognition/resized_img/[01245]_[^/]*\.jpg",
            10143,
            "f5c05ef3e99b04c15b09dd6c140ed4bbc2ebe295c97831a474ce802e0cfd190c",
        ),
        gesture_digits,
        weight=2.0,
    ),
    Source(
        "hand-patches",
        "Apache-2.0",
        Home(
            "BasemElbarashy/Hand-Dataset",
            "3a1a01c9bf273f6b5524d933db77ed57e34ec72d",
            r"neg/[^/]*",
            2866,
            "9e1ed91a934c14e4dafb4aa56e51ca3a2209c20dff637da3e2159790529253cc",
        ),
        hand_patches,
    ),
    *(
        Source(f"more-hands/{name}", licence, None, read, plain=plain, weight=weight)
        for name, licence, read, plain, weight in (
            ("kaust-rps", "CDLA-Sharing-1.0", of_source("train"), False, 2.0),
            ("fuad-phone", "none stated", of_source("train"), False, 2.0),
            ("daocunyang", "none stated", of_source("train"), True, 1.0),
            ("isl-harshil", "none stated", of_source("train"), True, 0.7),
            ("looperboy", "none stated", of_source("train"), True, 0.7),
            ("hgr-alistair", "none stated", of_source("train"), False, 0.3),
            ("kwok-cutout", "none stated", of_source("train"), True, 0.5),
            ("silhouette-ikathuria", "MIT", of_source("train"), True, 0.5),
            ("peru", "none stated", of_source("validation"), True, 1.0),
            ("amaannaseh", "none stated", of_source("validation"), False, 1.0),
            ("emrecandir-lab", "MIT", boxed_frames("test"), False, 1.0),
            ("silhouette-ishaan", "none stated", of_source("test"), True, 1.0),
        )
    ),
    *(
        Source(f"no-hands/{name}", licence, None, without_hands(name, *kept), folder="no-hands")
        for name, licence, *kept in (
            ("caltech101", "CC BY 4.0", CALTECH_VALIDATION, CALTECH_TEST),
            ("caltech101-edges", "CC BY 4.0"),
            ("rooms", "Places365's terms", ["bathroom"], ["kitchen"]),
            ("fakefaces", "GPL-3.0", range(321, 371), range(371, 421)),
            ("grocery", "MIT", [], range(300)),
            ("grocery-iconic", "MIT", range(300)),
            ("trashnet", "MIT"),
            ("flowers", "none stated"),
            ("daocunyang-background", "none stated"),
            ("looperboy-none", "none stated", range(300)),
            ("noto", "Apache-2.0", range(231, 256), range(256, 300)),
            ("openmoji", "CC BY-SA 4.0", range(121), range(121, 300)),
            ("gameicons", "CC BY 3.0", range(181, 201), range(201, 300)),
            ("quickdraw", "CC BY 4.0", range(381, 421), range(421, 500)),
            ("text", "OFL-1.1", range(301, 331), range(331, 400)),
        )
    ),
)


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
    source = next((source for source in COLLECTIONS if source.name == name), None)
    if source is None:
        known = ", ".join(source.name for source in COLLECTIONS)
        raise ValueError(f"There is no collection {name}; there are {known}.")
    if split not in SPLITS:
        raise ValueError(f"There is no split {split}; there are {', '.join(SPLITS)}.")
    place = data_folder(folder) / (source.folder or name)
    if not place.is_dir():
        raise missing(place)
    pictures, digits, groups, boxes = [], [], [], []
    for picture, digit, group, box in source.read(place, split):
        pictures.append(picture)
        digits.append(digit)
        groups.append(group)
        boxes.append(box or (0, 0, picture.shape[1], picture.shape[0]))
    return Collection(
        name,
        split,
        source.licence,
        pictures,
        np.array(digits, np.int64),
        np.array(groups, str),
        np.array(boxes, np.int64).reshape(-1, 4),
        source.plain,
        source.weight,
    )


def load_all(split: str, folder: str | Path | None = None) -> list[Collection]:
    """One split of every collection that has pictures in it."""
    loaded = (load(source.name, split, folder) for source in COLLECTIONS)
    return [collection for collection in loaded if collection.pictures]


def with_hands(collection: Collection) -> bool:
    return bool((collection.digits != NO_HAND).any())


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
        folder: as of `load`.
        names: of collections; none for all.

    Returns:
        float32 [n, 64, 64, 3] in 0..1, and the digits, int64 [n].
    """
    loaded = [load(name, split, folder) for name in names] or load_all(split, folder)
    pictures = np.concatenate([inputs(collection) for collection in loaded])
    digits = np.concatenate([collection.digits for collection in loaded])
    return pictures[digits != NO_HAND] / np.float32(255), digits[digits != NO_HAND]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m model.collections.datasets",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("fetch", "list"))
    parser.add_argument(
        "--data", help="folder of the collections (default: $HANDS_DATA or the cache)"
    )
    flags = parser.parse_args(arguments)
    folder = data_folder(flags.data)
    try:
        if flags.command == "fetch":
            for source in COLLECTIONS:
                if source.home:
                    fetch(source.name, source.home, folder)
        else:
            print_table(folder)
    except ValueError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted; run the same command again to go on.")


def print_table(folder: Path) -> None:
    """Name, pictures by split, licence and home of every collection, fetched or not."""
    print(f"{'collection':30}" + "".join(f"{split:>11}" for split in SPLITS) + "  licence, home")
    for source in COLLECTIONS:
        counts = ["-"] * len(SPLITS)
        if (folder / (source.folder or source.name)).is_dir():
            counts = [len(load(source.name, split, folder).digits) for split in SPLITS]
        row = "".join(f"{count:>11}" for count in counts)
        print(
            f"{source.name:30}{row}  {source.licence}, {source.home.address if source.home else '-'}"
        )


if __name__ == "__main__":
    main()
