"""The page of another network: what it shows of a picture, and when it does not open."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from PIL import Image

import app
from demo.any_classifier import trust
from demo.any_classifier.answer import SHOWN, answer
from demo.any_classifier.handlers import AnyClassifier, in_hand
from demo.any_classifier.inside import block_card, network_map
from demo.any_classifier.network import AnyNetwork
from demo.any_classifier.page import build
from demo.any_classifier.read_image import ReadImage
from demo.kit.read_picture import ERASED
from demo.kit.words import AS_READ
from demo.try_it.request import MapLook
from explain.maps.stage_maps import StageExplainer
from explain.network.any_architecture import describe
from model.reading.decoder import Decoders
from tests.any_models import APPLICATIONS, application, small, tutorial

pytestmark = pytest.mark.slow  # most of these run a network

LOOK = MapLook("stage 2", 70, False, False)
NEVER = re.compile(r"no hand|digit|finger", re.I)


def of(classifier) -> AnyNetwork:
    explainer = StageExplainer(classifier)
    return AnyNetwork(classifier, explainer, describe(classifier.model))


@pytest.fixture(scope="module")
def network():
    return of(small())


@pytest.fixture(scope="module")
def handlers(network):
    return AnyClassifier(network, Decoders())


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    path = tmp_path_factory.mktemp("pictures") / "noise.png"
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    Image.fromarray(noise).save(path)
    return str(path)


@pytest.fixture(scope="module")
def hand(handlers, picture):
    return handlers.read(picture, LOOK).hand


def test_a_picture_gets_a_class_its_probabilities_and_a_map(handlers, picture):
    read = handlers.read(picture, LOOK)
    assert read.answer.word in handlers.network.names and len(read.answer.bars) == 4
    assert read.answer.bars[0].name == read.answer.word
    assert read.heat.shape == (512, 512, 3) and read.of_class == AS_READ
    assert "conv2d_1" in read.caption and "11×11 cells" in read.caption
    assert not NEVER.search(f"{read.answer} {read.caption}")


def test_no_picture_and_a_damaged_one_are_said(handlers, tmp_path):
    assert handlers.read(None, LOOK).hand is None
    (tmp_path / "text.png").write_text("hello")
    refused = handlers.read(str(tmp_path / "text.png"), LOOK)
    assert refused.hand is None and "cannot" not in refused.answer.headline
    assert "is not a picture" in refused.answer.sentence
    for nothing, says in ((None, "Put in a picture first"), (ERASED, "is gone")):
        with pytest.raises(gr.Error, match=says):
            in_hand(nothing)


def test_another_class_keeps_the_scale_of_the_one_that_was_read(handlers, hand):
    other = hand.order[-1]
    explained = handlers.explain(hand, other, LOOK)
    assert explained.hand.maps.chosen == other and explained.hand.tops == hand.tops
    assert f"The scale is that of the class that was read, {small().names[hand.best]}" in (
        explained.caption
    )
    back = handlers.explain(explained.hand, AS_READ, LOOK)
    np.testing.assert_array_equal(back.heat, handlers.show(hand, LOOK).heat)


def test_of_many_classes_the_most_probable_are_shown(hand):
    probabilities = np.full(1000, 0.0005, np.float32)
    probabilities[7] = 0.5
    many = replace(hand, probabilities=probabilities, logits=np.log(probabilities))
    said = answer(many, [f"<b>{number}</b>" for number in range(1000)])
    assert len(said.bars) == SHOWN and said.word == "<b>7</b>"
    assert said.rest == "and 990 more, each less probable"


def test_names_are_text_and_no_markup(handlers, hand):
    named = AnyClassifier(of(small()), handlers.decoders)
    named.network.classifier.names[hand.best] = "<script>"
    try:
        assert "<script>" not in named.show(hand, LOOK).caption
    finally:
        named.network.classifier.names[:] = ["cat", "dog", "fox", "owl"]


def test_the_map_has_every_block_once(network):
    drawn = "".join(stage.svg for stage in network_map(network).stages)
    blocks = [block.name for stage in network.summary.stages for block in stage.blocks]
    assert re.findall(r'data-block="([^"]+)"', drawn) == blocks
    card = block_card(network, "conv2d_1")
    assert card.words == "Its layers: 2×2 max pooling, stride 2, 3×3 convolution, ReLU."
    assert {fact.name: fact.value for fact in card.facts}["a cell sees"] == "8×8 pixels"
    with pytest.raises(ValueError, match="There is no block nose"):
        block_card(network, "nose")


def test_the_map_is_tested_against_random_ones(handlers, hand):
    (checked,) = handlers.check(hand, "stage 2")
    assert "the map of stage 2" in checked.charts
    assert re.search(r"better than (only )?\d+ of 10 random maps", checked.checks.badges[0].words)
    assert checked.covered.words and checked.covered.after.startswith("data:image/webp")
    assert not NEVER.search(f"{checked.checks} {checked.covered.words} {checked.charts}")


def test_the_network_forgets_and_knows_all_again(handlers, hand):
    before = handlers.network.classifier.logits(hand.crop[None] / np.float32(255))
    *_, last = handlers.forget(hand, "stage 2")
    assert [each.name for each in last.maps] == [
        "as learned",
        "head",
        "+ stage 3",
        "+ stage 2",
        "+ stage 1",
    ]
    assert len(last.badges) == 2 and last.words
    after = handlers.network.classifier.logits(hand.crop[None] / np.float32(255))
    np.testing.assert_array_equal(before, after)
    *_, again = handlers.forget(hand, "stage 2")
    assert again == last


@pytest.mark.slow
def test_other_methods_explain_the_same(handlers, hand):
    *_, last = handlers.methods(hand, "stage 2")
    assert [card.name for card in last.cards][:2] == ["Grad-CAM", "Grad-CAM++"]
    assert all(card.src and card.beats.endswith("of 10") for card in last.cards)
    assert not NEVER.search(f"{last.words} {[card.shows + card.misleads for card in last.cards]}")


@pytest.mark.slow
@pytest.mark.parametrize("name", APPLICATIONS)
def test_networks_of_keras_have_the_whole_page(name, picture):
    network = of(application(name))
    build(network)
    handlers = AnyClassifier(network, Decoders())
    look = replace(LOOK, stage="stage 4")
    hand = handlers.read(picture, look).hand
    assert isinstance(hand, ReadImage) and [*hand.maps.signed] == [
        f"stage {number}" for number in range(1, 6)
    ]
    assert next(handlers.check(hand, "stage 4")).covered.words
    assert next(trust.forget(network, hand, "stage 4")).maps[0].name == "as learned"
    assert network_map(network).stages[0].svg


def test_the_page_says_what_it_leaves_out(network):
    page, _ = build(network)
    shown = json.dumps(page.config["components"], default=str)
    assert "There are no such twins of tutorial, so they are left out" in shown
    assert "there are no scores to show" in shown
    visible = re.sub(r"<svg.*?</svg>", "", shown)
    assert "no hand" not in visible


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--labels", "names.txt"], "name it with --model"),
        (["--model", "it.keras", "--mcp"], "cannot be combined with --weights or --mcp"),
        (["--model", "it.keras", "--weights", "it.npz"], "cannot be combined with --weights"),
        (["--model", "it.keras", "--scale", "0..9"], "invalid choice: '0..9'"),
    ],
)
def test_flags_that_do_not_go_together_are_refused(flags, says, capsys):
    with pytest.raises(SystemExit):
        app.main(flags)
    assert says in capsys.readouterr().err


@pytest.mark.slow
def test_a_network_that_cannot_be_drawn_is_refused_at_the_start(tmp_path):
    tutorial(units=1, activation="sigmoid").save(tmp_path / "it.keras")
    done = subprocess.run(
        [sys.executable, "app.py", "--model", tmp_path / "it.keras", "--scale", "-1..1"],
        cwd=Path(app.__file__).parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and not done.stdout
    assert done.stderr.splitlines()[-1].startswith("it.keras gives 1; a classifier")
