import keras
import numpy as np
import pytest

from explain.experiments import depth
from explain.experiments.depth import BLOCKS, Run, history, last, planned, train_all, trained
from model.network.weights_file import load_weights, save_weights
from model.training.settings import Settings


def weighted(model):
    kinds = (keras.layers.Conv2D, keras.layers.Dense)
    names = [layer.name for layer in model.layers if isinstance(layer, kinds)]
    return [name for name in names if "_0_conv" not in name]


@pytest.mark.slow
@pytest.mark.parametrize("layers", BLOCKS)
@pytest.mark.parametrize("shortcuts", [True, False])
def test_a_network_is_as_deep_as_it_is_named(layers, shortcuts):
    model = Run(layers, shortcuts, 1, width=16).build()
    assert len(weighted(model)) == layers
    assert any(layer.name.endswith("_add") for layer in model.layers) == shortcuts


def test_other_seeds_are_for_the_two_ends():
    names = [run.name for run in planned([14, 26, 50], [1, 2])]
    assert len(names) == 6 + 4
    assert "plain-26-1" in names and "plain-26-2" not in names and "residual-50-2" in names


def write_history(folder, steps):
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"{step},9,1.5,0.25,0.5,0.5" for step in steps]
    head = "step,pictures_per_second,loss,accuracy,validation signs,validation mean"
    (folder / "history.csv").write_text("\n".join([head, *rows]) + "\n")


@pytest.mark.slow
def test_finished_runs_are_kept_and_others_go_on(tmp_path, monkeypatch):
    trained = []

    def train_one(run, settings, folder, data, workers):
        trained.append((run.name, settings.seed))
        write_history(folder, [5, 10])
        (folder / "weights.npz").touch()

    monkeypatch.setattr(depth, "train_one", train_one)
    runs = [Run(14, True, 1, 16), Run(14, False, 3, 16)]
    write_history(tmp_path / "residual-14-1", [5, 10])
    (tmp_path / "residual-14-1" / "weights.npz").touch()
    *_, found = train_all(runs, Settings(steps=10), tmp_path, None)
    assert trained == [("plain-14-3", 3)]
    assert last(found, "plain", 14, "validation") == [0.5]
    assert history(tmp_path / "plain-14-3")["step"] == [5, 10]
    list(train_all(runs, Settings(steps=20), tmp_path, None))
    assert [name for name, _ in trained] == ["plain-14-3", "residual-14-1", "plain-14-3"]


@pytest.mark.slow
def test_a_plain_network_begins_with_something_passing(tmp_path, monkeypatch):
    """The shipped network's start, each last scale at zero, would be the end of a plain one."""
    seen = {}

    def train(settings, folder, data, resume, start, workers, build):
        model = build()
        load_weights(model, start)
        pictures = np.random.default_rng(0).random((2, 64, 64, 3), np.float32)
        seen["signal"] = np.asarray(model(pictures, training=True)).std()
        return model

    monkeypatch.setattr(depth, "train", train)
    depth.train_one(Run(14, False, 1, 16), Settings(), tmp_path, None, 1)
    assert seen["signal"] > 0.01
    assert (tmp_path / "weights.npz").exists()


@pytest.mark.slow
def test_what_was_trained_is_found_again_by_the_name_of_its_folder(tmp_path):
    run = Run(14, False, 3)
    save_weights(run.build(), tmp_path / run.name / "weights.npz")
    found, model = trained(tmp_path / run.name)
    assert found == run and len(weighted(model)) == 14
    for name in ("plain-15-3", "plain-14", "flat-14-3", "plain-14-x"):
        with pytest.raises(ValueError, match="named like plain-26-1"):
            trained(tmp_path / name)
    with pytest.raises(ValueError, match="no weights"):
        trained(tmp_path / "residual-14-3")
