"""What was recorded about the network's answers, as the templates show it."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import cache

import gradio as gr
import numpy as np

from demo.kit.data_urls import data_url
from model.collections.catalogue import COLLECTIONS
from model.digits import DIGITS, WORDS
from model.records import ALL
from model.scoring.failures import pictures_like
from model.scoring.report import read_results
from model.scoring.statistics import wilson_interval
from model.scoring.tables import Results, interval, percent

SHOWN = 6  # pictures of a kind
WITHOUT_A_HAND = {
    "hands, places without one": "what webcams saw beside the hand",
    "hand-patches": "small patches: cloth, wood, skin, faces, rooms",
    "no-hands/caltech101": "photographs of objects",
    "no-hands/rooms": "photographs of rooms",
    "no-hands/fakefaces": "generated faces",
    "no-hands/grocery-iconic": "product pictures of groceries",
    "no-hands/looperboy-none": "a room in which others show a hand",
    "no-hands/noto": "emoji",
    "no-hands/openmoji": "emoji with outlines",
    "no-hands/gameicons": "icons in black and white",
    "no-hands/quickdraw": "quick sketches of things",
    "no-hands/text": "words in several fonts",
    "made by scripts": "blanks, scribbles and shapes",
    "no-hands/grocery": "photographs of shelves in shops",
}
DAMAGED = "The recorded scores are damaged; the terminal says which file to get back."


@cache
def results() -> Results:
    """What was recorded; if some of it is damaged, the terminal is told which file."""
    try:
        return read_results()
    except ValueError as error:
        print(error, file=sys.stderr)
        raise gr.Error(DAMAGED, print_exception=False) from None


def titled(name: str) -> dict[str, str]:
    """A row's `title`, which says what is in the collection, and its `name` below that.

    Args:
        name: the collection's, with or without what was done to it after a comma or a colon. Where
            nothing is said of the collection it is the title, and nothing stands below it.
    """
    said = {row.name: row.people for row in COLLECTIONS if row.people} | WITHOUT_A_HAND
    collection = name if name in said else re.split("[,:]", name)[0]
    if collection not in said:
        return {"title": name, "name": ""}
    rest = name.removeprefix(collection).lstrip(",: ")
    title = said[collection] + (f" ({rest})" if rest else "")
    return {"title": title[0].upper() + title[1:], "name": collection}


def forest(
    what: str, title: str, scores: Mapping[str, dict], share: str = "right", note: str = ""
) -> dict:
    """Accuracies with their intervals, drawn on one scale.

    Args:
        what: heads the names.
        title: of the table.
        scores: `pictures`, `accuracy` and `interval` of each row.
        share: what an accuracy is the share of.
        note: what to know of them.
    """
    lowest = min(score["interval"][0] for score in scores.values())
    low = 10 * int(10 * lowest)

    def place(part: float) -> float:
        return round(100 * (100 * part - low) / (100 - low), 2)

    return {
        "what": what,
        "title": title,
        "low": low,
        "share": share,
        "note": note,
        "rows": [
            {
                **titled(name),
                "kind": "sum" if name == ALL else "",
                "from": place(score["interval"][0]),
                "beyond": 100 - place(score["interval"][1]),
                "at": place(score["accuracy"]),
                "right": percent(score["accuracy"]),
                "interval": interval(score),
                "count": f"{score['pictures']:,}",
            }
            for name, score in scores.items()
        ],
    }


def counted(right: int, count: int) -> dict:
    """A share and its interval, as `forest` takes them."""
    return {
        "pictures": count,
        "accuracy": right / count,
        "interval": wilson_interval(right, count),
    }


def matrices() -> dict[str, dict]:
    """The scores that have a confusion matrix, by what was read."""
    rendered = {f"rendered, {style}": score for style, score in results().rendered.items()}
    return dict(reversed(results().scores.items())) | rendered


def confusion(score: dict) -> dict:
    """A confusion matrix; each cell is shaded by its share of its row."""
    rows = []
    for digit, counts in enumerate(score["confusion"]):
        whole = max(sum(counts), 1)
        cells = [
            {
                "digit": digit,
                "read": read,
                "count": count or "·",
                "share": round(100 * count / whole, 1),
                "kind": "right" if digit == read else "wrong" if count else "none",
                "words": f"{count} of {sum(counts)} hands that show {WORDS[digit]} were read as "
                f"{WORDS[read]}",
            }
            for read, count in enumerate(counts)
        ]
        rows.append({"digit": digit, "cells": cells})
    return {"digits": list(range(DIGITS)), "rows": rows}


def worst_pair(score: dict) -> str:
    """Which digit is most often taken for which, in a sentence."""
    counts = np.array(score["confusion"])
    np.fill_diagonal(counts, 0)
    digit, read = np.unravel_index(counts.argmax(), counts.shape)
    if not counts[digit, read]:
        return "No digit was taken for another."
    return (
        f"Its most frequent mistake: {WORDS[digit]} read as {WORDS[read]}, "
        f"{counts[digit, read]} of {counts.sum()} mistakes."
    )


def likeness(digit: int, read: int) -> dict:
    """Rendered hands that show a digit and were read as another; or the two digits side by side."""
    rendered = results().rendered

    def group(shows: int, answer: int, words: str = "") -> dict:
        found = pictures_like(rendered, shows, answer, SHOWN)
        they, were = ("It shows", "was") if len(found) == 1 else ("They show", "were")
        read_as = "correctly" if shows == answer else f"as {WORDS[answer]}"
        words = words or f"{they} {WORDS[shows]} and {were} read {read_as}."
        return {"sources": [data_url(picture[::2, ::2]) for picture in found], "words": words}

    alike = group(digit, read)
    if digit == read or alike["sources"]:
        words = "Photographs of people are not shown; these are rendered."
        return {"words": words, "groups": [alike]}
    words = (
        f"No rendered hand that shows {WORDS[digit]} was read as {WORDS[read]}. Here are some of "
        "each that were read right."
    )
    return {
        "words": words,
        "groups": [group(d, d, f"{WORDS[d].capitalize()}.") for d in (digit, read)],
    }
