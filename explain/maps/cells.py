"""Where in the picture the cells of a stage are."""

import keras
import numpy as np
from keras import layers

from explain.network.architecture import sources_of, window
from model.reading.images import SIZE


def cell_centres(model: keras.Model) -> dict[str, tuple[float, float]]:
    """The middle of each layer's first cell, and the step from cell to cell, in pixels.

    A map that is simply stretched over the picture is in the wrong place: the strided 1x1
    convolutions take every other cell, starting with the first, so that the four cells of the last
    stage are centred at 2.5 and 34.5 rather than in the four quarters, at 16 and 48.
    """
    found = {}
    for layer in model.operations:
        first, step = next((found[x.name] for x in sources_of(layer)), (0.5, 1.0))
        if isinstance(layer, layers.ZeroPadding2D):
            first -= step * layer.padding[0][0]
        size, stride = window(layer)
        first += step * ((size - 1) / 2 - padding_before(layer, size, stride))
        found[layer.name] = (first, step * stride)
    return found


def padding_before(layer, size: int, stride: int) -> int:
    """How many cells of zeros a layer puts before the first, to the left as above."""
    if getattr(layer, "padding", "same") != "same":
        return 0
    cells = layer.input.shape[1] if stride > 1 else None
    if cells is None:
        return (size - 1) // 2
    return max((-(-cells // stride) - 1) * stride + size - cells, 0) // 2


def interpolation_matrix(
    cells: int, centres: tuple[float, float], smooth: bool = True, size: int = SIZE
) -> np.ndarray:
    """The share of each cell in each pixel of a row, float32 [size, cells]; rows sum to one.

    Args:
        cells: how many there are in a row.
        centres: the middle of the first cell and the step from cell to cell, in pixels.
        smooth: whether to interpolate between the middles of the cells; otherwise each pixel takes
            the value of the nearest cell.
        size: of the picture, in pixels.
    """
    first, step = centres
    pixels = (np.arange(size) + 0.5 - first) / step
    if not smooth:
        pixels = np.ceil(pixels - 0.5)
    columns = [np.interp(pixels, np.arange(cells), cell) for cell in np.eye(cells)]
    return np.stack(columns, 1).astype(np.float32)


def lay(
    heat: np.ndarray, centres: tuple[float, float], smooth: bool = True, size: int = SIZE
) -> np.ndarray:
    """Lay a map over the picture where its cells are.

    Args:
        heat: float32 [h, w], a value a cell.
        centres: of the layer's cells, from `cell_centres`.
        smooth: whether to interpolate between the middles of the cells; otherwise each pixel takes
            the value of the nearest cell.
        size: of the picture, in pixels.

    Returns:
        float32 [size, size].
    """
    rows, columns = (interpolation_matrix(cells, centres, smooth, size) for cells in heat.shape)
    return rows @ heat.astype(np.float32) @ columns.T
