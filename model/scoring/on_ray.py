"""Pictures of one's own read on many machines, by Ray Data.

Each reading is a line in a file as soon as it is there, and what has a line is not read again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from model.engine import AT_A_TIME, joined, processors
from model.files import cut_to_whole_lines, whole_lines
from model.network.weights_file import WEIGHTS
from model.progress import show_progress
from model.reading.classifier import HandClassifier, Reading
from model.reading.notes import digest_of
from model.scoring.own_pictures import OwnReading, read_here
from model.scoring.scorecard import NOTHING

MOST_BLOCKS = 10_000  # of which Ray keeps account


class Reads:
    """A reader on one of the machines, with a processor of its own."""

    def __init__(self, weights: Path | None, find: bool):
        os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
        self.classifier, self.find = HandClassifier.load(weights), find

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        paths, digits = map(Path, batch["path"]), map(int, batch["digit"])
        read = read_here(self.classifier, self.find, [*zip(paths, digits, strict=True)], at_once=1)
        lines = [line(path, each) for path, each in zip(batch["path"], read, strict=True)]
        return {"path": batch["path"], "line": lines}


def line(path: str, read: OwnReading | str) -> str:
    """What was read of a file as a line of JSON, to the last bit."""
    if isinstance(read, str):
        return json.dumps({"path": path, "unread": read})
    values = vars(read.reading) | {"picture": None, "crop": None}
    return json.dumps({"path": path, **values}, default=np.ndarray.tolist)


def read_line(text: str, path: Path, digit: int) -> OwnReading | str:
    """What `line` wrote of a file."""
    values = json.loads(text)
    if "unread" in values:
        return values["unread"]
    del values["path"]
    values["probabilities"] = np.array(values["probabilities"], np.float32)
    rest = {"box": tuple(values["box"]), "picture": NOTHING, "crop": NOTHING}
    return OwnReading(path, digit, Reading(**(values | rest)))


def read_before(kept: Path, heading: dict[str, Any]) -> dict[str, str]:
    """The lines of a file by the paths they tell of; a last line that was cut off is removed.

    Raises:
        ValueError: if the file tells of other readings.
    """
    if not kept.exists():
        kept.write_text(json.dumps(heading) + "\n", "utf-8")
    try:
        first, *lines = whole_lines(kept) or [""]
        if json.loads(first) != heading:
            raise ValueError
        before = {json.loads(each)["path"]: each for each in lines}
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{kept} holds something else, or readings with other weights or flags; name another "
            "file with --readings."
        ) from error
    cut_to_whole_lines(kept)
    return before


def read_on_ray(
    weights: Path | None, find: bool, kept: Path | None, examples: list[tuple[Path, int]]
) -> list[OwnReading | str]:
    """Read files in the cluster that RAY_ADDRESS names, or with all processors of this machine.

    Args:
        weights: others than the shipped ones; None for those.
        find: look for the hand in each picture.
        kept: file that keeps the readings, and has those of a run that was stopped; or None.
        examples: from `folder_examples`, where all machines can read them.

    Returns:
        For each file what `read_here` says of it.

    Raises:
        ValueError: if `kept` tells of other readings.
    """
    weights = Path(weights or WEIGHTS).resolve()
    heading = {
        "weights": digest_of(weights),
        "find": find,
        "kept": [each.name for each in fields(Reading)],
    }
    digits = {str(path.resolve()): digit for path, digit in examples}
    lines = read_before(kept, heading) if kept else {}
    todo = [{"path": path, "digit": digit} for path, digit in digits.items() if path not in lines]
    with ExitStack() as stack:
        file = stack.enter_context(open(kept, "a", encoding="utf-8")) if kept else None
        for read in show_progress(rows(todo, weights, find), len(todo), "Reading"):
            if file:
                print(read["line"], file=file, flush=True)
            lines[read["path"]] = read["line"]
    return [read_line(lines[str(path.resolve())], path, digit) for path, digit in examples]


def rows(todo: list[dict], weights: Path, find: bool) -> Iterator[dict[str, str]]:
    """The lines of files, as they come from the readers."""
    if not todo:
        return
    with joined():
        import ray.data

        ray.data.DataContext.get_current().enable_progress_bars = False
        blocks = min(MOST_BLOCKS, -(-len(todo) // AT_A_TIME))
        files = ray.data.from_items(todo, override_num_blocks=blocks)
        yield from files.map_batches(
            Reads,
            fn_constructor_args=(weights, find),
            batch_size=AT_A_TIME,
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=processors()),
            num_cpus=1,
        ).iter_rows()
