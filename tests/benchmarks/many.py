"""How much faster many pictures are read together: `python -m tests.benchmarks.many FOLDER`.

The two ways take turns, a few pictures at a time, so that a machine with other work treats them
alike.
"""

import argparse
import time
from pathlib import Path

from model.reading.classifier import HandClassifier
from model.reading.readings import pictures_in
from model.reading.together import read_many

TURN = 250  # pictures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.many", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--pictures", type=int, default=1000, help="at most (default: 1000)")
    flags = parser.parse_args()
    classifier = HandClassifier.load()
    files = list(pictures_in(flags.folder))
    files = files[:: max(1, len(files) // flags.pictures)][: flags.pictures]
    list(read_many(classifier, files[:40]))
    seconds, processor = [0.0, 0.0], [0.0, 0.0]
    for first in range(0, len(files), TURN):
        turn = files[first : first + TURN]
        for way in range(2):
            began, used = time.perf_counter(), time.process_time()
            if way:
                list(read_many(classifier, turn))
            else:
                for file in turn:
                    classifier.read(file)
            seconds[way] += time.perf_counter() - began
            processor[way] += time.process_time() - used
    for name, spent, used in zip(("one by one", "together"), seconds, processor, strict=True):
        print(
            f"{name}: {len(files) / spent:.1f} a second, {1000 * used / len(files):.0f} ms of "
            "processor time each"
        )
    print(f"{seconds[0] / seconds[1]:.2f} times as many a second")


if __name__ == "__main__":
    main()
