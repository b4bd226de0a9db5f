import keras
import numpy as np
import pytest

from explain.network.channels import (
    Features,
    climb,
    influential_channels,
    looked_for,
    main,
    store,
    stored,
)
from explain.network.passes import Passes
from model.network.weights_file import weights_digest
from model.reading.classifier import HandClassifier
from tests.explain.conftest import crop

pytestmark = pytest.mark.slow  # most of these run a network


@pytest.fixture(scope="module")
def features(small):
    return Features(Passes(small.folded))


def test_at_the_last_block_the_channels_add_up_to_the_logit(small, features):
    found = features.features(crop(), 4)["conv5_block1_out"]
    logit = small.logits(crop()[None] / np.float32(255))[0, 4]
    bias = small.folded.get_layer("predictions").bias[4]
    assert found.activations.shape == (2, 2, 16) and abs(logit - bias) > 0.1
    np.testing.assert_allclose(found.adds.sum(), logit - bias, rtol=1e-4, atol=1e-5)
    assert found.adds[found.strongest[0]] == found.adds.max()
    assert (np.diff(found.adds[found.strongest]) <= 0).all()


def test_what_a_channel_adds_is_the_slope_when_it_is_dimmed(small, features):
    block = "conv3_block2_out"
    found = features.features(crop(), 1)[block]
    rest = keras.Model(small.folded.get_layer(block).output, small.folded.output)
    channel, step = found.strongest[0], 1e-3
    dimmed = found.activations.copy()
    dimmed[..., channel] *= 1 - step
    before, after = rest(np.stack([found.activations, dimmed])).numpy()[:, 1]
    assert found.adds[channel] > 0.01
    np.testing.assert_allclose((before - after) / step, found.adds[channel], rtol=0.05)


def test_how_much_a_block_changed_what_passed_through(small, features):
    found = features.features(crop(), 0)
    assert found["conv1_relu"].change is None
    names = ("conv3_block1_out", "conv3_block2_3_conv")
    staged = keras.Model(small.folded.input, [small.folded.get_layer(n).output for n in names])
    shortcut, main_path = staged(crop()[None] / np.float32(255))
    expected = np.linalg.norm(main_path) / np.linalg.norm(shortcut)
    assert found["conv3_block2_out"].change == pytest.approx(expected, rel=1e-3)


@pytest.mark.slow
def test_what_a_channel_looks_for_excites_it(small, features):
    channels = influential_channels(features, 2)["conv3_block2_out"]
    pictures = looked_for(small, "conv3_block2_out", channels, steps=12)
    assert pictures.shape == (2, 64, 64, 3) and pictures.dtype == np.uint8
    grey = np.full((64, 64, 3), 128, np.uint8)
    for channel, picture in zip(channels, pictures, strict=True):
        excited, plain = (
            features.features(x, 0)["conv3_block2_out"].activations[..., channel].mean()
            for x in (picture, grey)
        )
        assert excited > plain


def test_what_is_stored_belongs_to_its_weights(tmp_path):
    pictures = {"conv1_relu": {3: even(10), 5: even(90)}, "conv2_block1_out": {7: even(200)}}
    store(pictures, "these", tmp_path / "channels.webp")
    assert stored("others", tmp_path / "channels.webp") == {}
    assert stored("these", tmp_path / "nowhere.webp") == {}
    found = stored("these", tmp_path / "channels.webp")
    assert {block: [*kept] for block, kept in found.items()} == {
        "conv1_relu": [3, 5],
        "conv2_block1_out": [7],
    }
    for block, kept in pictures.items():
        for channel, picture in kept.items():
            np.testing.assert_allclose(found[block][channel], picture, atol=8)


def even(value: int) -> np.ndarray:
    return np.full((64, 64, 3), value, np.uint8)


@pytest.mark.slow
def test_the_script_writes_a_sheet_of_every_block(tmp_path, monkeypatch, small, capsys):
    monkeypatch.setattr(HandClassifier, "load", lambda path: small)
    sheet = tmp_path / "channels.webp"
    main(["--count", "2", "--steps", "2", "--to", str(sheet)])
    found = stored(weights_digest(small.model), sheet)
    assert list(found) == Features(Passes(small.folded)).blocks
    assert {len(kept) for kept in found.values()} == {2}
    assert "conv5_block1_out: " in capsys.readouterr().out


def test_a_climb_shows_what_it_has_on_the_way(small):
    shown = list(climb(small, "conv2_block1_out", [1, 4], steps=5, every=2))
    assert [done for done, _ in shown] == [2, 4, 5]
    assert all(pictures.shape == (2, 64, 64, 3) for _, pictures in shown)
    assert not np.array_equal(shown[0][1], shown[-1][1])
