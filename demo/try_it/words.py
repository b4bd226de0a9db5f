"""What is said of a reading: the answer, its part, its sums and what may be the matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from demo.kit.data_urls import thumbnail
from demo.kit.read_picture import ReadPicture
from demo.kit.words import percent, signed
from model.digits import WORDS
from model.reading.images import cut

if TYPE_CHECKING:
    from explain.checks.remedies import Remedy
    from model.reading.classifier import Reading


def answer(hand: ReadPicture) -> dict:
    """A reading in words.

    Returns:
        `state`, `digit` (None where no hand is seen), `word`, `sentence`, the six `probabilities`,
        `evidence` for a hand, and a row for each probability in `bars`.
    """
    reading = hand.reading
    probabilities = [float(p) for p in reading.probabilities]
    first, second = sorted(range(len(WORDS)), key=lambda digit: -probabilities[digit])[:2]
    best, next_best = probabilities[first], probabilities[second]
    state, word = "sure" if best >= 0.9 else "unsure", WORDS[first]
    if not reading.is_hand:
        state, word = "none", "no hand"
        sentence = (
            f"I see no hand here: evidence {signed(reading.evidence).removeprefix('+')}, "
            f"where a hand has {hand.threshold:.2f} or more."
        )
        if best >= 0.5 and reading.evidence > 0:
            sentence += f" If it is one, it shows {WORDS[first]}."
    elif best >= 0.9:
        sentence = f"{percent(best)} sure"
    elif best - next_best < 0.25:
        sentence = f"but it could be {WORDS[second]}: {percent(best)} against {percent(next_best)}"
    else:
        sentence = f"probably: {percent(best)}, then {WORDS[second]} with {percent(next_best)}"
    return {
        "state": state,
        "digit": first if reading.is_hand else None,
        "numeral": str(first) if reading.is_hand else "–",
        "word": word,
        "sentence": sentence,
        "probabilities": [round(p, 4) for p in probabilities],
        "evidence": round(reading.evidence, 3),
        "bars": [
            {
                "digit": digit,
                "width": round(100 * p, 1),
                "percent": percent(p),
                "rank": {first: "first", second: "second"}.get(digit, ""),
            }
            for digit, p in enumerate(probabilities)
        ],
    }


def part(hand: ReadPicture, how: str) -> dict:
    """The part of the picture that was read, in percent of its width and height.

    Args:
        hand: the picture.
        how: `found` by the network, `all` of it, `yours`, or what was done to the picture.

    Returns:
        `src` (the picture, as data URL), `how`, `left`, `top`, `width`, `height`, `words`, and
        for each of `found` and `all` whether that is how, as HTML says it.
    """
    picture, (x0, y0, x1, y1) = hand.reading.picture, hand.reading.box
    h, w = picture.shape[:2]
    whole = x0 <= 0 and y0 <= 0 and x1 >= w and y1 >= h
    if how == "yours":
        words = f"Your own box was read{', in the changed picture' if hand.changed else ''}."
    elif how == "all":
        words = "The whole picture was read, as it came."
    elif how != "found":
        words = f"Your picture, {how}. Both buttons go back to it as it came."
    elif not hand.reading.is_hand:
        shown = "this is the whole picture" if whole else "this part comes closest to one"
        words = f"The network looked for a hand and found none; {shown}."
    elif whole:
        margin = ", with a margin around it" if x0 < 0 else ""
        words = f"The network looked for the hand: it is read best in the whole picture{margin}."
    else:
        words = "The network looked for the hand and read this part."
    digit = hand.reading.digit
    alone = percent(float(hand.explanation.probabilities[digit]))
    in_all = percent(float(hand.reading.probabilities[digit]))
    if how == "found" and hand.reading.is_hand and alone != in_all:
        words += f" Alone it has {alone} for {WORDS[digit]}; the answer weighs all that was tried."
    return {
        "src": thumbnail(Image.fromarray(picture), 360),
        "how": how,
        "left": round(100 * x0 / w, 2),
        "top": round(100 * y0 / h, 2),
        "width": round(100 * (x1 - x0) / w, 2),
        "height": round(100 * (y1 - y0) / h, 2),
        "words": words,
        **{each: str(how == each).lower() for each in ("found", "all")},
    }


def ledger_rows(hand: ReadPicture, centres: tuple[float, float]) -> dict:
    """What each cell of the last stage adds to each logit, as the page shows it.

    Args:
        hand: the picture.
        centres: of the last stage's cells, as of `explain.maps.cells.cell_centres`.

    Returns:
        `src` (the part that was read, as data URL), the four `cells` of the digit that is
        explained, `word` of it, and a row for each digit in `rows`; all on one signed scale.
        `split` is where one cell ends and the next begins, in percent of the picture.
    """
    ledger, chosen = hand.explanation.exact_sum, hand.explanation.digit
    parts = ledger.contributions.reshape(len(WORDS), -1)
    top = float(abs(parts).max()) or 1.0

    def cell(value: float) -> dict:
        tone = "for" if value > 0 else "against"
        return {"text": signed(value), "tone": tone, "share": round(70 * abs(value) / top)}

    return {
        "src": thumbnail(Image.fromarray(hand.shown).convert("L"), 256),
        "split": round(100 * (centres[0] + centres[1] / 2) / 64, 1),
        "word": WORDS[chosen],
        "cells": [cell(value) for value in parts[chosen].tolist()],
        "rows": [
            {
                "word": WORDS[digit],
                "chosen": "chosen" if digit == chosen else "",
                "cells": [cell(value) for value in parts[digit].tolist()],
                "bias": signed(float(ledger.bias[digit])),
                "logit": signed(float(hand.explanation.logits[digit])),
            }
            for digit in range(len(WORDS))
        ],
    }


def remedy_rows(
    reading: Reading,
    alone: np.ndarray,
    digit: int,
    remedies: list[Remedy],
    troubles: dict[str, str],
    ranks: dict[str, int],
) -> dict:
    """What may be the matter with a picture, in words.

    Args:
        reading: of the picture.
        alone: float32 [6], the probabilities of the part that was read, alone.
        digit: what it really shows.
        remedies: what was tried, the best first.
        troubles: what may be the matter, by the kind of remedy.
        ranks: by measure of light, the percent of training pictures that have less of it.

    Returns:
        `digit`, `words`, and a row for each remedy in `rows`.
    """
    before = float(alone[digit])
    rows = [
        {
            "name": remedy.name,
            "trouble": troubles[remedy.kind],
            "src": thumbnail(Image.fromarray(cut(remedy.picture, remedy.box))),
            "change": f"{percent(before)} → {percent(float(remedy.probabilities[digit]))}"
            + ("" if remedy.is_hand else ", no hand"),
            "helps": "helps"
            if remedy.is_hand and remedy.probabilities[digit] > before + 0.05
            else "",
            "width": round(100 * float(remedy.probabilities[digit]), 1),
        }
        for remedy in remedies
    ]
    reads = [
        remedy.name
        for remedy in remedies
        if remedy.is_hand and remedy.probabilities.argmax() == digit
    ]
    if reading.digit == digit and reading.is_hand:
        words = f"It was read as {WORDS[digit]}; this is how far each change moves it."
    elif reading.is_hand and alone.argmax() == digit:
        words = (
            f"The part that was read shows {WORDS[digit]}, but other places were read as "
            f"{WORDS[reading.digit]} and outvoted it. Drag a box around the hand, and that alone "
            "is read."
        )
    elif reads:
        words = f"Once it is {reads[0]}, it is read as {WORDS[digit]}."
    else:
        words = (
            f"None of these changes makes it {WORDS[digit]}: either it shows something else, or it "
            "is a hand that the network has not learned to read."
        )
    compared = [
        f"{what} than {percent((rank if more else 100 - rank) / 100)}"
        for rank, more, what in odd_light(ranks)
    ]
    if compared:
        words += f" It is {' and '.join(compared)} of the pictures that it learned from."
    return {"digit": digit, "words": words, "rows": rows}


def no_hand_words(hand: ReadPicture) -> str:
    """What to say to somebody who says that a picture shows no hand."""
    if not hand.origin.is_hand:
        return "So it was read: no hand."
    return (
        f"Then it is mistaken: the evidence for a hand is {hand.origin.evidence:.1f} here, and "
        f"from {hand.threshold:.1f} on it believes in one. No change of the picture mends that."
    )


def odd_light(ranks: dict[str, int], odd: int = 90) -> list[tuple[int, bool, str]]:
    """Where a picture is unlike most: rank, whether it has more, and the word for it."""
    names = {
        "brightness": ("darker", "brighter"),
        "contrast": ("flatter", "harder in its contrast"),
        "busyness": ("emptier at the rim", "busier at the rim"),
    }
    return [
        (rank, rank >= odd, names[name][rank >= odd])
        for name, rank in ranks.items()
        if not 100 - odd < rank < odd
    ]
