"""Files to read, and the lines that come of them."""

import json

import numpy as np
import pytest

from model.reading.classifier import Reading
from model.reading.readings import (
    HEADING,
    files_named,
    json_line,
    names_or_picture,
    plain_reading,
    read_before,
    row,
)

HOW = {"weights": "0123456789ab", "whole": False}


def reading(is_hand: bool = True) -> Reading:
    probabilities = np.float32([0.01, 0.02, 0.9, 0.03, 0.03, 0.01])
    picture, crop = np.zeros((100, 200, 3), np.uint8), np.zeros((64, 64, 3), np.uint8)
    return Reading(2, probabilities, picture, (20, 10, 120, 60), crop, 4.5, is_hand)


def test_a_line_holds_digit_probability_evidence_and_the_box_in_percent():
    line = json.loads(json_line("hand.jpg", plain_reading(reading()), HOW))
    assert (line["file"], line["digit"], line["probability"]) == ("hand.jpg", 2, 0.9)
    assert line["evidence"] == 4.5 and len(line["probabilities"]) == 6
    assert line["box"] == {"left": 10, "top": 10, "width": 50, "height": 50}
    assert json.loads(json_line("wall.jpg", plain_reading(reading(False)), HOW))["digit"] is None


def test_the_table_stands_in_columns():
    seen, none = row("a.jpg", plain_reading(reading())), row("b.jpg", plain_reading(reading(False)))
    assert seen.split() == ["2", "0.900", "4.50", "10,", "10,", "50,", "50", "%", "a.jpg"]
    assert none.split()[0] == "none"
    assert seen.index("a.jpg") == none.index("b.jpg") == HEADING.index("file")


def test_folders_patterns_and_files_are_named_once_and_in_order(tmp_path):
    for name in ("b.JPG", "a.png", "in/c.webp", "Thumbs.db", ".hidden/d.png", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    inside = [str(tmp_path / name) for name in ("a.png", "b.JPG", "in/c.webp")]
    assert files_named([str(tmp_path)]) == inside
    assert files_named([f"{tmp_path}/**/*.webp", str(tmp_path)]) == [inside[2], *inside[:2]]
    assert files_named([f"{tmp_path}/notes.txt"]) == [f"{tmp_path}/notes.txt"]
    assert files_named(["nowhere.jpg"]) == ["nowhere.jpg"]


@pytest.mark.parametrize("name", ["*.tiff", "empty"])
def test_a_folder_or_pattern_without_pictures_gets_one_sentence(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="name a picture, a folder or a pattern"):
        files_named([str(tmp_path / name)])


def test_a_line_that_was_cut_off_is_read_again(tmp_path):
    out = tmp_path / "out.jsonl"
    assert read_before(out, HOW) == set()
    whole = json_line("a.jpg", plain_reading(reading()), HOW) + "\n"
    out.write_text(whole + json_line("b.jpg", plain_reading(reading()), HOW)[:30])
    assert read_before(out, HOW) == {"a.jpg"}
    assert out.read_text() == whole
    out.write_text("Dear reader,\nhello\n")
    with pytest.raises(ValueError, match="holds something else"):
        read_before(out, HOW)
    assert out.read_text().startswith("Dear")


@pytest.mark.parametrize("other", [{"whole": True}, {"weights": "feedfeedfeed"}])
def test_readings_of_two_kinds_are_not_mixed(tmp_path, other):
    out = tmp_path / "out.jsonl"
    out.write_text(json_line("a.jpg", plain_reading(reading()), HOW) + "\n")
    with pytest.raises(ValueError, match="with other weights or flags; name another file"):
        read_before(out, HOW | other)


def test_standard_input_is_a_picture_or_names():
    assert names_or_picture(b"a.jpg\n\nb c.png\n") == ["a.jpg", "b c.png"]
    assert names_or_picture("\ufeffä.jpg\r\n".encode()) == ["ä.jpg"]
    assert names_or_picture(b"\xe4.jpg\n") == ["\udce4.jpg"]
    jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF"
    assert names_or_picture(jpeg) == jpeg
