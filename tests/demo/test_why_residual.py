"""The seven experiments, as the page shows them, with a tiny network."""

import html
import json
import re
import shutil
from dataclasses import replace

import gradio as gr
import numpy as np
import pytest

from demo.kit.drawn_block import drawn_block
from demo.kit.examples import example_read, or_example
from demo.kit.network import Waking
from demo.kit.read_picture import explain_digit
from demo.why_residual import handlers, records
from demo.why_residual.cards import gradient_card
from demo.why_residual.handlers import (
    NO_SEED,
    GradientChoice,
    LandscapeChoice,
    SwitchboardChoice,
    WhyResidual,
    is_seed,
)
from demo.why_residual.layout import layout, prologue
from demo.why_residual.records import lesions_of, recorded, recorded_landscapes, recorded_seeds
from demo.why_residual.stations import NUMBERS, STATIONS, foot
from demo.why_residual.switchboard import (
    press_switch,
    still_right,
    switchboard_card,
    switchboard_of,
)
from explain.experiments.landscape import is_whole
from model.network.weights_file import weights_digest
from model.records import RECORDED, load_record

pytestmark = pytest.mark.slow  # most of these run a network


def test_seven_stations_each_with_a_claim_in_one_sentence_and_a_source():
    assert len(STATIONS) == 7 and "Seven experiments show" in prologue()
    for station in STATIONS:
        assert station.claim.endswith(".") and not re.search(r"\.\s", station.claim)
        for _, at in station.sources:
            assert re.fullmatch(r"\d{4}\.\d{5}", at) and f"arXiv:{at}" in foot(station)


def test_a_station_names_another_by_its_number(monkeypatch):
    ratios = STATIONS[NUMBERS["ratios"] - 1]
    assert "compare with station 4." in foot(ratios)
    monkeypatch.setitem(NUMBERS, "blocks_off", 8)
    assert "compare with station 8." in foot(ratios)


def test_every_station_is_on_the_page_with_its_number_and_claim():
    with gr.Blocks() as page:
        layout()
    shown = html.unescape(" ".join(str(getattr(x, "value", "")) for x in page.blocks.values()))
    for number, station in enumerate(STATIONS, 1):
        assert f'<span class="number">{number}</span><div><h2>{station.title}</h2>' in shown
        assert f'<a href="#tab=why-residual&station={number}"><span>{number}</span>' in shown
        assert shown.index(station.claim) < shown.index(station.see[:40])
        assert shown.index(station.see[:40]) < shown.index(station.means[:40])


def test_a_switch_goes_round(network):
    board = switchboard_of(network)
    states = {}
    seen = []
    for _ in range(3):
        states = press_switch(states, board, "conv4_block1")
        seen.append(states["conv4_block1"])
    assert seen == ["off", "bare", "on"]
    both = press_switch(states, board, "conv3_block2")
    assert both == {"conv4_block1": "on", "conv3_block2": "off"}
    with pytest.raises(ValueError, match="There is no block conv9_block9"):
        press_switch(states, board, "conv9_block9")
    assert press_switch(states, board, "") == {}


def test_the_switchboard_shows_what_the_network_says_now(network, hand):
    whole = switchboard_card(network, hand, {}, "conv4", "none")
    assert whole.all_on and whole.sentence.startswith("Whole: read as")
    assert [bar.now for bar in whole.bars] == [bar.before for bar in whole.bars]
    off = switchboard_card(network, hand, {"conv3_block2": "off"}, "conv4", "none")
    board = switchboard_of(network)
    gates = board.gates(["conv3_block2"])[None]
    expected = board.read(hand.crop[None] / np.float32(255), gates).probabilities[0]
    np.testing.assert_allclose([bar.now for bar in off.bars], 100 * expected, atol=0.06)
    assert not off.all_on and off.heat != whole.heat == whole.was
    buttons = {b.name: b for stage in off.stages for b in stage.blocks}
    assert buttons["conv3_block2"].pressed == "false" and len(buttons) == 5


def test_a_digit_that_is_explained_elsewhere_changes_nothing(network, hand):
    other = explain_digit(network, hand, (hand.reading.digit + 1) % 6)
    assert other.explanation.digit != hand.reading.digit
    shown = [switchboard_card(network, each, {}, "conv4", "none") for each in (hand, other)]
    assert shown[0] == shown[1]


def test_lesions_of_other_weights_are_not_shown(network, monkeypatch):
    mine = weights_digest(network.classifier.model)
    shipped = {"intact": 0.9, "ratios": [(0.1, 0.2, 0.3)]}
    for digest, expected in [(mine, shipped), ("another", None)]:
        record = {"digest": digest, "shipped": shipped}
        monkeypatch.setattr(records, "recorded", lambda name, record=record: record)
        assert lesions_of.__wrapped__(network) == expected


def test_made_hands_are_counted(network):
    assert re.search(r"Of 48 hands .* \d+ are read right", still_right(network, {}, "none"))


def test_inside_a_block_every_place_has_its_picture(network, hand):
    shown = drawn_block(network, hand, "conv4_block1")
    assert [place.place for place in shown.places] == ["in", "1", "2", "3", "0", "add", "out"]
    assert all(place.src.startswith("data:image/webp;base64,") for place in shown.places)
    assert (
        "W₀" in shown.equation and "W₀" not in drawn_block(network, hand, "conv3_block2").equation
    )


def test_without_a_picture_an_example_stands_in(network, hand):
    waking, own = Waking(lambda: network), replace(hand)
    assert or_example(waking, own) is own
    assert or_example(waking, None) is example_read(network)


def test_a_landscape_that_was_stopped_is_not_shown():
    assert is_whole({"steps": 2, "loss": [[1, 2], [3, 4]]})
    assert not is_whole({"steps": 2, "loss": [[1, 2]]})


@pytest.fixture
def tab(network):
    return WhyResidual(Waking(lambda: network))


WHOLE = SwitchboardChoice({}, "conv4", "none")


def test_seeds_are_whole_and_not_negative():
    assert all(map(is_seed, (0, 7.0, 2**31 - 1)))
    assert not any(map(is_seed, (None, -1, 1.5, 2**31)))


def test_the_seeds_are_those_that_were_recorded():
    assert recorded_seeds("gradient_flow_") == recorded_seeds("landscape_*-") == [1, 2]
    assert recorded_seeds("nothing_") == [1]
    assert [each["kind"] for each in recorded_landscapes(1)] == ["plain", "residual"]
    assert recorded_landscapes(99) == []


def test_all_that_is_recorded_is_shown_without_a_network():
    def never():
        raise AssertionError("nothing recorded needs the network")

    shown = WhyResidual(Waking(never)).arrive(
        None, GradientChoice(1, 0, False), LandscapeChoice(1, 30)
    )
    assert "There is no picture of yours here" in shown.subject
    for chart in ("gradients", "shattering", "depth", "main_paths", "shortcuts", "twins"):
        assert "<svg" in getattr(shown, chart)
    assert "<svg" in shown.landscape and shown.turn["visible"]


def test_what_was_not_recorded_says_how_to(tab, monkeypatch):
    monkeypatch.setattr(records, "recorded", lambda name: None)
    monkeypatch.setattr(handlers, "recorded_landscapes", lambda seed: [])
    shown = tab.arrive(None, GradientChoice(1, 0, False), LandscapeChoice(2, 30))
    assert "gradient_flow record --seed 1" in shown.gradients and shown.shattering == ""
    assert not shown.gradient_step["visible"] and not shown.turn["visible"]
    assert "depth record" in shown.depth and "blocks_off record" in shown.main_paths
    assert "plain-26-2" in shown.landscape


def test_the_recorded_gradients_follow_step_and_start(tab):
    steps = recorded("gradient_flow_1")["steps"]
    first, last, older = (
        tab.show_gradients(GradientChoice(1, step, older))
        for step, older in ((0, False), (len(steps) - 1, False), (0, True))
    )
    assert len({first.gradients, last.gradients, older.gradients}) == 3
    assert last.gradient_step["label"] == f"After {steps[-1]} steps of training"
    assert last.gradient_step["maximum"] == len(steps) - 1
    assert first.shattering == last.shattering
    assert "The loss of guessing is 1.79." in first.gradients


def test_gradients_are_measured_live_network_by_network(tab, hand, monkeypatch):
    assert list(tab.measure_gradients(hand, -3)) == list(tab.measure_gradients(hand, None))
    assert list(tab.measure_gradients(hand, -3)) == [NO_SEED]
    from explain.experiments.gradient_flow import VARIANTS, Flow

    def on_picture(crop, digit, seed):
        assert (digit, seed) == (hand.reading.digit, 5)
        yield from (Flow(variant, 1.8, np.array([2.0, 1.0])) for variant in VARIANTS[:2])

    monkeypatch.setattr("explain.experiments.gradient_flow.on_picture", on_picture)
    begun, one, two = tab.measure_gradients(hand, 5.0)
    assert "the first of five networks" in begun
    first, second = (f"</i>{variant.name}</span>" for variant in VARIANTS[:2])
    assert first in one and second not in one and second in two
    assert list(tab.measure_gradients(hand, 5.0, two)) == [one, two]


def test_the_picture_is_measured(tab, network, hand):
    shown = tab.measure(hand, WHOLE, "no such block")
    names = [block.name for block in switchboard_of(network).blocks]
    assert shown.switchboard == switchboard_card(network, hand, {}, "conv4", "none")
    assert shown.block["choices"] == names and shown.block["value"] == names[1]
    assert shown.swap["value"] == shown.swap["choices"][0] == "none"
    assert shown.drawn_block.places == drawn_block(network, hand, names[1]).places
    assert "<svg" in shown.singles and "<svg" in shown.ratios
    assert "blocks_off record" in shown.main_paths  # what is recorded is of other weights
    assert tab.measure(hand, WHOLE, names[-1]).block["value"] == names[-1]


def test_each_press_counts(tab, network, hand):
    one = tab.press(hand, WHOLE, "conv3_block2")
    assert one.states == {"conv3_block2": "off"} and not one.switchboard.all_on
    two = tab.press(hand, replace(WHOLE, states=one.states), "conv3_block2")
    assert two.states == {"conv3_block2": "bare"}
    assert tab.press(hand, replace(WHOLE, states=two.states), "").states == {}
    assert tab.show_switchboard(None, WHOLE).all_on
    assert "rendered by a script" in tab.count_right(one.states, "none")


def test_two_blocks_that_are_swapped_are_named(network, hand, monkeypatch):
    board = switchboard_of(network)
    found = board.read(hand.crop[None] / np.float32(255), stage="conv4", digit=hand.reading.digit)
    monkeypatch.setattr(board, "read", lambda *_: found)
    shown = switchboard_card(network, hand, {}, "conv4", "conv4_block2 ↔ conv4_block3")
    assert shown.all_on and shown.sentence.startswith("Still read as")
    assert shown.sentence.endswith("two are swapped: conv4_block2 ↔ conv4_block3.")


def test_another_answer_is_told_beside_that_of_the_whole_network(network, hand, monkeypatch):
    board, read = switchboard_of(network), hand.reading.digit
    found = board.read(hand.crop[None] / np.float32(255), stage="conv4", digit=read)
    other = np.eye(6, dtype=np.float32)[[(hand.explanation.probabilities.argmax() + 1) % 6]]
    monkeypatch.setattr(board, "read", lambda *_: replace(found, probabilities=other))
    shown = switchboard_card(network, hand, {"conv3_block2": "off"}, "conv4", "none")
    assert re.match(r"Now read as \w+, over 99 %; the whole network says \w+, ", shown.sentence)


def test_stacks_learn_step_by_step(tab, monkeypatch):
    from explain.experiments.identity import Progress

    def learn(seed, blocks, steps):
        assert (seed, blocks) == (3, 2)
        yield from (Progress(step, 1 / step, 1.0) for step in (1, 2))

    monkeypatch.setattr("explain.experiments.identity.learn_identity", learn)
    assert list(tab.learn(2, 1.5)) == [NO_SEED]
    begun, _, last = tab.learn(2, 3)
    assert "two stacks" in begun and "step 2: residual 0.50" in last


@pytest.mark.slow
def test_blocks_open_and_other_landscapes_and_blocks_are_shown(tab, network, hand):
    assert "equal, to the last bit" in tab.open_blocks(0) and "Scale 0.5" in tab.open_blocks(0.5)
    one, turned = (tab.show_landscape(LandscapeChoice(1, turn)) for turn in (0, 90))
    assert one.landscape != turned.landscape
    assert (
        tab.open_block(hand, "conv4_block1").places
        == drawn_block(network, hand, "conv4_block1").places
    )


DAMAGES = {
    "cut": lambda text: text[: len(text) // 2],
    "empty": lambda text: b"",
    "a list": lambda text: b"[]",
    "nothing in it": lambda text: b"{}",
    "of other kinds": lambda text: json.dumps(dict.fromkeys(json.loads(text), 3)).encode(),
    "no text": lambda text: b"\xff\x00" * 50,
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    ("name", "station"),
    [
        ("gradient_flow_1", "gradients"),
        ("depth", "depth"),
        ("blocks_off", "main_paths"),
        ("landscape_plain-26-1", "landscape"),
        ("depth_26", None),
    ],
)
def test_a_damaged_record_is_not_recorded_and_only_its_station_says_so(
    tab, network, tmp_path, monkeypatch, capsys, name, station, damage
):
    for path in RECORDED.glob("*.json"):
        shutil.copy(path, tmp_path)
    bad = tmp_path / f"{name}.json"
    bad.write_bytes(DAMAGES[damage](bad.read_bytes()))
    if station == "landscape":
        (tmp_path / "landscape_residual-26-1.json").unlink()
    caches = (
        records.recorded,
        records.recorded_seeds,
        records.recorded_landscape,
        records.lesions_of,
    )
    monkeypatch.setattr(records, "RECORDED", tmp_path)
    monkeypatch.setattr(records, "load_record", lambda name: load_record(name, tmp_path))
    for each in caches:
        each.cache_clear()
    shown = vars(tab.arrive(None, GradientChoice(1, 0, False), LandscapeChoice(1, 30)))
    with gr.Blocks():
        gradient_card("", NUMBERS)
    records.lesions_of(network)
    for each in caches:
        each.cache_clear()
    stations = ("gradients", "depth", "main_paths", "landscape")
    assert [each for each in stations if "Not recorded" in shown[each]] == [
        each for each in stations if each == station
    ]
    told = capsys.readouterr().err
    assert str(bad) in told and "install the project again" in told and "Traceback" not in told
