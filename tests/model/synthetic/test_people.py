"""Strangers' hands: the right fingers up, joints that a hand can bend, boxes, a seed decides."""

import csv
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from model.synthetic.people.body import FINGERS
from model.synthetic.people.gestures import GESTURES, LIMITS, draw_bends, draw_gesture

SHOWN = "anny and moderngl are not installed: pip install '.[train]'"


@pytest.fixture(scope="module")
def people():
    """The packages that draw pictures, where they are installed."""
    pytest.importorskip("anny", reason=SHOWN)
    pytest.importorskip("moderngl", reason=SHOWN)


@pytest.fixture(scope="module")
def draw(people):
    """Calls what draws, in a process without TensorFlow: its LLVM and Mesa's crash each other."""
    from model.synthetic.people.collection import draw_readable

    with ProcessPoolExecutor(1, get_context("spawn")) as apart:

        def draw(function, *arguments):
            return apart.submit(function, *arguments).result()

        try:
            draw(draw_readable, 0, 0, "hand")
        except Exception as error:
            if type(error) is not Exception:
                raise
            pytest.skip(f"no OpenGL here: {error}")  # moderngl raises a bare Exception
        yield draw


@pytest.fixture(scope="module")
def hands(draw):
    """One readable hand for each digit."""
    from model.synthetic.people.collection import draw_readable

    return [draw(draw_readable, 0, digit, "hand") for digit in range(6)]


@pytest.mark.parametrize("gesture", GESTURES, ids=lambda g: f"{g.digit}-{g.raised}-{g.thumb}")
def test_as_many_fingers_are_up_as_the_digit_says(gesture):
    assert len(set(gesture.raised)) == len(gesture.raised) == gesture.digit
    assert set(gesture.raised) <= set(FINGERS)
    assert ("T" in gesture.raised) == (gesture.thumb == "out")


@pytest.mark.parametrize("gesture", GESTURES, ids=lambda g: f"{g.digit}-{g.raised}-{g.thumb}")
def test_joints_stay_within_human_limits_and_tell_up_from_folded(gesture):
    for seed in range(20):
        bends = draw_bends(gesture, np.random.default_rng(seed))
        for name, (low, high) in LIMITS.items():
            angles = getattr(bends, name)
            assert angles.shape == (4,)
            assert (angles >= low).all() and (angles <= high).all()
        up = np.array([letter in gesture.raised for letter in FINGERS[1:]])
        curled = bends.mcp + bends.pip + bends.dip
        assert (curled[up] < 100).all()
        assert (curled[~up] > 100).all()


def test_every_way_to_show_a_digit_is_drawn():
    rng = np.random.default_rng(0)
    drawn = {draw_gesture(digit, rng) for digit in range(6) for _ in range(300)}
    assert drawn == set(GESTURES)


def test_a_seed_decides_everything(draw, hands):
    from model.synthetic.people.collection import draw_readable

    again = draw(draw_readable, 0, 2, "hand")
    assert np.array_equal(again.rgba, hands[2].rgba)
    assert again.facts == hands[2].facts
    assert not np.array_equal(draw(draw_readable, 1, 2, "hand").rgba, hands[2].rgba)


def test_boxes_lie_in_the_pictures_and_hold_the_hand(hands):
    for digit, picture in enumerate(hands):
        height, width = picture.rgba.shape[:2]
        facts = picture.facts
        assert facts["digit"] == digit
        assert max(height, width) == 160
        assert 0 <= facts["x0"] < facts["x1"] <= width
        assert 0 <= facts["y0"] < facts["y1"] <= height
        inside = picture.rgba[facts["y0"] : facts["y1"], facts["x0"] : facts["x1"], 3]
        assert (inside > 128).mean() > 0.2
        assert 2 < facts["lightness"] < 98


def test_fingers_bend_and_the_thumb_does_not_pass_through_them(people):
    from model.synthetic.people import scenes

    rng = np.random.default_rng(3)
    body = scenes.load_body()
    hand = scenes.Hand(body, body.average())
    for gesture in GESTURES:
        pose = hand.pose(gesture, draw_bends(gesture, rng), rng)
        assert pose.overlap < 0.6, gesture
        for finger, letter in enumerate(FINGERS[1:], 1):
            joints = pose.points[finger]
            reach = np.linalg.norm(joints[3] - joints[0])
            whole = np.linalg.norm(np.diff(joints, axis=0), axis=1).sum()
            assert (reach > 0.85 * whole) == (letter in gesture.raised), (gesture, letter)


def test_a_whole_person_shows_one_hand(draw):
    from model.synthetic.people.collection import draw_readable

    facts = draw(draw_readable, 0, 5, "person").facts
    assert facts["fingers"] == "TIMRL"
    assert facts["x1"] - facts["x0"] > 8


def test_a_picture_is_listed_once_it_is_whole(draw, tmp_path):
    from model.synthetic.people.collection import COLUMNS, make, written
    from model.synthetic.people.folder import TABLE

    row = draw(make, 4, 0, "hand", tmp_path)
    assert (tmp_path / row["file"]).exists()
    with (tmp_path / TABLE).open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerow(row)
        file.write("hand-000005.webp,ha")
    assert written(tmp_path / TABLE) == {row["file"]}
    assert (tmp_path / TABLE).read_text().endswith("\n")


@pytest.mark.slow
@pytest.mark.ray
def test_ray_writes_the_same_files_to_the_byte(draw, tmp_path):
    for engine in ("local", "ray"):
        command = [sys.executable, "-m", "model.synthetic.people", "--count", "6"]
        command += ["--engine", engine, "--out", str(tmp_path / engine)]
        subprocess.run(command, check=True, timeout=300)
    here, there = (sorted((tmp_path / engine).iterdir()) for engine in ("local", "ray"))
    assert len(here) == 7 and [path.name for path in there] == [path.name for path in here]
    for one, other in zip(here, there, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_without_the_packages_one_sentence_says_what_to_install(monkeypatch):
    from model.synthetic.people.body import Body

    monkeypatch.setitem(sys.modules, "anny", None)
    with pytest.raises(ImportError, match=r"\[train\]"):
        Body()
