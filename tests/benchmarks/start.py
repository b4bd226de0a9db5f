"""How long a visitor waits: `python -m tests.benchmarks.start`.

Starts app.py in a process of its own and measures, from its start, when the page is served, when
the network is there, and how long the first answer and a later one take; beside them, how long the
imports and the warm-up take that none of it can do without.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy as np
from gradio_client import Client, handle_file
from PIL import Image

ROOT = Path(__file__).parents[2]
LOOK = ("sharp", 70, False, False)  # how an answer is shown
PAGE, AWAKE = "start to first page", "start to network awake"
IMPORTS, WARM = "a Python that imports Gradio", "one that imports all and warms up"
REFERENCES = {
    IMPORTS: "import gradio",
    "one that imports Gradio and TensorFlow": "import gradio, tensorflow, keras",
    WARM: "import gradio; from demo.kit.network import load_network; load_network()",
}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def is_served(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1):
            return True
    except OSError:
        return False


def run_alone(code: str) -> float:
    """Seconds that a Python takes which does nothing else."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def measure(folder: Path, more: list[str]) -> dict[str, float]:
    """One start; seconds by what was waited for."""
    picture = folder / "grey.png"
    Image.fromarray(np.full((200, 200, 3), 128, np.uint8)).save(picture)
    address = f"http://127.0.0.1:{(port := free_port())}"
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    began = time.perf_counter()
    app = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port), *more], cwd=ROOT, env=quiet
    )
    try:
        while not is_served(address):
            if app.poll() is not None:
                sys.exit("app.py ended before it served a page.")
            time.sleep(0.02)
        times = {PAGE: time.perf_counter() - began}
        client = Client(address, verbose=False)
        state = client.predict(api_name="/wake")
        if state["state"] != "ready":
            sys.exit(state["words"])
        times[AWAKE] = time.perf_counter() - began
        for name in ("first answer after that", "second answer"):
            asked = time.perf_counter()
            client.predict(handle_file(picture), *LOOK, api_name="/read")
            times[name] = time.perf_counter() - asked
    finally:
        app.terminate()
        app.wait()
    for name, code in REFERENCES.items():
        times[name] = run_alone(code)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=3, help="starts; the quickest are shown")
    flags, more = parser.parse_known_args()  # the rest goes to app.py
    with tempfile.TemporaryDirectory() as folder:
        runs = [measure(Path(folder), more) for _ in range(flags.times)]
    quickest = {name: min(run[name] for run in runs) for name in runs[0]}
    for name, seconds in quickest.items():
        print(f"{seconds:6.2f} s  {name}")
    for waited, needed in ((PAGE, IMPORTS), (AWAKE, WARM)):
        print(f"{quickest[waited] / quickest[needed]:6.2f}    {waited}, by {needed}")


if __name__ == "__main__":
    main()
