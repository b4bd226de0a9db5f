"""What the page says of a reading."""

from types import SimpleNamespace

import numpy as np
import pytest

from demo.kit.network import Waking
from demo.kit.words import duration, percent, signed
from demo.try_it.answer import Answer, answer
from demo.try_it.heat_map import caption
from demo.try_it.part import read_part
from demo.try_it.remedies import Remedies, remedy_rows
from demo.try_it.request import MapLook, box_of, bytes_of
from explain.checks.remedies import TROUBLES, Remedy


def said(*probabilities: float, is_hand: bool = True) -> Answer:
    reading = SimpleNamespace(
        probabilities=np.array(probabilities), is_hand=is_hand, evidence=1.234
    )
    return answer(SimpleNamespace(reading=reading, threshold=2.5, example=""))


def test_a_time_has_the_unit_and_the_digits_that_it_needs():
    assert [duration(t) for t in (0.157, 2.34, 43.2)] == ["157 ms", "2.3 s", "43 s"]


def test_a_sure_answer_says_how_sure():
    words = said(0, 0.01, 0.02, 0.95, 0.01, 0.01)
    assert (words.digit, words.word, words.state) == (3, "three", "sure")
    assert words.sentence == "95 % sure" and not words.advice and not words.supposing


def test_close_to_equal_digits_are_both_named():
    words = said(0, 0.02, 0.5, 0.45, 0.02, 0.01)
    assert words.state == "unsure"
    assert "three" in words.sentence
    assert "50 %" in words.sentence
    assert "45 %" in words.sentence


def test_no_hand_is_told_with_its_evidence_and_the_six_numbers():
    words = said(0.1, 0.6, 0.1, 0.1, 0.05, 0.05, is_hand=False)
    assert words.digit is None and words.state == "none"
    assert "no hand" in words.sentence
    assert "drag a box around it" in words.advice
    assert words.supposing == "If there were a hand, it would show:"
    assert "1.2" in words.sentence and "2.5" in words.sentence
    assert words.sentence.endswith("If there is one, it shows one.")
    assert "If there" not in said(0.2, 0.2, 0.2, 0.2, 0.1, 0.1, is_hand=False).sentence
    assert [bar.percent for bar in words.bars][1] == "60 %"


@pytest.mark.parametrize(
    "how, box, is_hand, words",
    [
        ("found", (0, 0, 60, 40), True, "it fills the picture."),
        ("found", (-9, -19, 69, 59), True, "it fills the picture."),
        ("found", (10, 10, 30, 30), True, "found it here."),
        ("found", (10, 10, 30, 30), False, "found none; this part comes closest to one."),
        ("found", (0, 0, 60, 40), False, "found none; this is the whole picture."),
        ("all", (0, 0, 60, 40), False, "The whole picture was read, as it came: no hand seen."),
        ("yours", (10, 10, 30, 30), True, "Your own box was read: two, over 99 %."),
        (
            "mirrored",
            (10, 10, 30, 30),
            True,
            "Your picture, mirrored. “Find it” and “Read it all” go back to the original.",
        ),
    ],
)
def test_the_part_that_was_read_is_told(how, box, is_hand, words):
    picture = np.zeros((40, 60, 3), np.uint8)
    chances = np.eye(6)[2]
    reading = SimpleNamespace(
        picture=picture, box=box, is_hand=is_hand, digit=2, probabilities=chances
    )
    alone = SimpleNamespace(probabilities=chances)
    hand = SimpleNamespace(reading=reading, explanation=alone, changed=False, example="")
    assert read_part(hand, how).words.endswith(words)
    alone.probabilities = 0.8 * chances
    told = how == "found"
    assert ("Alone, this part gets 80 % for two;" in read_part(hand, how).words) == told


def remedied(before: float, *after: float, ranks: dict | None = None, in_all=None) -> Remedies:
    """The rows of remedies of a zero after which a one is so probable; below zero, no hand."""
    probabilities = np.array([1 - before, before, 0, 0, 0, 0])
    weighed = probabilities if in_all is None else np.array(in_all)
    reading = SimpleNamespace(digit=0, is_hand=True, probabilities=weighed)
    square = np.zeros((256, 256, 3), np.uint8)
    tried = [
        Remedy(
            "turn",
            f"turned {i}",
            square,
            (64, 64, 192, 192),
            np.array([1 - abs(p), abs(p), 0, 0, 0, 0]),
            is_hand=p > 0,
        )
        for i, p in enumerate(after)
    ]
    return remedy_rows(reading, probabilities, 1, tried, TROUBLES, ranks or {})


def test_remedies_say_what_each_changes():
    words = remedied(0.2, 0.9, 0.22, ranks={"brightness": 4, "contrast": 50})
    assert [row.change for row in words.rows] == ["one: 20 % → 90 %", "one: 20 % → 22 %"]
    assert [row.read_as for row in words.rows] == ["read as one", "read as zero"]
    assert [row.effect for row in words.rows] == ["right", ""]
    assert "One change is enough: turned 0, it is read as one." in words.words
    assert "darker than 96 %" in words.words and "contrast" not in words.words


def test_a_part_that_has_other_numbers_than_the_answer_is_said_to_be_read_on_its_own():
    assert "takes in more" not in remedied(0.2, 0.9).words
    assert (
        "alone; the answer for the original picture takes in more than that part"
        in remedied(0.2, 0.9, in_all=np.eye(6)[0]).words
    )


def test_a_part_may_be_right_by_itself():
    words = remedied(0.6, 0.9).words
    assert "shows one; with what is around it, it was read as zero" in words
    assert "One change is enough" not in words


def test_when_nothing_helps_it_says_so():
    assert "None of these changes" in remedied(0.2, 0.3).words


def test_what_leaves_no_hand_helps_nobody():
    words = remedied(0.2, -0.9)
    assert "None of these changes" in words.words
    assert words.rows[0].read_as == "no hand seen" and not words.rows[0].effect


def box(**sides) -> dict:
    return {"how": "yours", "left": 0, "top": 0, "width": 50, "height": 50, **sides}


def test_a_box_is_turned_into_pixels():
    picture = np.zeros((100, 200, 3), np.uint8)
    assert box_of(box(left=25, top=10), picture) == (50, 10, 150, 60)
    assert box_of({"how": "found"}, picture) is None


@pytest.mark.parametrize(
    "sides", [{"left": None}, {"width": 0}, {"top": 5000}, {"left": "x"}, {"left": 10**400}]
)
def test_what_is_no_box_is_refused_in_a_sentence(sides):
    with pytest.raises(ValueError, match="box"):
        box_of(box(**sides), np.zeros((100, 200, 3), np.uint8))


def test_numbers_carry_their_sign_unless_they_are_nothing():
    assert [signed(value) for value in (1.2, -0.348, -0.001)] == ["+1.20", "−0.35", "0.00"]


def test_nothing_is_ever_certain_or_impossible():
    assert percent(1.0) == "over 99 %"
    assert percent(0.0) == "under 1 %"
    assert percent(0.5) == "50 %"


def test_a_drawing_comes_as_a_data_url():
    assert bytes_of("data:image/png;base64,aGFuZA==") == b"hand"
    assert bytes_of("") is None
    assert bytes_of(None) is None
    for wrong in ("hand", "data:image/png;base64,é", 7):
        with pytest.raises(ValueError, match="data URL"):
            bytes_of(wrong)


def test_a_drawing_beyond_all_bounds_is_refused(monkeypatch):
    monkeypatch.setattr("demo.try_it.request.MOST_LETTERS", 29)
    with pytest.raises(ValueError, match="too large"):
        bytes_of("data:image/png;base64,aGFuZA==")


def test_whoever_waits_for_a_network_that_cannot_load_hears_why():
    def load():
        raise ValueError("The weights are missing; train them first.")

    waking = Waking(load)
    for _ in range(2):
        with pytest.raises(ValueError, match="weights are missing"):
            waking.network()


def test_the_network_is_loaded_once():
    calls = []
    waking = Waking(lambda: calls.append(1))
    waking.start()
    waking.network()
    waking.network()
    assert calls == [1]


def captioned(
    signed: list[float],
    top: float,
    own: bool = False,
    stage: str = "conv3",
    is_hand: bool = True,
    read: int = 4,
) -> str:
    hand = SimpleNamespace(
        reading=SimpleNamespace(digit=read, is_hand=is_hand),
        explanation=SimpleNamespace(digit=4),
        maps=SimpleNamespace(signed=lambda stage: np.float32(signed)),
        tops={stage: top},
    )
    return caption(hand, MapLook(stage, 70, raw=False, own=own))


def test_a_map_says_what_it_shows_and_its_scale():
    words = captioned([1.5, -1.2], 2)
    assert "Orange spoke for <b>four</b>, violet against it, at stage 3" in words
    assert "−2<" in words and "+2 <button" in words and ">logits</button>" in words
    assert "+0.5 <button" in captioned([0.5, -0.1], 2, own=True)


def test_a_caption_names_only_colours_that_are_seen():
    assert "little spoke against it" in captioned([1, -0.1], 2)
    assert "violet spoke against it" in captioned([0.1, -1], 2)
    for nothing, top in (([0, 0], 0), ([0.1, -0.1], 2)):
        words = captioned(nothing, top)
        assert "Little here spoke for <b>four</b>" in words and "Orange" not in words


def test_where_no_hand_is_seen_a_map_shows_what_would_speak_for_one():
    assert "Orange would speak for <b>four</b>" in captioned([1, 0], 2, is_hand=False)


def test_the_map_of_another_digit_says_whose_scale_it_has():
    assert "that of the digit that was read, two" in captioned([1, 0], 2, read=2)
    assert "digit that was read" not in captioned([1, 0], 2)
