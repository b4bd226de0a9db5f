"""The tables of the documents, from what scripts wrote.

`python -m model.scoring.report` fills those of the documents in this folder.

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`.
"""

import argparse
import csv
import re
import sys
from pathlib import Path

from model.files import replacing
from model.records import RECORDED, damaged, load_record
from model.scoring import failures, original
from model.scoring.tables import TABLES, Results, kept_from_frames

DOCUMENTS = ("README.md", "model/MODEL_CARD.md", "docs/training-log.md", "docs/heat-maps.md",
             "docs/cluster.md")  # fmt: skip
TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.S)


def read_results() -> Results:
    """What was written beside the shipped weights and by the other scripts.

    Raises:
        ValueError: one sentence, if a file is missing or damaged.
    """

    def read(path: Path) -> dict:
        record = load_record(path.stem, path.parent)
        if record is None:
            raise ValueError(damaged(path))
        return record

    def lines(path: Path) -> list[dict]:
        try:
            with open(path, newline="", encoding="utf-8") as file:
                return list(csv.DictReader(file))
        except OSError as error:
            raise ValueError(damaged(path)) from error

    without = sorted(RECORDED.glob("without-*.json"))
    strangers = next(path for path in without if kept_from_frames(read(path)))
    return Results(
        read(RECORDED / "training.json"),
        lines(RECORDED / "history.csv"),
        [read(path) for path in sorted(RECORDED.glob("run-*.json"))],
        read(original.SCORES),
        [read(path) for path in without],
        lines(strangers.with_suffix(".csv")),
        read(failures.SCORES),
        read(RECORDED / "compare.json"),
        read(RECORDED / "speed.json"),
        read(RECORDED / "peers.json"),
        read(RECORDED / "finding.json"),
        read(RECORDED / "serving.json"),
    )


def filled(text: str, results: Results) -> str:
    """A document with its tables made anew."""
    return TABLE.sub(lambda found: found[1] + TABLES[found[2]](results) + found[3], text)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m model.scoring.report", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "documents", nargs="*", type=Path, default=[Path(name) for name in DOCUMENTS],
        help=f"(default: {' '.join(DOCUMENTS)})",
    )  # fmt: skip
    documents = parser.parse_args().documents
    try:
        results = read_results()
    except ValueError as error:
        sys.exit(str(error))
    for path in documents:
        with replacing(path) as temporary:
            temporary.write_text(filled(path.read_text("utf-8"), results), "utf-8")


if __name__ == "__main__":
    main()
