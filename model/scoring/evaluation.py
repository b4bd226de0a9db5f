"""Scores weights on pictures whose digits are known, as `residual-hands evaluate` asks for it."""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from model.files import replacing, write_json
from model.reading.classifier import HandClassifier
from model.scoring.examples import of_hands, split_examples
from model.scoring.on_ray import read_on_ray
from model.scoring.own_pictures import (
    OwnReading,
    folder_examples,
    ignored_places,
    read_here,
    write_wrong,
)
from model.scoring.scorecard import empty_scores, read_parts, scores, split_scores, table
from model.scoring.sheet import sheet

ReadFiles = Callable[[list[tuple[Path, int]]], list[OwnReading | str]]


def read_folder(read_files: ReadFiles, folder: Path) -> list[OwnReading]:
    """Read a folder, and say which of its files are left out, and why."""
    answers = read_files(folder_examples(folder))
    read = [each for each in answers if isinstance(each, OwnReading)]
    unread = [each for each in answers if isinstance(each, str)]
    if ignored := ignored_places(folder):
        names = ", ".join(path.name for path in ignored)
        print(f"{folder}: ignored, since no digit says what is in it: {names}", file=sys.stderr)
    if unread:
        print(f"{folder}: skipped {len(unread)} that cannot be read:", file=sys.stderr)
        print(*(f"  {sentence}" for sentence in unread), sep="\n", file=sys.stderr)
    if not read:
        raise ValueError(f"{folder} has no picture that can be read; name another folder.")
    return read


def show_wrong(read: list[OwnReading], table: Path | None, page: Path | None, shown: int) -> None:
    """Write the pictures that were read wrong as a CSV, a contact sheet, or both."""
    wrong = [own for own in read if own.is_wrong]
    if table:
        write_wrong(table, read)
        print(f"{len(wrong)} read wrong: see {table}")
    if page and wrong:
        wrong.sort(key=lambda own: -own.reading.probabilities.max())
        with replacing(page) as temporary:
            sheet([(own.with_picture(), own.digit) for own in wrong[:shown]]).save(temporary, "PNG")
        print(f"{min(shown, len(wrong))} of {len(wrong)} read wrong are shown in {page}")
    elif page:
        print(f"Nothing was read wrong; {page} is not written.")


def evaluate(flags: argparse.Namespace) -> None:
    """Score what the flags name, and print and write what they ask for.

    Raises:
        ValueError: one sentence, if nothing can be scored.
    """
    find, results, own = not flags.no_find_hand, {}, []
    read_files: ReadFiles
    if flags.engine == "ray":
        read_files = partial(read_on_ray, flags.weights, find, flags.readings)
    else:
        classifier = HandClassifier.load(flags.weights)
        read_files = partial(read_here, classifier, find)
    if flags.split:
        examples = split_examples(flags.split, flags.data)
        if flags.split == "test":  # its pictures without a hand are among those of `empty_scores`
            examples = of_hands(examples)
        results = split_scores(read_parts(classifier, examples, find))
    if flags.split == "test":
        results |= empty_scores(classifier, flags.data, find)
    for folder in flags.folders:
        read = read_folder(read_files, folder)
        results[str(folder)] = scores([(each.reading, each.digit) for each in read])
        own += read
    print(table(results))
    if flags.json:
        write_json(flags.json, results)
    show_wrong(own, flags.wrong, flags.sheet, flags.shown)
