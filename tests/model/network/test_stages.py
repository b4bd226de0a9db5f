"""The table of stages, and what it says before the network is built."""

from model.network.resnet import tiny
from model.network.stages import TINY_STAGES, cells


def test_the_cells_of_each_stage_are_those_of_the_built_network():
    model = tiny()
    layers = {"conv1": "conv1_relu"} | {x.name: f"{x.name}_block1_out" for x in TINY_STAGES}
    built = {name: model.get_layer(layer).output.shape[1] for name, layer in layers.items()}
    assert cells(TINY_STAGES) == built
    assert list(cells().values()) == [32, 15, 8, 4, 2]
