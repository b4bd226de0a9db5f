"""A training that is killed again and again ends as one that is left alone."""

import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from tests.model.training.killed import EVERY

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")]
KILLS, MOST = 20, 3  # times; checkpoints that a process writes before it is killed
STEPS = EVERY * KILLS * (MOST + 1)


class Training:
    """A training in a folder, started over and over."""

    def __init__(self, folder):
        command = [sys.executable, "-m", "tests.model.training.killed", str(folder), str(STEPS)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip

    def start(self) -> int:
        """Go on; the number of the process that trains."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return int(self.next(str.isdigit))

    def next(self, wanted) -> str:
        """The next line that is wanted; there are progress bars between."""
        for line in self.process.stdout:
            word = line.split("\r")[-1].split("\b")[-1].strip()
            if wanted(word):
                return word
        raise AssertionError("the training is over")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait(60) == 0


def test_a_training_killed_at_twenty_moments_ends_equal_to_the_bit(tmp_path):
    whole, broken = Training(tmp_path / "whole"), Training(tmp_path / "broken")
    whole.start()
    rng = random.Random(2026)
    for _ in range(KILLS):
        child = broken.start()
        for _ in range(rng.randint(0, MOST)):
            broken.next("step".__eq__)
        time.sleep(rng.uniform(0, 0.3))  # about what a checkpoint and the steps before it take
        os.kill(child, signal.SIGKILL)
        broken.next("end".__eq__)
    broken.start()
    for each in (whole, broken):
        each.next("end".__eq__)
        each.close()
    assert (tmp_path / "whole/history.csv").exists()
    with (
        np.load(tmp_path / "whole/checkpoint.npz") as one,
        np.load(tmp_path / "broken/checkpoint.npz") as other,
    ):
        assert int(one["step"]) == int(other["step"]) == STEPS
        for name in one.files:
            np.testing.assert_array_equal(one[name], other[name], name)
