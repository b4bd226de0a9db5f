"""How each collection's folder is read: from a folder and a split to its examples.

The splits keep the pictures of a person, a session or an original photograph on one side, where the
collection says which these are.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import h5py
import numpy as np

from model.digits import DIGITS, NO_HAND
from model.reading.images import read_picture

LARGEST = 480  # pixels of a frame's longer side, above which it is reduced on loading

# One hand in one picture: the picture, its digit, its group, the hand's box (None: all of it).
Example = tuple[np.ndarray, int, str, tuple[int, int, int, int] | None]
Reader = Callable[[Path, str], Iterator[Example]]


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
    if pictures.shape != (len(digits), 64, 64, 3) or not np.isin(digits, range(DIGITS)).all():
        raise damaged(path)
    counts = np.zeros(DIGITS, int)
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
                frames[path] = reduce_frame(frame, -(-max(frame.shape) // LARGEST))
            frame = frames[path]
            scale = frame.shape[1] / width
            x0, y0, x1, y1 = (round(side * scale) for side in box)
            yield frame, digit, session, (x0, y0, x1, y1)


def corners(row: dict[str, str]) -> tuple[int, int, int, int]:
    return int(row["xmin"]), int(row["ymin"]), int(row["xmax"]), int(row["ymax"])


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


def of_source(kept_for: str) -> Reader:
    """Reads `<digit>/*` of one source, a person or a few, who are all on one side."""

    def read(folder: Path, split: str) -> Iterator[Example]:
        if split == kept_for:
            for path in files(folder, "[0-5]/*"):
                digit, kind = int(path.parent.name), path.stem.rpartition("_")[0]
                yield read_picture(path), digit, kind, None

    return read


def boxed_frames(kept_for: str) -> Reader:
    """Reads whole frames whose boxes are in `frames/boxes.csv`."""

    def read(folder: Path, split: str) -> Iterator[Example]:
        if split == kept_for:
            table = folder / "frames" / "boxes.csv"
            if not table.exists():
                raise missing(table)
            with open(table, newline="", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    path = table.with_name(row["file"])
                    yield read_picture(path), int(row["digit"]), "", corners(row)

    return read


def without_hands(source: str, validation: Iterable = (), test: Iterable = ()) -> Reader:
    """Reads `<source>__<number>_<kind>.*`: pictures without a hand.

    Args:
        source: of the pictures.
        validation: numbers or kinds of the pictures that validate.
        test: likewise of those that test; all others train.
    """

    def read(folder: Path, split: str) -> Iterator[Example]:
        for path in files(folder, f"{source}__*"):
            number, _, kind = path.stem.removeprefix(f"{source}__").partition("_")
            if not number.isdecimal():  # a file that is not of the collection
                continue
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


def reduce_frame(frame: np.ndarray, factor: int) -> np.ndarray:
    """A frame at a whole fraction of its height and width, by means of blocks; uint8."""
    if factor == 1:
        return frame
    h, w = frame.shape[0] // factor, frame.shape[1] // factor
    blocks = frame[: h * factor, : w * factor].reshape(h, factor, w, factor, 3)
    return blocks.mean((1, 3)).round().astype(np.uint8)


class MissingError(ValueError):
    """A collection that is not there."""


def missing(path: Path) -> MissingError:
    return MissingError(
        f"{path} is missing; run `python -m model.collections fetch`, or name the folder "
        "that has it with --data or HANDS_DATA."
    )


def damaged(path: Path) -> ValueError:
    return ValueError(f"{path} is damaged or another file; remove it and fetch it again.")
