"""Readers on Ray beside the page's own process: `python -m tests.benchmarks.cluster`.

Opens the same page four times on this machine: by itself, with one reader on Ray, with two, and
with two that take one picture at a time. One visitor sends pictures one after another, then many
send theirs at once; every answer must be what the first visitor got. Times are in bare forward
passes, taken in turn with the single visitor's pictures. Ends in about five minutes on two
processors. `--record` keeps the result for docs/cluster.md.
"""

import argparse
import json
import time
from typing import Any

import numpy as np

from model.progress import show_progress
from model.records import RECORDED, save_record
from tests.benchmarks.serving import PICTURES, Trial, bare_pass, opened, processor_time

RECORD = RECORDED / "serving.json"
ROADS = {  # to an answer, with the `Options` of those on Ray
    "the page's own process": None,
    "one reader": {"readers": 1},
    "two readers": {"readers": 2},
    "two readers, one picture at a time": {"readers": 2, "together": 1},
}
ON_RAY = """if True:
    import json, sys
    from app import on_cluster
    from demo.serve.address import LOOPBACK, own_folder
    from demo.serve.cluster import close_cluster, open_cluster
    from demo.serve.ending import Ending
    options, _, port = sys.argv[1:]
    with own_folder():
        address = open_cluster(on_cluster(json.loads(options)), LOOPBACK, int(port))
        (ending := Ending()).listen()
        print(address, flush=True)
        ending.wait()
        close_cluster()
"""


def measure(address: str, process: int, visitors: int, pictures: int) -> dict[str, Any]:
    """Waiting in bare passes, pictures a bare pass, and processor seconds a picture."""
    trial = Trial(address)
    alone, passes = [], []
    for picture in show_progress(PICTURES * 4, len(PICTURES) * 4, "one visitor"):
        passes.append(bare_pass())
        alone += trial.send(trial.one, [picture])
    unit = np.median(passes)
    before, began = processor_time(process), time.perf_counter()
    waited = trial.crowd(visitors, pictures)
    whole, spent = time.perf_counter() - began, processor_time(process) - before
    return {
        "milliseconds a pass": 1000 * unit,
        "alone": np.median(alone) / unit,
        "median": np.median(waited) / unit,
        "slowest": np.quantile(waited, 0.99) / unit,
        "rate": len(waited) / whole * unit,
        "wrong": trial.wrong,
        "processor": {name: each / len(waited) for name, each in spent.most_common()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cluster", description=__doc__)
    parser.add_argument("--visitors", type=int, default=8, help="at once (default: 8)")
    parser.add_argument("--pictures", type=int, default=10, help="of each (default: 10)")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.name}, too")
    flags = parser.parse_args()
    bare_pass()
    roads = {}
    for road, options in ROADS.items():
        with opened(*(["-c", ON_RAY, json.dumps(options)] if options else ["app.py"])) as page:
            roads[road] = measure(*page, flags.visitors, flags.pictures)
        print(road, json.dumps(roads[road], default=float), sep=": ", flush=True)
    if flags.record:
        numbers = {"visitors": flags.visitors, "pictures": flags.pictures}
        save_record(RECORD.stem, numbers | {"roads": roads})


if __name__ == "__main__":
    main()
