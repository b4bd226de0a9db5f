import csv
import json
import shutil
from types import SimpleNamespace

import numpy as np
import pytest

from model import evaluate, train
from model.collections import loading
from model.collections.loading import Collection
from model.network.resnet import tiny
from model.synthetic.rendered import render
from model.train import Settings, average_into, cross_entropy, hand_accuracy, learning_rate
from model.training.augment import Mixture


def test_the_learning_rate_is_a_trapezoid():
    settings = Settings(steps=100, warmup=10, cooldown=20, learning_rate=1.0)
    assert learning_rate(0, settings) == pytest.approx(0.1)
    assert learning_rate(50, settings) == 1.0
    assert learning_rate(90, settings) == pytest.approx(0.5)
    assert learning_rate(99, settings) == pytest.approx(0.05)
    assert learning_rate(0, Settings(steps=100, warmup=0, learning_rate=1.0)) == 1.0


def test_no_hand_is_a_seventh_answer_whose_logit_is_zero():
    logits = np.float32([[2, 1, 0, -1, 0, 3], [2, 1, 0, -1, 0, 3]])
    targets = np.float32([[0, 1, 0, 0, 0, 0], [0] * 6])
    powers = np.exp([2, 1, 0, -1, 0, 3, 0])
    expected = -np.log(powers[[1, 6]] / powers.sum())
    np.testing.assert_allclose(cross_entropy(targets, logits), expected, rtol=1e-5)


def test_accuracy_counts_hands_only():
    targets = np.float32([[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [0] * 6])
    logits = np.float32([[2, 1, 0, 0, 0, 0], [2, 1, 0, 0, 0, 0], [2, 1, 0, 0, 0, 0]])
    assert float(hand_accuracy(targets, logits)) == 0.5


def test_without_a_cooldown_the_learning_rate_stays():
    settings = Settings(steps=100, warmup=10, learning_rate=1.0)
    assert learning_rate(99, settings) == 1.0


@pytest.mark.parametrize("power", [0, 1, 3])
def test_later_weights_count_as_a_power_of_their_number(power):
    model, average = tiny(), tiny()
    kernel, mean = model.weights[0], average.weights[0]
    for count in range(1, 7):
        kernel.assign(np.full(kernel.shape, count))
        average_into(average, model, count, power)
    # The rising factorial k (k + 1) ... (k + power - 1), which is about k to that power.
    shares = [np.prod([count + i for i in range(power)]) for count in range(1, 7)]
    expected = np.average(np.arange(1, 7), weights=shares)
    np.testing.assert_allclose(mean, np.full(mean.shape, expected), rtol=1e-5)


@pytest.fixture
def rendered_data(monkeypatch):
    """A collection of rendered hands in place of the photographs, in workers' processes as well."""
    rng = np.random.default_rng(0)
    digits = np.arange(12) % 6
    pictures = [render(int(digit), rng, size=64).picture for digit in digits]
    boxes = np.array([(0, 0, 64, 64)] * 12)
    groups = np.array([str(i) for i in range(12)])

    def load_all(split, folder=None):
        return [Collection("signs", split, "none", pictures, digits, groups, boxes)]

    def batches(settings, data, start, workers):
        pool = train.Pool(load_all("train"), Mixture(rendered_hands=6))
        step = start
        while True:
            yield pool.batch((settings.seed, step), settings.batch)
            step += 1

    monkeypatch.setattr(loading, "load_all", load_all)
    monkeypatch.setattr(train, "batches", batches)


@pytest.fixture
def strangers(monkeypatch):
    """Two collections of one hand each in every split."""

    def load(name, split, folder=None):
        picture = np.full((64, 64, 3), 90, np.uint8)
        box, group = np.array([[0, 0, 64, 64]]), np.array(["somebody"])
        return Collection(name, split, "", [picture], np.array([2]), group, box)

    monkeypatch.setattr(loading, "load", load)
    monkeypatch.setattr(
        datasets, "load_all", lambda split, folder=None: [load(n, split) for n in ("mine", "yours")]
    )


def test_what_is_left_out_is_not_trained_on_and_validates(strangers):
    settings = Settings(leave_out="yours")
    assert [c.name for c in train.training_data(settings, None)] == ["mine"]
    assert [c.name for c in train.training_data(Settings(), None)] == ["mine", "yours"]
    validating = [name for name, _, _ in train.Validation(settings, None).parts]
    assert validating == ["mine", "yours", "yours"]  # its training split, too
    assert [name for name, _, _ in train.Validation(Settings(), None).parts] == ["mine", "yours"]


def test_what_is_left_out_calibrates_nothing(strangers, monkeypatch):
    def watched(reader, collections):
        assert [c.name for c in collections] == ["mine"]
        return np.zeros((3, 6), np.float32), np.array([2, 2, 2])

    monkeypatch.setattr(evaluate, "hard_hands", watched)
    monkeypatch.setattr(evaluate, "empty_examples", lambda *_: {"rooms": ([], [])})
    monkeypatch.setattr(evaluate, "choose_threshold", lambda others: 1.0)
    evaluate.choose_calibration(None, gain=1.0, leave_out="yours")
    assert evaluate.cross_entropies(None, leave_out="yours") == {"mine": 1.7918}  # ln 6


def test_hard_hands_are_of_digits_that_are_there(strangers):
    reader = SimpleNamespace(logits=lambda pictures: np.zeros((len(pictures), 6), np.float32))
    logits, digits = evaluate.hard_hands(reader, loading.load_all("validation"), count=3)
    assert logits.shape == (3, 6) and digits.tolist() == [2, 2, 2]


def test_a_run_begins_with_blocks_that_do_nothing():
    model = tiny()
    train.silence_branches(model)
    gains = {layer.name: layer.gamma for layer in model.layers if layer.name.endswith("_bn")}
    silent = {name for name, gamma in gains.items() if not np.any(gamma)}
    assert silent == {name for name in gains if name.endswith("_3_bn")} != set()


def test_a_resumed_run_ends_as_an_unbroken_one(rendered_data, tmp_path, monkeypatch):
    settings = Settings(steps=4, batch=4, warmup=1, cooldown=2, validate_every=2)
    save = train.save_checkpoint

    def save_and_keep_the_first(path, step, groups):
        save(path, step, groups)
        if step == 2:  # what a run leaves that is killed after its second validation
            shutil.copytree(path.parent, tmp_path / "broken")

    monkeypatch.setattr(train, "save_checkpoint", save_and_keep_the_first)
    whole = train.train(settings, tmp_path / "whole", build=tiny)
    resumed = train.train(settings, tmp_path / "broken", resume=True, build=tiny)
    for one, other in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)
    with open(tmp_path / "broken/history.csv", newline="") as file:
        assert [line["step"] for line in csv.DictReader(file)] == ["2", "4"]


def test_resuming_from_nothing_is_one_sentence(rendered_data, tmp_path):
    with pytest.raises(ValueError, match="no checkpoint"):
        train.train(Settings(steps=2), tmp_path, resume=True, build=tiny)


def test_a_run_writes_weights_and_their_story(rendered_data, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "commit", lambda: "abc")
    monkeypatch.setattr(evaluate, "split_examples", lambda split, data: {split: []})
    monkeypatch.setattr(evaluate, "split_scores", list)
    monkeypatch.setattr(evaluate, "empty_scores", lambda *_: {})
    monkeypatch.setattr(evaluate, "lightness_scores", lambda *_: {})
    arguments = ["--tiny", "--steps", "2", "--batch", "4", "--run", str(tmp_path)]
    train.main(arguments)
    about = json.loads((tmp_path / "weights.json").read_text())
    assert about["commit"] == "abc" and about["scores"] == ["test"]
    assert about["data"]["signs"] == {"pictures": 12, "licence": "none"}
    train.load_weights(tiny(), tmp_path / "weights.npz")
    assert (tmp_path / "weights.csv").read_text() == (tmp_path / "history.csv").read_text()
    with pytest.raises(SystemExit, match="holds a run already"):
        train.main(arguments)
    monkeypatch.setattr(evaluate, "split_scores", lambda _: "again")
    train.main(["--tiny", "--score-again", str(tmp_path / "weights.npz")])
    again = json.loads((tmp_path / "weights.json").read_text())
    assert again == about | {"scores": "again"}
    (tmp_path / "weights.json").unlink()
    with pytest.raises(SystemExit, match="is missing"):
        train.main(["--tiny", "--score-again", str(tmp_path / "weights.npz")])
