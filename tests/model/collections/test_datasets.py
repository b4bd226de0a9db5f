import hashlib
import http.server
import io
import os
import re
import tarfile
import threading

import h5py
import numpy as np
import pytest
from PIL import Image

from model.collections import datasets
from model.collections.datasets import load, load_all
from model.collections.download import Home, digest_of, fetch, kept_files
from model.digits import NO_HAND


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
        assert any(groups)
        assert not (groups[0] & groups[1] or groups[0] & groups[2] or groups[1] & groups[2])


def test_boxes_are_scaled_to_the_picture_and_frames_shared(folder):
    hands = load("hands", "train", folder)
    np.testing.assert_array_equal(hands.boxes, [(50, 100, 150, 250), (200, 0, 250, 50)])
    np.testing.assert_array_equal(hands.digits, [4, 0])
    assert hands.pictures[0] is hands.pictures[1] and hands.groups[0] == "2_"


@pytest.mark.parametrize("size, shape", [((800, 600), (300, 400)), ((1600, 1200), (300, 400))])
def test_large_frames_are_reduced_with_their_boxes(folder, size, shape):
    picture(folder / "hands/images/train/2_pic1.jpg", size)
    hands = load("hands", "train", folder)
    assert hands.pictures[0].shape == (*shape, 3)
    np.testing.assert_array_equal(hands.boxes[0], (50, 100, 150, 250))


def test_a_reduced_pixel_is_the_mean_of_its_block():
    frame = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
    expected = frame[2:4, 0:2].astype(float).mean((0, 1)).round()
    assert datasets.reduced(frame, 2).shape == (2, 2, 3)
    np.testing.assert_array_equal(datasets.reduced(frame, 2)[1, 0], expected)


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
    with pytest.raises(ValueError, match="no collection cats; there are signs, "):
        load("cats", "train", folder)
    with pytest.raises(ValueError, match="no split tset; there are train, validation, test"):
        load("signs", "tset", folder)
    (folder / "signs/test_signs.h5").write_bytes(b"half a file")
    with pytest.raises(ValueError, match="test_signs.h5 is damaged"):
        load("signs", "test", folder)
    (folder / "signs/train_signs.h5").unlink()
    with pytest.raises(ValueError, match="train_signs.h5 is missing; run"):
        load("signs", "train", folder)
    (folder / "hands/images/train/2_pic1.jpg").write_bytes(b"half a file")
    with pytest.raises(ValueError, match="2_pic1.jpg is not a picture"):
        load("hands", "train", folder)
    (folder / "hand-cricket/input/5_150.jpg").unlink()
    with pytest.raises(ValueError, match=r"hand-cricket/input/\[0-5\]_\*.jpg is missing"):
        load("hand-cricket", "train", folder)
    monkeypatch.setattr(datasets, "CACHE", folder / "nowhere")
    monkeypatch.delenv("HANDS_DATA", raising=False)
    with pytest.raises(ValueError, match="nowhere/signs is missing; run"):
        load("signs", "train")


@pytest.mark.parametrize(
    "text",
    ["", "filename,width\n2_pic1.jpg,800", "filename,width,height,class\n2_pic1.jpg,a,600,4-hand"],
    ids=["frame missing", "columns missing", "no number"],
)
def test_a_damaged_table_is_named(folder, text):
    path = folder / "hands/data/train_labels.csv"
    path.write_text(text or path.read_text().replace("16_pic2", "2_pic9"))
    wrong = "train_labels.csv is damaged" if text else "2_pic9.jpg is not there"
    with pytest.raises(ValueError, match=wrong):
        load("hands", "train", folder)


@pytest.mark.parametrize("digit, size", [(6, 64), (0, 32)])
def test_another_hdf5_file_is_not_taken_for_signs(folder, digit, size):
    with h5py.File(folder / "signs/test_signs.h5", "w") as file:
        file["test_set_x"] = np.zeros((1, size, size, 3), np.uint8)
        file["test_set_y"] = np.array([digit])
    with pytest.raises(ValueError, match="test_signs.h5 is damaged or another file"):
        load("signs", "test", folder)


def test_files_that_are_not_the_collections_are_left_alone(folder):
    picture(folder / "hand-cricket/input/5_copy.jpg")
    picture(folder / "hand-cricket/input/6_1.jpg")
    assert load("hand-cricket", "train", folder).digits.tolist() == [5]


@pytest.mark.skipif(not os.environ.get("HANDS_DATA"), reason="HANDS_DATA names no collections")
@pytest.mark.parametrize(
    "name, train, test",
    [
        ("signs", 1080, 120),
        ("sign-language-digits", 1085, 152),
        ("hands", 1387, 343),
        ("hand-cricket", 1584, 0),
        ("gesture-digits", 10143, 0),
        ("hand-patches", 2866, 0),
    ],
)
def test_the_real_collections_have_their_sizes(name, train, test):
    """`train` is what trains and validates together."""
    parts = [load(name, split) for split in datasets.SPLITS]
    counts = [len(part.digits) for part in parts]
    assert (counts[0] + counts[1], counts[2]) == (train, test)
    for part in parts:
        for picture, (x0, y0, x1, y1) in zip(part.pictures, part.boxes, strict=True):
            assert 0 <= x0 < x1 <= picture.shape[1] and 0 <= y0 < y1 <= picture.shape[0]


FILES = {
    "input/0_1.jpg": np.random.default_rng(0).bytes(200_000),
    "input/1_2.jpg": b"one",
    "LICENSE": b"not wanted",
}
ONE = "43dd47ea691c90a5fa7827892c70241913351963"  # git hash-object of `one`


def archive():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
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
    return Home("owner/name", "abc", r"input/[0-5]_[^/]*\.jpg", **fields)


def single():
    large = hashlib.sha256(FILES["input/0_1.jpg"]).hexdigest()
    return Home("owner/name", "abc", single={"input/0_1.jpg": large, "input/1_2.jpg": ONE})


@pytest.fixture
def server():
    """A server on loopback that can break off, honour ranges or not, send chunks, and refuse."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        body, breaks, ranges, chunked, status, asked = archive(), 0, True, False, 200, []

        def do_GET(self):
            self.asked.append((self.path, self.headers.get("Range")))
            self.close_connection = True
            body = next((FILES[name] for name in FILES if self.path.endswith(name)), self.body)
            start = 0
            if self.ranges and self.headers.get("Range"):
                start = int(self.headers["Range"][6:-1])
            if self.status != 200 or start >= len(body):
                return self.send_error(self.status if self.status != 200 else 416)
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            if self.chunked:
                self.send_header("Transfer-Encoding", "chunked")
            else:
                self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            body, end = body[start:], b""
            if self.chunked:
                self.wfile.write(b"%x\r\n" % len(body))
                end = b"\r\n0\r\n\r\n"
            if self.breaks:
                type(self).breaks -= 1
                return self.wfile.write(body[:60_000])
            self.wfile.write(body + end)

        def log_message(self, *_):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
    Handler.address = f"http://127.0.0.1:{httpd.server_port}"
    Handler.asked = []
    yield Handler
    httpd.shutdown()
    httpd.server_close()


def fetched(server, folder, source=None):
    return fetch("cricket", source or home(), folder, server.address, server.address)


@pytest.mark.parametrize("chunked", [False, True])
def test_fetch_keeps_what_is_wanted_under_the_final_name(server, tmp_path, chunked, capsys):
    server.chunked = chunked
    place = fetched(server, tmp_path)
    assert kept_files(place, home()) == ["input/0_1.jpg", "input/1_2.jpg"]
    assert all((place / path).read_bytes() == FILES[path] for path in kept_files(place, home()))
    assert [path.name for path in tmp_path.iterdir()] == ["cricket"]
    assert not (place / "LICENSE").exists()
    shown = capsys.readouterr().err
    assert "cricket: 0.2 MB" in shown if chunked else "0.2 of 0.2 MB, 100%" in shown
    fetched(server, tmp_path)
    assert server.asked == [("/owner/name/tar.gz/abc", None)]  # the second time nothing


@pytest.mark.parametrize("ranges", [True, False], ids=["ranges", "no ranges"])
@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "length"])
@pytest.mark.parametrize("source", [home(), single()], ids=["archive", "single files"])
def test_fetch_goes_on_after_a_break(server, tmp_path, ranges, chunked, source):
    server.breaks, server.ranges, server.chunked = 1, ranges, chunked
    with pytest.raises(ValueError, match="download of cricket.* broke off .* run the same command"):
        fetched(server, tmp_path, source)
    assert not (tmp_path / "cricket").exists()
    place = fetched(server, tmp_path, source)
    assert [asked for _, asked in server.asked[:2]] == [None, "bytes=60000-"]
    names = kept_files(place, source)
    assert len(names) == 2
    assert all((place / name).read_bytes() == FILES[f"input/{name[-7:]}"] for name in names)
    assert [path.name for path in tmp_path.iterdir()] == ["cricket"]


def test_single_files_that_came_are_not_asked_for_again(server, tmp_path, monkeypatch):
    monkeypatch.setitem(FILES, "input/1_2.jpg", b"two")
    with pytest.raises(ValueError, match=r"cricket, 1_2.jpg is not what it was .*another digest"):
        fetched(server, tmp_path, single())
    assert not (tmp_path / "cricket").exists()
    monkeypatch.setitem(FILES, "input/1_2.jpg", b"one")
    place = fetched(server, tmp_path, single())
    assert sorted(path.name for path in place.iterdir()) == ["0_1.jpg", "1_2.jpg"]
    assert [path[-7:] for path, _ in server.asked] == ["0_1.jpg", "1_2.jpg", "1_2.jpg"]


def test_fetch_refuses_another_digest(server, tmp_path):
    with pytest.raises(ValueError, match=r"cricket is not what it was .*\(another digest\)"):
        fetched(server, tmp_path, home(digest="0" * 64))
    with pytest.raises(ValueError, match="2 files instead of 3"):
        fetched(server, tmp_path, home(files=3))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["no archive", "truncated", "scrambled"])
def test_a_damaged_archive_is_fetched_anew(server, tmp_path, damage):
    whole = server.body
    server.body = {
        "no archive": b"<html>",
        "truncated": whole[:100_000],
        "scrambled": whole[:20] + bytes(len(whole) - 20),
    }[damage]
    with pytest.raises(ValueError, match="download of cricket is damaged; run the same command"):
        fetched(server, tmp_path)
    assert list(tmp_path.iterdir()) == []
    server.body = whole
    assert fetched(server, tmp_path).is_dir()


def test_an_archive_that_changed_between_two_tries_is_not_kept(server, tmp_path):
    (tmp_path / ".cricket.tar.gz.part").write_bytes(bytes(60_000))
    with pytest.raises(ValueError, match="download of cricket is damaged; run the same command"):
        fetched(server, tmp_path)
    assert fetched(server, tmp_path).is_dir()


def test_a_whole_archive_is_not_fetched_again(server, tmp_path):
    (tmp_path / ".cricket.tar.gz.part").write_bytes(server.body)
    assert kept_files(fetched(server, tmp_path), home())


def test_no_server_and_no_page_get_one_sentence(server, tmp_path):
    server.status = 404
    with pytest.raises(ValueError, match="home of cricket answers 404 for http.*; try again later"):
        fetched(server, tmp_path)
    with pytest.raises(ValueError, match="home of cricket, 0_1.jpg answers 404"):
        fetched(server, tmp_path, single())
    with pytest.raises(ValueError, match="home of cricket cannot be reached .*connection"):
        fetch("cricket", home(), tmp_path, "http://127.0.0.1:9")
    assert not (tmp_path / "cricket").exists()


def test_an_incomplete_folder_is_not_taken_for_the_collection(server, tmp_path):
    (fetched(server, tmp_path) / "input/1_2.jpg").unlink()
    with pytest.raises(ValueError, match="holds 1 of the 2 files of cricket; move it away"):
        fetched(server, tmp_path)


def test_a_folder_that_cannot_be_written_gets_one_sentence(server, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="cricket cannot be written to .*file.* name another"):
        fetched(server, tmp_path / "file" / "data")


def test_the_digest_is_over_lines_of_digest_and_path(tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    line = f"{hashlib.sha256(b'one').hexdigest()}  a\n".encode()
    assert digest_of(tmp_path, ["a"]) == hashlib.sha256(line).hexdigest()


def test_homes_are_whole():
    for source in datasets.COLLECTIONS:
        assert re.fullmatch("[0-9a-f]{40}", source.home.commit)
        digests = list(source.home.single.values()) or [source.home.digest]
        assert all(re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", digest) for digest in digests)


def test_list_shows_what_is_fetched_and_what_is_not(folder, capsys):
    (folder / "signs").rename(folder / "elsewhere")
    datasets.main(["list", "--data", str(folder)])
    heading, signs, digits, *rest = capsys.readouterr().out.splitlines()
    assert heading.split()[:4] == ["collection", "train", "validation", "test"]
    assert signs.split()[:4] == ["signs", "-", "-", "-"] and "none stated" in signs
    assert digits.split()[:4] == ["sign-language-digits", "2", "2", "1"]
    assert "Apache-2.0, github.com/ardamavi/" in digits and len(rest) == 4


def test_the_command_ends_with_the_sentence(folder, monkeypatch):
    monkeypatch.setenv("HANDS_DATA", str(folder))
    with pytest.raises(SystemExit, match="holds 5 of the 1237 files of sign-language-digits"):
        datasets.main(["fetch"])
