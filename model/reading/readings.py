"""Readings of files as plain data: which files there are, and a line for each."""

import codecs
import glob
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from model.files import cut_to_whole_lines, whole_lines
from model.reading.classifier import Reading
from model.reading.images import FORMATS, in_percent
from model.reading.notes import digest_of


@dataclass(frozen=True)
class Part:
    """A part of a picture, in percent of its width and height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class PlainReading:
    """What was read of a picture, as JSON can hold it.

    Attributes:
        digit: 0 to 5; None where no hand is seen.
        probability: of the most probable digit, 0..1.
        probabilities: of each digit, summing to 1.
        evidence: for a hand of any digit.
        box: where the hand is, or what comes closest to one.
    """

    digit: int | None
    probability: float
    probabilities: list[float]
    evidence: float
    box: Part


BEGINS = b'{"file": '  # every line, even one that was cut off after that


def plain_reading(reading: Reading) -> PlainReading:
    """A reading as plain data."""
    probabilities = [round(float(probability), 4) for probability in reading.probabilities]
    return PlainReading(
        reading.digit if reading.is_hand else None,
        probabilities[reading.digit],
        probabilities,
        round(reading.evidence, 3),
        Part(**in_percent(reading.box, reading.picture)),
    )


def how_read(weights: Path, whole: bool) -> dict[str, Any]:
    """What a line says of how a file was read, so that readings of two kinds are not mixed.

    Args:
        weights: their file.
        whole: whether pictures are read whole, without looking for the hand.
    """
    return {"weights": digest_of(weights)[:12], "whole": whole}


def json_line(file: str, read: PlainReading, how: dict[str, Any]) -> str:
    """A reading of a file as one line of JSON; `how` comes from `how_read`."""
    return json.dumps({"file": file, **asdict(read), **how})


def pictures_in(folder: Path) -> Iterator[Path]:
    """The files in a folder and in its folders that are called as pictures are, in order."""
    suffixes = {end for end, kind in Image.registered_extensions().items() if kind in FORMATS}
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in suffixes and path.is_file() and not hidden:
            yield path


def files_named(names: Iterable[str]) -> list[str]:
    """The files that names stand for: files, folders and patterns such as `hands/*.jpg`.

    Returns:
        Each once, in the order in which they were named. A file that isn't there is among them:
        whoever reads it will say so.

    Raises:
        ValueError: if a folder holds no picture, or no file fits a pattern.
    """
    files: dict[str, None] = {}
    for name in names:
        if Path(name).is_dir():
            found = [str(path) for path in pictures_in(Path(name))]
        elif glob.has_magic(name) and not Path(name).exists():
            found = [
                each for each in sorted(glob.glob(name, recursive=True)) if Path(each).is_file()
            ]
        else:
            found = [name]
        if not found:
            what = "has no picture in it" if Path(name).is_dir() else "matches no file"
            raise ValueError(f"{name} {what}; name a picture, a folder or a pattern.")
        files |= dict.fromkeys(found)
    return list(files)


def read_before(path: Path, how: dict[str, Any]) -> set[str]:
    """The files that have a line in a file of readings; a last line that was cut off is removed.

    Raises:
        ValueError: if the file holds something else, or files were read otherwise than `how` says.
    """
    if not path.exists():
        return set()
    try:
        with path.open("rb") as file:
            if not BEGINS.startswith(file.read(len(BEGINS))):
                raise ValueError
        lines = [json.loads(line) for line in whole_lines(path)]
        before = {line["file"] for line in lines}
        if any(line[name] != value for line in lines for name, value in how.items()):
            raise ValueError
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} holds something else, or readings with other weights or flags; name another "
            "file with --out."
        ) from error
    cut_to_whole_lines(path)
    return before


def names_or_picture(data: bytes) -> list[str] | bytes:
    """What came through standard input: the names of files, one a line, or a picture itself."""
    if b"\0" in data:  # as in every picture, and in no name
        return data
    names = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape").split("\n")
    return [name.rstrip("\r") for name in names if name.strip()]


def table_line(values: dict[str, Any]) -> str:
    """A row of the table that `read` prints; the name, of any length, comes last."""
    return (
        f"{values['digit']!s:>5}  {values['probability']:>11}  {values['evidence']:>8}  "
        f"{values['box']:>24}  {values['file']}"
    )


HEADING = table_line(
    {
        "digit": "digit",
        "probability": "probability",
        "evidence": "evidence",
        "box": "left, top, width, height",
        "file": "file",
    }
)


def row(file: str, read: PlainReading) -> str:
    """A reading as a row of the table; the box is in percent of the picture."""
    box = read.box
    return table_line(
        {
            "digit": "none" if read.digit is None else read.digit,
            "probability": f"{read.probability:.3f}",
            "evidence": f"{read.evidence:.2f}",
            "box": f"{box.left:.0f}, {box.top:.0f}, {box.width:.0f}, {box.height:.0f} %",
            "file": file,
        }
    )
