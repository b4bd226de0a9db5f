"""Bring chosen pictures of a repository, reduced: `originals.csv.gz` says which, and how small.

The table has a line a picture: its collection, the file it becomes, its path in its repository, the
width and height it is reduced to, a hash of how it then looks, and for a frame the digit and the
hand's box.
"""

import csv
import gzip
import io
import os
import shutil
import sys
import tarfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from scipy.fft import dctn

from model.collections.download import ARCHIVES, changed, damaged, download

TABLE = Path(__file__).with_name("originals.csv.gz")
BOX = ("xmin", "ymin", "xmax", "ymax")
ALIKE = 14  # bits of 64 that may differ; two pictures that have nothing in common differ in 32


@dataclass(frozen=True)
class Originals:
    """The repository that a collection's pictures were chosen from.

    Attributes:
        repository: owner/name.
        commit: 40 hex digits; what is fetched never changes.
    """

    repository: str
    commit: str

    @property
    def address(self) -> str:
        """Where a person finds it."""
        return f"github.com/{self.repository}"


@cache
def chosen(table: Path) -> dict[str, list[dict[str, str]]]:
    """The lines of the table, by collection."""
    lines = {}
    with gzip.open(table, "rt", encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            lines.setdefault(line["collection"], []).append(line)
    return lines


def perceptual_hash(picture: Image.Image) -> int:
    """64 bits of how a picture looks: the signs of its lowest frequencies about their median.

    Source: Zauner 2010, Implementation and benchmarking of perceptual image hash functions, 3.2.1.
    """
    grey = picture.convert("L").resize((32, 32), Image.Resampling.BOX)
    low = dctn(np.asarray(grey, np.float64))[:8, :8].ravel()
    return int.from_bytes(np.packbits(low > np.median(low)).tobytes(), "big")


def fetch_reduced(
    name: str, home: Originals, folder: Path, archives: str = ARCHIVES, table: Path = TABLE
) -> None:
    """Download a repository and keep a collection's pictures of it, reduced.

    Args:
        name: of the collection.
        home: where its pictures were chosen.
        folder: that holds the collections.
        archives: address of the server that packs repositories.
        table: of the pictures.

    Raises:
        ValueError: one sentence that names the collection and says what is wrong.
    """
    lines = chosen(table)[name]
    wanted = filter(None, [*(line["file"] for line in lines), boxes_place(lines)])
    if all((folder / file).is_file() for file in wanted):
        print(f"{name}: already there, in {folder}", file=sys.stderr)
        return
    part = folder / f".{name.replace('/', '-')}.part"
    archive = folder / f".originals-{home.commit}.tar.gz"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(part, ignore_errors=True)
        if not archive.exists():
            unfinished = archive.with_name(f"{archive.name}.part")
            download(f"{archives}/{home.repository}/tar.gz/{home.commit}", unfinished, name)
            os.replace(unfinished, archive)
        try:
            unpack_reduced(archive, part, lines, name)
        except ValueError:
            archive.unlink()  # the next try starts clean
            raise
        write_boxes(part, lines)
        for path in sorted(part.rglob("*")):
            if path.is_file():
                place = folder / path.relative_to(part)
                place.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, place)
    except OSError as error:
        raise ValueError(
            f"{name} cannot be written to {folder} ({error.strerror or error}); "
            "make room there or name another folder with --data."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def unpack_reduced(archive: Path, part: Path, lines: list[dict[str, str]], name: str) -> None:
    """Reduce the pictures of a repository's archive, in which a folder holds everything.

    Raises:
        ValueError: if the archive is damaged, or a picture is missing or is another one.
    """
    wanted = {}
    for line in lines:  # two files may be of one original
        wanted.setdefault(line["path"], []).append(line)
    found = unlike = 0
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                original = tar.extractfile(member)
                needed = wanted.get(member.name.partition("/")[2], ())
                content = original.read() if original and needed else b""
                for line in needed:
                    picture = reduce_picture(
                        io.BytesIO(content), int(line["width"]), int(line["height"])
                    )
                    difference = perceptual_hash(picture) ^ int(line["hash"], 16)
                    unlike += difference.bit_count() > ALIKE
                    found += 1
                    target = part / line["file"]
                    target.parent.mkdir(parents=True, exist_ok=True)
                    picture.save(target, "JPEG", quality=92)
                    print(f"\r{name}: {found} of {len(lines)}", end="", file=sys.stderr)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise damaged(name) from error
    except OSError as error:
        if error.errno:  # the disk's, not the archive's
            raise
        raise damaged(name) from error
    finally:
        print(file=sys.stderr)
    if found != len(lines):
        raise changed(name, f"{found} pictures instead of {len(lines)}")
    if unlike:
        raise changed(name, f"{unlike} of its pictures look different")


def reduce_picture(file, width: int, height: int) -> Image.Image:
    """A picture upright, in RGB and of another size."""
    with Image.open(file) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    return upright.resize((width, height), Image.Resampling.LANCZOS)


def boxes_place(lines: list[dict[str, str]]) -> str:
    """Where `boxes.csv` lies, beside the frames; empty if a collection has no boxes."""
    boxed = next((line["file"] for line in lines if line["digit"]), "")
    return boxed and str(Path(boxed).with_name("boxes.csv"))


def write_boxes(part: Path, lines: list[dict[str, str]]) -> None:
    """Write `boxes.csv` beside the frames, if a collection has them."""
    boxed = [line for line in lines if line["digit"]]
    if not boxed:
        return
    with open(part / boxes_place(lines), "w", newline="") as file:
        writer = csv.DictWriter(
            file, ("file", "digit", "width", "height", *BOX), extrasaction="ignore"
        )
        writer.writeheader()
        writer.writerows({**line, "file": Path(line["file"]).name} for line in boxed)
