import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from model import evaluate
from model.collections.loading import Collection
from model.digits import NO_HAND
from model.reading.classifier import Reading, softmax
from model.reading.images import read_picture
from model.scoring import calibration, evaluation, examples, lightness, scorecard
from model.scoring.own_pictures import folder_examples
from model.scoring.scorecard import scores
from model.scoring.statistics import calibration_error, reliability, wilson_interval


def test_wilson_interval_of_115_in_120():
    low, high = wilson_interval(115, 120)
    assert (round(low, 3), round(high, 3)) == (0.906, 0.982)


def test_calibration_error_by_hand():
    # Two bins are filled: 0.9 twice with one right, 0.5 twice with both right.
    confidence = np.array([0.9, 0.9, 0.5, 0.5])
    right = np.array([True, False, True, True])
    assert calibration_error(confidence, right) == pytest.approx((0.8 + 1.0) / 4)


def test_reliability_by_hand():
    confidence, right = np.array([0.95, 0.55, 0.97]), np.array([True, False, False])
    low, high = reliability(confidence, right)
    assert low == (1, pytest.approx(0.55), 0) and high == (2, pytest.approx(0.96), 0.5)


def test_perfect_confidence_is_calibrated():
    assert calibration_error(np.ones(3), np.ones(3, bool)) == 0


def reading(digit: int, is_hand: bool) -> Reading:
    return Reading(digit, np.eye(6)[digit], None, None, None, 0.0, is_hand)


class Brightness:
    """Reads the digit off a picture's grey value."""

    def read(self, picture, find=True):
        pixels = read_picture(picture) if isinstance(picture, Path) else picture
        digit = int(np.mean(pixels))
        return reading(digit, digit > 0)


def test_scores_count_by_digit():
    reader = Brightness()
    result = scores([(reader.read(p), d) for p, d in [(0, 0), (1, 1), (1, 2), (5, 5)]])
    assert (result["pictures"], result["right"], result["accuracy"]) == (4, 3, 0.75)
    assert result["digits"] == [1.0, 1.0, 0.0, None, None, 1.0]
    assert result["confusion"][2][1] == 1
    assert result["calibration_error"] == 0.25
    assert (result["hands_rejected"], result["without_hand"], result["without_hand_rejected"]) == (
        0.25,
        0,
        None,
    )
    assert result["shown"] == 0.5  # the first is read right and rejected


def test_pictures_without_a_hand_count_apart():
    reader = Brightness()
    result = scores([(reader.read(p), d) for p, d in [(3, 3), (0, -1), (0, -1), (2, -1)]])
    assert (result["pictures"], result["accuracy"], result["hands_rejected"]) == (1, 1.0, 0.0)
    assert (result["without_hand"], result["without_hand_rejected"]) == (3, 0.6667)


NETWORK = SimpleNamespace(logits=None, look=None, scan=None)  # where views are given instead


def speaks(digit: int, height: float) -> np.ndarray:
    """Logits that speak for one digit and for nothing else."""
    return np.float32([height if d == digit else -50 for d in range(6)])


def test_a_split_is_scored_by_collection_and_together():
    pictures = {"signs": [(1, 1), (2, 2)], "hands": [(3, 4)]}
    found = scorecard.split_scores(scorecard.read_parts(Brightness(), pictures))
    assert {name: (score["right"], score["pictures"]) for name, score in found.items()} == {
        "signs": (2, 2),
        "hands": (0, 1),
        "all of these": (2, 3),
    }


@pytest.fixture
def validation(monkeypatch):
    """Collections of a validation split: patches and a frame without hands, and hands."""

    def load_all(split, data):
        if split == "test":
            bright = [np.full((60, 60, 3), 200, np.uint8)]
            return [Collection("rooms", split, "", bright, np.full(1, -1), None, None)]
        assert split == "validation"
        patches = [np.full((60, 60, 3), level, np.uint8) for level in (10, 20, 30, 40)]
        frame = np.full((300, 300, 3), 90, np.uint8)
        return [
            Collection("patches", split, "", patches, np.full(4, -1), None, None),
            Collection(
                "hands",
                split,
                "",
                [frame],
                np.array([5]),
                None,
                np.array([[0, 0, 9, 9]]),
                whole_frames=True,
            ),
        ]

    monkeypatch.setattr(examples.loading, "load_all", load_all)


@pytest.mark.slow
def test_pictures_without_a_hand_are_chosen_with_or_scored(validation):
    kinds = examples.empty_examples()
    chosen, scored = kinds["patches"]
    assert [picture[0, 0, 0] for picture in chosen] == [10, 20]
    assert [picture[0, 0, 0] for picture in scored] == [30, 40]
    first, second = kinds["hands, places without one"]
    assert len(first) + len(second) == 3
    assert all(picture.shape[0] < 300 for picture in first + second)
    chosen, scored = kinds["made by scripts"]
    assert 30 <= len(chosen) <= 60 == len(scored)  # what is to choose with is thinned
    assert [len(part) for part in kinds["rooms"]] == [0, 1]  # it has a test split of its own
    kinds = examples.empty_examples(leave_out="hands")
    assert set(kinds) == {"patches", "rooms", "made by scripts"}


def test_strangers_are_those_that_a_network_was_not_trained_on(monkeypatch):
    def split_examples(split, data):
        assert split != "test"
        return {
            "known": [(f"known {split}", 1)],
            "new, whole frames": [(f"new {split} {i}", 1) for i in range(9)],
            "left out": [("left out", 1)],
            "rooms": [("room", -1)],
        }

    monkeypatch.setattr(examples, "split_examples", split_examples)
    found = examples.strangers(leave_out="left out", trained_on=["known"], count=12)
    assert found["known"] == [("known validation", 1)]
    assert len(set(found["new, whole frames"])) == 12 and set(found) == {
        "known",
        "new, whole frames",
    }


def test_scores_of_pictures_without_a_hand(validation):
    class Dark:
        def read(self, picture, find):
            return reading(0, picture.mean() > 35)

    assert scorecard.empty_scores(Dark())["patches"]["without_hand_rejected"] == 0.5


def test_the_calibration_is_chosen_on_validation_data(monkeypatch):
    others = [speaks(2, height) for height in range(100)]
    unseen = [speaks(2, 1000)]
    monkeypatch.setattr(calibration, "empty_examples", lambda *_: {"rooms": (others, unseen)})
    hands = [(speaks(2, 50), 2)]
    monkeypatch.setattr(calibration, "strangers", lambda *_: {"people": hands})
    monkeypatch.setattr(calibration, "find_hand", lambda found, *_: (None, found))
    monkeypatch.setattr(calibration, "glance", lambda found, *_: SimpleNamespace(logits=found))
    monkeypatch.setattr(calibration, "validation_hands", lambda *_: [])
    monkeypatch.setattr(calibration, "hard_hands", lambda *_: (speaks(2, 9)[None], [2]))
    chosen = calibration.choose_calibration(NETWORK)
    assert chosen.hand == pytest.approx(50, abs=0.01)  # no stranger's hand is refused
    assert chosen.sure == pytest.approx(96, abs=0.01)


def test_a_collection_left_out_is_scored_over_all_splits(monkeypatch):
    def split_examples(split, data):
        read = {"train": 1, "validation": 2, "test": 3}[split]
        return {"hands": [(read, 1)], "hands, whole frames": [(read, read)], "signs": [(0, 5)]}

    monkeypatch.setattr(examples, "split_examples", split_examples)
    found = scorecard.left_out_scores(Brightness(), "hands")
    assert {name: (score["right"], score["pictures"]) for name, score in found.items()} == {
        "hands": (1, 3),
        "hands, whole frames": (3, 3),
    }


def test_the_threshold_is_as_high_as_strangers_hands_allow():
    others = {"a": np.arange(100)}
    hands = {"well lit": np.arange(90, 190), "in the dark": np.arange(60, 160)}
    assert calibration.choose_threshold(others, hands) == pytest.approx(62.5, abs=0.6)
    # A few of one kind count as much as many of another.
    assert calibration.choose_threshold(others, {"one": [70]} | hands) == pytest.approx(63, abs=2)
    # Where hands are far off, nothing more is asked than to reject most pictures without one.
    assert calibration.choose_threshold(others, {"loud": [500]}) == pytest.approx(96, abs=0.01)


def test_kinds_count_alike_whatever_their_number():
    kinds = {"a": np.arange(100), "b": np.full(3, -1.0)}
    assert calibration.evenly(kinds, 0.96) == pytest.approx(91, abs=0.01)
    assert calibration.evenly(kinds | {"c": []}, 0.96) == pytest.approx(91, abs=0.01)
    assert calibration.evenly({"c": []}, 0.96) == np.inf


def test_the_temperature_makes_probabilities_right_as_often_as_they_say():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (4000, 6)).astype(np.float32)
    digits = [int(rng.choice(6, p=softmax(row / 2.5))) for row in logits]
    assert calibration.choose_temperature(logits, digits) == pytest.approx(2.5, rel=0.06)


@pytest.mark.parametrize("grey, expected", [(255, 100.0), (119, 50.0), (60, 25.0)])
def test_lightness_is_that_of_cie(grey, expected):
    wall = (200, 60, 60) if grey < 200 else (40, 60, 120)
    picture = Image.new("RGB", (100, 100), wall)
    picture.paste((grey, grey, grey), (30, 30, 70, 90))
    assert lightness.lightness(np.asarray(picture)) == pytest.approx(expected, abs=1)


def test_hands_are_scored_by_how_light_they_are(monkeypatch):
    hands = {"signs": [(90, 1), (60, 2), (40, 3)], "rooms": [(90, NO_HAND)], "hands": [(70, 4)]}
    monkeypatch.setattr(lightness, "lightness", lambda picture: picture if picture > 50 else None)
    readings = {
        part: [(reading(1, True), digit) for _, digit in pictures]
        for part, pictures in hands.items()
    }
    found = lightness.lightness_scores(hands, readings).values()
    assert [(score["right"], score["pictures"]) for score in found] == [(0, 0), (0, 1), (1, 2)]


def test_no_lightness_of_what_cannot_be_cut_out():
    assert lightness.lightness(np.full((50, 50, 3), 90, np.uint8)) is None


def test_a_folder_is_read_by_the_names_of_its_sub_folders(tmp_path, monkeypatch, capsys):
    for folder, grey in [("0", 0), ("3", 3), ("4", 3)]:
        (tmp_path / folder).mkdir()
        Image.new("L", (8, 8), grey).save(tmp_path / folder / "hand.png")
    (tmp_path / "3" / ".hidden").write_text("not a picture")
    result = scores(scorecard.read_all(Brightness(), folder_examples(tmp_path)))
    assert (result["pictures"], result["right"]) == (3, 2)
    monkeypatch.setattr(evaluation.HandClassifier, "load", lambda path: Brightness())
    out = tmp_path / "scores.json"
    evaluate.main([str(tmp_path), "--json", str(out)])
    assert json.loads(out.read_text())[str(tmp_path)] == result
    assert "66.7%" in capsys.readouterr().out


@pytest.mark.parametrize("split, rejected", [("test", 0.5), ("validation", 0.9)])
def test_a_split_with_pictures_without_a_hand_keeps_its_own(tmp_path, monkeypatch, split, rejected):
    found = scores([(Brightness().read(0), -1)])
    monkeypatch.setattr(evaluation.HandClassifier, "load", lambda path: Brightness())
    parts = {"patches": [(np.zeros((8, 8, 3)), NO_HAND)], "signs": [(np.ones((8, 8, 3)), 1)]}
    monkeypatch.setattr(evaluation, "split_examples", lambda *_: parts)
    own = {"patches": {**found, "without_hand_rejected": 0.9}}
    monkeypatch.setattr(evaluation, "split_scores", lambda read: own if "patches" in read else {})
    monkeypatch.setattr(
        evaluation, "empty_scores", lambda *_: {"patches": {**found, "without_hand_rejected": 0.5}}
    )
    out = tmp_path / "scores.json"
    evaluate.main(["--split", split, "--json", str(out)])
    assert json.loads(out.read_text())["patches"]["without_hand_rejected"] == rejected


def test_an_empty_folder_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(evaluation.HandClassifier, "load", lambda path: Brightness())
    with pytest.raises(SystemExit, match="named 0 to 5"):
        evaluate.main([str(tmp_path)])


def test_what_is_no_picture_is_skipped_and_what_is_wrong_is_listed(tmp_path, monkeypatch, capsys):
    for folder, grey in [("three", 3), ("4", 3), ("none", 0), ("None2", 1)]:
        (tmp_path / folder).mkdir()
        Image.new("L", (8, 8), grey).save(tmp_path / folder / "hand.png")
    (tmp_path / "4" / "Thumbs.db").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("")

    class Reader(Brightness):
        def read(self, picture, find=True):
            return replace(reading(int(picture.mean()), picture.mean() > 0), picture=picture)

    monkeypatch.setattr(evaluation.HandClassifier, "load", lambda path: Reader())
    wrong, page = tmp_path / "wrong.csv", tmp_path / "wrong.png"
    with pytest.raises(SystemExit):  # a FOLDER is missing
        evaluate.main(["--split", "test", "--wrong", str(wrong)])
    capsys.readouterr()
    evaluate.main([str(tmp_path), "--wrong", str(wrong), "--sheet", str(page)])
    shown = capsys.readouterr()
    assert "ignored, since no digit says what is in it: None2, notes.txt" in shown.err
    assert "skipped 1 that cannot be read" in shown.err and "Thumbs.db" in shown.err
    assert "50.0%" in shown.out and "1 read wrong: see" in shown.out
    assert wrong.read_text().splitlines()[1:] == [f"{tmp_path}/4/hand.png,4,3,1.000,0.00"]
    with Image.open(page) as image:
        assert image.width > 144


def test_a_folder_without_a_picture_is_one_sentence(tmp_path, monkeypatch):
    class Refusing:
        def read(self, picture, find=True):
            raise ValueError(f"{picture} is not a picture.")

    (tmp_path / "3").mkdir()
    (tmp_path / "3" / "Thumbs.db").write_bytes(b"no picture")
    monkeypatch.setattr(evaluation.HandClassifier, "load", lambda path: Refusing())
    with pytest.raises(SystemExit, match="has no picture that can be read"):
        evaluate.main([str(tmp_path)])
