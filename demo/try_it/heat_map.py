"""What is said of the heat map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demo.kit.glossary import term
from demo.kit.read_picture import ReadPicture
from demo.kit.words import PER_PATCH, colour_scale
from demo.try_it.request import MapLook
from explain.maps.strength import fade, full_at, is_seen, patch_end
from model.digits import WORDS


def full_colour(hand: ReadPicture, look: MapLook) -> float:
    """The magnitude that gets the full colour; 0 where the map is empty."""
    if not look.own:
        return hand.tops[look.stage]
    return full_at(look.stage, hand.maps.signed(look.stage))


@dataclass(frozen=True)
class MapScale:
    """The scale of a map's colours: where it ends in both directions, and the unit of that."""

    end: float
    unit: str


def map_scale(hand: ReadPicture, look: MapLook) -> MapScale:
    top = full_colour(hand, look)
    if look.stage == "sharp":
        return MapScale(patch_end(top), f"logits {PER_PATCH}")
    return MapScale(top, "logits per cell")


def caption(hand: ReadPicture, look: MapLook) -> str:
    """What the heat map shows, of what can be seen on it, and its scale."""
    words, scale = map_words(hand, look), map_scale(hand, look)
    if not scale.end:
        return words
    unit = scale.unit.replace("logits", term("logit", "logits"))
    return f"{colour_scale(scale.end, f' {unit}')}<p>{words}</p>"


def map_words(hand: ReadPicture, look: MapLook) -> str:
    """What the heat map shows, of what can be seen on it, as HTML."""
    digit, signed = hand.explanation.digit, hand.maps.signed(look.stage)
    top = full_colour(hand, look)
    colour = fade(signed, top) if top else np.zeros_like(signed)
    spoke = "spoke" if hand.reading.is_hand else "would speak"
    words = seen(colour, f"<b>{WORDS[digit]}</b>", spoke)
    side = len(signed)
    words += "." if look.stage == "sharp" else f", at stage {look.stage[-1]}, {side}×{side} cells."
    if top == 0:
        return words
    if look.own:
        words += " The scale is this map's own: don't compare it with others."
    elif digit != hand.reading.digit:
        words += f" The scale is that of the digit that was read, {WORDS[hand.reading.digit]}."
    return words


def seen(colour: np.ndarray, digit: str, spoke: str) -> str:
    """What each colour of a map, float32 [h, w] in -1..1, means, if it is there to be seen."""
    orange, violet = is_seen(colour), is_seen(-colour)
    if orange and violet:
        return f"Orange {spoke} for {digit}, violet against it"
    if orange:
        return f"Orange {spoke} for {digit}; little {spoke} against it"
    if violet:
        return f"Little here {spoke} for {digit}; violet {spoke} against it"
    return f"Little here {spoke} for {digit} or against it"
