"""The walk through the network, as the page shows it, with a tiny network."""

import re

import numpy as np
import pytest

from demo.inside import views as walk
from demo.inside.views import (
    channel_view,
    climbing,
    layer_table,
    looks,
    made,
    mosaic,
    network_map,
    opened,
    part,
    totals,
    walked,
)
from demo.kit.drawn_block import drawn_block
from explain.network.architecture import macs, memory, parameters
from explain.network.channels import store
from model.network.weights_file import weights_digest


def names(network):
    return [block.name for block in network.summary.walk]


def test_the_map_has_every_part_with_its_shades(network, hand):
    drawn = "".join(stage["svg"] for stage in network_map(network, hand)["stages"])
    assert re.findall(r'data-block="(\w+)"', drawn) == names(network)
    for measure in ("parameters", "macs", "memory"):
        shades = [float(x) for x in re.findall(rf"--{measure}:([\d.]+)%", drawn)]
        assert len(shades) == len(names(network)) and max(shades) == 100
    answers = walk.features(network, hand, hand.reading.digit)
    found = [float(x) for x in re.findall(r"--excited:([\d.]+)%", drawn)]
    means = [answers[x].activations.mean() for x in network.features.blocks]
    np.testing.assert_allclose(found, 100 * np.float32(means) / max(means), atol=0.06)


def test_the_scales_of_the_map_have_the_largest_values(network, hand):
    legends = {x["by"]: x for x in network_map(network, hand)["legends"]}
    blocks = network.summary.walk
    assert legends["memory"]["high"] == walk.bytes_text(max(memory([x]) for x in blocks))
    assert legends["memory"]["high"].endswith("kB")
    assert legends["macs"]["low"] == "0"
    assert legends["parameters"]["low"] == str(min(parameters([x]) for x in blocks))


def test_the_whole_in_a_line(network):
    whole = network.summary.walk
    assert f"{parameters(whole):,} parameters" in totals(network)
    assert "5 residual blocks" in totals(network) and macs(whole) > 0
    assert "conv1 sees 7×7" in walked(network)


def test_every_part_opens(network, hand):
    for name in names(network):
        shown = opened(network, hand, name)
        facts = {fact["name"]: fact["value"] for fact in shown["facts"]}
        block = part(network, name)
        assert facts["parameters"] and facts["in"] == "×".join(map(str, block.input_shape))
        assert shown["finding"].endswith(".")
        places = drawn_block(network, hand, name)["places"]
        assert [place["first"] for place in places] == [True] + [False] * (len(places) - 1)
    change = network.features.features(hand.crop, 0)["conv3_block2_out"].change
    assert f"has {round(100 * change)} %" in opened(network, hand, "conv3_block2")["finding"]
    with pytest.raises(ValueError, match="There is no block conv9_block1"):
        opened(network, hand, "conv9_block1")


def test_channels_come_in_the_order_of_what_they_add(network, hand):
    adds = network.features.features(hand.crop, 4)["conv4_block1_out"].adds
    shown = mosaic(network, hand, "conv4_block1", 4)
    assert "four" in shown["words"] and len(shown["tiles"]) == 16
    assert [tile["channel"] for tile in shown["tiles"]] == np.argsort(-adds, kind="stable").tolist()
    told = [float(tile["adds"].replace("−", "-")) for tile in shown["tiles"]]
    np.testing.assert_allclose(told, np.sort(adds)[::-1], atol=0.0006)
    assert [tile["pressed"] for tile in shown["tiles"]] == ["true"] + 15 * ["false"]


def test_the_heads_channels_are_those_of_the_last_block_and_exact(network, hand):
    head, last = (mosaic(network, hand, name, 2) for name in ("head", "conv5_block1"))
    assert head["tiles"] == last["tiles"] and "exactly" in head["words"]
    assert "exactly" not in mosaic(network, hand, "stem", 2)["words"]


def test_a_stored_picture_is_shown_for_its_own_weights_alone(network, hand, tmp_path, monkeypatch):
    sheet = tmp_path / "channels.webp"
    grey = np.full((64, 64, 3), 90, np.uint8)
    monkeypatch.setattr("explain.network.channels.stored.__defaults__", (sheet,))
    for digest, shown in (("others", False), (weights_digest(network.classifier.model), True)):
        store({"conv2_block1_out": {3: grey}}, digest, sheet)
        walk.kept.cache_clear()
        assert bool(channel_view(network, hand, "conv2_block1", 0, 3)["looks"]) == shown
        assert not channel_view(network, hand, "conv2_block1", 0, 4)["looks"]
    walk.kept.cache_clear()


def test_a_climb_tells_how_far_it_is_and_is_kept(network, hand, monkeypatch):
    monkeypatch.setattr("explain.network.channels.climb.__defaults__", (16, 0, 8))
    monkeypatch.setattr("explain.network.channels.STEPS", 16)
    assert not looks(network, "conv3_block1_out", 2)
    found = list(climbing(network, "conv3_block1", 2))
    assert [step["done"] for step in found] == [0, 50, 100]
    assert [step["climbing"] for step in found] == [True, True, False]
    assert channel_view(network, hand, "conv3_block1", 0, 2)["looks"] == found[-1]["looks"]
    made(network).clear()


def test_the_table_has_every_layer(network):
    table = layer_table(network)
    assert [row["name"] for row in table["rows"]] == [x.name for x in network.summary.layers]
    assert (
        sum(row["parameters"] for row in table["rows"]) == network.classifier.model.count_params()
    )
    assert [column["sort"] for column in table["columns"]] == ["ascending"] + ["none"] * 6
