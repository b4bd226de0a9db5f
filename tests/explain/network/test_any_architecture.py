"""The stages and blocks of networks of others, and of ours by the same rules."""

import keras
import pytest
from keras import layers

from explain.network.any_architecture import describe, stage_ends, waists
from explain.network.architecture import summarize
from model.network.any_model import classifier_of
from model.network.resnet import stage_layers, tiny
from tests.any_models import APPLICATIONS, application, small


def test_our_own_stages_are_found_by_the_same_rule():
    assert [*stage_ends(tiny()).values()] == [*stage_layers(tiny()).values()]


def test_our_own_blocks_are_found_by_the_same_rule():
    ours = [block for stage in summarize(tiny()).stages for block in stage.blocks]
    found = {block.name: block for stage in describe(tiny()).stages for block in stage.blocks}
    for block in ours:
        same = found[block.name]
        assert same.kind == block.kind and same.shape == block.shape
        assert {x.name for x in same.shortcut} == {x.name for x in block.shortcut}


ENDS = {
    "MobileNetV2": ["block_1_expand_relu", "block_13_expand_relu", "out_relu"],
    "ResNet50V2": ["conv1_conv", "conv4_block5_out", "post_relu"],
    "EfficientNetB0": [
        "block2a_expand_activation",
        "block6a_expand_activation",
        "top_activation",
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", APPLICATIONS)
def test_networks_of_keras_have_five_stages(name):
    model = application(name).model
    ends = [*stage_ends(model).values()]
    assert len(ends) == 5 and [ends[0], *ends[3:]] == ENDS[name]
    told = describe(model)
    assert [stage.name for stage in told.stages] == [*stage_ends(model)]
    assert told.head[-1].name == "predictions"
    assert told.stages[0].blocks[0].name in ("Conv1", "conv1_conv", "stem_conv")
    assert sum(layer.parameters for layer in told.layers) == model.count_params()


def test_a_tutorials_stages_change_with_its_pooling():
    told = describe(small().model)
    assert [*stage_ends(small().model).values()] == ["conv2d", "conv2d_1", "max_pooling2d_1"]
    assert [layer.name for layer in told.head] == ["flatten", "dropout", "dense"]
    convolution = next(layer for layer in told.layers if layer.name == "conv2d_1")
    assert convolution.kind == "3×3 convolution, ReLU"
    assert convolution.receptive_field == 8  # 3 after the first, 4 after the pooling, then 2 x 2
    assert convolution.macs == 11 * 11 * 3 * 3 * 8 * 16


def test_a_pooling_belongs_to_what_it_begins_even_if_its_name_is_of_the_block_before():
    picture = x = keras.Input((32, 32, 3))
    for block in range(1, 4):  # as in VGG
        x = layers.Conv2D(4, 3, padding="same", name=f"block{block}_conv1")(x)
        x = layers.MaxPooling2D(name=f"block{block}_pool")(x)
    whole = keras.Model(picture, layers.Dense(2)(layers.GlobalAveragePooling2D()(x)))
    model = classifier_of(whole, "it", "0..1")
    assert [stage.name for stage in describe(model).stages] == [*stage_ends(model)]


def test_a_pooling_that_ends_a_branch_stays_in_its_block():
    picture = keras.Input((32, 32, 3))
    x = layers.Conv2D(4, 3, padding="same", name="block1_conv1")(picture)
    main = layers.Conv2D(8, 3, padding="same", name="block2_conv1")(x)
    main = layers.MaxPooling2D(3, 2, padding="same", name="block2_pool")(main)
    x = layers.Add(name="add")([main, layers.Conv2D(8, 1, 2, name="conv2d")(x)])  # as in Xception
    whole = keras.Model(picture, layers.Dense(2)(layers.GlobalAveragePooling2D()(x)))
    blocks = describe(classifier_of(whole, "it", "0..1")).stages[-1].blocks
    assert "block2_pool" in {each.name for each in blocks[0].layers}


def test_a_branch_is_no_stage():
    picture = keras.Input((16, 16, 3))
    trunk = layers.Conv2D(4, 3, padding="same", name="trunk")(picture)
    branch = layers.Conv2D(4, 3, padding="same", name="branch")(trunk)
    joined = layers.Add(name="joined")([trunk, branch])
    model = keras.Model(picture, layers.Dense(2)(layers.GlobalAveragePooling2D()(joined)))
    assert "branch" not in waists(model) and stage_ends(model) == {"stage 1": "joined"}


def test_a_sum_written_in_python_ends_a_block():
    picture = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 3, padding="same", name="stem_conv")(picture)
    x = layers.Conv2D(4, 3, padding="same", name="block1_conv")(x) + x
    model = keras.Model(picture, layers.Dense(2)(layers.GlobalAveragePooling2D()(x)))
    flat = classifier_of(model, "it", "0..1")
    assert len(describe(flat).stages) == 1
    assert stage_ends(flat)["stage 1"].startswith("add")
    assert {"Add", "Conv2D"} <= {type(layer).__name__ for layer in flat.layers}


def test_a_block_may_begin_with_a_sum():
    picture = keras.Input((16, 16, 3))
    x = layers.MaxPooling2D()(picture)
    x = layers.Add()([layers.Conv2D(3, 3, padding="same", name="block1_conv")(x), x])
    model = keras.Model(picture, layers.Dense(2)(layers.GlobalAveragePooling2D()(x)))
    blocks = [
        block
        for stage in describe(classifier_of(model, "it", "0..1")).stages
        for block in stage.blocks
    ]
    assert (8, 8, 3) in [block.input_shape for block in blocks]


def test_many_sums_in_one_stage_are_told_apart():
    """Each doubles the ways that lead to the last: they are not walked one by one."""
    picture = x = keras.Input((16, 16, 3))
    for _ in range(40):
        x = layers.add([layers.Conv2D(3, 3, padding="same")(x), x])
    network = keras.Model(picture, layers.Dense(2)(layers.GlobalAveragePooling2D()(x)))
    told = describe(classifier_of(network, "many", "0..1"))
    blocks = [block for stage in told.stages for block in stage.blocks]
    assert sum(len(block.layers) for block in blocks) >= 80


def test_without_cells_there_is_nothing_to_map():
    flat = keras.Sequential([keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(2)])
    with pytest.raises(ValueError, match="nothing to map"):
        stage_ends(classifier_of(flat, "it", "0..1"))
