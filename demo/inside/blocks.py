"""The blocks of the network by name, and what they answer to the picture in hand."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from model.reading.images import SIZE

if TYPE_CHECKING:
    from explain.network.architecture import BlockSummary
    from explain.network.channels import BlockFeatures


def find_block(network: Network, name: str) -> BlockSummary:
    """A block, the stem or the head.

    Raises:
        ValueError: if there is none of that name.
    """
    for block in network.summary.walk:
        if block.name == name:
            return block
    raise ValueError(f"There is no block {name}.")


def first_opened(network: Network) -> str:
    """The block that is open at first: the last one of the first stage."""
    return network.summary.stages[1].blocks[-1].name


def channel_layer(network: Network, block: str) -> str:
    """The layer whose channels are shown of a block; the head's are those that it weighs."""
    if block == "stem":
        return network.features.blocks[0]
    return f"{network.summary.walk[-2].name if block == 'head' else block}_out"


def features_of(network: Network, hand: ReadPicture, digit: int) -> dict[str, BlockFeatures]:
    """What each block answers to the picture in hand, by the layer that the block ends with."""
    return measured(network, hand.crop.tobytes(), digit)


@lru_cache(maxsize=8)
def measured(network: Network, crop: bytes, digit: int) -> dict[str, BlockFeatures]:
    pixels = np.frombuffer(crop, np.uint8).reshape(SIZE, SIZE, 3)
    return network.features.features(pixels, digit)
