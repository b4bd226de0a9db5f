import ast
import csv
import hashlib
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from model import train
from model.collections import loading
from model.collections.loading import Collection
from model.digits import NO_HAND
from model.network.resnet import tiny
from model.network.weights_file import load_weights
from model.reading.box_regression import ARRAYS, boxes_of, save_boxes
from model.reading.notes import digest_of
from model.scoring import calibration, scorecard, trained
from model.synthetic.rendered import render
from model.training import loop
from model.training.averaging import average_into
from model.training.loss import cross_entropy, hand_accuracy
from model.training.mixture import Mixture, make_pool
from model.training.settings import Settings, learning_rate
from model.training.validation import Validation


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


@pytest.mark.slow
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

    def batches(paths, mixture, seed, count, start, workers):
        pool = make_pool(load_all("train"), Mixture(rendered_hands=6))
        step = start
        while True:
            yield pool.batch((seed, step), count)
            step += 1

    monkeypatch.setattr(loading, "load_all", load_all)
    monkeypatch.setattr(loop, "batches", batches)
    monkeypatch.setattr(loop, "prepare_all", lambda *_: [])


@pytest.fixture
def strangers(monkeypatch):
    """Two collections of one hand each in every split."""

    def load(name, split, folder=None):
        picture = np.full((64, 64, 3), 90, np.uint8)
        box, group = np.array([[0, 0, 64, 64]]), np.array(["somebody"])
        return Collection(name, split, "", [picture], np.array([2]), group, box)

    monkeypatch.setattr(loading, "load", load)
    monkeypatch.setattr(
        loading, "load_all", lambda split, folder=None: [load(n, split) for n in ("mine", "yours")]
    )


def test_what_is_left_out_validates(strangers):
    settings = Settings(leave_out="yours")
    validating = [name for name, _, _ in Validation(settings, None).parts]
    assert validating == ["mine", "yours", "yours"]  # its training split, too
    assert [name for name, _, _ in Validation(Settings(), None).parts] == ["mine", "yours"]


def test_what_is_left_out_calibrates_nothing(strangers, monkeypatch):
    def watched(reader, collections):
        assert [c.name for c in collections] == ["mine"]
        return np.zeros((3, 6), np.float32), np.array([2, 2, 2])

    monkeypatch.setattr(calibration, "hard_hands", watched)
    monkeypatch.setattr(calibration, "empty_examples", lambda *_: {"rooms": ([], [])})
    monkeypatch.setattr(calibration, "strangers", lambda *_: {})
    calibration.choose_calibration(None, leave_out="yours")
    assert calibration.cross_entropies(None, leave_out="yours") == {"mine": 1.7918}  # ln 6


def test_hard_hands_are_of_digits_that_are_there(strangers):
    reader = SimpleNamespace(logits=lambda pictures: np.zeros((len(pictures), 6), np.float32))
    logits, digits = calibration.hard_hands(reader, loading.load_all("validation"), count=3)
    assert logits.shape == (3, 6) and digits.tolist() == [2, 2, 2]


def test_a_run_begins_with_blocks_that_do_nothing():
    model = tiny()
    loop.silence_branches(model)
    gains = {layer.name: layer.gamma for layer in model.layers if layer.name.endswith("_bn")}
    silent = {name for name, gamma in gains.items() if not np.any(gamma)}
    assert silent == {name for name in gains if name.endswith("_3_bn")} != set()


@pytest.mark.slow
def test_a_resumed_run_ends_as_an_unbroken_one(rendered_data, tmp_path, monkeypatch):
    settings = Settings(steps=4, batch=4, warmup=1, cooldown=2, validate_every=2)
    save = loop.save_checkpoint

    def save_and_keep_the_first(path, step, groups):
        save(path, step, groups)
        if step == 2:  # what a run leaves that is killed after its second validation
            shutil.copytree(path.parent, tmp_path / "broken")

    monkeypatch.setattr(loop, "save_checkpoint", save_and_keep_the_first)
    whole = loop.train(settings, tmp_path / "whole", build=tiny)
    resumed = loop.train(settings, tmp_path / "broken", resume=True, build=tiny)
    for one, other in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)
    with open(tmp_path / "broken/history.csv", newline="") as file:
        assert [line["step"] for line in csv.DictReader(file)] == ["2", "4"]


@pytest.mark.slow
def test_resuming_from_nothing_is_one_sentence(rendered_data, tmp_path):
    with pytest.raises(
        ValueError, match="is missing, damaged, or the checkpoint of another network"
    ):
        loop.train(Settings(steps=2), tmp_path, resume=True, build=tiny)


@pytest.mark.slow
def test_a_run_writes_weights_and_their_notes(rendered_data, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "commit", lambda: "abc")
    scores = {"scores": ["test"], "calibration": {"hand": 2.0}}
    monkeypatch.setattr(
        trained, "calibrate_and_score", lambda *_: ({"calibration": {"hand": 2.0}}, dict(scores))
    )
    arguments = ["--tiny", "--steps", "2", "--batch", "4", "--run", str(tmp_path)]
    train.main(arguments)
    record, beside = tmp_path / "weights-scores.json", tmp_path / "weights.json"
    about = json.loads(record.read_text())
    assert about["commit"] == "abc" and about["scores"] == ["test"]
    assert about["settings"]["steps"] == 2
    weights = tmp_path / "weights.npz"
    assert json.loads(beside.read_text()) == {
        "calibration": {"hand": 2.0},
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    load_weights(tiny(), weights)
    assert (tmp_path / "weights.csv").read_text() == (tmp_path / "history.csv").read_text()
    with pytest.raises(SystemExit, match="holds a run already"):
        train.main(arguments)
    head, its_weights = boxes_of(weights), digest_of(weights)
    for trained_for in (its_weights, "other weights"):
        save_boxes([np.zeros(1)] * ARRAYS, head, trained_for)
        train.main([*arguments, "--resume"])
        assert head.exists() == (trained_for == its_weights)
    scores["scores"] = "again"
    train.main(["--tiny", "--score-again", str(weights)])
    assert json.loads(record.read_text()) == about | {"scores": "again"}
    record.replace(beside)  # as earlier versions wrote it
    train.main(["--tiny", "--score-again", str(weights)])
    assert json.loads(record.read_text()) == about | {"scores": "again"}
    record.unlink()
    with pytest.raises(SystemExit, match="is missing"):
        train.main(["--tiny", "--score-again", str(weights)])


def test_training_imports_no_tensorflow_so_that_it_runs_on_another_backend():
    seen, waiting = set(), ["model.train"]
    while waiting:
        name = waiting.pop()
        path = Path(train.__file__).parents[1] / (name.replace(".", "/") + ".py")
        if name in seen or not path.exists():
            continue
        seen.add(name)
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ImportFrom):
                waiting += [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
            elif isinstance(node, ast.Import):
                assert "tensorflow" not in [each.name for each in node.names], name
    assert "model.training.loop" in seen


@pytest.mark.slow
def test_a_record_says_what_was_trained_on_and_what_it_scores(rendered_data, monkeypatch):
    grey = np.full((70, 70, 3), 128, np.uint8)
    parts = {"test": [(grey, 3)], "rooms": [(grey, NO_HAND)]}  # which are scored by themselves
    monkeypatch.setattr(trained, "split_examples", lambda *_: parts)
    monkeypatch.setattr(scorecard, "split_scores", list)
    monkeypatch.setattr(scorecard, "empty_scores", lambda *_: {})
    monkeypatch.setattr(trained.lightness, "lightness_scores", lambda *_: {})
    hands = np.eye(6, dtype=np.float32), np.arange(6)
    monkeypatch.setattr(calibration, "hard_hands", lambda *_: hands)
    monkeypatch.setattr(calibration, "empty_examples", lambda *_: {"rooms": ([], [])})
    monkeypatch.setattr(calibration, "strangers", lambda *_: {})
    reading, record = trained.calibrate_and_score(tiny(), Settings(), None, ["signs", "hands"])
    assert set(record["data"]) == {"signs"}  # the one that has pictures here
    assert record["data"]["signs"] == {"pictures": 12, "licence": "none"}
    assert record["scores"] == ["test"] and record["calibration"] == reading["calibration"]
    assert set(reading["light"]) == {"brightness", "contrast", "busyness"}


@pytest.mark.slow
def test_a_run_that_diverges_keeps_its_last_good_checkpoint(rendered_data, tmp_path, monkeypatch):
    run = tmp_path / "run"
    loop.train(Settings(steps=2, batch=4, warmup=1, validate_every=2), run, build=tiny)
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    monkeypatch.setattr(loop, "learning_rate", lambda step, settings: 1e15)
    settings = Settings(steps=4, batch=4, warmup=1, validate_every=2)
    with pytest.raises(ValueError, match=r"Training diverged at step .* checkpoint of step 2"):
        loop.train(settings, run, resume=True, build=tiny)
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before
    with pytest.raises(SystemExit, match="diverged at step .* keeps nothing"):
        train.main(["--tiny", "--steps", "4", "--batch", "4", "--run", str(tmp_path / "new")])
    assert not list((tmp_path / "new").iterdir())


def test_a_collection_that_is_not_there_cannot_be_left_out(monkeypatch):
    monkeypatch.setattr(train, "train", lambda *_, **__: pytest.fail("it began"))
    with pytest.raises(SystemExit, match="There is no collection nose"):
        train.main(["--leave-out", "nose"])
