"""How this project reads hands beside MediaPipe, on the same pictures and in one run.

    python -m tests.benchmarks.peers other-environment/bin/python

MediaPipe finds 21 landmarks of a hand, and a rule counts the open fingers. It is asked through the
Python of an environment that has mediapipe 0.10.14. The two take turns, picture by picture, so that
a busy moment meets both alike; on a busy machine nothing is timed. `--record` keeps the result for
README.md.

How Grad-CAM here compares with that of others is part of `tests.benchmarks.passes`.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from model.digits import NO_HAND
from model.files import write_json
from model.reading.classifier import HandClassifier
from model.records import RECORDED
from model.scoring.examples import split_examples
from model.scoring.statistics import share, wilson_interval
from tests.benchmarks.elsewhere import answering

HANDS = Path(__file__).with_name("mediapipe_hands.py")
RECORD = RECORDED / "peers.json"
BUSY = 3.0  # load from which nothing is timed
OURS, FINGERS = "this project", "MediaPipe's hands and the finger rule"
Answer = tuple[int | None, float]  # a digit, None where no hand is seen, and milliseconds


@contextmanager
def mediapipe(python: str) -> Iterator[Callable[[Path], Answer]]:
    """What asks MediaPipe about a picture, in the environment of that Python."""
    with answering(python, HANDS, "cv2, mediapipe", "mediapipe==0.10.14") as ask:

        def read(picture: Path) -> Answer:
            answer = ask(picture)
            return answer["digit"], answer["milliseconds"]

        yield read


def ours(classifier: HandClassifier, picture: Path) -> Answer:
    began = time.perf_counter()
    reading = classifier.read(picture)
    return reading.digit if reading.is_hand else None, 1000 * (time.perf_counter() - began)


def scored(answers: list[Answer], digits: list[int]) -> dict:
    """The share that is right, a hand that is not seen being wrong; median and mean time."""
    times = [spent for _, spent in answers]
    right, count = sum(r == d for (r, _), d in zip(answers, digits, strict=True)), len(digits)
    return {
        "pictures": count,
        "right": right,
        "accuracy": share(right, count),
        "interval": wilson_interval(right, count),
        "not_seen": share(sum(read is None for read, _ in answers), count),
        "milliseconds": round(float(np.median(times)), 1),
        "mean_milliseconds": round(float(np.mean(times)), 1),
    }


def read_side_by_side(
    readers: dict[str, Callable[[Path], Answer]], examples: list[tuple[np.ndarray, int]]
) -> dict[str, dict]:
    """The scores of readers of the same hands."""
    answers: dict[str, list[Answer]] = {name: [] for name in readers}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hand.png"
        for picture, _ in [examples[0], *examples]:  # the first once more, to warm up
            Image.fromarray(picture).save(file)
            for name, read in readers.items():
                answers[name].append(read(file))
    return {name: scored(each[1:], [d for _, d in examples]) for name, each in answers.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("python", metavar="PYTHON", help="of an environment that has mediapipe")
    parser.add_argument("--data", metavar="FOLDER", help="folder with the collections")
    parser.add_argument("--hands", type=int, metavar="N", help="as many at most (default: all)")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.name}, too")
    flags = parser.parse_args()
    classifier, busy = HandClassifier.load(), os.getloadavg()[0] >= BUSY
    parts = split_examples("test", flags.data).values()
    hands = [example for part in parts for example in part if example[1] != NO_HAND]
    hands = hands[:: -(-len(hands) // (flags.hands or len(hands)))]
    with mediapipe(flags.python) as ask:
        readers = {OURS: lambda file: ours(classifier, file), FINGERS: ask}
        results = read_side_by_side(readers, hands)
    for name, score in results.items():
        low, high = (f"{100 * end:.1f}" for end in score["interval"])
        print(
            f"{score['right']} of {score['pictures']} right (95 % interval {low} to {high} %), "
            f"{100 * score['not_seen']:.1f} % not seen: {name}"
        )
    if busy:
        print("The machine has other work, so times mean nothing and are left out.")
        for score in results.values():
            del score["milliseconds"], score["mean_milliseconds"]
    else:
        one, other = (score["milliseconds"] for score in results.values())
        print(f"{OURS} takes {one / other:.1f} times as long as {FINGERS}")
    if flags.record:
        write_json(RECORD, results)


if __name__ == "__main__":
    main()
