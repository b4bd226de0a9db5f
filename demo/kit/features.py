"""What each block answers to the picture in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from demo.kit.caches import picture_cache
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from model.reading.images import SIZE

if TYPE_CHECKING:
    from explain.network.channels import BlockFeatures


def features_of(network: Network, hand: ReadPicture, digit: int) -> dict[str, BlockFeatures]:
    """What each block answers to the picture in hand, by the layer that the block ends with."""
    return measured(network, hand.crop.tobytes(), digit)


@picture_cache(8)
def measured(network: Network, crop: bytes, digit: int) -> dict[str, BlockFeatures]:
    pixels = np.frombuffer(crop, np.uint8).reshape(SIZE, SIZE, 3)
    return network.features.features(pixels, digit)
