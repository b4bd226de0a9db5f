"""Checkpoints and histories, whole, cut and on a full disk."""

import errno
import os

import keras
import numpy as np
import pytest

from model import train
from model.training import checkpoints, loop
from model.training.checkpoints import (
    CHECKPOINT,
    SETTINGS,
    load_checkpoint,
    read_history,
    read_settings,
    save_checkpoint,
    save_settings,
    write_history,
)
from model.training.settings import Settings


def groups() -> dict[str, list]:
    return {"model": [keras.Variable(np.arange(50.0)), keras.Variable(np.ones((3, 3)))]}


def test_a_checkpoint_is_read_as_it_was_written(tmp_path):
    saved, found = (
        groups(),
        {"model": [keras.Variable(np.zeros(50)), keras.Variable(np.zeros((3, 3)))]},
    )
    save_checkpoint(tmp_path / "checkpoint.npz", 7, saved)
    assert load_checkpoint(tmp_path / "checkpoint.npz", found) == 7
    for one, other in zip(saved["model"], found["model"], strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_checkpoint_is_refused_in_one_sentence_wherever_it_is_cut(tmp_path):
    path = tmp_path / "checkpoint.npz"
    save_checkpoint(path, 7, groups())
    content = path.read_bytes()
    for length in range(0, len(content), 13):
        path.write_bytes(content[:length])
        with pytest.raises(
            ValueError, match=r"checkpoint\.npz is missing, damaged, or .* another --run\.$"
        ):
            load_checkpoint(path, groups())


@pytest.mark.parametrize(
    "content", ["step,loss\n1,2\nx,3\n", "loss\n1\n", "step\n\x00\n", "step,loss\n,"]
)
def test_a_damaged_history_is_named(tmp_path, content):
    path = tmp_path / "history.csv"
    path.write_text(content)
    with pytest.raises(
        ValueError, match=r"history\.csv is damaged; delete it and go on with --resume"
    ):
        read_history(path, 5)


@pytest.mark.parametrize("what", ["checkpoint", "history"])
def test_a_full_disk_loses_nothing(tmp_path, monkeypatch, what):
    path = tmp_path / what

    def write(step: int) -> None:
        if what == "checkpoint":
            save_checkpoint(path, step, groups())
        else:
            write_history(path, [{"step": step}])

    write(1)
    before = path.read_bytes()

    def half(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(checkpoints.np, "savez", half)
    monkeypatch.setattr(checkpoints.csv, "DictWriter", half)
    with pytest.raises(OSError, match="No space left"):
        write(2)
    assert path.read_bytes() == before and os.listdir(tmp_path) == [what]


def test_a_history_may_gain_and_lose_columns(tmp_path):
    path = tmp_path / "history.csv"
    write_history(path, [{"step": 1, "validation a": 0.5}, {"step": 2, "validation b": 0.6}])
    first, second = read_history(path, 2)
    assert first == {"step": "1", "validation a": "0.5", "validation b": ""}
    assert second == {"step": "2", "validation a": "", "validation b": "0.6"}


def test_a_resumed_run_has_the_settings_that_it_was_begun_with(tmp_path, monkeypatch):
    begun = Settings(steps=9, batch=4, leave_out="hands")
    save_settings(tmp_path, begun)
    found = []
    monkeypatch.setattr(train, "run", lambda flags, settings: found.append(settings))
    train.main(["--resume", "--run", str(tmp_path)])
    train.main(["--resume", "--run", str(tmp_path), "--steps", "12"])
    assert found == [begun, Settings(steps=12, batch=4, leave_out="hands")]


def test_nothing_that_was_left_out_comes_in_later(tmp_path):
    save_settings(tmp_path, Settings(leave_out="hands"))
    with pytest.raises(ValueError, match="was begun with --leave-out 'hands'; go on with the same"):
        loop.train(Settings(), tmp_path, resume=True)


@pytest.mark.parametrize("content", ["", "[]", '{"stepz": 3}', '{"steps": "many"}'])
def test_damaged_settings_are_named(tmp_path, content):
    (tmp_path / SETTINGS).write_text(content)
    with pytest.raises(ValueError, match=r"settings\.json is damaged; delete it and go on"):
        read_settings(tmp_path)


@pytest.mark.parametrize("flag", ["--steps", "--batch", "--validate-every"])
def test_nothing_is_trained_by_zero_steps(flag):
    with pytest.raises(SystemExit, match="must be at least 1; give larger numbers"):
        train.main([flag, "0"])


def test_training_on_a_full_disk_ends_in_one_sentence(monkeypatch, tmp_path):
    def run(flags, settings):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "runs/x/checkpoint.npz.part")

    monkeypatch.setattr(train, "run", run)
    said = r"^runs/x/checkpoint.*No space left on device\. Fix that, then "
    with pytest.raises(SystemExit, match=f"{said}run the same command again"):
        train.main(["--run", str(tmp_path)])
    (tmp_path / CHECKPOINT).touch()
    with pytest.raises(SystemExit, match=f"{said}go on with --resume --run .* --data photographs"):
        train.main(["--run", str(tmp_path), "--data", "photographs"])
