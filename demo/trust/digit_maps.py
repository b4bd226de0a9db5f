"""What in a picture speaks for each digit and against it, on scales that compare."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demo.kit.caches import picture_cache
from demo.kit.components import TemplateValue
from demo.kit.data_urls import heat_url
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import PER_PATCH, colour_scale, percent
from explain.maps.strength import patch_end, reach
from model.digits import DIGITS, WORDS
from model.reading.images import SIZE


@dataclass(frozen=True)
class DigitMap(TemplateValue):
    """The map of a digit, with its own scale if it has one."""

    word: str
    percent: str
    rank: str
    src: str
    scale: str
    words: str


@dataclass(frozen=True)
class DigitMaps(TemplateValue):
    """The maps of all digits, and the scale that they share, if they do."""

    maps: tuple[DigitMap, ...]
    scale: str
    words: str


@dataclass(frozen=True)
class Difference(TemplateValue):
    """What speaks for one digit rather than another: a map with its scale, and its caption."""

    words: str
    src: str = ""
    scale: str = ""


def scale(top: float, unit: str = "") -> str:
    """The colour bar of a sharp map."""
    return colour_scale(patch_end(top), unit)


@picture_cache(16)
def maps_of_crop(network: Network, crop: bytes) -> np.ndarray:
    """The sharp map of every digit in a crop, given as its bytes."""
    return network.sharp.explain(np.frombuffer(crop, np.uint8).reshape(SIZE, SIZE, 3))


def sharp_maps(network: Network, hand: ReadPicture) -> np.ndarray:
    """The sharp map of every digit, float32 [6, 64, 64]."""
    return maps_of_crop(network, hand.crop.tobytes())


def runner_up(hand: ReadPicture) -> int:
    """The digit that comes closest to the one that was read."""
    others = [digit for digit in range(DIGITS) if digit != hand.reading.digit]
    return max(others, key=lambda digit: hand.explanation.probabilities[digit])


def digit_maps(hand: ReadPicture, sharp: np.ndarray, own: bool) -> DigitMaps:
    """The sharp map of every digit.

    Args:
        hand: the picture.
        sharp: see `sharp_maps`.
        own: whether each map has its own scale, rather than all of them one.
    """
    tops = [reach(each) for each in sharp]
    top = max(tops)

    def words(strongest: float, highest: float) -> str:
        if strongest == 0:
            return "Empty: nothing speaks for it, and nothing against it."
        if highest <= 0:
            return "Nothing speaks for it, only against."
        if not own and strongest < 0.1 * top:
            return "Nearly empty on this scale."
        return ""

    maps = tuple(
        DigitMap(
            WORDS[digit],
            percent=percent(float(hand.explanation.probabilities[digit])),
            rank="first" if digit == hand.reading.digit else "",
            src=heat_url(hand, each, strongest if own else top),
            scale=scale(strongest) if own and strongest else "",
            words=words(strongest, float(each.max())),
        )
        for digit, (each, strongest) in enumerate(zip(sharp, tops, strict=True))
    )
    unit = (
        f"{PER_PATCH}. These maps come from the middle of the "
        "network, so they do not add up to the answer; the exact sum is under “Try it”."
    )
    if own:
        lost = (
            "What is lost: a faint map now looks as strong as a strong one, so colours can no "
            "longer be compared from digit to digit."
        )
        return DigitMaps(maps, "", f"{unit} {lost}")
    return DigitMaps(maps, scale(top) if top else "", unit)


def difference(hand: ReadPicture, sharp: np.ndarray, digit: int, against: int) -> Difference:
    """The map of what speaks for one digit rather than another, and its caption."""
    if digit == against:
        return Difference("Choose two different digits.")
    heat = sharp[digit] - sharp[against]
    top, one, other = reach(heat), WORDS[digit], WORDS[against]
    ahead = float(hand.explanation.logits[digit] - hand.explanation.logits[against])
    words = (
        f"Orange speaks for {one} rather than {other}, violet for {other}."
        if top
        else f"Empty: nothing here tells {one} from {other}."
    )
    shares = (percent(float(hand.explanation.probabilities[each])) for each in (digit, against))
    return Difference(
        f"{words} In all, the logit of {one} is {abs(ahead):.1f} "
        f"{'above' if ahead >= 0 else 'below'} that of {other}: {' against '.join(shares)}.",
        src=heat_url(hand, heat, top),
        scale=scale(top, f" logits {PER_PATCH}") if top else "",
    )
