"""Everything that a run draws its pictures from, prepared once and kept in a cache.

Hands are cut out and rendered by several processes, or by Ray. What comes is kept in two files,
pixels that every process maps into its memory and where each picture lies in them, named by a
digest of the code, of the data's files and of the settings that made them.
"""

import hashlib
import pickle
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from model.collections import loading
from model.collections.catalogue import COLLECTIONS, Row
from model.collections.download import CACHE
from model.files import replacing
from model.progress import show_progress
from model.synthetic.people.folder import PEOPLE
from model.training.mixture import Mixture, Pool, Prepared, prepare
from model.training.people import people, rendered_person
from model.training.photographs import Photograph, rendered_photograph
from model.training.warps import Box

PREPARED = CACHE / "prepared"
PEOPLE_WEIGHT = 7.0  # how often their hands are drawn, as of a collection
ROOM = Path(__file__).parents[1]
# What the pictures depend on, in code; a change anywhere in it makes them anew.
RENDERED = ("digits.py", "synthetic/*.py", "training/photographs.py")
CUT_OUT = ("collections/catalogue.py", "collections/readers.py", "reading/images.py",
           "training/cut_out.py", "training/photographs.py", "training/warps.py")  # fmt: skip

RENDERED_PEOPLE = ("training/people.py", "training/photographs.py")

MapAll = Callable[[Callable, Sequence], Iterable]  # in order, as `map` does


def digest_of(sources: Sequence[str], *settings) -> str:
    """SHA-256 over the code that makes the pictures, and over what it is set to."""
    digest = hashlib.sha256(repr(settings).encode())
    for pattern in sources:
        for path in sorted(ROOM.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def stamp(path: Path) -> tuple[int, int]:
    """What tells a file from the same after a change: its size and time."""
    return path.stat().st_size, path.stat().st_mtime_ns


def data_digest(row: Row, folder: Path) -> str:
    """What tells the files of a collection from those after a change: names, sizes and times."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    listed = [(str(path), *stamp(path)) for path in files]
    return digest_of(CUT_OUT, row.name, listed)


def made_by_all(make: Callable, work: Sequence, map_all: MapAll, label: str) -> list:
    return list(show_progress(map_all(make, work), len(work), label))


Placed = tuple[int, tuple[int, ...]]  # where a picture's pixels start, and its shape


@dataclass(frozen=True)
class Index:
    """What was prepared, with the place of each picture in place of its pixels."""

    name: str
    weight: float
    photographs: list[tuple[Placed, Placed | None, Box, bool, int, bool]]
    groups: list[str]
    grounds: list[Placed]


def keep(path: Path, prepared: Prepared) -> None:
    """Write what was prepared as a file of pixels and an index of where each picture is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path.with_suffix(".pixels")) as temporary, open(temporary, "wb") as pixels:

        def place(picture: np.ndarray) -> Placed:
            start = pixels.tell()
            pixels.write(np.ascontiguousarray(picture, np.uint8).tobytes())
            return start, picture.shape

        pixels.write(b"\0")  # an empty file cannot be mapped
        photographs = [
            (
                place(p.picture),
                None if p.mask is None else place(p.mask),
                p.box,
                p.loose,
                p.digit,
                p.bare,
            )
            for p in prepared.photographs
        ]
        grounds = [place(picture) for picture in prepared.grounds]
    index = Index(prepared.name, prepared.weight, photographs, [*prepared.groups], grounds)
    with replacing(path) as temporary:
        temporary.write_bytes(pickle.dumps(index))


def open_kept(path: Path) -> Prepared:
    """What `keep` wrote; its pictures are read from the disk when they are looked at."""
    index: Index = pickle.loads(path.read_bytes())
    pixels = np.memmap(path.with_suffix(".pixels"), np.uint8, "r")

    def take(placed: Placed) -> np.ndarray:
        start, shape = placed
        return np.asarray(pixels[start : start + int(np.prod(shape))]).reshape(shape)

    photographs = [
        Photograph(take(picture), take(mask) if mask else None, box, loose, digit, bare)
        for picture, mask, box, loose, digit, bare in index.photographs
    ]
    grounds = [take(placed) for placed in index.grounds]
    return Prepared(index.name, index.weight, photographs, index.groups, grounds)


def prepare_rendered(count: int, map_all: MapAll, cache: Path) -> Path:
    """So many rendered hands, made unless they are kept already."""
    path = cache / f"rendered-{digest_of(RENDERED, count)}.index"
    if not path.exists():
        made = made_by_all(rendered_photograph, range(count), map_all, "rendering hands")
        keep(path, Prepared("rendered", 1.0, made, [""] * count, []))
    return path


def prepare_collection(row: Row, data: str | None, map_all: MapAll, cache: Path) -> Path:
    """A collection's training split, cut out unless it is kept already."""
    folder = loading.data_folder(data) / (row.folder or row.name)
    name = row.name.replace("/", "-")
    path = cache / f"{name}-{data_digest(row, folder)}.index"
    if path.exists():
        return path
    made = partial(made_by_all, map_all=map_all, label=f"preparing {row.name}")
    keep(path, prepare(loading.load(row.name, "train", data), made))
    return path


def prepare_people(data: str | None, map_all: MapAll, cache: Path) -> Path | None:
    """The people that `make people` rendered, cut out unless they are kept already.

    Returns:
        None if there are none.
    """
    listed = people(data)
    if not listed:
        return None
    rows = [(row, stamp(path)) for path, row in listed]
    path = cache / f"{PEOPLE}-{digest_of(RENDERED_PEOPLE, PEOPLE_WEIGHT, rows)}.index"
    if not path.exists():
        made = made_by_all(rendered_person, listed, map_all, f"preparing {PEOPLE}")
        keep(path, Prepared(PEOPLE, PEOPLE_WEIGHT, made, [""] * len(made), []))
    return path


def prepare_all(
    data: str | None, leave_out: str = "", mixture: Mixture | None = None, map_all: MapAll = map,
    cache: Path | None = None,
) -> list[Path]:  # fmt: skip
    """Everything that a run trains on, as files that `open_pool` opens in no time.

    Args:
        data: folder with the collections; None for the cache.
        leave_out: name of a collection not to train on.
        mixture: says how many hands are rendered.
        map_all: how a function is applied to many pieces of work, such as `map_on_ray`.
        cache: folder of what is kept; None for PREPARED.

    Raises:
        ValueError: if a collection that can be fetched is missing or damaged.
    """
    cache = cache or PREPARED
    count = (mixture or Mixture()).rendered_hands
    paths = [prepare_rendered(count, map_all, cache)]
    for row in COLLECTIONS:
        if row.name == leave_out:
            continue
        try:
            paths.append(prepare_collection(row, data, map_all, cache))
        except loading.MissingError:
            if row.home:
                raise
    if people := prepare_people(data, map_all, cache):
        paths.append(people)
    return paths


def open_pool(paths: Sequence[Path], mixture: Mixture | None = None) -> Pool:
    """The pool of what `prepare_all` made."""
    rendered, *sources = (open_kept(path) for path in paths)
    return Pool(sources, rendered.photographs, mixture)
