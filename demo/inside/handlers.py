"""What the tab shows of the network and the picture in hand, one method per event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from demo.inside.block_card import BlockCard, block_card
from demo.inside.blocks import find_block, first_opened
from demo.inside.channels import (
    ChannelCard,
    ChannelMosaic,
    channel_card,
    channel_mosaic,
    climb_channel,
)
from demo.inside.filters import Filters, filters
from demo.inside.network_map import NetworkMap, network_map, size_line, view_line, words_line
from demo.inside.walk import Walk, walk
from demo.kit.components import TemplateValue
from demo.kit.data_urls import thumbnail
from demo.kit.drawn_block import DrawnBlock, drawn_block
from demo.kit.examples import or_example
from demo.kit.network import Waking
from demo.kit.read_picture import ReadPicture
from demo.kit.words import explained, owner, percent
from model.digits import WORDS


@dataclass(frozen=True)
class Carried(TemplateValue):
    """The picture in hand, small, and what it was read as; all empty if there is none."""

    src: str = ""
    word: str = ""
    sure: str = ""
    whose: str = ""


@dataclass(frozen=True)
class OneChannel:
    """A channel and its card."""

    channel: int
    channel_card: ChannelCard


@dataclass(frozen=True)
class Channels(OneChannel):
    """The channels of a block, and the first of them."""

    channel_mosaic: ChannelMosaic


@dataclass(frozen=True)
class OpenBlock(Channels):
    """A block by its name, its card, its inside and its channels."""

    block: str
    block_card: BlockCard
    drawn_block: DrawnBlock


@dataclass(frozen=True)
class WholeNetwork(OpenBlock):
    """The map of the network in words and drawn, and the block that is open."""

    size_line: str
    words_line: str
    view_line: str
    network_map: NetworkMap
    walk: Walk
    filters: Filters


class Inside:
    """The handlers of the tab.

    `hand` is the picture in hand, None until there is one; `block` the name of the block that is
    open, None at first; `digit` a choice among `EXPLAINED_CHOICES`.

    Args:
        waking: the network.
    """

    def __init__(self, waking: Waking):
        self.waking = waking

    def carry(self, hand: ReadPicture | None) -> Carried:
        """The picture in hand, small."""
        if not hand:
            return Carried()
        digit = hand.reading.digit
        sure = percent(float(hand.reading.probabilities[digit])) if hand.reading.is_hand else ""
        shown = thumbnail(Image.fromarray(hand.shown))
        return Carried(shown, WORDS[digit], sure, owner(hand))

    def arrive(self, hand: ReadPicture | None, block: str | None, digit: int) -> WholeNetwork:
        """The whole network for the picture in hand; the block that was open stays open."""
        network, hand = self.waking.network(), or_example(self.waking, hand)
        opened = self.look_at(hand, block or first_opened(network), digit)
        return WholeNetwork(
            **vars(opened),
            size_line=size_line(network),
            words_line=words_line(network),
            view_line=view_line(network),
            network_map=network_map(network, hand),
            walk=walk(network, hand),
            filters=filters(network, hand),
        )

    def open_block(self, hand: ReadPicture | None, digit: int, chosen: str) -> OpenBlock:
        block = find_block(self.waking.network(), chosen)
        return self.look_at(or_example(self.waking, hand), block.name, digit)

    def look_at(self, hand: ReadPicture, block: str, digit: int) -> OpenBlock:
        network = self.waking.network()
        return OpenBlock(
            **vars(self.weigh(hand, block, digit)),
            block=block,
            block_card=block_card(network, hand, block),
            drawn_block=drawn_block(network, hand, block),
        )

    def weigh(self, hand: ReadPicture | None, block: str | None, digit: int) -> Channels:
        """The channels of a block in the order of what they add to a digit."""
        network, hand = self.waking.network(), or_example(self.waking, hand)
        block = block or first_opened(network)
        mosaic = channel_mosaic(network, hand, block, explained(hand, digit))
        first = self.open_channel(hand, block, digit, mosaic.tiles[0].channel)
        return Channels(**vars(first), channel_mosaic=mosaic)

    def open_channel(
        self, hand: ReadPicture | None, block: str | None, digit: int, chosen: int
    ) -> OneChannel:
        hand, channel = or_example(self.waking, hand), int(chosen)
        network = self.waking.network()
        block = block or first_opened(network)
        card = channel_card(network, hand, block, explained(hand, digit), channel)
        return OneChannel(channel, card)

    def climb(
        self, hand: ReadPicture | None, block: str | None, digit: int, channel: int
    ) -> Iterator[ChannelCard]:
        """The card of a channel while what it looks for is found."""
        card = self.open_channel(hand, block, digit, channel).channel_card
        network = self.waking.network()
        yield from climb_channel(network, block or first_opened(network), card)
