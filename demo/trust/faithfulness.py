"""Whether the map of the digit that was read is better than chance, and depends on learning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from demo.kit.caches import picture_cache
from demo.kit.components import TemplateValue
from demo.kit.data_urls import Shows, heat_url
from demo.kit.figures import side_by_side
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import signed
from demo.trust.digit_maps import sharp_maps
from model.digits import WORDS

if TYPE_CHECKING:
    from explain.checks.faithfulness import Badge, Curves, Predict

STEPS = 8  # of the curves
TIMES = 5  # that the network forgets
HARDLY = 0.8  # correlation from which a map has hardly changed
STOPPED = "Stopped before it had forgotten often enough to tell."


def correlation_text(value: float) -> str:
    """A correlation with its sign only where it is below zero: 0.35, −0.20."""
    return signed(value).removeprefix("+")


def correlations_text(values: Sequence[float]) -> str:
    """The mean magnitude of correlations, and their mean with its sign where that says more."""
    size, mean = float(np.mean(np.abs(values))), float(np.mean(values))
    words = f"{size:.2f}"
    return words if mean > 0.95 * size else f"{words}; with signs {correlation_text(mean)}"


@picture_cache(16)
def random_map_curves(predict: Predict, crop: bytes, size: int, chosen: int) -> list[Curves]:
    """The curves of random maps on a crop, given as its bytes."""
    from explain.checks.faithfulness import random_curves

    pixels = np.frombuffer(crop, np.uint8).reshape(size, size, 3)
    return random_curves(predict, pixels, chosen, steps=STEPS)


def beside_random_maps(
    predict: Predict, crop: np.ndarray, heat: np.ndarray, chosen: int
) -> tuple[Curves, list[Curves]]:
    """The curves of a map of a digit or class, and those of random maps.

    Args:
        predict: see `explain.checks.faithfulness.curves`.
        crop: uint8 [h, h, 3], what is read.
        heat: float32 [h, h], the map.
        chosen: what the map explains.
    """
    from explain.checks.faithfulness import curves

    own = curves(predict, crop, heat, chosen, STEPS)
    return own, random_map_curves(predict, crop.tobytes(), len(crop), chosen)


@dataclass(frozen=True)
class Check(TemplateValue):
    """A check: whether it `holds`, holds `partly`, `fails` or is `open`, in words."""

    kind: str
    words: str


@dataclass(frozen=True)
class ForgottenMap(TemplateValue):
    """A map of a network that forgot, and how much it is like the map as learned."""

    name: str
    src: str
    words: str = ""


@dataclass(frozen=True)
class Checks(TemplateValue):
    """The checks of a map, the maps of a network that forgets, and what all of it means."""

    badges: tuple[Check, ...]
    maps: tuple[ForgottenMap, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class BesideChance:
    """How a map fares beside random ones.

    Attributes:
        charts: the curves of deletion and insertion, as HTML.
        checks: how many random maps it beats, and what was not checked yet.
    """

    charts: str
    checks: Checks


def against_random_maps(network: Network, hand: ReadPicture) -> BesideChance:
    """Compare the map of the digit that was read with random maps."""
    from explain.checks.faithfulness import beaten
    from explain.draw.charts.faithfulness import faithfulness_charts

    digit = hand.reading.digit
    heat = sharp_maps(network, hand)[digit]
    own, random = beside_random_maps(network.classifier.predict, hand.crop, heat, digit)
    charts = faithfulness_charts(WORDS[digit], own, random)
    known = (
        better_than(beaten(own, random), len(random)),
        Check("open", "does it depend on what was learned? not checked yet"),
    )
    return BesideChance(side_by_side(*([chart] for chart in charts)), Checks(known))


def check(holds: bool, words: str) -> Check:
    return Check("holds" if holds else "fails", words)


def better_than(beaten: int, rivals: int) -> Check:
    from explain.checks.faithfulness import beats_chance, chance_words

    return check(beats_chance(beaten, rivals), chance_words(beaten, rivals))


def forget(
    network: Network, hand: ReadPicture, others: Sequence[np.ndarray] = (), times: int = TIMES
) -> Iterator[Checks]:
    """The sharp map while the network forgets from its head down, then the badges.

    It forgets several times, as a map of random weights is alike or opposite by chance: the maps
    are those of the first time, the numbers means over all.

    Args:
        network: what is asked.
        hand: the picture.
        others: float32 [64, 64] each, maps of the digit that was read by other methods.
        times: that it forgets.
    """
    from explain.checks.faithfulness import randomised

    digit = hand.reading.digit

    def forgotten(seed: int) -> Iterator[tuple[str, np.ndarray]]:
        for stage, weights in randomised(network.explainer.passes, seed):
            name = "head" if stage == "predictions" else f"stage {stage[-1]}"
            yield name, network.sharp.explain(hand.crop, weights, [digit])[0]

    heat, runs = sharp_maps(network, hand)[digit], [forgotten(seed) for seed in range(times)]
    yield from while_forgetting(network.classifier.predict, hand, heat, digit, runs, others)


def while_forgetting(
    predict: Predict,
    hand: Shows,
    heat: np.ndarray,
    chosen: int,
    runs: Sequence[Iterator[tuple[str, np.ndarray]]],
    others: Sequence[np.ndarray] = (),
) -> Iterator[Checks]:
    """A map of a digit or class, beside those of a network that forgets; then the badges.

    Args:
        predict: see `explain.checks.faithfulness.curves`.
        hand: the picture.
        heat: float32 [h, h], the map.
        chosen: what it explains.
        runs: each time that the network forgets, what was forgotten last, first the head, and the
            map then, float32 [h, h].
        others: float32 [h, h] each, maps by other methods.
    """
    from explain.checks.faithfulness import examine, rank_correlation

    maps = [ForgottenMap("as learned", heat_url(hand, heat, None), "the map itself")]
    lost: dict[str, list[np.ndarray]] = {}
    kept: dict[str, list[float]] = {}
    for time, run in enumerate(runs, 1):
        busy = Check("open", f"forgetting, {time} of {len(runs)} times…")
        yield Checks((busy,), tuple(maps))
        for row, (part, forgotten) in enumerate(run, 1):
            lost.setdefault(part, []).append(forgotten)
            kept.setdefault(part, []).append(rank_correlation(heat, forgotten))
            if time == 1:
                name = part if part == "head" else f"+ {part}"
                maps.append(ForgottenMap(name, heat_url(hand, forgotten, None)))
            maps[row] = replace(maps[row], words=correlations_text(kept[part]))
            yield Checks((busy,), tuple(maps))
    beside = beside_random_maps(predict, hand.crop, heat, chosen)
    badge = examine(*beside, heat, lost[part], others)
    yield Checks(badges(badge), tuple(maps), badge.words + head_words(kept["head"]))


def head_words(kept: Sequence[float]) -> str:
    """What to doubt if a head of random weights leaves the map nearly as it was; or nothing.

    Args:
        kept: the correlations of the map with those of networks whose head alone forgot.
    """
    alike = float(np.mean(np.abs(kept)))
    if alike < HARDLY:
        return ""
    return (
        f" But with only the head forgotten it stays nearly the same ({alike:.2f}): where the "
        "colours lie depends little on what the head has learned."
    )


def badges(badge: Badge) -> tuple[Check, ...]:
    """A badge as the page shows it, a check each."""
    depends = "depends" if badge.learned else "hardly depends"
    kept = f"mean correlation {badge.kept:.2f}, ignoring signs, once all is forgotten"
    shown = [
        better_than(badge.beaten, badge.rivals),
        check(badge.learned, f"{depends} on what was learned: {kept}"),
    ]
    if badge.agreed is not None:
        agreed = f"mean correlation {correlation_text(badge.agreed)}"
        kinds = {"agree": "holds", "partly agree": "partly"}
        kind = kinds.get(badge.agreement, "fails")
        shown.append(Check(kind, f"other methods {badge.agreement}: {agreed}"))
    return tuple(shown)
