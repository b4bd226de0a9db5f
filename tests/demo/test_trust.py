"""What “Can I trust it?” shows, with a tiny network."""

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from demo.kit.components import as_json
from demo.kit.network import Waking
from demo.kit.read_picture import KeptReading
from demo.kit.words import percent
from demo.trust.cards import STAGE, STAGES
from demo.trust.covering import covering, covering_words
from demo.trust.digit_maps import Difference, difference, digit_maps, runner_up, sharp_maps
from demo.trust.faithfulness import STOPPED, Check, against_random_maps, badges, forget, head_words
from demo.trust.handlers import Trust
from demo.trust.methods import SHARP, gallery, score_method
from demo.trust.stations import STATIONS
from explain.checks.faithfulness import Badge
from explain.maps.methods import METHODS
from explain.maps.strength import reach
from model.digits import WORDS

pytestmark = pytest.mark.slow  # most of these run a network


def ends(bars: list[str]) -> set[str]:
    return {re.search(r"\+([\d.e-]+)<", bar)[1] for bar in bars}


def test_six_maps_share_a_scale_unless_each_has_its_own(network, hand):
    one, own = (digit_maps(hand, sharp_maps(network, hand), each) for each in (False, True))
    assert [row.word for row in one.maps] == list(WORDS)
    assert [row.percent for row in one.maps] == [
        percent(float(p)) for p in hand.explanation.probabilities
    ]
    assert [row.rank for row in one.maps].index("first") == hand.reading.digit
    assert not any(row.scale for row in one.maps) and not own.scale
    scales = ends([row.scale for row in own.maps])
    assert len(scales) > 1 and ends([one.scale]) <= scales
    assert "What is lost" in own.words and "What is lost" not in one.words
    strongest = max(map(reach, sharp_maps(network, hand)))
    assert float(*ends([one.scale])) == pytest.approx(strongest / 64, rel=0.06)


@pytest.mark.parametrize(
    "value, words", [(0, "Empty: nothing speaks"), (-1, "only against"), (0.01, "Nearly empty")]
)
def test_an_empty_map_says_so_in_words(hand, value, words):
    sharp = np.full((6, 64, 64), value, np.float32)
    sharp[5] = 1
    rows = digit_maps(hand, sharp, False).maps
    assert words in rows[0].words and rows[5].words == ""


def test_two_digits_are_told_apart(network, hand):
    one, other = hand.reading.digit, runner_up(hand)
    assert hand.explanation.probabilities[other] == np.sort(hand.explanation.probabilities)[-2]
    shown, turned = (
        difference(hand, sharp_maps(network, hand), *pair) for pair in ((one, other), (other, one))
    )
    assert f"for {WORDS[one]} rather than {WORDS[other]}" in shown.words
    assert " above that of " in shown.words and " below that of " in turned.words
    assert shown.src != turned.src and shown.scale == turned.scale
    assert difference(hand, sharp_maps(network, hand), 2, 2) == Difference(
        "Choose two different digits."
    )
    assert not covering(network, hand, 2, 2).frames


def test_the_covering_begins_with_the_answer_and_goes_place_by_place(network, hand):
    shown = covering(network, hand, hand.reading.digit, runner_up(hand))
    frames = shown.frames
    assert shown.last == len(shown.places) == len(frames) - 1 > 0
    assert [bar.percent for bar in frames[0].bars] == [
        percent(float(p)) for p in hand.explanation.probabilities
    ]
    assert frames[0].words.endswith(
        f"{WORDS[hand.reading.digit]}, {percent(float(hand.explanation.probabilities.max()))}"
    )
    assert frames[0].src != frames[-1].src
    assert all(0 <= side <= 87.5 for place in shown.places for side in (place.left, place.top))


STAYS = "Blurring can't make this three a four. At best, with 9 of 64 places blurred, it is"


@pytest.mark.parametrize(
    "count, becomes, words",
    [
        (2, 4, "Blur these 2 places of 64, and three becomes four (80 %); bring back any one"),
        (1, 4, "Blur one place of 64, and three becomes four (80 %)."),
        (9, 3, f"{STAYS} still read as three"),
        (9, 2, f"{STAYS} read as two instead"),
    ],
)
def test_a_covering_in_words(count, becomes, words):
    probabilities = np.zeros((count + 1, 6))
    probabilities[-1, becomes] = 0.8
    found = SimpleNamespace(
        cells=np.zeros((count, 2)), digit=3, becomes=becomes, target=4, reached=becomes == 4,
        probabilities=probabilities,
    )  # fmt: skip
    assert covering_words(found).startswith(words) and covering_words(found).endswith(".")


def test_the_map_is_lost_stage_by_stage_and_gets_its_badges(network, hand):
    beside = against_random_maps(network, hand)
    assert beside.charts.count("<svg") == 2 and "10 random maps" in beside.charts
    others = [hand.maps.sharp]
    *before, last = forget(network, hand, others, times=2)
    assert [len(each.maps) for each in before] == [*range(1, 8), *[7] * 7]
    assert [row.name for row in last.maps][:3] == ["as learned", "head", "+ stage 5"]
    assert all(
        re.fullmatch(r"\d\.\d\d(; with signs −?\d\.\d\d)?", row.words) for row in last.maps[1:]
    )
    assert last.badges[0] == beside.checks.badges[0]
    assert last.badges[2].words == "other methods agree: mean correlation 1.00"
    assert last.words.startswith("For this picture the map")


def test_a_map_that_does_without_the_head_is_doubted():
    assert not head_words([0.5, -0.6])
    assert "stays nearly the same (0.90)" in head_words([0.9, -0.9])


def test_badges_that_fail_say_so():
    assert [each.kind for each in badges(Badge(10, 10, 0.1))] == ["holds", "holds"]
    failing = badges(Badge(5, 10, 0.8))
    assert [each.kind for each in failing] == ["fails", "fails"]
    assert failing[1].words == (
        "hardly depends on what was learned: mean correlation 0.80, ignoring signs, once all is "
        "forgotten"
    )
    partly = Check("partly", "other methods partly agree: mean correlation 0.20")
    assert badges(Badge(10, 10, 0.1, 0.2))[2] == partly


def test_every_method_has_a_card_with_its_numbers_once_it_ran(network, hand):
    names = (SHARP, "Grad-CAM", "Saliency")
    found = {name: score_method(network, hand, name, 2, "conv3") for name in names}
    shown = gallery(hand, found, 2, running="Score-CAM")
    cards = {card.name: card for card in shown.cards}
    assert list(cards) == [SHARP, *METHODS] and "3 of 8" in shown.words
    for name in names:
        assert found[name].heat.shape == (64, 64)
        assert cards[name].src and cards[name].time.endswith("s")
        score = float(cards[name].score.replace("−", "-"))
        assert score == pytest.approx(found[name].score, abs=0.006)
        assert cards[name].beats == f"{found[name].beaten} of 10"
    assert cards["Score-CAM"].state == "running" and not cards["Score-CAM"].src
    assert cards["SmoothGrad"].waits == "slow, so not run yet"
    assert all(card.shows and card.misleads for card in cards.values())


@pytest.fixture
def trust(network):
    return Trust(Waking(lambda: network))


def test_the_first_station_counts_the_digits_and_the_stages_are_those_of_the_table(network):
    assert STATIONS[0].title == "Six digits, one scale"
    assert list(STAGES) == [stage.name for stage in network.summary.stages] and STAGE in STAGES


def test_another_crop_or_digit_is_another_picture(trust, hand):
    reading = replace(hand.reading.whole(), digit=(hand.reading.digit + 1) % 6)
    other = replace(hand, reading=KeptReading(reading))
    assert trust.arrive(None) == "example"
    assert trust.arrive(hand) == trust.arrive(replace(hand)) != trust.arrive(other)


def test_a_new_picture_is_introduced(trust, hand):
    sharp = sharp_maps(trust.waking.network(), hand)
    shown = trust.introduce(hand, False)
    assert (shown.digit, shown.against) == (hand.reading.digit, runner_up(hand))
    assert shown.method_digit == hand.reading.digit and shown.scored == {}
    assert shown.digit_maps == digit_maps(hand, sharp, False)
    assert shown.difference == difference(hand, sharp, shown.digit, shown.against)
    assert shown.covering.frames and {x.state for x in shown.gallery.cards} == {"waiting"}
    own = trust.introduce(replace(hand, example=""), False)
    assert "Your picture" in own.subject and "The example" in shown.subject
    assert "There is no picture of yours here" in trust.introduce(None, False).subject


def test_digits_are_compared_and_maps_drawn_for_whoever_asks(trust, hand):
    sharp = sharp_maps(trust.waking.network(), hand)
    assert trust.draw_digit_maps(hand, True) == digit_maps(hand, sharp, True)
    shown = trust.compare(hand, 1, 4)
    assert shown.difference == difference(hand, sharp, 1, 4) and shown.covering.frames


def test_the_check_says_what_it_cannot_tell(trust, hand):
    shown = trust.check(hand)
    assert "1912.01451" in shown.limits and shown.charts.count("<svg") == 2
    assert [each.kind for each in shown.checks.badges][1:] == ["open"]


def test_other_methods_count_only_for_the_digit_that_was_read(trust, hand, monkeypatch):
    monkeypatch.setattr("demo.trust.faithfulness.forget.__defaults__", ((), 1))
    read, scored = hand.reading.digit, {"Saliency": SimpleNamespace(heat=hand.maps.sharp)}
    for digit, checks in ((read, 3), ((read + 1) % 6, 2)):
        *_, last = trust.forget(hand, scored, digit)
        assert len(last.badges) == checks


def test_forgetting_that_was_stopped_goes_back_to_what_was_known(trust, hand):
    first, *_ = trust.forget(hand, {}, hand.reading.digit)
    shown = trust.stop_forgetting(hand, as_json(first))
    assert shown.words == STOPPED and list(shown.maps) == list(as_json(first)["maps"])
    assert shown.badges == trust.check(hand).checks.badges


def test_fast_methods_run_first_and_slow_ones_add_to_them(trust, hand, monkeypatch):
    run = []

    def score(network, hand, name, digit, stage):
        run.append((name, digit, stage))
        return SimpleNamespace(heat=hand.maps.sharp, score=0.0, seconds=0.0, beaten=1, rivals=2)

    monkeypatch.setattr("demo.trust.handlers.score_method", score)
    *before, last = trust.run_fast(hand, 2, "conv4")
    assert [each.run_slow["interactive"] for each in before] == [False] * len(before)
    assert last.run_slow["interactive"]
    fast = [SHARP, *(name for name, method in METHODS.items() if not method.slow)]
    assert run == [(name, 2, "conv4") for name in fast] and list(last.scored) == fast
    states = [card.state for card in before[0].gallery.cards]
    assert states == ["running", *["waiting"] * len(METHODS)]
    *_, all_run = trust.run_slow(hand, 2, "conv4", last.scored)
    assert set(all_run.scored) == {SHARP, *METHODS} and len(run) == len(METHODS) + 1
    assert trust.stop_slow(hand, last.scored, 2) == last.gallery
