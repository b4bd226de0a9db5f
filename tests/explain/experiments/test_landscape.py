import keras
import numpy as np
import pytest

from explain.experiments import landscape
from explain.experiments.depth import Run
from explain.experiments.landscape import direction, losses, record_name, scan_plane
from model.network.resnet import tiny
from model.records import load_record, save_record

SHARES = np.linspace(-1, 1, 3)
DIGITS = np.array([1, 4, 0])


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(1)
    return tiny()


def pictures():
    return np.random.default_rng(0).random((3, 64, 64, 3), np.float32)


def test_a_direction_is_as_long_as_the_network_filter_by_filter(model):
    for variable, moved in zip(model.trainable_variables, direction(model, 3), strict=True):
        own = variable.numpy()
        if own.ndim < 2:
            assert not moved.any()
        else:
            lengths = (np.sqrt((a.reshape(-1, a.shape[-1]) ** 2).sum(0)) for a in (own, moved))
            np.testing.assert_allclose(*lengths, rtol=1e-4)


@pytest.mark.slow
def test_the_middle_is_the_networks_own_loss_and_it_stays_as_it_was(model):
    before = model.get_weights()
    found = np.stack(list(losses(model, pictures(), DIGITS, SHARES, seed=1, size=2)))
    logits = model(pictures(), training=False)
    expected = keras.losses.sparse_categorical_crossentropy(DIGITS, logits, from_logits=True)
    assert found[1, 1] == pytest.approx(float(np.mean(expected)), rel=1e-4)
    assert found.shape == (3, 3) and len(np.unique(found)) > 3
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
def test_a_corner_by_hand(model):
    found = np.stack(list(losses(model, pictures(), DIGITS, SHARES, seed=1)))
    home = model.get_weights()
    down, right = direction(model, 2), direction(model, 3)
    for variable, one, other in zip(model.trainable_variables, down, right, strict=True):
        variable.assign_add(one - other)
    logits = model(pictures(), training=False)
    model.set_weights(home)
    expected = keras.losses.sparse_categorical_crossentropy(DIGITS, logits, from_logits=True)
    assert found[2, 0] == pytest.approx(float(np.mean(expected)), rel=1e-3)


@pytest.mark.slow
def test_a_stopped_record_goes_on_where_it_was(model, tmp_path, monkeypatch):
    monkeypatch.setattr(landscape, "load_record", lambda name: load_record(name, tmp_path))
    run = Run(26, False, 1)
    whole = list(scan_plane(run, model, pictures(), DIGITS, 3, 1.0))
    assert [len(part["loss"]) for part in whole] == [1, 2, 3]
    save_record(record_name(run), whole[1], tmp_path)
    (rest,) = scan_plane(run, model, pictures(), DIGITS, 3, 1.0)
    np.testing.assert_allclose(np.stack(rest["loss"]), np.stack(whole[2]["loss"]), rtol=1e-3)
    again = list(scan_plane(run, model, pictures(), DIGITS, 3, 0.5))  # other settings
    assert len(again) == 3
