"""What “Can I trust it?” shows of a picture, for the templates."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from demo.kit.data_urls import data_url, heat_url
from demo.kit.figures import side_by_side
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import colour_scale, percent, signed
from model.digits import WORDS

if TYPE_CHECKING:
    from explain.checks.counterfactual import Counterfactual
    from explain.checks.faithfulness import Badge, Curves

SHARP = "Sharp map"


@dataclass(frozen=True)
class Found:
    """The map of a method and what was measured of it.

    Attributes:
        heat: float32 [64, 64].
        seconds: that it took.
        score: insertion area minus deletion area, -1..1.
        beaten: how many random maps have a lower one.
        rivals: how many random maps there were.
    """

    heat: np.ndarray
    seconds: float
    score: float
    beaten: int
    rivals: int


def scale(top: float) -> str:
    """The colour bar of a sharp map; its mean over 64x64 pixels is in logits."""
    return colour_scale(top / 64)


def number(value: float) -> str:
    """A number with its sign only where it is below zero: 0.35, −0.20."""
    return signed(value).removeprefix("+")


def runner_up(hand: ReadPicture) -> int:
    others = [digit for digit in range(len(WORDS)) if digit != hand.reading.digit]
    return max(others, key=lambda digit: hand.explanation.probabilities[digit])


def six_maps(hand: ReadPicture, own: bool) -> dict:
    """The sharp map of every digit.

    Args:
        hand: the picture.
        own: whether each map has its own scale, rather than all of them one.
    """
    tops = [float(np.abs(each).max()) for each in hand.sharp]
    top = max(tops)

    def words(strongest: float, highest: float) -> str:
        if strongest == 0:
            return "Empty: nothing speaks for it, nothing against."
        if highest <= 0:
            return "Nothing speaks for it, only against."
        if not own and strongest < 0.1 * top:
            return "Nearly empty on this scale."
        return ""

    rows = [
        {
            "word": WORDS[digit],
            "percent": percent(float(hand.explanation.probabilities[digit])),
            "rank": "first" if digit == hand.reading.digit else "",
            "src": heat_url(hand, each, strongest if own else top),
            "scale": scale(strongest) if own and strongest else "",
            "words": words(strongest, float(each.max())),
        }
        for digit, (each, strongest) in enumerate(zip(hand.sharp, tops, strict=True))
    ]
    unit = (
        "In logits for every 8×8 pixels. These are maps of middle stages, so they do not add up "
        "to the answer; the exact sum is under “Try it”."
    )
    if own:
        lost = (
            "What is lost: a faint map now looks as strong as a strong one, so colours can no "
            "longer be compared from digit to digit."
        )
        return {"maps": rows, "scale": "", "words": f"{unit} {lost}"}
    return {"maps": rows, "scale": scale(top) if top else "", "words": unit}


def difference(hand: ReadPicture, digit: int, against: int) -> dict:
    """The map of what speaks for one digit rather than another, and its caption."""
    if digit == against:
        return {"words": "Choose two different digits."}
    heat = hand.sharp[digit] - hand.sharp[against]
    top, one, other = float(np.abs(heat).max()), WORDS[digit], WORDS[against]
    ahead = float(hand.reading.logits[digit] - hand.reading.logits[against])
    words = (
        f"Orange speaks for {one} rather than {other}, violet for {other}."
        if top
        else f"Empty: nothing here tells {one} from {other}."
    )
    shares = (percent(float(hand.explanation.probabilities[each])) for each in (digit, against))
    return {
        "src": heat_url(hand, heat, top),
        "scale": scale(top) if top else "",
        "words": f"{words} In all, the logit of {one} is {abs(ahead):.1f} "
        f"{'above' if ahead >= 0 else 'below'} that of {other}: {' against '.join(shares)}.",
    }


def covering(network: Network, hand: ReadPicture, digit: int, against: int) -> dict:
    """A few places whose covering changes the answer, step by step.

    They are looked for where the picture speaks for the digit that was read rather than for the
    other one of the two.
    """
    from explain.checks.counterfactual import counterfactual

    if digit == against:
        return {"sentence": "There is nothing to cover between a digit and itself."}
    read = int(hand.explanation.probabilities.argmax())  # in the part alone, which is covered
    heat = hand.sharp[read] - hand.sharp[against if digit == read else digit]
    found = counterfactual(network.classifier.predict, hand.crop, heat)
    cells, side = found.cells, 100 / 8
    places = "place" if len(cells) == 1 else "places"

    def frame(step: int) -> dict:
        probabilities = found.probabilities[step]
        best = int(probabilities.argmax())
        return {
            "src": data_url(found.pictures[step]),
            "words": f"{step} of {len(cells)} {places} blurred: {WORDS[best]}, "
            f"{percent(float(probabilities[best]))}",
            "bars": [
                {
                    "width": round(100 * float(p), 1),
                    "percent": percent(float(p)),
                    "first": d == best,
                }
                for d, p in enumerate(probabilities)
            ],
        }

    frames = [frame(step) for step in range(len(cells) + 1)]
    return {
        "frames": frames,
        "last": len(cells),
        "src": frames[-1]["src"],
        "side": side,
        "places": [{"left": side * int(c), "top": side * int(r)} for r, c in cells],
        "bars": [
            {"digit": d, "before": round(100 * float(p), 1)}
            for d, p in enumerate(found.probabilities[0])
        ],
        "sentence": ("" if read in (digit, against) else f"It was read as {WORDS[read]}. ")
        + covering_words(found),
    }


def covering_words(found: Counterfactual) -> str:
    """What covering places came to, in a sentence."""
    count, was, now = len(found.cells), WORDS[found.digit], WORDS[found.becomes]
    sure = percent(float(found.probabilities[-1, found.becomes]))
    if not found.changed:
        return (
            f"Nothing changes the answer: with the {count} places blurred that speak most for "
            f"{was}, of 64, it is still read as {was} ({sure})."
        )
    if count == 1:
        return f"Blur one place of 64, and {was} becomes {now} ({sure})."
    return (
        f"Blur {count} places of 64, and {was} becomes {now} ({sure}); "
        f"bring back any one of them, and it is {was} again."
    )


STEPS = 8  # of the curves


@lru_cache(maxsize=16)
def chance(network: Network, crop: bytes, digit: int) -> list[Curves]:
    """The curves of random maps on a crop, given as its bytes."""
    from explain.checks.faithfulness import random_curves

    pixels = np.frombuffer(crop, np.uint8).reshape(64, 64, 3)
    return random_curves(network.classifier.predict, pixels, digit, steps=STEPS)


def beside_chance(
    network: Network, hand: ReadPicture, heat: np.ndarray, digit: int
) -> tuple[Curves, list[Curves]]:
    """The curves of a map of a digit, and those of random maps."""
    from explain.checks.faithfulness import curves

    own = curves(network.classifier.predict, hand.crop, heat, digit, STEPS)
    return own, chance(network, hand.crop.tobytes(), digit)


def against_random_maps(network: Network, hand: ReadPicture) -> tuple[str, dict]:
    """The curves as plots, and how many random maps were beaten."""
    from explain.checks.faithfulness import beaten
    from explain.draw.charts.faithfulness import faithfulness_charts

    digit = hand.reading.digit
    own, random = beside_chance(network, hand, hand.sharp[digit], digit)
    charts = faithfulness_charts(WORDS[digit], own, random)
    return side_by_side(*([chart] for chart in charts)), {
        "badges": [
            better_than(beaten(own, random), len(random)),
            {"kind": "open", "words": "does it depend on what was learned? not checked yet"},
        ]
    }


def check(holds: bool, words: str) -> dict:
    """A check of a badge, as the page shows it."""
    return {"kind": "holds" if holds else "fails", "words": words}


def better_than(beaten: int, rivals: int) -> dict:
    from explain.checks.faithfulness import beats_chance

    return check(beats_chance(beaten, rivals), f"better than {beaten} of {rivals} random maps")


def forget(
    network: Network, hand: ReadPicture, others: Sequence[np.ndarray] = (), times: int = 5
) -> Iterator[dict]:
    """The sharp map while the network forgets from its head down, then the badges.

    It forgets several times, as a map of random weights is alike or opposite by chance: the maps
    are those of the first time, the numbers means over all.

    Args:
        network: what is asked.
        hand: the picture.
        others: float32 [64, 64] each, maps of the digit that was read by other methods.
        times: that it forgets.
    """
    from explain.checks.faithfulness import examine, randomised, rank_correlation

    digit = hand.reading.digit
    heat = hand.sharp[digit]
    rows = [{"name": "as learned", "src": heat_url(hand, heat, None), "words": "the map itself"}]
    lost, kept = {}, {}
    for seed in range(times):
        busy = {"kind": "open", "words": f"forgetting, {seed + 1} of {times} times…"}
        yield {"maps": list(rows), "badges": [busy]}
        for row, (stage, weights) in enumerate(randomised(network.explainer.passes, seed), 1):
            forgotten = network.sharp.explain(hand.crop, weights)[digit]
            lost.setdefault(stage, []).append(forgotten)
            kept.setdefault(stage, []).append(rank_correlation(heat, forgotten))
            if not seed:
                name = "head" if stage == "predictions" else f"+ stage {stage[-1]}"
                rows.append({"name": name, "src": heat_url(hand, forgotten, None)})
            rows[row] = {**rows[row], "words": number(float(np.mean(kept[stage])))}
            yield {"maps": list(rows), "badges": [busy]}
    badge = examine(*beside_chance(network, hand, heat, digit), heat, lost[stage], others)
    yield {"maps": rows, "badges": badges(badge), "words": badge.words}


def badges(badge: Badge) -> list[dict]:
    """A badge as the page shows it, a check each."""
    depends = "depends" if badge.learned else "hardly depends"
    kept = f"mean correlation {number(badge.kept)} once all is forgotten"
    shown = [
        better_than(badge.beaten, badge.rivals),
        check(badge.learned, f"{depends} on what was learned: {kept}"),
    ]
    if badge.agreed is not None:
        agreed = f"mean correlation {number(badge.agreed)}"
        agree = badge.agreement == "agree"
        shown.append(check(agree, f"other methods {badge.agreement}: {agreed}"))
    return shown


def measure(network: Network, hand: ReadPicture, name: str, digit: int, stage: str) -> Found:
    """Explain a picture by a method, and score its map."""
    from explain.checks.faithfulness import beaten
    from explain.maps.cells import lay
    from explain.maps.methods import METHODS, as_expected, explain_by

    if name == SHARP:
        make = lambda: network.sharp.explain(hand.crop)[digit]  # noqa: E731
    else:
        as_expected(network.classifier)  # made once: not the method's own time
        make = partial(explain_by, name, network.classifier, hand.crop, digit, stage)
    began = time.perf_counter()
    heat = make()
    seconds = time.perf_counter() - began
    if name != SHARP and METHODS[name].layered:
        heat = lay(heat, network.explainer.centres[stage])
    own, random = beside_chance(network, hand, heat, digit)
    return Found(heat, seconds, own.score, beaten(own, random), len(random))


def gallery(hand: ReadPicture, found: dict[str, Found], digit: int, running: str = "") -> dict:
    """A card for each method, with its map if it was made yet."""
    from explain.checks.faithfulness import agreement
    from explain.maps.methods import METHODS
    from explain.maps.sharp import MISLEADS, SHOWS

    agree = agreement({name: each.heat for name, each in found.items()}) if len(found) > 1 else {}

    def card(name: str, shows: str, misleads: str) -> dict:
        words = {"name": name, "shows": shows, "misleads": misleads}
        if name not in found:
            waits = "at work…" if name == running else "not run yet"
            state = "running" if name == running else "waiting"
            return words | {
                "state": state,
                "waits": waits,
                "score": "–",
                "beats": "–",
                "agrees": "–",
                "time": "–",
            }
        each = found[name]
        return words | {
            "state": "own" if name == SHARP else "",
            "src": heat_url(hand, each.heat, None),
            "score": signed(each.score),
            "beats": f"{each.beaten} of {each.rivals}",
            "agrees": number(agree[name]) if name in agree else "–",
            "time": f"{1000 * each.seconds:,.0f} ms",
        }

    return {
        "cards": [
            card(SHARP, SHOWS, MISLEADS),
            *(card(name, method.shows, method.misleads) for name, method in METHODS.items()),
        ],
        "words": f"What each method shows for {WORDS[digit]}: {len(found)} of {len(METHODS) + 1} "
        "have run. Each map has its own scale; agreement is its mean rank correlation with the "
        "others.",
    }
