"""A folder of cut-outs and its table, people.csv; a picture is listed once it is whole."""

import csv
from pathlib import Path

from model.files import cut_to_whole_lines, whole_lines
from model.synthetic.people.portrait import make_person
from model.synthetic.people.scenes import Picture, make_hand, save

COLUMNS = (
    "file", "kind", "digit", "fingers", "thumb", "side", "viewpoint", "skin", "lightness",
    "x0", "y0", "x1", "y1", "other_x0", "other_y0", "other_x1", "other_y1",
    "width", "height", "night", "seed",
)  # fmt: skip
TRIES = 400  # most draws of a person are out of the frame


def draw_readable(seed: int, number: int, kind: str) -> Picture:
    """Try until a picture can be read.

    Args:
        seed: of the collection.
        number: of the picture; its digit is the number modulo 6.
        kind: hand or person.

    Returns:
        The first readable picture.

    Raises:
        RuntimeError: if no try succeeds.
    """
    make = {"hand": make_hand, "person": make_person}[kind]
    for attempt in range(TRIES):
        picture = make((seed, number, attempt), number % 6)
        if picture is not None:
            return picture
    raise RuntimeError(f"No readable {kind} for number {number} of seed {seed}")


def make(number: int, seed: int, kind: str, folder: Path) -> dict:
    """Make one picture and write it.

    Args:
        number: of the picture; also decides the digit, number modulo 6.
        seed: of the collection.
        kind: hand or person.
        folder: where the picture goes.

    Returns:
        Its row of people.csv.
    """
    picture = draw_readable(seed, number, kind)
    name = f"{kind}-{number:06d}.webp"
    whole = folder / name
    unfinished = folder / f".{name}"
    save(picture, unfinished)
    unfinished.replace(whole)
    height, width = picture.rgba.shape[:2]
    size = {"width": width, "height": height}
    return {"file": name, "kind": kind, **picture.facts, **size, "seed": f"{seed}/{number}"}


def written(table: Path) -> set[str]:
    """Names of the pictures that a table lists; a last line cut short is taken out of it."""
    if not table.exists():
        return set()
    cut_to_whole_lines(table)
    return {row["file"] for row in csv.DictReader(whole_lines(table))}
