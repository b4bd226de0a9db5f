"""Pictures of one's own in folders sorted by digit, and what in them is read wrong."""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

from model.digits import DIGITS, NO_HAND, WORDS
from model.files import replacing
from model.reading.classifier import HandClassifier, Reading
from model.reading.images import LONGEST, read_picture
from model.reading.together import AT_ONCE, read_many
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
            f"{WORDS[-1]} or none; sort them into such folders and try again."
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

    def with_picture(self) -> Reading:
        """The reading with its picture, opened again."""
        return replace(self.reading, picture=read_picture(self.path, LONGEST))


def read_here(
    classifier: HandClassifier,
    find: bool,
    examples: list[tuple[Path, int]],
    at_once: int = AT_ONCE,
) -> list[OwnReading | str]:
    """Read files; their pictures are not kept.

    Args:
        classifier: the reader.
        find: look for the hand in each.
        examples: the files, and the digit that each shows, or NO_HAND.
        at_once: how many are being read at a time.

    Returns:
        For each what was read; a sentence, if it is no picture.
    """
    readings = read_many(classifier, (path for path, _ in examples), find, at_once)
    return [
        str(reading)
        if isinstance(reading, ValueError)
        else OwnReading(*example, replace(reading, picture=NOTHING, crop=NOTHING))
        for example, reading in zip(examples, readings, strict=True)
    ]


def name_of(digit: int) -> str:
    return "no hand" if digit == NO_HAND else str(digit)


def write_wrong(path: Path, read: list[OwnReading]) -> None:
    """Write a CSV with a line for each file that was read wrong."""
    with (
        replacing(path) as temporary,
        open(temporary, "w", newline="", encoding="utf-8", errors="surrogateescape") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(("file", "shows", "read as", "confidence", "evidence"))
        for own in read:
            if own.is_wrong:
                confidence = f"{own.reading.probabilities.max():.3f}"
                evidence = f"{own.reading.evidence:.2f}"
                writer.writerow(
                    (own.path, name_of(own.digit), name_of(own.answer), confidence, evidence)
                )
