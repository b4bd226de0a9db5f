"""Pictures of one's own in folders sorted by digit, and what in them is read wrong."""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

from model.digits import DIGITS, NO_HAND, WORDS
from model.files import replacing
from model.reading.classifier import HandClassifier, Reading
from model.scoring.scorecard import NOTHING

NAMES = {
    **{str(digit): digit for digit in range(DIGITS)},
    **{word: digit for digit, word in enumerate(WORDS)},
    "none": NO_HAND,
}


def folder_examples(folder: Path) -> list[tuple[Path, int]]:
    """The files in a folder's sub-folders and their digits.

    Sub-folders are called 0 to 5, or zero to five, or none.

    Raises:
        ValueError: if there is no such folder, or no digit's folder in it.
    """
    examples = [
        (path, NAMES[place.name.lower()])
        for place in sorted(folder.glob("*"))
        if place.is_dir() and place.name.lower() in NAMES
        for path in sorted(place.glob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]
    if not examples:
        raise ValueError(
            f"{folder} has no pictures in folders named 0 to {DIGITS - 1}, {WORDS[0]} to "
            f"{WORDS[-1]} or none; sort them so and try again."
        )
    return sorted(examples, key=lambda example: example[1] % (DIGITS + 1))


def ignored_places(folder: Path) -> list[Path]:
    """What lies in a folder and is not a digit's: other folders, and files beside them."""
    return [
        path
        for path in sorted(folder.glob("*"))
        if not path.name.startswith(".") and not (path.is_dir() and path.name.lower() in NAMES)
    ]


@dataclass(frozen=True)
class OwnReading:
    """What was read of a file.

    Attributes:
        path: of the file.
        digit: that it shows, or NO_HAND.
        reading: what was read.
    """

    path: Path
    digit: int
    reading: Reading

    @property
    def answer(self) -> int:
        """The digit that was read, or NO_HAND."""
        return self.reading.digit if self.reading.is_hand else NO_HAND

    @property
    def is_wrong(self) -> bool:
        return self.answer != self.digit


def read_own(
    classifier: HandClassifier, examples: list[tuple[Path, int]], find: bool = True
) -> tuple[list[OwnReading], list[str]]:
    """Read files.

    Args:
        classifier: the reader.
        examples: from `folder_examples`.
        find: look for the hand in each picture.

    Returns:
        what was read, with the pictures of those that are wrong, and a sentence for each file that
        is no picture.
    """
    read, unread = [], []
    for path, digit in examples:
        try:
            reading = classifier.read(path, find)
        except ValueError as error:
            unread.append(str(error))
            continue
        own = OwnReading(path, digit, reading)
        kept = own if own.is_wrong else replace(own, reading=replace(reading, picture=NOTHING))
        read.append(replace(kept, reading=replace(kept.reading, crop=NOTHING)))
    return read, unread


def name_of(digit: int) -> str:
    return "no hand" if digit == NO_HAND else str(digit)


def write_wrong(path: Path, read: list[OwnReading]) -> None:
    """Write a CSV with a line for each file that was read wrong."""
    with replacing(path) as temporary, open(temporary, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "shows", "read as", "confidence", "evidence"))
        for own in read:
            if own.is_wrong:
                confidence = f"{own.reading.probabilities.max():.3f}"
                evidence = f"{own.reading.evidence:.2f}"
                writer.writerow(
                    (own.path, name_of(own.digit), name_of(own.answer), confidence, evidence)
                )
