"""The seven experiments, as the page shows them, with a tiny network."""

import re
from dataclasses import replace

import numpy as np
import pytest

from demo.kit.drawn_block import drawn_block
from demo.kit.examples import example_read, or_example
from demo.kit.network import Waking
from demo.kit.read_picture import explain_digit
from demo.why_residual import views as experiments
from demo.why_residual.stories import STORIES
from demo.why_residual.tab import foot, head
from demo.why_residual.views import outcome, pressed, recorded, still_right, switchboard
from explain.experiments.landscape import is_whole
from model.network.weights_file import weights_digest


def test_seven_stations_each_with_a_claim_in_one_sentence_and_a_source():
    assert len(STORIES) == 7
    for number, story in enumerate(STORIES, 1):
        assert story.claim.endswith(".") and not re.search(r"\.\s", story.claim)
        assert story.claim in head(number).value.replace("&#x27;", "'")
        for _, at in story.sources:
            assert re.fullmatch(r"\d{4}\.\d{5}", at) and f"arXiv:{at}" in foot(number)


def test_a_switch_goes_round(network):
    board = switchboard(network)
    states = {}
    seen = []
    for _ in range(3):
        states = pressed(states, board, "conv4_block1")
        seen.append(states["conv4_block1"])
    assert seen == ["off", "bare", "on"]
    both = pressed(states, board, "conv3_block2")
    assert both == {"conv4_block1": "on", "conv3_block2": "off"}
    with pytest.raises(ValueError, match="There is no block conv9_block9"):
        pressed(states, board, "conv9_block9")
    assert pressed(states, board, "") == {}


def test_the_switchboard_shows_what_the_network_says_now(network, hand):
    whole = outcome(network, hand, {}, "conv4", "none")
    assert whole["all_on"] and whole["sentence"].startswith("Whole: read as")
    assert [bar["now"] for bar in whole["bars"]] == [bar["before"] for bar in whole["bars"]]
    off = outcome(network, hand, {"conv3_block2": "off"}, "conv4", "none")
    board = switchboard(network)
    gates = board.gates(["conv3_block2"])[None]
    expected = board.read(hand.crop[None] / np.float32(255), gates).probabilities[0]
    np.testing.assert_allclose([bar["now"] for bar in off["bars"]], 100 * expected, atol=0.06)
    assert not off["all_on"] and off["heat"] != whole["heat"] == whole["was"]
    buttons = {b["name"]: b for stage in off["stages"] for b in stage["blocks"]}
    assert buttons["conv3_block2"]["pressed"] == "false" and len(buttons) == 5


def test_a_digit_that_is_explained_elsewhere_changes_nothing(network, hand):
    other = explain_digit(network, hand, (hand.reading.digit + 1) % 6)
    assert other.explanation.digit != hand.reading.digit
    shown = [outcome(network, each, {}, "conv4", "none") for each in (hand, other)]
    assert shown[0] == shown[1]


def test_lesions_of_other_weights_are_not_shown(network, monkeypatch):
    mine = weights_digest(network.classifier.model)
    for digest, expected in [(mine, {"intact": 0.9}), ("another", None)]:
        record = {"digest": digest, "shipped": {"intact": 0.9}}
        monkeypatch.setattr(experiments, "recorded", lambda name, record=record: record)
        assert experiments.lesions_of.__wrapped__(network) == expected


def test_most_blocks_of_conv4_add_less_than_half_as_station_four_says():
    lesions = recorded("blocks_off")["shipped"]
    middle = [
        ratios[1]
        for name, ratios in zip(lesions["blocks"], lesions["ratios"], strict=True)
        if name.startswith("conv4")
    ]
    assert "Most blocks of stage conv4 add less than half" in STORIES[3].claim
    assert np.mean(np.array(middle) < 0.5) > 0.5


def test_made_hands_are_counted(network):
    assert re.search(r"Of 48 hands .* \d+ are read right", still_right(network, {}, "none"))


def test_inside_a_block_every_place_has_its_picture(network, hand):
    shown = drawn_block(network, hand, "conv4_block1")
    assert [place["place"] for place in shown["places"]] == ["in", "1", "2", "3", "0", "add", "out"]
    assert all(place["src"].startswith("data:image/webp;base64,") for place in shown["places"])
    assert (
        "W₀" in shown["equation"]
        and "W₀" not in drawn_block(network, hand, "conv3_block2")["equation"]
    )


def test_without_a_picture_an_example_stands_in(network, hand):
    waking, own = Waking(lambda: network), replace(hand)
    assert or_example(waking, own) is own
    assert or_example(waking, None) is example_read(network)


def test_a_landscape_that_was_stopped_is_not_shown():
    assert is_whole({"steps": 2, "loss": [[1, 2], [3, 4]]})
    assert not is_whole({"steps": 2, "loss": [[1, 2]]})
