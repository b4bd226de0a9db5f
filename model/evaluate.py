"""Score weights on pictures whose digits are known.

    residual-hands evaluate photographs/ --wrong wrong.csv --sheet wrong.png
    residual-hands evaluate --split test

It prints how many are right, with 95 % intervals.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from model.collections.loading import SPLITS
from model.engine import add_engine
from model.files import write_json
from model.reading.classifier import HandClassifier
from model.scoring.examples import split_examples
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
        raise ValueError(f"{folder} has no picture that can be read.")
    return read


def show_wrong(read: list[OwnReading], table: Path | None, page: Path | None, shown: int) -> None:
    """Write the pictures that were read wrong as a CSV, a contact sheet, or both."""
    wrong = [own for own in read if own.is_wrong]
    if table:
        write_wrong(table, read)
        print(f"{len(wrong)} read wrong: see {table}")
    if page and wrong:
        wrong.sort(key=lambda own: -own.reading.probabilities.max())
        sheet([(own.with_picture(), own.digit) for own in wrong[:shown]]).save(page)
        print(f"{min(shown, len(wrong))} of {len(wrong)} read wrong are shown in {page}")
    elif page:
        print(f"Nothing was read wrong; {page} is not written.")


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="residual-hands evaluate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "folders",
        nargs="*",
        type=Path,
        metavar="FOLDER",
        help="with sub-folders named 0 to 5 or zero to five, and one named none for pictures "
        "without a hand",
    )
    parser.add_argument("--split", choices=SPLITS, help="of the project's own collections")
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help="folder with the collections (default: $HANDS_DATA or the cache)",
    )
    parser.add_argument(
        "--weights", type=Path, metavar="FILE", help="other weights than the shipped ones"
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE.json", help="write the scores there as well"
    )
    parser.add_argument(
        "--wrong", type=Path, metavar="FILE.csv", help="list there what was read wrong in a FOLDER"
    )
    parser.add_argument(
        "--sheet", type=Path, metavar="FILE.png", help="show there what was read wrong in a FOLDER"
    )
    parser.add_argument(
        "--shown", type=int, default=60, metavar="N", help="most on the sheet (default: 60)"
    )
    parser.add_argument("--no-find-hand", action="store_true", help="read the pictures whole")
    add_engine(parser, "reads FOLDERs")
    parser.add_argument(
        "--readings",
        type=Path,
        metavar="FILE.jsonl",
        help="with --engine ray: keep each reading there, and go on with it after a stop",
    )
    return parser


def main(arguments: list[str] | None = None) -> None:
    asked = parser()
    flags = asked.parse_args(arguments)
    if not flags.folders and not flags.split:
        asked.error("name a FOLDER or a --split")
    if not flags.folders and (flags.wrong or flags.sheet):
        asked.error("--wrong and --sheet need a FOLDER; name one")
    on_ray = flags.engine == "ray"
    if on_ray and flags.split:
        asked.error("--engine ray reads FOLDERs; leave --split out")
    if flags.readings and not on_ray:
        asked.error("--readings works only with --engine ray; add it")
    try:
        find, results, own = not flags.no_find_hand, {}, []
        read_files: ReadFiles
        if on_ray:
            read_files = partial(read_on_ray, flags.weights, find, flags.readings)
        else:
            classifier = HandClassifier.load(flags.weights)
            read_files = partial(read_here, classifier, find)
        if flags.split:
            examples = split_examples(flags.split, flags.data)
            results = split_scores(read_parts(classifier, examples, find))
        if flags.split == "test":  # which has no pictures without a hand of its own
            results |= empty_scores(classifier, flags.data, find)
        for folder in flags.folders:
            read = read_folder(read_files, folder)
            results[str(folder)] = scores([(each.reading, each.digit) for each in read])
            own += read
        print(table(results))
        if flags.json:
            write_json(flags.json, results)
        show_wrong(own, flags.wrong, flags.sheet, flags.shown)
    except ValueError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}.")
    except KeyboardInterrupt:
        again = "; run the same command again to go on" if flags.readings else ""
        sys.exit(f"\nStopped{again}.")


if __name__ == "__main__":
    main()
