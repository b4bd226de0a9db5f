"""The filters of the first convolution as pictures, and the arithmetic of one of its cells."""

from __future__ import annotations

from dataclasses import dataclass

from demo.kit.components import TemplateValue
from demo.kit.data_urls import data_url
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture

DIGITS_KEPT = 4  # after the point, of weights


@dataclass(frozen=True)
class Filters(TemplateValue):
    """What the browser lays on the picture.

    Attributes:
        src: the picture as the network gets it, lossless.
        kernels: each filter's weights, row by row, three colours a pixel.
        biases: one for each filter.
        side: of a kernel, in pixels.
        stride: pixels from one cell to the next.
        padding: zeros around the picture, in pixels.
        cells: a side of the output.
    """

    src: str
    kernels: list[list[float]]
    biases: list[float]
    side: int
    stride: int
    padding: int
    cells: int


def filters(network: Network, hand: ReadPicture) -> Filters:
    """The first convolution and the picture in hand."""
    import numpy as np

    from explain.network.first_convolution import first_convolution

    found = first_convolution(network.classifier)
    opaque = np.full((*hand.crop.shape[:2], 1), 255, np.uint8)
    flat = found.kernels.reshape(len(found.kernels), -1)
    return Filters(
        data_url(np.concatenate([hand.crop, opaque], -1)),  # with alpha it is stored lossless
        flat.round(DIGITS_KEPT).astype(float).tolist(),
        found.biases.round(DIGITS_KEPT).astype(float).tolist(),
        found.kernels.shape[1],
        found.stride,
        found.padding,
        found.cells,
    )
