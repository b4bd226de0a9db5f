"""Which map finds the hand, and what the answer depends on: `python -m explain.checks.compare`.

Measured on frames of the HandsDataset, cut so that the hand fills a third of the picture, and for
the digit that is read: pointing (the share of a map's heat inside the hand's box), insertion area
minus deletion area, and the time of a map in bare forward passes. The recipes of the sharp map are
compared on validation sessions (`--split validation`); the chosen one is compared with other
methods on test sessions.
"""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from scipy import ndimage

from explain.checks.faithfulness import curves, energy_inside, random_map
from explain.maps.cells import lay
from explain.maps.gradcam import Explainer
from explain.maps.methods import explain_by
from explain.maps.sharp import RECIPES, SharpExplainer
from model.collections import loading
from model.collections.catalogue import WHOLE_FRAMES
from model.reading.classifier import HandClassifier
from model.reading.images import SIZE, cut, to_input
from model.records import RECORDED, load_record, save_record

TABLE = RECORDED / "compare.json"
OTHERS = ("Grad-CAM", "Grad-CAM++", "Score-CAM", "LayerCAM")

Map = Callable[[np.ndarray, int], np.ndarray]  # uint8 [64, 64, 3] and a digit to [64, 64]


def third(frame: np.ndarray, box, rng: np.random.Generator) -> tuple[np.ndarray, tuple]:
    """Cut a square out of a frame, of which the hand's box fills a third, somewhere in it.

    Args:
        frame: uint8 [h, w, 3].
        box: of the hand, x0, y0, x1, y1 in pixels.
        rng: draws the position; the square stays inside the frame where there is room.

    Returns:
        The square, uint8 [64, 64, 3], and the box in its pixels.
    """
    x0, y0, x1, y1 = (int(edge) for edge in box)
    side = max(x1 - x0, y1 - y0, round(np.sqrt(3 * (x1 - x0) * (y1 - y0))))

    def begin(low: int, high: int, room: int) -> int:
        first, last = high - side, low
        if side <= room:
            first, last = max(first, 0), min(last, room - side)
        return int(rng.integers(min(first, last), max(first, last) + 1))

    left, top = begin(x0, x1, frame.shape[1]), begin(y0, y1, frame.shape[0])
    crop = to_input(cut(frame, (left, top, left + side, top + side)))
    return crop, tuple(
        (np.array([x0 - left, y0 - top, x1 - left, y1 - top]) * SIZE / side).tolist()
    )


def examples(split: str, count: int, data: str | None = None) -> list[tuple[np.ndarray, tuple]]:
    """Crops of a split's frames with the boxes in them, always the same ones; `count` at most."""
    collection = loading.load(WHOLE_FRAMES[0], split, data)
    rng = np.random.default_rng(0)
    chosen = rng.permutation(len(collection.pictures))[:count]
    return [third(collection.pictures[i], collection.boxes[i], rng) for i in chosen]


def stretched(name: str, classifier, stage: str, crop: np.ndarray, digit: int) -> np.ndarray:
    """A map of tf-keras-vis, stretched over the picture as that package does it."""
    heat = explain_by(name, classifier, crop, digit, stage)
    return ndimage.zoom(heat, SIZE / len(heat), order=1)


def sharp(explainer: SharpExplainer, crop: np.ndarray, digit: int) -> np.ndarray:
    """The sharp map of one digit."""
    return explainer.explain(crop, digits=[digit])[0]


def recipes(classifier: HandClassifier) -> dict[str, Map]:
    """Every recipe of the sharp map."""
    explainer = Explainer(classifier)
    return {name: partial(sharp, SharpExplainer(explainer, x)) for name, x in RECIPES.items()}


def methods(classifier: HandClassifier) -> dict[str, Map]:
    """The sharp map, our Grad-CAM of each stage, and the methods of tf-keras-vis."""
    explainer = Explainer(classifier)
    last, before, *_ = reversed(explainer.stages)

    def of_stage(stage: str, crop: np.ndarray, digit: int) -> np.ndarray:
        return lay(explainer.explain(crop, digit).signed[stage], explainer.centres[stage])

    return (
        {"sharp": partial(sharp, SharpExplainer(explainer))}
        | {f"Grad-CAM, {stage}": partial(of_stage, stage) for stage in explainer.stages}
        | {
            f"tf-keras-vis {name}, {stage}": partial(stretched, name, classifier, stage)
            for name in OTHERS
            for stage in (last, before)
        }
    )


def compare(classifier: HandClassifier, maps: dict[str, Map], chosen: list[tuple]) -> dict:
    """Measure every map on every example.

    Returns:
        For each map, and for a random one, the means over the examples: `pointing` (of what is
        above zero, less its smallest value), `insertion` and `deletion` (areas, 0..1) and `score`
        (their difference); and `passes`, the median time in bare forward passes.
    """
    rows = {name: [] for name in [*maps, "random"]}
    seconds = {name: [] for name in [*maps, "bare pass"]}
    for number, (crop, box) in enumerate(chosen):
        picture = crop[None] / np.float32(255)
        digit = int(classifier.logits(picture)[0].argmax())
        seconds["bare pass"].append(timed(lambda: classifier.logits(picture))[0])  # noqa: B023
        found = {"random": random_map(number)}
        for name, make in maps.items():
            spent, found[name] = timed(lambda: make(crop, digit))  # noqa: B023
            seconds[name].append(spent)
        for name, heat in found.items():
            seen = curves(classifier.predict, crop, heat, digit)
            above = np.maximum(heat, 0)
            pointing = energy_inside(above - above.min(), box)
            rows[name].append((pointing, seen.insertion_area, seen.deletion_area, seen.score))
        print(f"\r{number + 1} of {len(chosen)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    keys = ("pointing", "insertion", "deletion", "score")
    table = {}
    for name, row in rows.items():
        table[name] = dict(zip(keys, np.mean(row, 0).round(4).tolist(), strict=True))
        if name in seconds:
            ratio = np.median(seconds[name]) / np.median(seconds["bare pass"])
            table[name]["passes"] = round(float(ratio), 1)
    return table


def timed(run: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """The seconds that something took, and its result."""
    began = time.perf_counter()
    result = run()
    return time.perf_counter() - began, result


def markdown(table: dict) -> str:
    """The table as Markdown, a row for each map."""
    lines = [
        "| map | pointing | insertion − deletion | insertion | deletion | forward passes |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, row in table.items():
        lines.append(
            f"| {name} | {row['pointing']:.3f} | {row['score']:.3f} | {row['insertion']:.3f} "
            f"| {row['deletion']:.3f} | {row.get('passes', '')} |"
        )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m explain.checks.compare",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--split", choices=("validation", "test"), default="test")
    parser.add_argument("--only", metavar="MAP", help="measure this one again, keep the others")
    parser.add_argument("--count", type=int, default=150, help="hands at most (default: 150)")
    parser.add_argument(
        "--data", help="folder of the collections (default: $HANDS_DATA or the cache)"
    )
    parser.add_argument("--weights", type=Path, help="other weights than the shipped ones")
    parser.add_argument("--json", type=Path, default=TABLE, help=f"default: {TABLE.name}")
    flags = parser.parse_args(arguments)
    try:
        classifier = HandClassifier.load(flags.weights)
        chosen = examples(flags.split, flags.count, flags.data)
    except ValueError as error:
        sys.exit(str(error))
    maps = (recipes if flags.split == "validation" else methods)(classifier)
    name, folder = flags.json.stem, flags.json.parent
    tables = load_record(name, folder) or {}
    kept = {}
    if flags.only:
        kept = tables.get(flags.split, {"maps": {}})["maps"]
        if flags.only not in maps:
            sys.exit(f"There is no map {flags.only!r}; choose among {', '.join(maps)}.")
        if kept and tables[flags.split]["hands"] != len(chosen):
            sys.exit(
                f"The other maps are of {tables[flags.split]['hands']} hands, and these are "
                f"{len(chosen)}; give the same --count, or leave --only out."
            )
        maps = {flags.only: maps[flags.only]}
    table = kept | compare(classifier, maps, chosen)
    print(f"{len(chosen)} hands of the {flags.split} sessions\n\n{markdown(table)}")
    tables[flags.split] = {"hands": len(chosen), "maps": table}
    save_record(name, tables, folder)


if __name__ == "__main__":
    main()
