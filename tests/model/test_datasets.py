import hashlib
import http.server
import io
import tarfile
import threading

import h5py
import numpy as np
import pytest
from PIL import Image

from model import datasets
from model.datasets import NO_HAND, load, load_all
from model.fetch import Home, difference, fetch


def picture(path, size=(10, 8), colour=(9, 9, 9)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)


@pytest.fixture
def folder(tmp_path):
    """Small collections in the layout of the real ones."""
    (tmp_path / "signs").mkdir()
    for part, count in (("train", 40), ("test", 6)):
        with h5py.File(tmp_path / "signs" / f"{part}_signs.h5", "w") as file:
            file[f"{part}_set_x"] = np.zeros((count, 64, 64, 3), np.uint8)
            file[f"{part}_set_y"] = np.arange(count) % 2
    for number in (1118, 5599, 5600, 5739, 5740):
        picture(tmp_path / f"sign-language-digits/Dataset/3/IMG_{number}.JPG")
    rows = ["filename,width,height,class,xmin,ymin,xmax,ymax"]
    for name in ("2_pic1.jpg", "5_pic1.jpg", "16_pic2.jpg"):
        picture(tmp_path / "hands/images/train" / name, (400, 300))
        rows.append(f"{name},800,600,4-hand,100,200,300,500")
    rows.append("2_pic1.jpg,800,600,0-hand,400,0,500,100")
    (tmp_path / "hands/data").mkdir()
    (tmp_path / "hands/data/train_labels.csv").write_text("\n".join(rows))
    (tmp_path / "hands/data/test_labels.csv").write_text(rows[0])
    picture(tmp_path / "hand-cricket/input/5_150.jpg")
    for original in (8, 9, 19):
        picture(
            tmp_path
            / f"gesture-digits/digital_gesture_recognition/resized_img/2_{original}_0_7.jpg"
        )
    for number in (3, 9):
        picture(tmp_path / f"hand-patches/neg/neg_{number}.png")
    return tmp_path


@pytest.mark.parametrize(
    "name, counts",
    [
        ("signs", (36, 4, 6)),
        ("sign-language-digits", (2, 2, 1)),
        ("hands", (2, 1, 1)),
        ("hand-cricket", (1, 0, 0)),
        ("gesture-digits", (1, 2, 0)),
        ("hand-patches", (1, 1, 0)),
    ],
)
def test_splits(folder, name, counts):
    assert tuple(len(load(name, split, folder).digits) for split in datasets.SPLITS) == counts


def test_no_group_is_on_two_sides(folder):
    for source in datasets.COLLECTIONS:
        groups = [set(load(source.name, split, folder).groups) for split in datasets.SPLITS]
        if source.name != "signs":  # its split is by file
            assert not (groups[0] & groups[1] or groups[0] & groups[2] or groups[1] & groups[2])


def test_boxes_are_scaled_to_the_picture_and_frames_shared(folder):
    hands = load("hands", "train", folder)
    np.testing.assert_array_equal(hands.boxes, [(50, 100, 150, 250), (200, 0, 250, 50)])
    np.testing.assert_array_equal(hands.digits, [4, 0])
    assert hands.pictures[0] is hands.pictures[1] and hands.groups[0] == "2_"


def test_large_frames_are_halved_with_their_boxes(folder):
    picture(folder / "hands/images/train/2_pic1.jpg", (800, 600))
    hands = load("hands", "train", folder)
    assert hands.pictures[0].shape == (300, 400, 3)
    np.testing.assert_array_equal(hands.boxes[0], (50, 100, 150, 250))


def test_whole_pictures_have_whole_boxes_and_patches_no_digit(folder):
    patches = load("hand-patches", "train", folder)
    assert patches.digits.tolist() == [NO_HAND]
    np.testing.assert_array_equal(patches.boxes, [(0, 0, 10, 8)])
    assert patches.licence == "Apache-2.0"


def test_load_all_leaves_out_what_is_empty(folder):
    names = [collection.name for collection in load_all("test", folder)]
    assert names == ["signs", "sign-language-digits", "hands"]


def test_the_environment_names_the_folder(folder, monkeypatch):
    monkeypatch.setenv("HANDS_DATA", str(folder))
    assert len(load("signs", "test").digits) == 6


def test_what_is_missing_or_damaged_is_named(folder, monkeypatch):
    with pytest.raises(ValueError, match="no collection cats"):
        load("cats", "train", folder)
    (folder / "signs/test_signs.h5").write_bytes(b"half a file")
    with pytest.raises(ValueError, match="test_signs.h5 is damaged"):
        load("signs", "test", folder)
    (folder / "signs/train_signs.h5").unlink()
    with pytest.raises(ValueError, match="train_signs.h5 is missing; run"):
        load("signs", "train", folder)
    (folder / "hands/images/train/2_pic1.jpg").write_bytes(b"half a file")
    with pytest.raises(ValueError, match="2_pic1.jpg is not a picture"):
        load("hands", "train", folder)
    monkeypatch.setattr(datasets, "CACHE", folder / "nowhere")
    monkeypatch.delenv("HANDS_DATA", raising=False)
    with pytest.raises(ValueError, match="nowhere is missing; run"):
        load("signs", "train")


FILES = {"input/0_1.jpg": b"zero" * 50_000, "input/1_2.jpg": b"one", "LICENSE": b"not wanted"}


def archive():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=0) as tar:
        for name, content in FILES.items():
            member = tarfile.TarInfo(f"repository-abc/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def home(**changes):
    lines = "".join(
        f"{hashlib.sha256(FILES[name]).hexdigest()}  {name}\n" for name in sorted(FILES)[1:]
    )
    fields = {"files": 2, "digest": hashlib.sha256(lines.encode()).hexdigest()} | changes
    return Home("owner/name", "abc", r"(input/[0-5]_[^/]*\.jpg)", **fields)


@pytest.fixture
def server():
    """A server on loopback that can break off, honour ranges or not, and refuse."""

    class Handler(http.server.BaseHTTPRequestHandler):
        body, breaks, ranges, asked, status = archive(), 0, True, [], 200

        def do_GET(self):
            cls = type(self)
            cls.asked.append(self.headers.get("Range"))
            if self.status != 200:
                return self.send_error(self.status)
            start = 0
            if self.ranges and self.headers.get("Range"):
                start = int(self.headers["Range"][6:-1])
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(self.body) - start))
            self.end_headers()
            if cls.breaks:
                cls.breaks -= 1
                self.wfile.write(self.body[start : start + 60_000])
                return self.connection.close()
            self.wfile.write(self.body[start:])

        def log_message(self, *_):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    Handler.address = f"http://127.0.0.1:{httpd.server_port}"
    Handler.asked = []
    yield Handler
    httpd.shutdown()
    httpd.server_close()


def test_fetch_keeps_what_is_wanted_under_the_final_name(server, tmp_path):
    place = fetch("cricket", home(), tmp_path, server.address)
    assert difference(place, home()) == ""
    assert sorted(path.name for path in place.rglob("*.jpg")) == ["0_1.jpg", "1_2.jpg"]
    assert [path.name for path in tmp_path.iterdir()] == ["cricket"]
    fetch("cricket", home(), tmp_path, server.address)
    assert len(server.asked) == 1  # the second time nothing was asked for


@pytest.mark.parametrize("ranges", [True, False])
def test_fetch_goes_on_after_a_break(server, tmp_path, ranges):
    server.breaks, server.ranges = 1, ranges
    with pytest.raises(ValueError, match="download of cricket broke off .* run the same command"):
        fetch("cricket", home(), tmp_path, server.address)
    assert not (tmp_path / "cricket").exists()
    fetch("cricket", home(), tmp_path, server.address)
    assert server.asked == [None, "bytes=60000-"]
    assert difference(tmp_path / "cricket", home()) == ""


def test_fetch_refuses_another_digest(server, tmp_path):
    with pytest.raises(
        ValueError, match=r"cricket is not what it was at its home \(another digest"
    ):
        fetch("cricket", home(digest="0" * 64), tmp_path, server.address)
    with pytest.raises(ValueError, match="2 files instead of 3"):
        fetch("cricket", home(files=3), tmp_path, server.address)
    with pytest.raises(ValueError, match=r"input/1_2.jpg has another digest"):
        fetch("cricket", home(blobs={"input/1_2.jpg": "0" * 40}), tmp_path, server.address)
    assert list(tmp_path.iterdir()) == []


def test_git_blob_ids_are_checked(server, tmp_path):
    blob = "43dd47ea691c90a5fa7827892c70241913351963"  # git hash-object of `one`
    fetch("cricket", home(blobs={"input/1_2.jpg": blob}), tmp_path, server.address)
    assert (tmp_path / "cricket/input/1_2.jpg").read_bytes() == b"one"


def test_a_damaged_archive_is_fetched_anew(server, tmp_path):
    server.body = b"no archive"
    with pytest.raises(ValueError, match="download of cricket is damaged"):
        fetch("cricket", home(), tmp_path, server.address)
    assert list(tmp_path.iterdir()) == []


def test_no_server_and_no_page_get_one_sentence(server, tmp_path):
    server.status = 404
    with pytest.raises(ValueError, match="home of cricket answers 404"):
        fetch("cricket", home(), tmp_path, server.address)
    with pytest.raises(ValueError, match="broke off"):
        fetch("cricket", home(), tmp_path, "http://127.0.0.1:9")


def test_the_command_ends_with_the_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "CACHE", tmp_path / "nowhere")
    monkeypatch.delenv("HANDS_DATA", raising=False)
    with pytest.raises(SystemExit, match="nowhere is missing"):
        datasets.main(["list"])
