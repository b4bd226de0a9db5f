"""The channels of a block: those that add most to a digit, and one of them seen closely."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from PIL import Image

from demo.inside.blocks import channel_layer, features_of
from demo.kit.data_urls import data_url
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import signed
from model.digits import WORDS

TILES = 24


def channel_mosaic(network: Network, hand: ReadPicture, block: str, digit: int) -> dict:
    """The channels of a block that add most to a digit, the first of them chosen."""
    from explain.draw.heat_maps import glow

    layer = channel_layer(network, block)
    features = features_of(network, hand, digit)[layer]
    shown = features.strongest[:TILES].tolist()
    exact = "exactly" if layer == channel_layer(network, "head") else "to first order"
    return {
        "block": block,
        "words": f"The {len(shown)} of {len(features.adds)} channels that add most to the logit of "
        f"{WORDS[digit]}, measured {exact} as activation times gradient. Each has its own scale.",
        "tiles": [
            {
                "channel": channel,
                "adds": signed(float(features.adds[channel]), 3),
                "tone": "for" if features.adds[channel] > 0 else "against",
                "pressed": str(i == 0).lower(),
                "src": data_url(glow(features.activations[..., channel])),
            }
            for i, channel in enumerate(shown)
        ],
    }


def channel_card(network: Network, hand: ReadPicture, block: str, digit: int, channel: int) -> dict:
    """A channel, large: where it is active, and what it looks for if that is known."""
    from explain.draw.heat_maps import overlay
    from explain.maps.cells import lay

    layer = channel_layer(network, block)
    features = features_of(network, hand, digit)[layer]
    activations = features.activations[..., channel]
    centres = network.explainer.centres[layer.split("_")[0]]
    picture = np.asarray(Image.fromarray(hand.shown).resize((360, 360), Image.Resampling.BOX))
    return {
        "channel": channel,
        "src": data_url(overlay(picture, lay(activations, centres))),
        "looks": what_it_looks_for(network, layer, channel),
        "words": f"In {layer.removesuffix('_out')}. It adds "
        f"{signed(float(features.adds[channel]), 3)} to the logit of {WORDS[digit]}; its "
        f"activation is {activations.mean():.2f} on average, {activations.max():.2f} at most.",
    }


@cache
def recorded_pictures(network: Network) -> dict[str, dict[int, np.ndarray]]:
    """What channels look for, as recorded for these weights: uint8 [64, 64, 3]."""
    from explain.network.channels import stored
    from model.network.weights_file import weights_digest

    return stored(weights_digest(network.classifier.model))


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


def climb_channel(network: Network, block: str, channel: int) -> Iterator[dict]:
    """Find what a channel looks for, and show how far the climb is."""
    from explain.network.channels import STEPS, climb

    layer, found = channel_layer(network, block), ""
    yield {"climbing": True, "done": 0}
    for done, (picture,) in climb(network.classifier, layer, [channel]):
        found = enlarged(picture)
        yield {"climbing": done < STEPS, "done": round(100 * done / STEPS), "looks": found}
    made_pictures(network)[layer, channel] = found
