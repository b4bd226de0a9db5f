import keras
import numpy as np
import pytest
import tensorflow as tf

from explain.experiments.identity import (
    Opener,
    learn_identity,
    learners,
    random_features,
    stack,
)

pytestmark = pytest.mark.slow  # most of these run a network


@pytest.fixture(scope="module")
def opener():
    return Opener(blocks=3)


def test_with_a_scale_of_zero_what_comes_in_goes_out_exactly(opener):
    shut = opener.open(0.0)
    np.testing.assert_array_equal(shut.ratios, np.zeros(3))
    np.testing.assert_array_equal(shut.distances, np.zeros(3))


def test_only_what_is_zero_or_more_comes_out_as_it_was():
    model = stack(1, True)
    model.get_layer("block1_3_bn").gamma.assign(np.zeros(16))
    given = random_features(0, 2) - 1
    np.testing.assert_array_equal(model(given, training=True), np.maximum(given, 0))


def test_the_ratio_grows_with_the_scale(opener):
    """The first block's main path is its scale times a normalised signal."""
    half, whole = opener.open(0.5), opener.open(1.0)
    np.testing.assert_allclose(whole.ratios[0], 2 * half.ratios[0], rtol=1e-4)
    given = random_features(1, 16)  # normalised over the batch: variance one in each channel
    expected = np.sqrt(given.size) / np.linalg.norm(given)
    np.testing.assert_allclose(whole.ratios[0], expected, rtol=1e-2)
    assert (whole.distances > half.distances).all() and (half.distances > 0).all()


@pytest.mark.slow
def test_residual_blocks_learn_the_identity_sooner():
    found = list(learn_identity(seed=3, steps=60, every=30))
    assert [progress.step for progress in found] == [0, 30, 60]
    assert found[-1].residual < 0.5 * found[0].residual
    assert found[-1].residual < 0.7 * found[-1].plain


@pytest.mark.slow
def test_a_seed_repeats_and_another_does_not():
    def first(seed):
        return next(learn_identity(seed=seed))

    assert first(1) == first(1)
    assert first(1) != first(2)


@pytest.mark.slow
def test_runs_share_what_was_traced_and_nothing_else():
    alone = list(learn_identity(seed=5, steps=10))
    with_another = list(zip(learn_identity(5, steps=10), learn_identity(6, steps=10), strict=True))
    assert [one for one, _ in with_another] == alone
    assert with_another[-1][1] != alone[-1]
    assert all(each.train.experimental_get_tracing_count() == 1 for each in learners(1))


@pytest.mark.slow
def test_the_optimizer_is_adam_as_keras_has_it():
    (learner, _) = learners(1)
    given, so_far = random_features(2, 8), learner.start(4)
    keras.utils.set_random_seed(4)
    model, optimizer = stack(1, True), keras.optimizers.Adam(0.01)
    for _ in range(3):
        so_far = learner.train(so_far, given)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(given, training=True) - given) ** 2)
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
    for own, expected in zip(so_far.trainable, variables, strict=True):
        if expected.name != "bias":  # its gradient is but rounding, which Adam enlarges
            np.testing.assert_allclose(own, expected.numpy(), rtol=1e-3, atol=1e-4)


def test_the_error_of_plain_blocks_by_hand():
    given = random_features(1_000_001, 32)
    first = next(learn_identity(seed=1))
    keras.utils.set_random_seed(1)
    output = np.asarray(stack(1, False)(given, training=True))
    expected = np.linalg.norm(output - given) / np.linalg.norm(given)
    assert first.plain == pytest.approx(expected, rel=1e-4)
