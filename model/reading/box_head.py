"""A head beside the digits' that tells where in a window the hand is.

It reads stage 4, whose 4x4 cells tell places apart better than the 2x2 of the last; the network
itself stays as it is. What it learns is the bounding-box regression of R-CNN (Girshick et al. 2014,
arXiv:1311.2524, appendix C).
"""

from keras import Input, Model, layers

from model.network.resnet import stage_layers
from model.network.stages import cells
from model.reading.box_regression import OFFSETS

STAGE = "conv4"
SIDE = cells()[STAGE]


def stage_output(model: Model):
    """What the head reads of a network of `model.network.resnet`: a tensor [n, 4, 4, c]."""
    return model.get_layer(stage_layers(model)[STAGE]).output


def box_head(channels: int) -> Model:
    """The head, untrained.

    Args:
        channels: of `stage_output`.

    Returns:
        A model from its cells, float32 [n, 4, 4, channels], to offsets, float32 [n, 3], as
        `model.reading.box_regression.inside` takes them.
    """
    inputs = Input((SIDE, SIDE, channels))
    x = layers.Dropout(0.2)(inputs)
    x = layers.Conv2D(64, 3, padding="same", activation="relu", name="box_conv")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(128, activation="relu", name="box_hidden")(x)
    x = layers.Dropout(0.2)(x)
    return Model(inputs, layers.Dense(OFFSETS, name="box")(x), name="boxes")
