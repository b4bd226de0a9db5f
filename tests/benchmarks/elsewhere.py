"""Scripts that run with the Python of another environment, and answer a line with a line."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def answering(
    python: str, script: Path, modules: str, packages: str
) -> Iterator[Callable[[object], Any]]:
    """What asks a script that is kept running: one line to it, one line of JSON back.

    Args:
        python: of the environment.
        script: what it runs.
        modules: that the environment must have, such as `cv2, mediapipe`.
        packages: that pip has to install for them.

    Raises:
        ValueError: one sentence, if it has not.
    """
    there = subprocess.run([python, "-c", f"import {modules}"], capture_output=True, text=True)
    if there.returncode:
        raise ValueError(f"{python} has not all it takes; pip install {packages} into it.")
    worker = subprocess.Popen(
        [python, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )

    def ask(line: object) -> Any:
        print(line, file=worker.stdin, flush=True)
        return json.loads(worker.stdout.readline())

    try:
        yield ask
    finally:
        worker.communicate()
