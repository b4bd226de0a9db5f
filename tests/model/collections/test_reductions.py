import csv
import gzip
import io
import tarfile

import numpy as np
import pytest
from PIL import Image

from model.collections.reductions import ALIKE, BOX, Originals, fetch_reduced, perceptual_hash

COLUMNS = ("collection", "file", "path", "width", "height", "hash", "digit", *BOX)
HOME = Originals("owner/name", "a" * 40)


def scene(seed: int, size=(200, 100)) -> Image.Image:
    noise = np.random.default_rng(seed).integers(0, 256, (6, 9, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)


def jpeg(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
def table(tmp_path):
    """Two pictures of two collections, and a frame with its box."""
    lines = []
    for i, (collection, file) in enumerate(
        [("people/a", "people/a/2/one.jpg"), ("people/a", "people/a/frames/two.jpg"),
         ("rooms/b", "rooms/b__1.jpg")]
    ):  # fmt: skip
        look = perceptual_hash(scene(i, (80, 40)))
        line = [collection, file, f"photos/{i}.jpg", 80, 40, f"{look:016x}"]
        lines.append(line + ([3, 5, 6, 30, 20] if "frames" in file else [""] * 5))
    path = tmp_path / "table.csv.gz"
    with gzip.open(path, "wt", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *lines])
    return path


def pack(pictures: dict[int, Image.Image]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for number, image in pictures.items():
            member = tarfile.TarInfo(f"name-abc/photos/{number}.jpg")
            member.size = len(jpeg(image))
            tar.addfile(member, io.BytesIO(jpeg(image)))
    return content.getvalue()


def test_pictures_are_reduced_and_an_archive_serves_several_collections(server, table, tmp_path):
    server.body = pack({i: scene(i) for i in range(3)})
    for name in ("people/a", "rooms/b", "people/a"):
        fetch_reduced(name, HOME, tmp_path / "data", server.address, table)
    assert len(server.asked) == 1
    for file in ("people/a/2/one.jpg", "people/a/frames/two.jpg", "rooms/b__1.jpg"):
        with Image.open(tmp_path / "data" / file) as image:
            assert image.size == (80, 40)
    boxes = (tmp_path / "data/people/a/frames/boxes.csv").read_text().split()
    assert boxes == ["file,digit,width,height,xmin,ymin,xmax,ymax", "two.jpg,3,80,40,5,6,30,20"]


def test_boxes_that_are_missing_are_fetched_again(server, table, tmp_path):
    server.body = pack({i: scene(i) for i in range(3)})
    fetch_reduced("people/a", HOME, tmp_path / "data", server.address, table)
    boxes = tmp_path / "data/people/a/frames/boxes.csv"
    before = boxes.read_text()
    boxes.unlink()
    fetch_reduced("people/a", HOME, tmp_path / "data", server.address, table)
    assert boxes.read_text() == before


@pytest.mark.parametrize(
    "pictures, wrong",
    [({0: 0}, "1 pictures instead of 2"), ({0: 0, 1: 7}, "1 of its pictures look different")],
    ids=["missing", "another picture"],
)
def test_nothing_is_kept_of_what_changed(server, table, tmp_path, pictures, wrong):
    server.body = pack({number: scene(seed) for number, seed in pictures.items()})
    with pytest.raises(ValueError, match=f"people/a is not what it was at its home .{wrong}"):
        fetch_reduced("people/a", HOME, tmp_path / "data", server.address, table)
    assert list((tmp_path / "data").iterdir()) == []


def test_a_broken_download_goes_on(server, table, tmp_path):
    server.body, server.breaks = pack({i: scene(i, (900, 700)) for i in range(9)}), 1
    assert len(server.body) > 60_000
    with pytest.raises(ValueError, match="broke off"):
        fetch_reduced("rooms/b", HOME, tmp_path / "data", server.address, table)
    fetch_reduced("rooms/b", HOME, tmp_path / "data", server.address, table)
    assert [asked for _, asked in server.asked] == [None, "bytes=60000-"]


def test_the_hash_knows_a_picture_at_other_sizes_and_tells_two_apart():
    small, large, other = (perceptual_hash(scene(*a)) for a in [(0, (80, 40)), (0,), (1,)])
    assert (small ^ large).bit_count() <= ALIKE < (small ^ other).bit_count()
