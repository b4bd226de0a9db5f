"""The first convolution laid open: its kernels, and the picture that they are laid on."""

from dataclasses import dataclass

import numpy as np

from model.reading.classifier import HandClassifier
from model.reading.images import SIZE


@dataclass(frozen=True)
class FirstConvolution:
    """What the first convolution computes with, BatchNorm folded in.

    A cell at row r and column c is bias + the sum of kernel times patch. The patch begins at row
    `stride` r - `padding` and column `stride` c - `padding` of the picture, zero beyond its rim.

    Attributes:
        kernels: float32 [filters, side, side, 3].
        biases: float32 [filters].
        stride: pixels from one cell to the next.
        padding: zeros around the picture, in pixels.
        cells: a side of the output.
    """

    kernels: np.ndarray
    biases: np.ndarray
    stride: int
    padding: int
    cells: int


def first_convolution(classifier: HandClassifier) -> FirstConvolution:
    """Take the first convolution of a network apart."""
    layer = classifier.folded.get_layer("conv1_conv")
    kernel, bias = (weight.numpy() for weight in layer.weights)
    padding = classifier.folded.get_layer("conv1_pad").padding[0][0]
    stride = layer.strides[0]
    cells = (SIZE + 2 * padding - len(kernel)) // stride + 1
    return FirstConvolution(kernel.transpose(3, 0, 1, 2), bias, stride, padding, cells)
