"""The channels of a block: those that add most to a digit, and one of them seen closely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from PIL import Image

from demo.inside.blocks import channel_layer
from demo.kit.components import TemplateValue
from demo.kit.data_urls import data_url
from demo.kit.features import features_of
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import signed
from model.digits import WORDS

TILES = 24


@dataclass(frozen=True)
class Tile(TemplateValue):
    """A channel, small, and what it adds to the logit of a digit."""

    channel: int
    adds: str
    tone: str
    pressed: str
    src: str


@dataclass(frozen=True)
class ChannelMosaic(TemplateValue):
    """The channels of a block, side by side."""

    block: str
    words: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class ChannelCard(TemplateValue):
    """A channel, large; while what it looks for is found, how many percent are done."""

    channel: int
    src: str
    looks: str
    words: str
    climbing: bool = False
    done: int = 0


def channel_mosaic(network: Network, hand: ReadPicture, block: str, digit: int) -> ChannelMosaic:
    """The channels of a block that add most to a digit, the first of them chosen."""
    from explain.draw.heat_maps import glow

    layer = channel_layer(network, block)
    features = features_of(network, hand, digit)[layer]
    shown = features.strongest[:TILES].tolist()
    exact = "exactly" if layer == channel_layer(network, "head") else "approximately"
    return ChannelMosaic(
        block,
        f"The {len(shown)} of {len(features.adds)} channels that add most to the logit of "
        f"{WORDS[digit]}, measured as activation times gradient, which gives {exact} what each "
        "adds. Each map has its own scale.",
        tuple(
            Tile(
                channel,
                adds=signed(float(features.adds[channel]), 3),
                tone="for" if features.adds[channel] > 0 else "against",
                pressed=str(i == 0).lower(),
                src=data_url(glow(features.activations[..., channel])),
            )
            for i, channel in enumerate(shown)
        ),
    )


def channel_card(
    network: Network, hand: ReadPicture, block: str, digit: int, channel: int
) -> ChannelCard:
    """A channel, large: where it is active, and what it looks for if that is known."""
    from explain.draw.heat_maps import overlay
    from explain.maps.cells import lay

    layer = channel_layer(network, block)
    features = features_of(network, hand, digit)[layer]
    activations = features.activations[..., channel]
    centres = network.explainer.centres[layer.split("_")[0]]
    picture = np.asarray(Image.fromarray(hand.shown).resize((360, 360), Image.Resampling.BOX))
    return ChannelCard(
        channel,
        src=data_url(overlay(picture, lay(activations, centres))),
        looks=what_it_looks_for(network, layer, channel),
        words=f"In {layer.removesuffix('_out')}. It adds "
        f"{signed(float(features.adds[channel]), 3)} to the logit of {WORDS[digit]}; its "
        f"activation is {activations.mean():.2f} on average, {activations.max():.2f} at most.",
    )


@cache
def recorded_pictures(network: Network) -> dict[str, dict[int, np.ndarray]]:
    """What channels look for, as recorded for these weights: uint8 [64, 64, 3]."""
    from explain.network.channels import stored

    return stored(network.digest)


@cache
def made_pictures(network: Network) -> dict[tuple[str, int], str]:
    """What channels look for, as found since for a visitor: data URLs."""
    return {}


def what_it_looks_for(network: Network, layer: str, channel: int) -> str:
    """What a channel looks for, as data URL; empty if that is not known yet."""
    recorded = recorded_pictures(network).get(layer, {}).get(channel)
    if recorded is not None:
        return enlarged(recorded)
    return made_pictures(network).get((layer, channel), "")


def enlarged(picture: np.ndarray) -> str:
    return data_url(
        np.asarray(Image.fromarray(picture).resize((256, 256), Image.Resampling.BICUBIC))
    )


def climb_channel(network: Network, block: str, card: ChannelCard) -> Iterator[ChannelCard]:
    """The card of a channel while what it looks for is found."""
    from explain.network.channels import STEPS, climb

    layer = channel_layer(network, block)
    yield replace(card, climbing=True)
    for done, (picture,) in climb(network.classifier, layer, [card.channel]):
        card = replace(
            card, climbing=done < STEPS, done=round(100 * done / STEPS), looks=enlarged(picture)
        )
        yield card
    made_pictures(network)[layer, card.channel] = card.looks
