"""The walk through the network, as the page shows it, with a tiny network."""

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from demo.inside import channels
from demo.inside.block_card import block_card, stage_words
from demo.inside.blocks import find_block, first_opened
from demo.inside.channels import (
    channel_card,
    channel_mosaic,
    climb_channel,
    made_pictures,
    what_it_looks_for,
)
from demo.inside.filters import filters
from demo.inside.handlers import Carried, Inside
from demo.inside.layer_table import layer_table
from demo.inside.network_map import bytes_text, network_map, size_line, view_line, words_line
from demo.inside.walk import walk
from demo.kit.drawn_block import drawn_block
from demo.kit.features import features_of
from demo.kit.network import Waking
from demo.kit.read_picture import KeptReading
from demo.kit.words import AS_READ
from explain.network.architecture import macs, memory, parameters
from explain.network.channels import store
from model.digits import WORDS
from model.network.weights_file import weights_digest


def names(network):
    return [block.name for block in network.summary.walk]


def test_the_map_has_every_part_with_its_shades(network, hand):
    drawn = "".join(stage.svg for stage in network_map(network, hand).stages)
    assert re.findall(r'data-block="(\w+)"', drawn) == names(network)
    for measure in ("parameters", "macs", "memory"):
        shades = [float(x) for x in re.findall(rf"--{measure}:([\d.]+)%", drawn)]
        assert len(shades) == len(names(network)) and max(shades) == 100
    answers = features_of(network, hand, hand.reading.digit)
    found = [float(x) for x in re.findall(r"--excited:([\d.]+)%", drawn)]
    means = [answers[x].activations.mean() for x in network.features.blocks]
    np.testing.assert_allclose(found, 100 * np.float32(means) / max(means), atol=0.06)


def test_the_scales_of_the_map_have_the_largest_values(network, hand):
    legends = {x.by: x for x in network_map(network, hand).legends}
    blocks = network.summary.walk
    assert legends["memory"].high == bytes_text(max(memory([x]) for x in blocks))
    assert legends["memory"].high.endswith("kB")
    assert legends["macs"].low == "0"
    assert legends["parameters"].low == str(min(parameters([x]) for x in blocks))


def test_the_whole_network_in_a_line(network):
    whole = network.summary.walk
    assert f"{parameters(whole):,} parameters" in size_line(network)
    assert "5 residual blocks" in size_line(network) and macs(whole) > 0
    assert "first convolution sees 7×7" in view_line(network)


def test_every_part_opens(network, hand):
    for name in names(network):
        shown = block_card(network, hand, name)
        facts = {fact.name: fact.value for fact in shown.facts}
        block = find_block(network, name)
        assert facts["parameters"] and facts["in"] == "×".join(map(str, block.input_shape))
        assert shown.finding.endswith(".")
        places = drawn_block(network, hand, name).places
        assert [place.first for place in places] == [True] + [False] * (len(places) - 1)
    change = network.features.features(hand.crop, 0)["conv3_block2_out"].change
    assert (
        f"is {round(100 * change)} % as large" in block_card(network, hand, "conv3_block2").finding
    )
    with pytest.raises(ValueError, match="There is no block conv9_block1"):
        block_card(network, hand, "conv9_block1")


def test_channels_come_in_the_order_of_what_they_add(network, hand):
    adds = network.features.features(hand.crop, 4)["conv4_block1_out"].adds
    shown = channel_mosaic(network, hand, "conv4_block1", 4)
    assert "four" in shown.words and len(shown.tiles) == 16
    assert [tile.channel for tile in shown.tiles] == np.argsort(-adds, kind="stable").tolist()
    told = [float(tile.adds.replace("−", "-")) for tile in shown.tiles]
    np.testing.assert_allclose(told, np.sort(adds)[::-1], atol=0.0006)
    assert [tile.pressed for tile in shown.tiles] == ["true"] + 15 * ["false"]


def test_the_heads_channels_are_those_of_the_last_block_and_exact(network, hand):
    head, last = (channel_mosaic(network, hand, name, 2) for name in ("head", "conv5_block1"))
    assert head.tiles == last.tiles and "exactly" in head.words
    assert "exactly" not in channel_mosaic(network, hand, "stem", 2).words


def test_a_stored_picture_is_shown_for_its_own_weights_alone(network, hand, tmp_path, monkeypatch):
    sheet = tmp_path / "channels.webp"
    grey = np.full((64, 64, 3), 90, np.uint8)
    monkeypatch.setattr("explain.network.channels.stored.__defaults__", (sheet,))
    for digest, shown in (("others", False), (weights_digest(network.classifier.model), True)):
        store({"conv2_block1_out": {3: grey}}, digest, sheet)
        channels.recorded_pictures.cache_clear()
        assert bool(channel_card(network, hand, "conv2_block1", 0, 3).looks) == shown
        assert not channel_card(network, hand, "conv2_block1", 0, 4).looks
    channels.recorded_pictures.cache_clear()


@pytest.mark.slow
def test_a_climb_tells_how_far_it_is_and_is_kept(network, hand, monkeypatch):
    monkeypatch.setattr("explain.network.channels.climb.__defaults__", (16, 8))
    monkeypatch.setattr("explain.network.channels.STEPS", 16)
    assert not what_it_looks_for(network, "conv3_block1_out", 2)
    found = list(
        climb_channel(network, "conv3_block1", channel_card(network, hand, "conv3_block1", 0, 2))
    )
    assert [step.done for step in found] == [0, 50, 100]
    assert [step.climbing for step in found] == [True, True, False]
    assert channel_card(network, hand, "conv3_block1", 0, 2).looks == found[-1].looks
    made_pictures(network).clear()


def test_the_table_has_every_layer(network):
    table = layer_table(network.summary)
    assert [row.name for row in table.rows] == [x.name for x in network.summary.layers]
    assert sum(row.parameters for row in table.rows) == network.classifier.model.count_params()
    assert [column.sort for column in table.columns] == ["ascending"] + ["none"] * 6


@pytest.fixture
def inside(network):
    return Inside(Waking(lambda: network))


def test_a_stage_is_compared_with_the_one_before_it(network):
    assert "at 1/4 of the picture's resolution" in stage_words(network, "conv2")
    assert stage_words(network, "conv3").startswith("Half the resolution of conv2, the same number")
    assert "the most blocks: two." in stage_words(network, "conv3")
    assert "2×2 cells each have the whole picture" in stage_words(network, "conv5")


def test_the_picture_is_carried_along(inside, hand):
    assert inside.carry(None) == Carried()
    shown = inside.carry(hand)
    assert shown.word == WORDS[hand.reading.digit] and shown.src.startswith("data:image/webp")
    none = replace(hand, reading=KeptReading(replace(hand.reading.whole(), is_hand=False)))
    assert shown.sure and not inside.carry(none).sure


def test_who_arrives_sees_the_network_and_the_block_that_was_open(inside, network, hand):
    first = inside.arrive(None, None, AS_READ)  # the example stands in
    assert first.block == first.network_map.chosen == first_opened(network)
    assert first.size_line == size_line(network) and "receptive field" in first.view_line
    later = inside.arrive(hand, "conv4_block1", AS_READ)
    assert later.block == later.block_card.name == later.channel_mosaic.block == "conv4_block1"
    assert later.drawn_block.places == drawn_block(network, hand, "conv4_block1").places


def test_a_block_is_opened_with_its_strongest_channel(inside, network, hand):
    shown = inside.open_block(hand, 4, "conv3_block1")
    assert shown.block == "conv3_block1" and "four" in shown.channel_mosaic.words
    assert shown.channel == shown.channel_mosaic.tiles[0].channel
    assert shown.channel_card == channel_card(network, hand, "conv3_block1", 4, shown.channel)
    with pytest.raises(ValueError, match="There is no block conv9_block1"):
        inside.open_block(hand, 4, "conv9_block1")


def test_channels_are_weighed_for_the_digit_that_was_read_or_another(inside, network, hand):
    as_read, other = inside.weigh(hand, "stem", AS_READ), inside.weigh(hand, "stem", 5)
    read = channel_mosaic(network, hand, "stem", hand.reading.digit)
    assert as_read.channel_mosaic == read and "five" in other.channel_mosaic.words
    assert inside.weigh(hand, None, AS_READ).channel_mosaic.block  # before any block is open


def test_a_channel_is_opened_and_climbs(inside, hand, monkeypatch):
    monkeypatch.setattr("explain.network.channels.climb.__defaults__", (16, 8))
    monkeypatch.setattr("explain.network.channels.STEPS", 16)
    shown = inside.open_channel(hand, "conv3_block1", AS_READ, 5)
    assert shown.channel == shown.channel_card.channel == 5
    *_, last = inside.climb(hand, "conv3_block1", AS_READ, 5)
    assert last.looks and last.words == shown.channel_card.words
    assert inside.open_channel(hand, "conv3_block1", AS_READ, 5).channel_card.looks
    made_pictures(inside.waking.network()).clear()


def test_the_walk_goes_from_the_picture_to_the_logits(network, hand):
    found = walk(network, hand)
    assert [step.name for step in found.steps] == ["", *names(network)]
    assert found.steps[0].title == "The picture" and found.steps[-1].title == "The logits"
    assert all(step.src.startswith("data:image/webp") for step in found.steps[:-1])
    best = int(hand.explanation.logits.argmax())
    assert WORDS[best] in found.steps[-1].words and len(found.logits) == len(WORDS)
    unsure = hand.reading.probabilities * 0 + 1 / len(WORDS)
    other = replace(hand, reading=replace(hand.reading.whole(), probabilities=unsure))
    assert "The answer, 17 %, takes in more than this part" in walk(network, other).steps[-1].words


def test_words_are_tied_together_by_their_numbers(network):
    blocks = len(network.summary.walk) - 2
    assert f"1 + 3 × {blocks} + 1 = {3 * blocks + 2} layers" in words_line(network)


def test_the_browser_gets_every_filter_and_the_exact_picture(network, hand):
    found = filters(network, hand)
    assert len(found.kernels) == len(found.biases)
    assert {len(kernel) for kernel in found.kernels} == {found.side**2 * 3}
    content = io.BytesIO(base64.b64decode(found.src.partition(",")[2]))
    picture = np.asarray(Image.open(content).convert("RGB"))
    np.testing.assert_array_equal(picture, hand.crop)
