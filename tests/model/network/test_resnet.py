import keras
import numpy as np
import pytest

from model.network.resnet import STAGES, folded, network, plain50, resnet50, tiny


@pytest.fixture(scope="module")
def resnet():
    return resnet50()


def shaken(model, seed=0):
    """Give a model random statistics, scales and biases, as if it had been trained."""
    rng = np.random.default_rng(seed)
    for variable in model.weights:
        if "kernel" not in variable.path:
            low, high = (
                (0.6, 1.4)
                if "gamma" in variable.path or "variance" in variable.path
                else (-0.2, 0.2)
            )
            variable.assign(rng.uniform(low, high, variable.shape))
    return model


def pictures(count, seed=0):
    return np.random.default_rng(seed).random((count, 64, 64, 3), np.float32)


def weighted(model):
    kinds = (keras.layers.Conv2D, keras.layers.Dense)
    return [layer.name for layer in model.layers if isinstance(layer, kinds)]


@pytest.mark.slow
def test_parameters_and_depth(resnet):
    assert resnet.count_params() == 23_600_006
    assert len([name for name in weighted(resnet) if "_0_conv" not in name]) == 50
    plain = plain50()
    assert len(weighted(plain)) == 50
    assert not any("add" in layer.name or "_0_" in layer.name for layer in plain.layers)


@pytest.mark.parametrize(
    "layer, shape",
    [
        ("conv1_relu", (32, 32, 64)),
        ("pool1_pool", (15, 15, 64)),
        ("conv2_block3_out", (15, 15, 256)),
        ("conv3_block4_out", (8, 8, 512)),
        ("conv4_block6_out", (4, 4, 1024)),
        ("conv5_block3_out", (2, 2, 2048)),
        ("predictions", (6,)),
    ],
)
def test_the_shape_of_every_stage(resnet, layer, shape):
    assert tuple(resnet.get_layer(layer).output.shape[1:]) == shape


def test_the_stride_is_on_the_first_convolution_of_a_stage(resnet):
    for stage in STAGES:
        strides = [
            resnet.get_layer(f"{stage.name}_block1_{i}_conv").strides[0] for i in (0, 1, 2, 3)
        ]
        assert strides == [stage.stride, stage.stride, 1, 1]


@pytest.mark.slow
def test_features_equal_those_of_keras_applications(resnet):
    """With equal weights, equal outputs: before the pooling, which theirs pads, and after it."""
    theirs = shaken(keras.applications.ResNet50(weights=None, include_top=False, pooling="avg"))
    ours = resnet50()
    for layer in theirs.layers:
        if layer.weights:
            ours.get_layer(layer.name).set_weights(layer.get_weights())

    def halves(model):
        names = ("conv1_relu", "pool1_pool", "avg_pool")
        stem, pool, end = (model.get_layer(name).output for name in names)
        return keras.Model(model.input, stem), keras.Model(pool, end)

    (their_stem, their_stages), (our_stem, our_stages) = halves(theirs), halves(ours)
    batch = pictures(2)
    pooled = np.random.default_rng(1).random((2, 15, 15, 64), np.float32)
    for one, other in (
        (our_stem(batch, training=False), their_stem(batch, training=False)),
        (our_stages(pooled, training=False), their_stages(pooled, training=False)),
    ):
        scale = float(np.max(other))
        np.testing.assert_allclose(np.divide(one, scale), np.divide(other, scale), atol=1e-5)


def test_an_answer_does_not_depend_on_its_neighbours():
    model = shaken(tiny())
    batch = pictures(5)
    alone = [np.asarray(model(picture[None], training=False))[0] for picture in batch]
    together = np.asarray(model(batch, training=False))
    np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-5)


def test_a_silent_identity_block_is_the_identity():
    model = shaken(tiny())
    norm = model.get_layer("conv3_block2_3_bn")
    norm.gamma.assign(np.zeros(16))
    norm.beta.assign(np.zeros(16))
    ends = [model.get_layer(f"conv3_block{i}_out").output for i in (1, 2)]
    before, after = keras.Model(model.input, ends)(pictures(2), training=False)
    np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("shortcuts", [True, False])
def test_folding_changes_no_output(shortcuts):
    from model.network.resnet import TINY_STAGES

    model = shaken(network(TINY_STAGES, stem=8, shortcuts=shortcuts, name="small"))
    fold = folded(model)
    names = ["conv1_relu", "conv3_block2_out", "predictions"]
    one, other = (
        keras.Model(m.input, [m.get_layer(n).output for n in names]) for m in (model, fold)
    )
    for a, b in zip(one(pictures(2), training=False), other(pictures(2)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)
    assert fold.count_params() < model.count_params()


def test_other_sizes_are_possible():
    model = network(STAGES[:1], stem=4, size=None, name="any")
    assert model(np.zeros((1, 48, 80, 3), np.float32)).shape == (1, 6)
