import hashlib
import json
import subprocess
from types import SimpleNamespace

import numpy as np
import pytest

from model.network.resnet import network, tiny
from model.network.stages import TINY_STAGES
from model.network.weights_file import (
    WEIGHTS,
    get_back,
    load_weights,
    notes_of,
    save_weights,
    weight_arrays,
    weights_digest,
)
from model.reading.classifier import Calibration, HandClassifier, softmax
from model.reading.find_hand import evidence, find_hand
from model.reading.notes import read_notes


@pytest.fixture(scope="module")
def classifier():
    return HandClassifier(tiny())


def test_softmax_of_large_logits():
    np.testing.assert_allclose(softmax(np.float32([1000, 1000])), [0.5, 0.5])


def test_a_reading_holds_together(classifier):
    picture = np.random.default_rng(0).integers(0, 256, (90, 70, 3), dtype=np.uint8)
    reading = classifier.read(picture)
    assert reading.digit == reading.probabilities.argmax()
    assert reading.probabilities.sum() == pytest.approx(1)
    assert reading.box == (0, 0, 70, 90)
    np.testing.assert_array_equal(reading.picture, picture)
    expected = classifier.predict(reading.crop[None] / np.float32(255))[0]
    np.testing.assert_allclose(reading.probabilities, expected, rtol=1e-5)


@pytest.mark.slow
def test_the_evidence_is_that_of_all_that_counts_together(classifier):
    finder = HandClassifier(classifier.model, Calibration(hand=np.inf))
    picture = np.random.default_rng(3).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    _, together = find_hand(picture, finder.logits, finder.scan)
    assert finder.read(picture).evidence == pytest.approx(evidence(together), rel=1e-4)
    whole = finder.read(picture, find=False)
    alone = finder.logits(whole.crop[None] / np.float32(255))[0]
    assert whole.evidence == pytest.approx(evidence(alone), rel=1e-4)


def test_the_temperature_softens_probabilities_and_changes_no_digit(classifier):
    logits = np.float32([2, 1, 0, 0, 0, 0])
    soft = HandClassifier(classifier.model, Calibration(temperature=4)).probabilities(logits)
    np.testing.assert_allclose(soft, softmax(logits / 4), rtol=1e-6)
    assert soft[0] < classifier.probabilities(logits)[0] and soft.argmax() == 0


def test_pictures_are_predicted_as_they_are_read(classifier):
    warm = HandClassifier(classifier.model, Calibration(temperature=0.5))
    reading = warm.read(np.random.default_rng(2).integers(0, 256, (64, 64, 3), np.uint8))
    predicted = warm.predict(reading.crop[None] / np.float32(255))[0]
    np.testing.assert_allclose(predicted, reading.probabilities, rtol=1e-4)


def test_the_compiled_pass_equals_the_network(classifier):
    pictures = np.random.default_rng(1).random((7, 64, 64, 3), np.float32)
    expected = np.asarray(classifier.model(pictures, training=False))
    np.testing.assert_allclose(classifier.logits(pictures), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.slow
def test_weights_survive_the_file(tmp_path):
    one, other = tiny(), tiny()
    save_weights(one, tmp_path / "tiny.npz")
    load_weights(other, tmp_path / "tiny.npz")
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a.astype(np.float16), b)
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.npz"]
    assert weights_digest(one) == weights_digest(other) != weights_digest(tiny())


def test_missing_damaged_and_foreign_weights_get_one_sentence(tmp_path, classifier):
    with pytest.raises(ValueError, match="There are no weights at .*none.npz"):
        load_weights(tiny(), tmp_path / "none.npz")
    whole, half = tmp_path / "whole.npz", tmp_path / "half.npz"
    save_weights(tiny(), whole)
    half.write_bytes(whole.read_bytes()[:5000])
    with pytest.raises(ValueError, match="half.npz is damaged"):
        load_weights(tiny(), half)
    np.savez(tmp_path / "foreign.npz", kernel=np.zeros(3))
    with pytest.raises(ValueError, match="another network"):
        load_weights(tiny(), tmp_path / "foreign.npz")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hands.weights.h5", "hands.keras", "hands.h5", "hands.weights"])
def test_what_keras_saves_of_the_network_is_read(tmp_path, name, classifier):
    saved, one = tmp_path / name, classifier.model
    if name == "hands.weights":  # the name says nothing; what is in the file does
        one.save_weights(tmp_path / "hands.weights.h5")
        (tmp_path / "hands.weights.h5").rename(saved)
    elif ".weights" in name:
        one.save_weights(saved)
    else:
        one.save(saved)
    other = tiny()
    load_weights(other, saved)
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    plain = network(TINY_STAGES, stem=4, name="narrower")
    before = plain.get_weights()
    with pytest.raises(ValueError, match="another network"):
        load_weights(plain, saved)
    for a, b in zip(before, plain.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    saved.write_bytes(saved.read_bytes()[:20000])
    with pytest.raises(ValueError, match="is damaged or holds no weights; name an .npz"):
        load_weights(other, saved)


def test_a_folder_and_weights_that_are_no_numbers_get_one_sentence(tmp_path, classifier):
    with pytest.raises(ValueError, match="is a folder; name the file"):
        load_weights(classifier.model, tmp_path)
    arrays = weight_arrays(classifier.model)
    next(iter(arrays.values())).flat[0] = np.nan
    np.savez(tmp_path / "diverged.npz", **arrays)
    with pytest.raises(ValueError, match="train again with a smaller"):
        load_weights(classifier.model, tmp_path / "diverged.npz")


@pytest.mark.parametrize("name", ["hands.npz", "hands.weights.h5", "hands.keras", "hands.h5"])
def test_the_notes_of_weights_lie_beside_them(tmp_path, name):
    assert notes_of(tmp_path / name) == tmp_path / "hands.json"


@pytest.mark.weights
@pytest.mark.slow
def test_the_shipped_weights_are_small_and_read_hands_that_are_made_and_drawn():
    from model.scoring.failures import readings

    assert WEIGHTS.stat().st_size < 50_000_000
    shipped = HandClassifier.load()
    about = json.loads(WEIGHTS.with_suffix(".json").read_text("utf-8"))
    assert shipped.calibration == Calibration(**about["calibration"])
    for style, read in readings(shipped, 12).items():
        right = [reading.digit == digit for reading, digit in read]
        assert np.mean(right) > 0.8, style


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_finite_numbers_are_refused(tmp_path, value):
    model = tiny()
    kernel = model.get_layer("predictions").kernel
    kernel.assign(np.where(np.arange(6) == 2, value, np.asarray(kernel)))
    save_weights(model, tmp_path / "bad.npz")
    with pytest.raises(ValueError, match=r"bad\.npz holds weights that are not finite numbers"):
        load_weights(tiny(), tmp_path / "bad.npz")


@pytest.mark.slow
def test_weights_are_read_or_refused_wherever_they_are_cut_or_changed(tmp_path):
    whole, bad = tmp_path / "whole.npz", tmp_path / "bad.npz"
    save_weights(tiny(), whole)
    content, model, refused = whole.read_bytes(), tiny(), {"cut": 0, "changed": 0}
    random = np.random.default_rng(5)
    for place in random.integers(0, len(content), 12).tolist():
        flipped = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        for kind, damaged in (("cut", content[:place]), ("changed", flipped)):
            bad.write_bytes(damaged)
            said = ""
            try:
                load_weights(model, bad)
            except ValueError as error:
                said = str(error)
                refused[kind] += 1
            assert not said or (said.startswith(str(bad)) and said.endswith("."))
    assert refused["cut"] == 12 and refused["changed"] > 6


NOTES = {
    "calibration": {"hand": 4.0, "temperature": 1.1, "sure": 6.4},
    "light": {name: list(range(21)) for name in ("brightness", "contrast", "busyness")},
}


@pytest.fixture
def weights(tmp_path):
    (tmp_path / "w.npz").write_bytes(b"weights")
    return tmp_path / "w.npz"


def test_notes_are_read_and_must_be_of_these_weights(weights):
    notes = weights.with_suffix(".json")
    notes.write_text(json.dumps(NOTES | {"sha256": hashlib.sha256(b"weights").hexdigest()}))
    found = read_notes(weights)
    assert found.calibration == Calibration(4.0, 1.1, 6.4) and found.light == NOTES["light"]
    weights.write_bytes(b"others")
    with pytest.raises(
        ValueError, match=r"w\.npz is not the file that .*w\.json was written for; score"
    ):
        read_notes(weights)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "3",
        "null",
        '"text"',
        "[" * 100_000,
        '{"calibration": 3}',
        '{"calibration": {"hand": "4"}}',
        '{"calibration": {"hand": null}}',
        '{"calibration": {"temperature": 0}}',
        '{"calibration": {"temperature": -1.0}}',
        '{"calibration": {"temperature": NaN}}',
        '{"calibration": {"sure": Infinity}}',
        '{"calibration": {"sure": true}}',
        '{"light": [1, 2]}',
        '{"light": {"brightness": [1, 2]}}',
        '{"light": {"brightness": 3}}',
        json.dumps({"light": NOTES["light"] | {"contrast": list(range(21, 0, -1))}}),
        json.dumps({"light": NOTES["light"] | {"contrast": [None] * 21}}),
        json.dumps({"light": {"contrast": list(range(21))}}),
        '{"sha256": 3}',
    ],
)
def test_damaged_notes_are_named_with_what_to_do(weights, content):
    weights.with_suffix(".json").write_text(content)
    with pytest.raises(
        ValueError, match=r"w\.json is damaged; score the weights again with .*--score-again .*`\.$"
    ):
        read_notes(weights)


def test_what_is_shipped_is_restored_by_git(monkeypatch):
    found = SimpleNamespace(returncode=0)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: found)
    assert get_back(WEIGHTS.with_suffix(".json"), "") == (
        f"get it back with `git -C {WEIGHTS.parent} checkout -- resnet50.json`"
    )
