"""The collections of hand photographs: fetch them from their homes, list them.

    residual-hands fetch
    residual-hands fetch list

None of the photographs is part of this project; each collection has a licence of its own.
"""

import argparse
import sys
from contextlib import suppress
from pathlib import Path

from model.collections.catalogue import COLLECTIONS
from model.collections.download import fetch
from model.collections.loading import SPLITS, data_folder, load
from model.collections.readers import MissingError
from model.collections.reductions import Originals, fetch_reduced


def fetch_all(folder: Path) -> None:
    """Bring every collection that has a home, and say of the others what to do.

    Raises:
        ValueError: a sentence for each that could not be brought.
    """
    failed = []
    for row in COLLECTIONS:
        try:
            if isinstance(row.home, Originals):
                fetch_reduced(row.name, row.home, folder)
            elif row.home:
                fetch(row.name, row.home, folder)
            else:
                print(f"{row.name}: is not fetched; {row.by_hand}.", file=sys.stderr)
        except ValueError as error:
            failed.append(str(error))
    if failed:
        raise ValueError("\n".join(failed))
    for archive in folder.glob(".originals-*"):  # several collections may come from one
        archive.unlink()


def print_table(folder: Path) -> None:
    """Name, pictures by split, licence and home of every collection, fetched or not."""
    print(f"{'collection':32}" + "".join(f"{split:>11}" for split in SPLITS) + "  licence, home")
    for row in COLLECTIONS:
        counts = ["-"] * len(SPLITS)
        with suppress(MissingError):
            counts = [len(load(row.name, split, folder).digits) for split in SPLITS]
        home = row.home.address if row.home else row.by_hand
        about = "; ".join(filter(None, [home, row.people]))
        print(f"{row.name:32}{''.join(f'{count:>11}' for count in counts)}  {row.licence}, {about}")


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="residual-hands fetch",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=("fetch", "list"),
        default="fetch",
        help="list: name, pictures, licence and home of every collection, fetched or not",
    )
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help="folder of the collections (default: $HANDS_DATA or the cache)",
    )
    return parser


def main(arguments: list[str] | None = None) -> None:
    flags = parser().parse_args(arguments)
    folder = data_folder(flags.data)
    try:
        fetch_all(folder) if flags.command == "fetch" else print_table(folder)
    except ValueError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted; run the same command again to go on.")


if __name__ == "__main__":
    main()
