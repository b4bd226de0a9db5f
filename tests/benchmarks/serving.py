"""What visitors wait for, through real HTTP: `python -m tests.benchmarks.serving`.

Opens the page in a process of its own. One visitor sends pictures one after another, then beside a
slow explanation and a training of two others, then many send theirs at once, and at last some go on
for long; every answer must be what the first visitor got. Times are given in bare forward passes as
well, taken in turn with the single visitor's pictures. Ends in about twenty minutes on two
processors; with `--readers ray` the page runs on Ray.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import tensorflow as tf

from model.reading.classifier import HandClassifier
from tests.benchmarks.passes import frozen
from tests.benchmarks.start import LOOK, ROOT, free_port

PICTURES = sorted((ROOT / "demo" / "examples").glob("*.jpg"))
ALONE = 4  # times that a single visitor sends all pictures


@contextmanager
def opened(*arguments: str) -> Iterator[tuple[str, int]]:
    """The address of a page that Python opens, and the id of its process."""
    command = [sys.executable, *arguments, "--port", str(free_port())]
    page = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
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


class Visitor:
    """Calls the page's own wiring over HTTP, as the page does in a browser."""

    def __init__(self, address: str):
        self.browser = httpx.Client(base_url=address, timeout=None)
        self.session = uuid4().hex
        page = self.browser.get("config").json()
        values = {part["id"]: part["props"].get("value") for part in page["components"]}
        self.events = {
            each["api_name"]: (each["id"], [values[part] for part in each["inputs"]])
            for each in page["dependencies"]
        }
        self.call("wake")

    def call(self, name: str, *data: Any) -> list:
        """What the page answers to an event, with the values that it opens on if none are given."""
        index, values = self.events[name]
        event = {"fn_index": index, "data": data or values, "session_hash": self.session}
        self.browser.post("gradio_api/queue/join", json=event).raise_for_status()
        address = f"gradio_api/queue/data?session_hash={self.session}"
        with self.browser.stream("GET", address) as messages:
            for line in messages.iter_lines():
                if line.startswith("data:"):
                    message = json.loads(line.removeprefix("data:"))
                    if message["msg"] == "process_completed":
                        assert message["success"], message
                        return message["output"]["data"]
        raise AssertionError("the page said nothing")

    def read(self, picture: Path) -> tuple[float, tuple]:
        """Send a picture; the seconds to its answer, and what was answered."""
        began = time.perf_counter()
        files = {"files": (picture.name, picture.read_bytes())}
        (path,) = self.browser.post("gradio_api/upload", files=files).json()
        _, answer, heat, *_ = self.call("read", {"path": path}, *LOOK)
        spent = time.perf_counter() - began
        assert heat["url"]
        return spent, (answer["word"], tuple(answer["probabilities"]))


def bare_pass() -> float:
    """Seconds of a bare forward pass; the fastest form that TensorFlow has of it."""
    if not hasattr(bare_pass, "run"):
        bare_pass.run = frozen(HandClassifier.load())
    picture = tf.zeros((1, 64, 64, 3))
    began = time.perf_counter()
    for _ in range(5):
        bare_pass.run(picture)
    return (time.perf_counter() - began) / 5


class Trial:
    """Visitors of a page, whose answers are held against those that the first of them got.

    Args:
        address: of the page.
    """

    def __init__(self, address: str):
        self.address = address
        self.one = Visitor(address)
        self.right = {picture: self.one.read(picture)[1] for picture in PICTURES}
        self.readings, self.wrong = len(PICTURES), 0

    def send(self, visitor: Visitor, pictures: Iterable[Path]) -> list[float]:
        """Send pictures one after another; the seconds to each answer."""
        waited = []
        for picture in pictures:
            seconds, (word, shares) = visitor.read(picture)
            expected = self.right[picture]
            self.wrong += word != expected[0] or not np.allclose(shares, expected[1], atol=2e-4)
            self.readings += 1
            waited.append(seconds)
        return waited

    def crowd(self, visitors: int, pictures: int) -> list[float]:
        """Let visitors send as many pictures each, all at once."""
        crowd = [Visitor(self.address) for _ in range(visitors)]
        around = PICTURES * (2 + pictures // len(PICTURES))
        turns = [around[first % len(PICTURES) :][:pictures] for first in range(visitors)]
        with ThreadPoolExecutor(visitors) as threads:
            return [seconds for sent in threads.map(self.send, crowd, turns) for seconds in sent]

    @contextmanager
    def beside(self, *events: str) -> Iterator[None]:
        """Meanwhile other visitors call an event each, again and again."""
        over = threading.Event()

        def keep_on(event: str) -> None:
            visitor = Visitor(self.address)
            visitor.read(PICTURES[0])
            while not over.is_set():
                visitor.call(event)

        with ThreadPoolExecutor(len(events)) as threads:
            going = [threads.submit(keep_on, event) for event in events]
            time.sleep(5)  # until all of them compute
            try:
                yield
            finally:
                over.set()
        for each in going:
            each.result()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.serving", description=__doc__)
    parser.add_argument("--readers", choices=("local", "ray"), default="local")
    parser.add_argument("--visitors", type=int, default=32, help="at once (default: 32)")
    parser.add_argument("--pictures", type=int, default=20, help="of each (default: 20)")
    parser.add_argument("--long", type=int, default=3000, help="readings in all (default: 3000)")
    flags = parser.parse_args()
    bare_pass()
    with opened("app.py", "--readers", flags.readers) as (address, process):
        trial = Trial(address)
        alone, passes = [], []
        for picture in PICTURES * ALONE:
            passes.append(bare_pass())
            alone += trial.send(trial.one, [picture])
        unit = np.median(passes)
        print(f"readers: {flags.readers}; a bare pass takes {1000 * unit:.1f} ms")
        print(
            f"one visitor: {1000 * np.median(alone):.0f} ms a picture, "
            f"{np.median(alone) / unit:.1f} bare passes, {np.mean(alone) / unit:.1f} on average; "
            f"{1 / np.mean(alone):.2f} a second",
            flush=True,
        )
        with trial.beside("run_slow", "learn"):
            disturbed = trial.send(trial.one, PICTURES * 2)
        print(
            "beside a slow explanation and a training: "
            f"{np.mean(disturbed) / np.mean(alone):.2f} times as long",
            flush=True,
        )
        before, began = processor_time(process), time.perf_counter()
        waited = trial.crowd(flags.visitors, flags.pictures)
        whole = time.perf_counter() - began
        slowest, median = np.quantile(waited, 0.99), np.median(waited)
        print(
            f"{flags.visitors} at once, {flags.pictures} pictures each: {len(waited)} answers; "
            f"{len(waited) / whole:.2f} a second, "
            f"{len(waited) / whole * np.mean(alone):.2f} times as many as one"
        )
        for name, spent in (processor_time(process) - before).most_common():
            print(f"  {1000 * spent / len(waited):.0f} ms of processor time a picture: {name}")
        print(
            f"the slowest 1 %: {slowest:.1f} s, {slowest / median:.1f} times the median of "
            f"{median:.1f} s",
            flush=True,
        )
        held = memory(process)
        print(f"memory: {held / 1e6:.0f} MB after {trial.readings} readings", flush=True)
        while trial.readings < flags.long:
            trial.crowd(4, 25)
        late = memory(process)
        print(
            f"memory: {late / 1e6:.0f} MB after {trial.readings}, {late / held - 1:+.1%}; "
            f"{trial.wrong} answers were wrong"
        )


if __name__ == "__main__":
    main()
