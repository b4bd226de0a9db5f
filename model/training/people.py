"""Hands and whole people that `make people` rendered, ready to be laid before a background."""

import csv
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from model.collections.loading import data_folder
from model.synthetic.people.folder import PEOPLE, TABLE
from model.training.photographs import Photograph


def people(data: str | None) -> list[tuple[Path, dict[str, str]]]:
    """Each picture that `model.synthetic.people` made: its file and its row; none if there is none.

    Args:
        data: folder with the collections; None for the cache.
    """
    return people_in(data_folder(data) / PEOPLE)


def people_in(folder: Path) -> list[tuple[Path, dict[str, str]]]:
    """The same of the folder that they were written to."""
    if not (folder / TABLE).exists():
        return []
    with open(folder / TABLE, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [(folder / row["file"], row) for row in rows if (folder / row["file"]).exists()]


def rendered_person(listed: tuple[Path, dict[str, str]]) -> Photograph:
    """A rendered hand, or a person who raises one, cut out.

    Around it the colours of its rim go on, so that no dark seam shows where it is laid on.
    """
    path, row = listed
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGBA"))
    mask = pixels[..., 3]
    nearest = ndimage.distance_transform_edt(
        mask < 200, return_distances=False, return_indices=True
    )
    x0, y0, x1, y1 = (float(row[side]) for side in ("x0", "y0", "x1", "y1"))
    picture = pixels[..., :3][tuple(nearest)]
    return Photograph(picture, mask, (x0, y0, x1, y1), False, int(row["digit"]), bare=True)
