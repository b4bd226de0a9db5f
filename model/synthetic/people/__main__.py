"""Writes cut-outs of strangers' hands and of whole people to a folder.

python -m model.synthetic.people --count 12000 --seed 0 --workers 2
python -m model.synthetic.people --count 2500 --seed 0 --kind person
"""

import argparse
import csv
import os
import sys
import time
from functools import partial
from pathlib import Path

from model.collections.loading import data_folder
from model.engine import add_engine, map_by
from model.synthetic.people.collection import COLUMNS, make, written
from model.synthetic.people.folder import PEOPLE, TABLE


def main() -> None:
    """Write the pictures that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--out",
        type=Path,
        default=data_folder(None) / PEOPLE,
        help="folder to write to (default: %(default)s, where training looks for them)",
    )
    parser.add_argument("--count", type=int, default=12000, help="how many of this kind in all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=("hand", "person"), default="hand")
    parser.add_argument("--workers", type=int, default=2)
    add_engine(parser, "renders")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    table = arguments.out / TABLE
    there = written(table)
    wanted = [n for n in range(arguments.count) if f"{arguments.kind}-{n:06d}.webp" not in there]
    # Each worker is a process with one thread: two are faster than one with two threads.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "LP_NUM_THREADS"):
        os.environ[name] = "1"
    job = partial(make, seed=arguments.seed, kind=arguments.kind, folder=arguments.out.resolve())
    start = time.monotonic()
    fresh = not table.exists() or not table.stat().st_size
    with table.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        if fresh:
            writer.writeheader()
            file.flush()
        map_all = map_by(arguments.engine, arguments.workers)
        for done, row in enumerate(map_all(job, wanted, at_a_time=4), 1):
            writer.writerow(row)
            file.flush()
            if done % 50 == 0 or done == len(wanted):
                each = (time.monotonic() - start) / done
                left = each * (len(wanted) - done) / 60
                print(
                    f"{done} of {len(wanted)}, {1000 * each:.0f} ms each, {left:.0f} min left",
                    file=sys.stderr,
                    flush=True,
                )


if __name__ == "__main__":
    main()
