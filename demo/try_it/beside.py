"""Two readings side by side, their maps on one scale, their channels compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from demo.kit.components import TemplateValue
from demo.kit.data_urls import data_url
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import colour_scale
from demo.try_it.answer import answer
from demo.try_it.beside_channels import BesideChannels, beside_channels
from demo.try_it.heat_map import full_colour, map_scale
from demo.try_it.request import MapLook
from model.digits import WORDS

WIDE = 360  # pixels of each map
ALONE = "Pinned. Bring another picture, or explain another digit, and it is shown beside this one."
TOGETHER = "Both maps share one scale, so that their colours can be compared."


@dataclass(frozen=True)
class Compared:
    """One of the two.

    Attributes:
        of: which it is.
        src: its map, as data URL.
        word: what is read.
        sentence: how sure that is.
        about: which digit the map explains, where that is not the one that was read.
    """

    of: str
    src: str
    word: str
    sentence: str
    about: str


@dataclass(frozen=True)
class Beside(TemplateValue):
    """What is pinned and what is in hand; empty while nothing is pinned.

    Attributes:
        pair: one, or both.
        scale: of their maps, as HTML.
        words: what to know of them.
        channels: of both, compared.
    """

    pair: list[Compared] = field(default_factory=list)
    scale: str = ""
    words: str = ""
    channels: BesideChannels | None = None


def beside(
    network: Network,
    pinned: ReadPicture,
    hand: ReadPicture | None,
    look: MapLook,
    draw: Callable[[ReadPicture, float], np.ndarray],
) -> Beside:
    """Show what is pinned, and beside it what is in hand if that is something else.

    Args:
        network: what read them.
        pinned: a picture that was read.
        hand: the one that was read last.
        look: of both maps.
        draw: gives a picture's map, uint8 [h, w, 3], with the full colour at a magnitude.
    """
    hands = {"Pinned": pinned}
    if hand and not same(hand, pinned):
        hands["Current picture"] = hand
    strongest = max(hands.values(), key=lambda each: full_colour(each, look))
    top, scale = full_colour(strongest, look), map_scale(strongest, look)
    pair = []
    for of, each in hands.items():
        said, map_ = answer(each), Image.fromarray(draw(each, top))
        digit = each.explanation.digit
        about = "" if digit == each.reading.digit else f"; the map explains {WORDS[digit]}"
        src = data_url(np.asarray(map_.resize((WIDE, WIDE), Image.Resampling.BOX)))
        pair.append(Compared(of, src, said.word, said.sentence, about))
    bar = colour_scale(scale.end, f" {scale.unit}")
    if hand is None or len(pair) == 1:
        return Beside(pair, bar, ALONE)
    return Beside(pair, bar, TOGETHER, beside_channels(network, pinned, hand, look.stage))


def same(one: ReadPicture, other: ReadPicture) -> bool:
    """Whether both are the same part of the same picture, explained for the same digit."""
    return one.shown_file == other.shown_file and one.explanation.digit == other.explanation.digit
