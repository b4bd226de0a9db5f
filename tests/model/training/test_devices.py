"""Several devices that share every batch: two virtual ones against one."""

import csv
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.training.devices import share_batches

ROOT = Path(__file__).parents[3]
# Six steps of `train` on noise; what is validated are seven pictures, not an even number.
SIX_STEPS = """if True:
    import sys
    from pathlib import Path
    import numpy as np
    from model.network.resnet import tiny
    from model.training import loop
    from model.training.devices import share_batches
    from model.training.settings import Settings

    def batches(*_):
        chance = np.random.default_rng(0)
        while True:
            pictures = chance.integers(0, 256, (16, 64, 64, 3), np.uint8)
            yield pictures, np.eye(6, dtype=np.float32)[chance.integers(0, 6, 16)]

    def validation(*_):
        made = object.__new__(loop_validation)
        made.parts = [("noise", next(batches())[0][:7], np.zeros(7, int))]
        return made

    loop_validation, loop.Validation, loop.batches = loop.Validation, validation, batches
    loop.prepare_all = lambda *_: None
    loop.processor_has_bfloat16 = lambda: False
    settings = Settings(steps=6, batch=16, warmup=1, validate_every=1)
    share_batches(int(sys.argv[1]), settings.batch)
    loop.train(settings, Path(sys.argv[2]), build=tiny)
"""


@pytest.mark.slow
@pytest.mark.skipif(not importlib.util.find_spec("jax"), reason="no JAX is here: pip install jax")
def test_two_devices_learn_what_one_learns(tmp_path):
    losses = []
    for devices in (1, 2):
        run = tmp_path / str(devices)
        two = {"KERAS_BACKEND": "jax", "XLA_FLAGS": "--xla_force_host_platform_device_count=2"}
        command = [sys.executable, "-c", SIX_STEPS, str(devices), str(run)]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | two, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert (run / "checkpoint.npz").exists()
        with open(run / "history.csv", newline="") as file:
            losses.append([float(line["loss"]) for line in csv.DictReader(file)])
    assert len(set(losses[0])) == 6
    np.testing.assert_allclose(*losses, atol=2e-3)


def test_on_tensorflow_a_sentence_says_what_is_needed():
    share_batches(1, 64)
    with pytest.raises(ValueError, match="KERAS_BACKEND=jax"):
        share_batches(2, 64)
