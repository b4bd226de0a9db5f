import os

import h5py
import numpy as np
import pytest

from model.collections import loading
from model.collections.catalogue import COLLECTIONS, WHOLE_FRAMES
from model.collections.loading import SPLITS, load, load_all
from model.collections.readers import reduce_frame
from model.digits import NO_HAND
from tests.model.collections.conftest import picture


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
    assert tuple(len(load(name, split, folder).digits) for split in SPLITS) == counts


def test_no_group_is_on_two_sides(folder):
    for row in COLLECTIONS:
        groups = [set(load(row.name, split, folder).groups) for split in SPLITS]
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
    assert reduce_frame(frame, 2).shape == (2, 2, 3)
    np.testing.assert_array_equal(reduce_frame(frame, 2)[1, 0], expected)


def test_whole_pictures_have_whole_boxes_and_patches_no_digit(folder):
    patches = load("hand-patches", "train", folder)
    assert patches.digits.tolist() == [NO_HAND]
    np.testing.assert_array_equal(patches.boxes, [(0, 0, 10, 8)])
    assert patches.licence == "Apache-2.0"


def test_load_all_leaves_out_what_is_empty(folder):
    names = [collection.name for collection in load_all("test", folder)]
    assert names[:4] == ["signs", "sign-language-digits", "hands", "more-hands/silhouette-ishaan"]
    assert "hand-cricket" not in names


def test_what_nobody_can_fetch_may_be_missing(folder):
    (folder / "no-hands/noto__0001.png").unlink()
    assert "no-hands/noto" not in [collection.name for collection in load_all("train", folder)]
    (folder / "no-hands/trashnet__0001.png").unlink()
    with pytest.raises(ValueError, match="trashnet__\\* is missing; run"):
        load_all("train", folder)


def test_only_boxed_frames_have_a_hand_to_find(folder):
    whole = [c.name for split in SPLITS for c in load_all(split, folder) if c.whole_frames]
    assert set(whole) == set(WHOLE_FRAMES)
    np.testing.assert_array_equal(load(WHOLE_FRAMES[1], "test", folder).boxes, [(1, 2, 5, 6)])


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
    monkeypatch.setattr(loading, "CACHE", folder / "nowhere")
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
    parts = [load(name, split) for split in SPLITS]
    counts = [len(part.digits) for part in parts]
    assert (counts[0] + counts[1], counts[2]) == (train, test)
    for part in parts:
        for photograph, (x0, y0, x1, y1) in zip(part.pictures, part.boxes, strict=True):
            assert 0 <= x0 < x1 <= photograph.shape[1] and 0 <= y0 < y1 <= photograph.shape[0]
