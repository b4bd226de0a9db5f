"""Which places the answer depends on: a few whose covering changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.kit.data_urls import data_url
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import percent
from model.digits import WORDS

if TYPE_CHECKING:
    from explain.checks.counterfactual import Counterfactual

GRID = 8  # places a side


def covering(network: Network, hand: ReadPicture, digit: int, against: int) -> dict:
    """A few places whose covering changes the answer, step by step.

    They are looked for where the picture speaks for the digit that was read rather than for the
    other one of the two.
    """
    from explain.checks.counterfactual import counterfactual

    if digit == against:
        return {"sentence": "A digit cannot be told from itself; choose two different ones."}
    read = int(hand.explanation.probabilities.argmax())  # in the part alone, which is covered
    heat = hand.sharp[read] - hand.sharp[against if digit == read else digit]
    found = counterfactual(network.classifier.predict, hand.crop, heat, GRID)
    cells, side = found.cells, 100 / GRID
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
            f"{was}, of {GRID**2}, it is still read as {was} ({sure})."
        )
    if count == 1:
        return f"Blur one place of {GRID**2}, and {was} becomes {now} ({sure})."
    return (
        f"Blur {count} places of {GRID**2}, and {was} becomes {now} ({sure}); "
        f"bring back any one of them, and it is {was} again."
    )
