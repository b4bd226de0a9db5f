"""The blocks of the network by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.kit.network import Network

if TYPE_CHECKING:
    from explain.network.architecture import BlockSummary


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
