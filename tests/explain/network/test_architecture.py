import keras
import numpy as np
import pytest

from explain.network.architecture import (
    kind,
    macs,
    memory,
    multiply_adds,
    parameters,
    summarize,
)
from model.network.resnet import TINY_STAGES, network, plain50, resnet50


@pytest.fixture(scope="module")
def summary():
    return summarize(resnet50())


def test_totals(summary):
    assert parameters(summary.layers) == 23_600_006
    assert parameters(summary.stages) + parameters(summary.head) == 23_600_006


def test_stages_and_blocks(summary):
    assert [stage.name for stage in summary.stages] == ["conv1", "conv2", "conv3", "conv4", "conv5"]
    assert [len(stage.blocks) for stage in summary.stages] == [0, 3, 4, 6, 3]
    kinds = [block.kind for stage in summary.stages for block in stage.blocks]
    assert kinds.count("convolutional") == 4 and kinds.count("identity") == 12
    block = summary.stages[3].blocks[0]
    assert (block.name, block.input_shape, block.shape) == (
        "conv4_block1",
        (8, 8, 512),
        (4, 4, 1024),
    )
    assert [layer.name for layer in block.shortcut] == ["conv4_block1_0_conv", "conv4_block1_0_bn"]
    assert all(layer in summary.stages[3].layers for layer in block.layers)


def test_a_walk_from_end_to_end_passes_every_layer_once(summary):
    stem, *blocks, head = summary.walk
    names = [layer.name for part in summary.walk for layer in part.layers]
    assert sorted(names) == sorted(layer.name for layer in summary.layers)
    assert (stem.name, stem.input_shape, stem.shape) == ("stem", (64, 64, 3), (15, 15, 64))
    assert (head.name, head.input_shape, head.shape) == ("head", (2, 2, 2048), (6,))
    assert len(blocks) == 16 and stem.receptive_field == 11


def test_bytes_of_outputs_by_hand(summary):
    head = summary.walk[-1]
    assert memory([head]) == 4 * (2048 + 6)
    assert memory(summary.walk[0].layers) == 4 * (70 * 70 * 3 + 3 * 32 * 32 * 64 + 15 * 15 * 64)


def test_multiply_adds_by_hand(summary):
    layers = {layer.name: layer for layer in summary.layers}
    assert layers["conv1_conv"].macs == 32 * 32 * 64 * 7 * 7 * 3
    assert layers["conv3_block1_1_conv"].macs == 8 * 8 * 256 * 128
    assert layers["predictions"].macs == 2048 * 6
    assert macs(summary.stages) + macs(summary.head) == macs(summary.layers)


@pytest.mark.parametrize(
    ("layer", "words", "multiply_adds_"),
    [
        (keras.layers.Conv2D(2, (1, 7), padding="same"), "1×7 convolution", 8 * 8 * 7 * 4 * 2),
        (keras.layers.Conv2D(2, 3, dilation_rate=2), "3×3 convolution, dilation 2", 4 * 4 * 9 * 8),
        (keras.layers.Dense(2), "dense", 8 * 8 * 4 * 2),
        (keras.layers.MaxPooling2D(2), "2×2 max pooling, stride 2", 0),
        (keras.layers.Activation("linear"), "identity", 0),
    ],
)
def test_layers_of_others_are_named_and_counted(layer, words, multiply_adds_):
    layer(keras.Input((8, 8, 4)))
    assert (kind(layer), multiply_adds(layer)) == (words, multiply_adds_)


@pytest.mark.slow
def test_the_plain_network_has_plain_blocks():
    blocks = [block for stage in summarize(plain50()).stages for block in stage.blocks]
    assert {block.kind for block in blocks} == {"plain"} and len(blocks) == 16


@pytest.mark.slow
@pytest.mark.parametrize(
    "layer", ["conv1_relu", "pool1_pool", "conv2_block1_out", "conv3_block2_out"]
)
def test_the_receptive_field_against_a_count(layer):
    """Change one row of the picture at a time and count those that move a middle cell."""
    import keras

    keras.utils.set_random_seed(1)
    model = network(TINY_STAGES[:2], stem=8, size=224, name="small")
    field = {found.name: found.receptive_field for found in summarize(model).layers}[layer]
    output = keras.Model(model.input, model.get_layer(layer).output)
    rng = np.random.default_rng(0)
    picture = rng.random((1, 224, 224, 3), np.float32)
    middle = model.get_layer(layer).output.shape[1] // 2
    before = np.asarray(output(picture))[0, middle, middle]
    moved = []
    for first in range(0, 224, 8):
        changed = np.repeat(picture, 8, 0)
        for i in range(8):
            changed[i, first + i] = 40 * rng.random((224, 3))
        after = np.asarray(output(changed))[:, middle, middle]
        moved += [first + i for i in range(8) if not np.array_equal(after[i], before)]
    assert moved[-1] - moved[0] + 1 == field
