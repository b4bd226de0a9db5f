"""What a visit leaves in memory, and for how long."""

from dataclasses import replace

import gradio as gr
import numpy as np
import pytest

from demo.kit.examples import or_example
from demo.kit.read_picture import (
    ERASED,
    ERASED_WORDS,
    KeptReading,
    explain_reading,
    packed,
    unpacked,
)
from demo.serve.visits import MOST_BYTES, MOST_EMPTY, Visits, size_of
from demo.try_it.handlers import in_hand
from demo.why_residual.handlers import whose

MEGA = 1_000_000


@pytest.fixture(scope="module")
def blocks():
    with gr.Blocks() as blocks:
        gr.State(None)
        gr.State({})
        gr.HTML("")
    return blocks


@pytest.fixture
def visits(blocks):
    def make(**bounds):
        made = Visits(**bounds)
        made.set_blocks(blocks)
        return made

    return make


def states(blocks) -> list[int]:
    return [key for key, block in blocks.blocks.items() if isinstance(block, gr.State)]


def picture(megabytes: int) -> np.ndarray:
    return np.zeros(megabytes * MEGA, np.uint8)


def test_the_visits_used_longest_ago_make_room(visits, blocks):
    held, (hand, scored) = visits(most_bytes=10 * MEGA), states(blocks)
    for name in ("a", "b", "c"):
        held[name][hand] = picture(4)
        held[name][scored] = {"sharp": picture(1)}
        assert held[name].bytes == 5 * MEGA
    assert held["b"][hand] is not ERASED and held["c"][hand] is not ERASED
    assert held["a"][hand] is ERASED and held["a"][scored] == {}


def test_a_visit_is_erased_after_its_time(visits, blocks):
    held, (hand, _) = visits(seconds=0), states(blocks)
    held["a"][hand] = picture(1)
    assert held["b"][hand] is None  # a newer visit never had one
    assert held["a"][hand] is ERASED


def test_the_last_visit_is_erased_after_its_time_and_nothing_of_it_is_cached(visits, blocks):
    held, (hand, _) = visits(seconds=60), states(blocks)
    held["a"][hand] = picture(1)
    file = packed(np.zeros((4, 4, 3), np.uint8), "PNG")
    kept = unpacked(file)
    held.delete_all_expired_state()
    assert held.session_data["a"].bytes and unpacked(file) is kept
    held.session_data["a"].used -= 61
    held.delete_all_expired_state()
    assert not held.session_data["a"].bytes and unpacked(file) is not kept


def test_calls_with_invented_visits_erase_nothing(visits, blocks):
    held, (hand, _) = visits(most_empty=20), states(blocks)
    held["a"][hand] = picture(1)
    for number in range(200):
        held[f"invented {number}"]
    assert held["a"][hand] is not ERASED
    assert len(held.session_data) <= 22


def test_a_picture_that_is_alone_too_large_is_kept_while_it_is_the_newest(visits, blocks):
    held, (hand, _) = visits(most_bytes=MEGA), states(blocks)
    held["a"][hand] = picture(2)
    assert held["a"][hand] is not ERASED
    held["b"]
    assert held["a"][hand] is ERASED


def test_nothing_that_a_component_showed_is_remembered(visits, blocks):
    visit = visits()["a"]
    shown = next(key for key, block in blocks.blocks.items() if isinstance(block, gr.HTML))
    visit._update_value_in_config(shown, "data:image/png;base64,AAAA")
    visit[shown] = gr.HTML("changed", render=False)
    assert not list(visit.components) and visit[shown].value == "changed"


def test_shared_parts_count_once():
    part = picture(1)
    assert size_of([part, {"again": part}, (part,), b"abc", "text", None]) == MEGA + 3


def test_whoever_asks_for_an_erased_picture_is_told_how_long_it_was_kept():
    with pytest.raises(gr.Error, match="kept for an hour"):
        in_hand(ERASED)
    assert "hour" in ERASED_WORDS and not ERASED
    with pytest.raises(gr.Error):  # the example does not stand in its place
        or_example(None, ERASED)
    assert whose(ERASED, "is read") == whose(None, "is read")


@pytest.mark.slow
def test_five_hundred_visits_with_a_photograph_take_less_than_a_gigabyte(network):
    rng = np.random.default_rng(0)
    soft = np.repeat(np.repeat(rng.integers(0, 255, (24, 32, 3)), 32, 0), 32, 1)
    grainy = (soft + rng.normal(0, 4, soft.shape)).clip(0, 255).astype(np.uint8)
    assert grainy.shape == (768, 1024, 3)  # of a telephone, as it is read
    hand = explain_reading(network, network.classifier.read(grainy))
    assert 500 * size_of(hand) < MOST_BYTES and MOST_EMPTY >= 500
    np.testing.assert_array_equal(hand.reading.picture, grainy)  # and nothing of it is lost
    assert hand.shown.shape == (512, 512, 3) and not hand.changed
    assert not replace(hand, threshold=1.0).changed


@pytest.mark.slow
def test_a_kept_reading_is_the_reading(network):
    reading = network.classifier.read(np.full((90, 70, 3), 80, np.uint8))
    whole = KeptReading(reading).whole()
    for name, value in vars(reading).items():
        np.testing.assert_array_equal(getattr(whole, name), value)
