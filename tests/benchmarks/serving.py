"""What visitors wait for, through real HTTP: `python -m tests.benchmarks.serving`.

Opens the page in a process of its own. One visitor sends pictures one after another, then many
send theirs at once; every answer must be what the first visitor got. Times are given in bare
forward passes as well, taken in turn with the single visitor's pictures. Ends in about ten minutes
on two processors; with `--readers ray` the page runs on Ray.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # as the page has it
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import httpx
import numpy as np
import tensorflow as tf

from model.reading.classifier import HandClassifier
from tests.benchmarks.passes import frozen
from tests.benchmarks.start import ROOT, free_port

PICTURES = sorted((ROOT / "demo" / "examples").glob("*.jpg"))
ALONE = 4  # times that a single visitor sends all pictures
LOOK = ("sharp", 70, False, False)


@contextmanager
def opened(readers: str) -> Iterator[tuple[str, int]]:
    """The address of a page, and the id of its process."""
    command = [sys.executable, "app.py", "--port", str(free_port()), "--readers", readers]
    page = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield next(filter(None, (re.search(r"http://\S+/", x) for x in page.stdout)))[0], page.pid
    finally:
        page.terminate()
        page.wait(timeout=60)


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
        spent[name.rpartition("/")[2]] += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return spent


class Visitor:
    """Calls the page's own wiring over HTTP, as the page does in a browser."""

    def __init__(self, address: str):
        self.browser = httpx.Client(base_url=address, timeout=None)
        self.session = uuid4().hex
        wiring = self.browser.get("config").json()["dependencies"]
        self.events = {each["api_name"]: each["id"] for each in wiring}
        self.call("wake")

    def call(self, name: str, *data: Any) -> list:
        """What the page answers to an event."""
        event = {"fn_index": self.events[name], "data": data, "session_hash": self.session}
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


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.serving", description=__doc__)
    parser.add_argument("--readers", choices=("local", "ray"), default="local")
    parser.add_argument("--visitors", type=int, default=32, help="at once (default: 32)")
    parser.add_argument("--pictures", type=int, default=20, help="of each (default: 20)")
    flags = parser.parse_args()
    bare_pass()
    with opened(flags.readers) as (address, process):
        one = Visitor(address)
        right = {picture: one.read(picture)[1] for picture in PICTURES}
        alone, passes = [], []
        for picture in PICTURES * ALONE:
            passes.append(bare_pass())
            seconds, answer = one.read(picture)
            alone.append(seconds)
            assert answer == right[picture]
        early = memory(process)
        visitors = [Visitor(address) for _ in range(flags.visitors)]

        def send(number: int) -> list[tuple[float, bool]]:
            answers = []
            for turn in range(flags.pictures):
                picture = PICTURES[(number + turn) % len(PICTURES)]
                seconds, (word, shares) = visitors[number].read(picture)
                expected = right[picture]
                same = word == expected[0] and np.allclose(shares, expected[1], atol=2e-4)
                answers.append((seconds, same))
            return answers

        before, began = processor_time(process), time.perf_counter()
        with ThreadPoolExecutor(flags.visitors) as threads:
            answers = [each for sent in threads.map(send, range(flags.visitors)) for each in sent]
        whole = time.perf_counter() - began
        late, after = memory(process), processor_time(process)
    waited, unit = np.array([seconds for seconds, _ in answers]), np.median(passes)
    wrong = sum(not same for _, same in answers)
    slowest, median = np.quantile(waited, 0.99), np.median(waited)
    print(f"readers: {flags.readers}; a bare pass takes {1000 * unit:.1f} ms")
    print(
        f"one visitor: {1000 * np.median(alone):.0f} ms a picture, "
        f"{np.median(alone) / unit:.1f} bare passes; {1 / np.mean(alone):.2f} a second"
    )
    print(
        f"{flags.visitors} at once, {flags.pictures} pictures each: {len(answers)} answers, "
        f"{wrong} wrong; {len(answers) / whole:.2f} a second, "
        f"{len(answers) / whole * np.mean(alone):.2f} times as many as one"
    )
    for name, spent in (after - before).most_common():
        print(f"  {1000 * spent / len(answers):.0f} ms of processor time a picture: {name}")
    print(
        f"the slowest 1 %: {slowest:.1f} s, {slowest / median:.1f} times the median of "
        f"{median:.1f} s"
    )
    few, many = len(PICTURES) * (ALONE + 1), len(PICTURES) * (ALONE + 1) + len(answers)
    print(
        f"memory: {early / 1e6:.0f} MB after {few} readings, {late / 1e6:.0f} MB after {many}: "
        f"{late / early - 1:+.1%}"
    )


if __name__ == "__main__":
    main()
