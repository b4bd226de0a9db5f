"""Score weights on pictures whose digits are known.

    residual-hands evaluate photographs/ --wrong wrong.csv --sheet wrong.png
    residual-hands evaluate --split test

It prints how many are right, with 95 % intervals.
"""

import argparse
import sys
from pathlib import Path

from model.collections.loading import SPLITS
from model.engine import add_engine
from model.files import what_failed
from model.reading.kernels import prepare_tensorflow


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
    for name in ("json", "wrong", "sheet", "readings"):  # before all is read for nothing
        file = getattr(flags, name)
        if file and not file.parent.is_dir():
            asked.error(f"--{name}: there is no folder {file.parent}; make it first")
    if flags.sheet and flags.sheet.suffix.lower() != ".png":
        asked.error("--sheet: name a file that ends in .png")
    prepare_tensorflow()
    from model.scoring.evaluation import evaluate

    try:
        evaluate(flags)
    except ValueError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(what_failed(error))
    except KeyboardInterrupt:
        again = "; run the same command again to go on" if flags.readings else ""
        sys.exit(f"\nStopped{again}.")


if __name__ == "__main__":
    main()
