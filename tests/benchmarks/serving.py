"""What visitors wait for, through real HTTP: `python -m tests.benchmarks.serving`.

Opens the page in a process of its own. One visitor sends pictures one after another, then many
send theirs at once; every answer must be what the first visitor got. Times are given in bare
forward passes as well, taken in turn with the single visitor's pictures. Ends in about ten minutes
on two processors. `--readers ray` goes on with the same page on Ray, with one reader and two, and
with two that take one picture at a time; `--record` keeps the ratios for docs/cluster.md.
"""

import argparse
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # as the page has it
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from gradio_client import Client, handle_file

from model.progress import show_progress
from model.reading.classifier import HandClassifier
from model.records import RECORDED, save_record
from tests.benchmarks.passes import frozen
from tests.benchmarks.start import ROOT, free_port

PICTURES = sorted((ROOT / "demo" / "examples").glob("*.jpg"))
ALONE = 4  # times that a single visitor sends all pictures
LOOK = ("sharp", 70, False, False)
PATIENCE = 300  # seconds; whoever waits that long is not answered at all
RECORD = RECORDED / "serving.json"
HERE = "the page's own process"
ROADS = {  # to an answer, with the `Options` of those on Ray
    HERE: None,
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
    with own_folder():
        address = open_cluster(on_cluster(json.loads(sys.argv[2])), LOOPBACK, int(sys.argv[1]))
        (ending := Ending()).listen()
        print(address, flush=True)
        ending.wait()
        close_cluster()
"""


@contextmanager
def opened(road: str) -> Iterator[tuple[str, int]]:
    """The address of a page, and the id of its process."""
    options, port = ROADS[road], str(free_port())
    command = ["-c", ON_RAY, port, json.dumps(options)] if options else ["app.py", "--port", port]
    page = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        yield next(filter(None, (re.search(r"http://\S+/", x) for x in page.stdout)))[0], page.pid
    finally:
        below = [int(each.name) for each in family(page.pid)]
        page.terminate()
        try:
            page.wait(timeout=60)
        except subprocess.TimeoutExpired:
            for each in below:
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)


def family(process: int) -> Iterator[Path]:
    """Where Linux tells of a process and of all below it."""
    yield Path(f"/proc/{process}")
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from family(int(child))


def memory(process: int) -> int:
    """The bytes that a process and all below it hold; shared pages count for each."""
    held = (re.search(r"VmRSS:\s+(\d+)", (each / "status").read_text()) for each in family(process))
    return sum(1024 * int(found[1]) for found in held if found)


def processor_time(process: int) -> Counter[str]:
    """The seconds that a process and all below it have computed, by their names."""
    spent: Counter[str] = Counter()
    for each in family(process):
        name = (each / "cmdline").read_bytes().split(b"\0")[0].decode()
        user, system = (each / "stat").read_text().rpartition(")")[2].split()[11:13]
        name = name.rpartition("/")[2].partition(".")[0]  # Ray's have what they do after a dot
        spent[name] += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return spent


def read(visitor: Client, picture: Path) -> tuple[float, tuple]:
    """Send a picture as the page does; the seconds to its answer, and what was answered."""
    began = time.perf_counter()
    job = visitor.submit(handle_file(picture), *LOOK, api_name="/read")
    answer, heat, *_ = job.result(timeout=PATIENCE)
    assert heat["url"]
    return time.perf_counter() - began, (answer["word"], tuple(answer["probabilities"]))


def new_visitor(address: str) -> Client:
    """A client that calls the page's own wiring."""
    patient = {"timeout": None}
    client = Client(address, verbose=False, download_files=False, httpx_kwargs=patient)
    client.predict(api_name="/wake")
    return client


def bare_pass() -> float:
    """Seconds of a bare forward pass; the fastest form that TensorFlow has of it."""
    if not hasattr(bare_pass, "run"):
        bare_pass.run = frozen(HandClassifier.load())
    picture = tf.zeros((1, 64, 64, 3))
    began = time.perf_counter()
    for _ in range(5):
        bare_pass.run(picture)
    return (time.perf_counter() - began) / 5


@dataclass(frozen=True)
class Served:
    """What the visitors of a page met.

    Attributes:
        unit: seconds of a bare pass.
        alone: float [n], seconds that a single visitor waited for each picture.
        crowd: float [n], seconds that many at once waited for each.
        wrong: how many of their answers differ from what the single visitor got.
        whole: seconds until all of them were answered.
        spent: seconds of processor time meanwhile, by the names of processes.
        held: bytes of memory before and after.
    """

    unit: float
    alone: np.ndarray
    crowd: np.ndarray
    wrong: int
    whole: float
    spent: Counter[str]
    held: tuple[int, int]

    def record(self) -> dict[str, Any]:
        """Waiting in bare passes, pictures a bare pass, and processor seconds a picture."""
        each = {name: seconds / len(self.crowd) for name, seconds in self.spent.most_common()}
        return {
            "alone": np.median(self.alone) / self.unit,
            "median": np.median(self.crowd) / self.unit,
            "slowest": np.quantile(self.crowd, 0.99) / self.unit,
            "rate": len(self.crowd) / self.whole * self.unit,
            "processor": each,
        }


def visit(address: str, process: int, visitors: int, pictures: int) -> Served:
    """Send pictures to a page, one visitor first and then many at once."""
    one = new_visitor(address)
    right = {picture: read(one, picture)[1] for picture in PICTURES}
    alone, passes = [], []
    for picture in show_progress(PICTURES * ALONE, len(PICTURES) * ALONE, "one visitor"):
        passes.append(bare_pass())
        seconds, answer = read(one, picture)
        alone.append(seconds)
        assert answer == right[picture]
    early = memory(process)
    many = [new_visitor(address) for _ in range(visitors)]

    def send(number: int) -> list[tuple[float, bool]]:
        answers = []
        for turn in range(pictures):
            picture = PICTURES[(number + turn) % len(PICTURES)]
            seconds, (word, shares) = read(many[number], picture)
            expected = right[picture]
            same = word == expected[0] and np.allclose(shares, expected[1], atol=2e-4)
            answers.append((seconds, same))
        return answers

    before, began = processor_time(process), time.perf_counter()
    with ThreadPoolExecutor(visitors) as threads:
        sent = as_completed([threads.submit(send, number) for number in range(visitors)])
        all_sent = [each.result() for each in show_progress(sent, visitors, "visitors answered")]
    whole = time.perf_counter() - began
    seconds, same = map(np.array, zip(*itertools.chain(*all_sent), strict=True))
    spent, held = processor_time(process) - before, (early, memory(process))
    unit = float(np.median(passes))
    return Served(unit, np.array(alone), seconds, int((~same).sum()), whole, spent, held)


def say(road: str, served: Served, visitors: int) -> None:
    unit, alone, crowd = served.unit, served.alone, served.crowd
    slowest, median, rate = np.quantile(crowd, 0.99), np.median(crowd), len(crowd) / served.whole
    print(f"readers: {road}; a bare pass takes {1000 * unit:.1f} ms")
    print(
        f"one visitor: {1000 * np.median(alone):.0f} ms a picture, "
        f"{np.median(alone) / unit:.1f} bare passes; {1 / np.mean(alone):.2f} a second"
    )
    print(
        f"{visitors} at once, {len(crowd) // visitors} pictures each: {len(crowd)} answers, "
        f"{served.wrong} wrong; {rate:.2f} a second, {rate * np.mean(alone):.2f} times as many "
        "as one"
    )
    for name, spent in served.spent.most_common():
        print(f"  {1000 * spent / len(crowd):.0f} ms of processor time a picture: {name}")
    print(
        f"the slowest 1 %: {slowest:.1f} s, {slowest / median:.1f} times the median of "
        f"{median:.1f} s"
    )
    early, late = served.held
    few = len(PICTURES) * (ALONE + 1)
    print(
        f"memory: {early / 1e6:.0f} MB after {few} readings, {late / 1e6:.0f} MB after "
        f"{few + len(crowd)}: {late / early - 1:+.1%}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.serving", description=__doc__)
    parser.add_argument("--readers", choices=("local", "ray"), default="local")
    parser.add_argument("--visitors", type=int, help="at once (default: 32; with ray, 8)")
    parser.add_argument("--pictures", type=int, help="of each (default: 20; with ray, 10)")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.name}, too")
    flags = parser.parse_args()
    on_ray = flags.readers == "ray"
    if flags.record and not on_ray:
        parser.error("--record keeps the ratios of --readers ray; add it")
    visitors = flags.visitors or (8 if on_ray else 32)
    pictures = flags.pictures or (10 if on_ray else 20)
    bare_pass()
    roads = {}
    for road in ROADS if on_ray else [HERE]:
        with opened(road) as (address, process):
            served = visit(address, process, visitors, pictures)
        say(road, served, visitors)
        roads[road] = served.record()
    if flags.record:
        save_record(RECORD.stem, {"visitors": visitors, "pictures": pictures, "roads": roads})


if __name__ == "__main__":
    main()
