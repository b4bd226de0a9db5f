"""Two pictures compared by the channels of a stage: what sets them apart, what they share."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from demo.kit.data_urls import data_url
from demo.kit.features import features_of
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import percent

COUNT = 3  # channels of each kind
SIDE = 112  # pixels of each map
ALIKE = (
    "Their channels are the same: both show the same part of a picture, and only the digit that is "
    "explained differs."
)


@dataclass(frozen=True)
class ChannelPair:
    """A channel in both pictures: where it is active, as data URLs, and how much on average."""

    channel: int
    srcs: list[str]
    means: list[str]


@dataclass(frozen=True)
class ChannelKind:
    """The channels that tell one thing of the two pictures."""

    title: str
    pairs: list[ChannelPair]


@dataclass(frozen=True)
class BesideChannels:
    """What the channels say of the two pictures, in words and in maps."""

    words: str
    about: str = ""
    kinds: list[ChannelKind] = field(default_factory=list)


def beside_channels(
    network: Network, pinned: ReadPicture, hand: ReadPicture, stage: str
) -> BesideChannels:
    """Compare what the channels of a stage answer to two pictures.

    Args:
        network: what read them.
        pinned: one picture.
        hand: the other.
        stage: `conv1` to `conv5`; of `sharp` the last stage that the sharp map is made of.
    """
    from explain.network.compare_channels import compare_channels

    if np.array_equal(pinned.crop, hand.crop):
        return BesideChannels(ALIKE)
    if stage == "sharp":
        stage = network.sharp.recipe.stages[-1]
    one, other = (features_of(network, each, each.reading.digit) for each in (pinned, hand))
    layers = network.explainer.stages
    compared = {
        name: compare_channels(one[layer].activations, other[layer].activations, COUNT)
        for name, layer in layers.items()
    }
    shares = [f"{percent(each.shared)} at stage {name[-1]}" for name, each in compared.items()]
    chosen = compared[stage]
    maps = np.stack([each[layers[stage]].activations for each in (one, other)])
    small = [
        np.asarray(Image.fromarray(each.shown).resize((SIDE, SIDE), Image.Resampling.BOX))
        for each in (pinned, hand)
    ]

    def pair(channel: int) -> ChannelPair:
        from explain.draw.heat_maps import overlay
        from explain.maps.cells import lay

        top, centres = float(maps[..., channel].max()), network.explainer.centres[stage]
        laid = [lay(each[..., channel], centres) for each in maps]
        return ChannelPair(
            channel,
            [data_url(overlay(*each, top=top)) for each in zip(small, laid, strict=True)],
            [f"{mean:.2f}" for mean in chosen.means[:, channel]],
        )

    kinds = {
        "Stronger in the pinned picture": chosen.first,
        "Stronger in the current picture": chosen.second,
        "Strong in both": chosen.both,
    }
    return BesideChannels(
        "How much of their activation the two pictures share, channel by channel: "
        f"{', '.join(shares[:-1])} and {shares[-1]}.",
        f"These are channels of stage {stage[-1]}; in each pair the pinned picture is on the left. "
        "Orange is where a channel is active, on one scale for both pictures; the numbers are its "
        "mean activation in each.",
        [ChannelKind(title, [*map(pair, found)]) for title, found in kinds.items() if found],
    )
