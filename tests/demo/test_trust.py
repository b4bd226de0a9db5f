"""What “Can I trust it?” shows, with a tiny network."""

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from demo.kit.words import percent
from demo.trust.views import (
    SHARP,
    against_random_maps,
    badges,
    covering,
    covering_words,
    difference,
    forget,
    gallery,
    measure,
    runner_up,
    six_maps,
)
from explain.checks.faithfulness import Badge
from explain.maps.methods import METHODS
from model.digits import WORDS


def ends(bars: list[str]) -> set[str]:
    return {re.search(r"\+([\d.e-]+)<", bar)[1] for bar in bars}


def test_six_maps_share_a_scale_unless_each_has_its_own(network, hand):
    one, own = (six_maps(hand, each) for each in (False, True))
    assert [row["word"] for row in one["maps"]] == list(WORDS)
    assert [row["percent"] for row in one["maps"]] == [
        percent(float(p)) for p in hand.explanation.probabilities
    ]
    assert [row["rank"] for row in one["maps"]].index("first") == hand.reading.digit
    assert not any(row["scale"] for row in one["maps"]) and not own["scale"]
    scales = ends([row["scale"] for row in own["maps"]])
    assert len(scales) > 1 and ends([one["scale"]]) <= scales
    assert "What is lost" in own["words"] and "What is lost" not in one["words"]
    strongest = np.abs(network.sharp.explain(hand.crop)).max()
    assert float(*ends([one["scale"]])) == pytest.approx(strongest / 64, rel=0.06)


@pytest.mark.parametrize(
    "value, words", [(0, "Empty: nothing speaks"), (-1, "only against"), (0.01, "Nearly empty")]
)
def test_an_empty_map_says_so_in_words(hand, value, words):
    sharp = np.full((6, 64, 64), value, np.float32)
    sharp[5] = 1
    rows = six_maps(replace(hand, sharp=sharp), False)["maps"]
    assert words in rows[0]["words"] and rows[5]["words"] == ""


def test_two_digits_are_told_apart(network, hand):
    one, other = hand.reading.digit, runner_up(hand)
    assert hand.explanation.probabilities[other] == np.sort(hand.explanation.probabilities)[-2]
    shown, turned = difference(hand, one, other), difference(hand, other, one)
    assert f"for {WORDS[one]} rather than {WORDS[other]}" in shown["words"]
    assert " above that of " in shown["words"] and " below that of " in turned["words"]
    assert shown["src"] != turned["src"] and shown["scale"] == turned["scale"]
    assert difference(hand, 2, 2) == {"words": "Choose two different digits."}
    assert "frames" not in covering(network, hand, 2, 2)


def test_the_covering_begins_with_the_answer_and_goes_place_by_place(network, hand):
    shown = covering(network, hand, hand.reading.digit, runner_up(hand))
    frames = shown["frames"]
    assert shown["last"] == len(shown["places"]) == len(frames) - 1 > 0
    assert [bar["percent"] for bar in frames[0]["bars"]] == [
        percent(float(p)) for p in hand.explanation.probabilities
    ]
    assert frames[0]["words"].endswith(
        f"{WORDS[hand.reading.digit]}, {percent(float(hand.explanation.probabilities.max()))}"
    )
    assert frames[0]["src"] != frames[-1]["src"]
    assert all(0 <= place[side] <= 87.5 for place in shown["places"] for side in ("left", "top"))


@pytest.mark.parametrize(
    "count, becomes, words",
    [
        (2, 4, "Blur 2 places of 64, and three becomes four (80 %); bring back any one"),
        (1, 4, "Blur one place of 64, and three becomes four (80 %)."),
        (32, 3, "Nothing changes the answer: with the 32 places"),
    ],
)
def test_a_covering_in_words(count, becomes, words):
    probabilities = np.zeros((count + 1, 6))
    probabilities[-1, becomes] = 0.8
    found = SimpleNamespace(
        cells=np.zeros((count, 2)), digit=3, becomes=becomes, changed=becomes != 3,
        probabilities=probabilities,
    )  # fmt: skip
    assert covering_words(found).startswith(words) and covering_words(found).endswith(".")


def test_the_map_is_lost_stage_by_stage_and_gets_its_badges(network, hand):
    plots, open_ = against_random_maps(network, hand)
    assert plots.count("<svg") == 2 and "10 random maps" in plots
    others = [hand.sharp[hand.reading.digit]]
    *before, last = forget(network, hand, others, times=2)
    assert [len(each["maps"]) for each in before] == [*range(1, 8), *[7] * 7]
    assert [row["name"] for row in last["maps"]][:3] == ["as learned", "head", "+ stage 5"]
    assert all(re.fullmatch(r"−?\d\.\d\d", row["words"]) for row in last["maps"][1:])
    assert last["badges"][0] == open_["badges"][0]
    assert last["badges"][2]["words"] == "other methods agree: mean correlation 1.00"
    assert last["words"].startswith("For this picture the map")


def test_badges_that_fail_say_so():
    assert [each["kind"] for each in badges(Badge(10, 10, 0.1))] == ["holds", "holds"]
    failing = badges(Badge(5, 10, 0.8))
    assert [each["kind"] for each in failing] == ["fails", "fails"]
    assert (
        failing[1]["words"]
        == "hardly depends on what was learned: mean correlation 0.80 once all is forgotten"
    )
    partly = {"kind": "fails", "words": "other methods partly agree: mean correlation 0.20"}
    assert badges(Badge(10, 10, 0.1, 0.2))[2] == partly


def test_every_method_has_a_card_with_its_numbers_once_it_ran(network, hand):
    names = (SHARP, "Grad-CAM", "Saliency")
    found = {name: measure(network, hand, name, 2, "conv3") for name in names}
    shown = gallery(hand, found, 2, running="Score-CAM")
    cards = {card["name"]: card for card in shown["cards"]}
    assert list(cards) == [SHARP, *METHODS] and "3 of 8" in shown["words"]
    for name in names:
        assert found[name].heat.shape == (64, 64)
        assert cards[name]["src"] and cards[name]["time"].endswith(" ms")
        score = float(cards[name]["score"].replace("−", "-"))
        assert score == pytest.approx(found[name].score, abs=0.006)
        assert cards[name]["beats"] == f"{found[name].beaten} of 10"
    assert cards["Score-CAM"]["state"] == "running" and "src" not in cards["Score-CAM"]
    assert cards["SmoothGrad"]["waits"] == "not run yet"
    assert all(card["shows"] and card["misleads"] for card in cards.values())
