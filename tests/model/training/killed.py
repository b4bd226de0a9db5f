"""A small training that a test kills: `python -m tests.model.training.killed FOLDER STEPS`.

For every line on its input it starts the training, or goes on with it, in a process of its own,
whose number it prints; `step` follows after each validation, and `end` when the process is gone.
"""

import os
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

from model.collections import loading
from model.collections.loading import Collection
from model.network.resnet import tiny
from model.synthetic.rendered import render
from model.training import loop
from model.training.mixture import Mixture, make_pool
from model.training.settings import Settings

EVERY = 2  # steps from checkpoint to checkpoint


def train(folder: Path, steps: int) -> None:
    """Train on a dozen rendered hands, each step with the same numbers whenever it is made."""
    tf.config.experimental.enable_op_determinism()
    rng = np.random.default_rng(0)
    digits = np.arange(12) % 6
    pictures = [render(int(digit), rng, size=64).picture for digit in digits]
    groups, boxes = np.arange(12).astype(str), np.array([(0, 0, 64, 64)] * 12)
    hands = Collection("signs", "train", "none", pictures, digits, groups, boxes)
    loading.load_all = lambda split, folder=None: [hands]
    pool = make_pool([hands], Mixture(rendered_hands=6))

    def batches(paths, mixture, seed, count, start, workers):
        for step in range(start, steps):
            yield pool.batch((seed, step), count)

    save = loop.save_checkpoint

    def save_and_say(*values) -> None:
        save(*values)
        print("\nstep", flush=True)

    loop.batches, loop.prepare_all, loop.save_checkpoint = batches, lambda *_: [], save_and_say
    settings = Settings(steps=steps, batch=4, warmup=2, validate_every=EVERY)
    loop.train(settings, folder, resume=(folder / "checkpoint.npz").exists(), build=tiny)


def main() -> None:
    folder, steps = Path(sys.argv[1]), int(sys.argv[2])
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            train(folder, steps)
            os._exit(0)
        print(f"\n{child}", flush=True)
        os.waitpid(child, 0)
        print("\nend", flush=True)


if __name__ == "__main__":
    main()
