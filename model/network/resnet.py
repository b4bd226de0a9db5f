"""The 50-layer residual network of 64x64 pictures, and the plain network it is compared with.

Source: He, Zhang, Ren and Sun 2015, arXiv:1512.03385, table 1 and figure 5 (right).
Layers are named as in keras.applications, so that a name says where one is:
`conv4_block2_1_conv`, `_0_` for the projection, `conv4_block2_out` for the block's output.
"""

from collections.abc import Sequence

import numpy as np
from keras import Input, Model, layers, models

from model.digits import DIGITS
from model.network.batch_norm import BatchNormalization
from model.network.stages import SIZE, STAGES, TINY_STAGES, Stage


def conv_bn(x, filters: int, kernel: int, name: str, stride: int = 1, batch_norm: bool = True):
    """Convolve, then normalise over the batch; every convolution of the network is one of these."""
    x = layers.Conv2D(
        filters,
        kernel,
        strides=stride,
        padding="valid" if name == "conv1" else "same",
        kernel_initializer="he_normal",
        name=f"{name}_conv",
    )(x)
    if not batch_norm:
        return x
    # With Keras' default momentum of 0.99 the statistics lag behind for thousands of steps.
    return BatchNormalization(momentum=0.9, epsilon=1.001e-5, name=f"{name}_bn")(x)


def relu(x, name: str):
    return layers.Activation("relu", name=name)(x)


def main_path(x, filters: Sequence[int], name: str, stride: int = 1, batch_norm: bool = True):
    """The bottleneck: 1x1 down to few channels, 3x3 there, 1x1 back up to many."""
    down, middle, up = filters
    x = relu(conv_bn(x, down, 1, f"{name}_1", stride, batch_norm), f"{name}_1_relu")
    x = relu(conv_bn(x, middle, 3, f"{name}_2", 1, batch_norm), f"{name}_2_relu")
    return conv_bn(x, up, 1, f"{name}_3", 1, batch_norm)


def identity_block(x, filters: Sequence[int], name: str, batch_norm: bool = True):
    """relu(main path(x) + x): the shape stays; where the main path is zero, this is the identity.

    Args:
        x: tensor [n, h, w, filters[2]], zero or more.
        filters: channels of the three convolutions.
        name: prefix of its layers' names, such as `conv4_block2`.
        batch_norm: whether each convolution is followed by BatchNorm.

    Returns:
        tensor [n, h, w, filters[2]].
    """
    shortcut = x
    x = main_path(x, filters, name, batch_norm=batch_norm)
    return relu(layers.Add(name=f"{name}_add")([shortcut, x]), f"{name}_out")


def convolutional_block(x, filters: Sequence[int], name: str, stride: int, batch_norm: bool = True):
    """relu(main path(x) + projection(x)): opens a stage, where resolution and channels change.

    Args:
        x: tensor [n, h, w, c].
        filters: channels of the three convolutions.
        name: prefix of its layers' names, such as `conv4_block1`.
        stride: of the first 1x1 convolution and of the projection.
        batch_norm: whether each convolution is followed by BatchNorm.

    Returns:
        tensor [n, ceil(h / stride), ceil(w / stride), filters[2]].
    """
    shortcut = conv_bn(x, filters[2], 1, f"{name}_0", stride, batch_norm)
    x = main_path(x, filters, name, stride, batch_norm)
    return relu(layers.Add(name=f"{name}_add")([shortcut, x]), f"{name}_out")


def plain_block(x, filters: Sequence[int], name: str, stride: int, batch_norm: bool = True):
    """relu(main path(x)): either block without its shortcut."""
    return relu(main_path(x, filters, name, stride, batch_norm), f"{name}_out")


def network(
    stages: Sequence[Stage] = STAGES,
    stem: int = 64,
    shortcuts: bool = True,
    batch_norm: bool = True,
    size: int | None = SIZE,
    name: str = "resnet50",
) -> Model:
    """Build a network from a stage table.

    Args:
        stages: the table; its depth in weighted layers is 2 + 3 x the sum of its blocks.
        stem: channels of the first convolution.
        shortcuts: False builds the plain network of the same layers.
        batch_norm: False leaves BatchNorm out.
        size: pixels, height and width of the pictures; None for any.
        name: of the Keras model.

    Returns:
        A flat functional model from pictures, float32 [n, size, size, 3] in 0..1, to logits,
        float32 [n, 6].
    """
    picture = Input((size, size, 3), name="picture")
    x = layers.ZeroPadding2D(3, name="conv1_pad")(picture)
    x = relu(conv_bn(x, stem, 7, "conv1", 2, batch_norm), "conv1_relu")  # 32x32
    x = layers.MaxPooling2D(3, strides=2, name="pool1_pool")(x)  # 15x15
    for stage in stages:  # 15x15, 8x8, 4x4, 2x2
        for block in range(1, stage.blocks + 1):
            here = f"{stage.name}_block{block}"
            stride = stage.stride if block == 1 else 1
            if not shortcuts:
                x = plain_block(x, stage.filters, here, stride, batch_norm)
            elif block == 1:
                x = convolutional_block(x, stage.filters, here, stride, batch_norm)
            else:
                x = identity_block(x, stage.filters, here, batch_norm)
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    logits = layers.Dense(DIGITS, dtype="float32", name="predictions")(x)
    return Model(picture, logits, name=name)


def resnet50() -> Model:
    """The residual network: 50 layers, 23,600,006 parameters."""
    return network()


def plain50() -> Model:
    """The same 50 layers without shortcuts (and so without their projections)."""
    return network(shortcuts=False, name="plain50")


def tiny() -> Model:
    """A network of the same making, small enough for tests: 17 layers of 8 or 16 channels."""
    return network(TINY_STAGES, stem=8, name="tiny")


def stage_layers(model: Model) -> dict[str, str]:
    """The stages of a network, such as conv1 to conv5, and the layer that each ends with."""
    found = {"conv1": "conv1_relu"}
    for layer in model.layers:
        if layer.name.endswith("_out"):
            found[layer.name.split("_")[0]] = layer.name
    return found


class Folded(layers.Layer):
    """Stands where a BatchNorm was, and takes the same arguments."""

    def call(self, x, mask=None):
        return x


def folded(model: Model) -> Model:
    """The same network for inference alone: every BatchNorm is folded into its convolution.

    Args:
        model: a network of this file.

    Returns:
        A network with the same layer names and, but for rounding, the same outputs; it takes
        pictures of any size.
    """

    def without_batch_norm(layer):
        if isinstance(layer, layers.BatchNormalization):
            return Folded(name=layer.name)
        return layer.__class__.from_config(layer.get_config())

    any_size = Input((None, None, 3), name="picture")
    fold = models.clone_model(model, any_size, clone_function=without_batch_norm)
    norms = {x.name: x for x in model.layers if isinstance(x, layers.BatchNormalization)}
    for layer in model.layers:
        if not layer.weights or layer.name in norms:
            continue
        kernel, bias = layer.get_weights()
        name = layer.name.removesuffix("_conv") + "_bn"
        if name in norms:
            norm = norms[name]
            gamma, beta, mean, variance = norm.get_weights()
            scale = gamma / np.sqrt(variance + norm.epsilon)
            kernel, bias = kernel * scale, (bias - mean) * scale + beta
        fold.get_layer(layer.name).set_weights([kernel, bias])
    return fold
