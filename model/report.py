"""The tables of README.md and MODEL_CARD.md, from what training wrote: `python -m model.report`.

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`.
"""

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path

from model import failures, original
from model.files import replacing
from model.weights_file import WEIGHTS

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "MODEL_CARD.md")
MAPS, SPEED = ROOT / "explain" / "compare.json", ROOT / "tests" / "benchmarks" / "passes.json"
DRAWINGS = ROOT / "tests" / "browser" / "drawings.json"
CURVES = ("insertion", "deletion")
TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.S)


def percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def markdown(head: str, rows: Iterable[Iterable]) -> str:
    """A table; the first column is text, the others numbers."""
    columns = head.count("|")
    lines = [f"| {head} |", "| --- " + "| ---: " * columns + "|"]
    return (
        "\n".join(lines + [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]) + "\n"
    )


def tables(
    about: dict,
    history: list[dict],
    recipe: dict,
    left_out: list[dict],
    rendered: dict,
    maps: dict,
    speed: dict,
    drawings: dict,
) -> dict[str, str]:
    """Every table, by name.

    Args:
        about: the JSON beside the weights.
        history: the lines of the CSV beside them.
        recipe: the JSON of `model.original`.
        left_out: the JSON of each network that was trained without one of the collections.
        rendered: the JSON of `model.failures`.
        maps: the JSON of `explain.compare`.
        speed: the JSON of `tests.benchmarks.passes`.
        drawings: the JSON of `tests.browser.drawings`.
    """
    scores = {name: score for name, score in about["scores"].items() if score["pictures"]}

    def interval(score: dict) -> str:
        low, high = (f"{100 * end:.1f}" for end in score["interval"])
        return f"{low} to {high} %"

    validated = [column for column in history[0] if column.startswith("validation")]
    measured = ["accuracy", *validated]

    def accuracies(what: str, rows: dict) -> str:
        return markdown(
            f"{what} | hands | right | accuracy | 95 % interval",
            (
                (
                    name,
                    score["pictures"],
                    score["right"],
                    percent(score["accuracy"]),
                    interval(score),
                )
                for name, score in rows.items()
            ),
        )

    ways = ("batch statistics", "moving statistics")
    return {
        "scores": accuracies("collection", scores),
        "left_out": markdown(
            "collection never trained on | steps | hands | right | accuracy | 95 % interval "
            "| told to be no hand | calibration error",
            (
                (
                    name,
                    run["settings"]["steps"],
                    score["pictures"],
                    score["right"],
                    percent(score["accuracy"]),
                    interval(score),
                    percent(score["refused"]),
                    score["calibration_error"],
                )
                for run in left_out
                for name, score in run["left_out"].items()
            ),
        ),
        "rendered": accuracies("rendered style", rendered),
        "original": markdown(
            "collection | ours | original, batch statistics | original, moving statistics",
            (
                (name, *(f"{percent(s['accuracy'])} ({interval(s)})" for s in (ours, *theirs)))
                for name, rows in recipe["scores"].items()
                if (ours := scores.get(name)) and (theirs := [rows[way] for way in ways])
            ),
        ),
        "maps": markdown(
            "map | heat in the hand's box | insertion − deletion | insertion | deletion",
            (
                (name, *(f"{row[key]:.3f}" for key in ("pointing", "score", *CURVES)))
                for name, row in maps["test"]["maps"].items()
            ),
        ),
        "speed": markdown(
            "what | milliseconds | bare passes",
            ((name, row["milliseconds"], row["passes"]) for name, row in speed.items()),
        ),
        "drawings": markdown(
            "drawn on the canvas | hands | right | read as",
            (
                (
                    word,
                    sum(read.values()),
                    read.get(word, 0),
                    ", ".join(f"{answer} {times}" for answer, times in read.items()),
                )
                for word, read in drawings.items()
            ),
        ),
        "lightness": accuracies("hand, as photographed", about["lightness"]),
        "none": markdown(
            "collection | pictures without a hand | told to be none",
            (
                (f"{name}, validation split", score["without_hand"], percent(score["told"]))
                for name, score in about["none"].items()
            ),
        ),
        "digits": markdown(
            "collection | 0 | 1 | 2 | 3 | 4 | 5 | told to be no hand | calibration error",
            (
                (
                    name,
                    *(percent(digit) for digit in score["digits"]),
                    percent(score["refused"]),
                    score["calibration_error"],
                )
                for name, score in scores.items()
            ),
        ),
        "history": markdown(
            " | ".join(["step", "loss", "right on the training mixture", *validated]),
            (
                [line["step"], line["loss"], *(percent(float(line[c])) for c in measured)]
                for line in history
                if int(line["step"]) % 1000 == 0 or line is history[-1]
            ),
        ),
        "data": markdown(
            "collection | licence | pictures trained on",
            ((name, row["licence"], row["pictures"]) for name, row in about["data"].items()),
        ),
        "settings": markdown(
            "setting | value",
            ((name.replace("_", " "), value) for name, value in about["settings"].items() if value),
        ),
        "calibration": markdown(
            "chosen on validation data | value",
            (
                ("evidence below which there is no hand", about["calibration"]["hand"]),
                (
                    "evidence that a part must have more than the whole",
                    about["calibration"]["part"],
                ),
                ("temperature that divides the logits", about["calibration"]["temperature"]),
            ),
        ),
    }


def filled(text: str, *story) -> str:
    """A document with its tables made anew, of what `tables` takes."""
    made = tables(*story)
    return TABLE.sub(lambda found: found[1] + made[found[2]] + found[3], text)


def read_story() -> tuple:
    """What was written beside the shipped weights, as `tables` takes it."""

    def read(path: Path) -> dict:
        return json.loads(path.read_text("utf-8"))

    with open(WEIGHTS.with_suffix(".csv"), newline="") as file:
        history = list(csv.DictReader(file))
    left_out = [read(path) for path in sorted(WEIGHTS.parent.glob("without-*.json"))]
    about = read(WEIGHTS.with_suffix(".json"))
    others = (read(path) for path in (failures.SCORES, MAPS, SPEED, DRAWINGS))
    return about, history, read(original.SCORES), left_out, *others


def main() -> None:
    story = read_story()
    for name in DOCUMENTS:
        path = ROOT / name
        with replacing(path) as temporary:
            temporary.write_text(filled(path.read_text("utf-8"), *story), "utf-8")


if __name__ == "__main__":
    main()
