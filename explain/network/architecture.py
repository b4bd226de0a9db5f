"""The architecture as data, read from the built model: layers, blocks, stages and their costs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from math import prod
from typing import Any

import keras
from keras import layers

from model.network.batch_norm import BatchNormalization


@dataclass(frozen=True)
class LayerSummary:
    """One layer.

    Attributes:
        name: in Keras.
        kind: in words, such as `3×3 convolution, stride 2`.
        shape: of its output without the batch, such as (15, 15, 256).
        parameters: number of weights, the moving statistics of BatchNorm included.
        macs: multiply-adds for one picture.
        receptive_field: side, in pixels, of the part of the input that one cell can depend on.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    macs: int
    receptive_field: int


@dataclass(frozen=True)
class BlockSummary:
    """A block of a stage; or the stem before all blocks, or the head after them.

    Attributes:
        name: prefix of its layers, such as `conv4_block2`; `stem` or `head`.
        kind: `convolutional`, `identity` or `plain`; `stem` or `head`.
        input_shape: without the batch.
        main_path: its layers in order.
        shortcut: the projection's layers; empty for the identity, and without a shortcut.
        join: the addition, if there is one, and the last ReLU; the last layer of the stem and of
            the head.
    """

    name: str
    kind: str
    input_shape: tuple[int, ...]
    main_path: tuple[LayerSummary, ...]
    shortcut: tuple[LayerSummary, ...]
    join: tuple[LayerSummary, ...]

    @property
    def layers(self) -> tuple[LayerSummary, ...]:
        return self.main_path + self.shortcut + self.join

    @property
    def shape(self) -> tuple[int, ...]:
        return self.join[-1].shape

    @property
    def receptive_field(self) -> int:
        return self.join[-1].receptive_field


@dataclass(frozen=True)
class StageSummary:
    """A stage: layers of one resolution.

    Attributes:
        name: such as `conv4`.
        blocks: its blocks; conv1 has none.
        layers: all of its layers.
    """

    name: str
    blocks: tuple[BlockSummary, ...]
    layers: tuple[LayerSummary, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        return self.layers[-1].shape

    @property
    def receptive_field(self) -> int:
        return self.layers[-1].receptive_field


@dataclass(frozen=True)
class NetworkSummary:
    """The whole network.

    Attributes:
        name: of the model.
        input_shape: without the batch.
        stages: from conv1 on.
        head: the average pooling and the dense layer.
    """

    name: str
    input_shape: tuple[int, ...]
    stages: tuple[StageSummary, ...]
    head: tuple[LayerSummary, ...]

    @property
    def layers(self) -> tuple[LayerSummary, ...]:
        return tuple(layer for stage in self.stages for layer in stage.layers) + self.head

    @property
    def walk(self) -> tuple[BlockSummary, ...]:
        """From end to end, each layer once: the stem with its pooling, the blocks, the head."""
        blocks = [block for stage in self.stages for block in stage.blocks]
        *stem, pooling = takewhile(lambda layer: "block" not in layer.name, self.layers)
        *pooled, dense = self.head
        return (
            BlockSummary("stem", "stem", self.input_shape, tuple(stem), (), (pooling,)),
            *blocks,
            BlockSummary("head", "head", blocks[-1].shape, tuple(pooled), (), (dense,)),
        )


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape in words: 15×15×256."""
    return "×".join(str(side) for side in shape)


def each_layer(parts) -> Iterator[LayerSummary]:
    """The layers of several layers, blocks or stages."""
    for part in parts:
        yield from each_layer(part.layers) if hasattr(part, "layers") else [part]


def parameters(parts) -> int:
    """The weights of several layers, blocks or stages, added up."""
    return sum(layer.parameters for layer in each_layer(parts))


def macs(parts) -> int:
    """The multiply-adds of several layers, blocks or stages for one picture, added up."""
    return sum(layer.macs for layer in each_layer(parts))


def memory(parts) -> int:
    """The bytes that the outputs of several layers, blocks or stages take for one picture.

    In float32, and with the output of every layer kept, as training keeps it.
    """
    return sum(4 * prod(layer.shape) for layer in each_layer(parts))


CONVOLUTIONS: dict[Any, str] = {
    layers.Conv2D: "convolution",
    layers.DepthwiseConv2D: "depthwise convolution",
    layers.SeparableConv2D: "separable convolution",
}
POOLINGS: dict[Any, str] = {
    layers.MaxPooling2D: "max pooling",
    layers.AveragePooling2D: "average pooling",
}
WORDS: dict[Any, str] = {
    layers.ZeroPadding2D: "zero padding",
    BatchNormalization: "BatchNorm",
    layers.BatchNormalization: "BatchNorm",
    layers.ReLU: "ReLU",
    layers.Add: "addition",
    layers.Multiply: "multiplication",
    layers.GlobalAveragePooling2D: "average pooling",
}


def window(layer) -> tuple[int, int]:
    """The longer side of a layer's kernel, gaps included, and its stride; 1 and 1 for no kernel."""
    if type(layer) in CONVOLUTIONS:
        sides = zip(layer.kernel_size, layer.dilation_rate, strict=True)
        return max((side - 1) * gaps + 1 for side, gaps in sides), layer.strides[0]
    if type(layer) in POOLINGS:
        return max(layer.pool_size), layer.strides[0]
    return 1, 1


def kind(layer) -> str:
    """What a layer does, in words."""
    activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
    activated = {"linear": "", "relu": "ReLU"}.get(activation, activation)
    if isinstance(layer, layers.Activation):
        return activated or "identity"
    word = (CONVOLUTIONS | POOLINGS | WORDS).get(type(layer))
    if not word:  # such as `layer normalization`
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(layer).__name__.removesuffix("2D"))
        word = spaced.lower()
    if type(layer) in CONVOLUTIONS | POOLINGS:
        rows, columns = layer.pool_size if type(layer) in POOLINGS else layer.kernel_size
        gaps, stride = max(getattr(layer, "dilation_rate", (1,))), layer.strides[0]
        word = f"{rows}×{columns} {word}"
        word += f", dilation {gaps}" if gaps > 1 else ""
        word += f", stride {stride}" if stride > 1 else ""
    return f"{word}, {activated}" if activated else word


def multiply_adds(layer) -> int:
    """Multiply-adds of a layer for one picture; only convolution and dense layers are counted."""
    if isinstance(layer, layers.SeparableConv2D):
        kernels = (layer.depthwise_kernel, layer.pointwise_kernel)
        return prod(layer.output.shape[1:3]) * sum(prod(kernel.shape) for kernel in kernels)
    if type(layer) in CONVOLUTIONS:
        return prod(layer.output.shape[1:3]) * prod(layer.kernel.shape)
    if isinstance(layer, layers.Dense):  # of each cell, if there are any
        return prod(layer.output.shape[1:-1]) * prod(layer.kernel.shape)
    return 0


def summarize(model: keras.Model) -> NetworkSummary:
    """Read the architecture from a network of `model.network.resnet`."""
    fields = {}  # of each layer: receptive field and step of its output, in pixels
    found = {}
    for layer in model.layers:
        sources = [fields[node.name] for node in sources_of(layer)]
        if not sources:
            fields[layer.name] = (1, 1)
            continue
        field, step = max(sources)
        size, stride = window(layer)
        field, step = field + (size - 1) * step, step * stride
        if isinstance(layer, layers.GlobalAveragePooling2D):
            field += (layer.input.shape[1] - 1) * step
        fields[layer.name] = (field, step)
        found[layer.name] = LayerSummary(
            layer.name,
            kind(layer),
            tuple(layer.output.shape[1:]),
            layer.count_params(),
            multiply_adds(layer),
            field,
        )
    stages = {}
    for layer in found.values():
        name = re.match(r"conv\d+|pool1", layer.name)
        if name:  # the pooling belongs to the stage of its resolution
            stages.setdefault(name[0].replace("pool1", "conv2"), []).append(layer)
    head = tuple(found[name] for name in ("avg_pool", "predictions"))
    return NetworkSummary(
        model.name,
        tuple(model.input.shape[1:]),
        tuple(
            StageSummary(name, blocks_of(model, members), tuple(members))
            for name, members in stages.items()
        ),
        head,
    )


def sources_of(layer) -> list:
    """The layers whose outputs a layer takes, in the model it was built for."""
    return [source.operation for node in layer._inbound_nodes[:1] for source in node.parent_nodes]


def blocks_of(model: keras.Model, members: list[LayerSummary]) -> tuple[BlockSummary, ...]:
    """Sort a stage's layers into its blocks."""
    parts = {}
    for layer in members:
        name, _, rest = layer.name.rpartition("block")
        if name:
            number, place = rest.split("_", 1)
            role = {"0": "shortcut", "a": "join", "o": "join"}.get(place[0], "main_path")
            parts.setdefault(f"{name}block{number}", {}).setdefault(role, []).append(layer)
    return tuple(
        BlockSummary(
            name,
            "convolutional"
            if "shortcut" in roles
            else "identity"
            if len(roles["join"]) > 1
            else "plain",
            tuple(model.get_layer(roles["main_path"][0].name).input.shape[1:]),
            tuple(roles["main_path"]),
            tuple(roles.get("shortcut", ())),
            tuple(roles["join"]),
        )
        for name, roles in parts.items()
    )
