"""The training loop.

The learning rate warms up and stays, so that a run can be lengthened: resume it with more steps.
What is validated and shipped is an average of the weights over the last tenth of the steps or so,
which reads people that the network never met better than weights do whose learning rate has fallen
to zero (docs/training-log.md; Cha et al. 2021, arXiv:2102.08604).
"""

import time
from pathlib import Path

import keras
import numpy as np

from model.engine import map_by
from model.network.resnet import resnet50
from model.network.weights_file import load_weights
from model.training.averaging import AVERAGE_EVERY, average_into
from model.training.batches import batches
from model.training.checkpoints import (
    CHECKPOINT,
    load_checkpoint,
    read_history,
    read_settings,
    save_checkpoint,
    save_settings,
    write_history,
)
from model.training.loss import cross_entropy, hand_accuracy
from model.training.mixture import Mixture
from model.training.preparing import prepare_all
from model.training.settings import Settings, learning_rate
from model.training.validation import Validation

LARGEST_WEIGHT = float(np.finfo(np.float16).max)  # weights are shipped in float16


def processor_has_bfloat16() -> bool:
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return "amx_bf16" in flags  # where only avx512_bf16 is, float32 is faster


def silence_branches(model: keras.Model) -> None:
    """Start every residual block as the identity: the scale of its last BatchNorm is zero.

    Source: Goyal et al. 2017, arXiv:1706.02677, section 5.1.
    """
    for layer in model.layers:
        if layer.name.endswith("_3_bn"):
            layer.gamma.assign(keras.ops.zeros_like(layer.gamma))


def start_networks(
    settings: Settings, start_from: Path | None, build
) -> tuple[keras.Model, keras.Model, keras.Optimizer]:
    """The network that is trained, compiled, its average, and the optimizer."""
    keras.utils.set_random_seed(settings.seed)
    average = build()
    policy = "mixed_bfloat16" if processor_has_bfloat16() else "float32"
    keras.mixed_precision.set_global_policy(policy)
    model = build()
    keras.mixed_precision.set_global_policy("float32")
    if start_from:
        load_weights(model, start_from)
    else:
        silence_branches(model)
    average.set_weights(model.get_weights())
    optimizer = keras.optimizers.AdamW(settings.learning_rate, weight_decay=settings.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(model.trainable_variables)
    model.compile(
        optimizer,
        cross_entropy,
        metrics=[hand_accuracy],
        jit_compile=keras.backend.backend() == "jax",  # elsewhere it is slow on processors
    )
    return model, average, optimizer


def too_large(model: keras.Model) -> bool:
    """Whether a weight is not finite, or could not be shipped."""
    largest = (np.abs(keras.ops.convert_to_numpy(w)).max(initial=0) for w in model.weights)
    return not all(value < LARGEST_WEIGHT for value in largest)


def diverged(step: int, checkpoint: Path, lines: list[dict]) -> str:
    """The sentence that ends a run whose loss or weights have run away."""
    kept = f"the checkpoint of step {lines[-1]['step']}" if lines else "nothing"
    return (
        f"Training diverged at step {step}: the loss or a weight is not a finite number. Start "
        f"again with a smaller --learning-rate; {checkpoint.parent} keeps {kept}."
    )


def train(
    settings: Settings,
    run: Path,
    data: str | None = None,
    resume: bool = False,
    start_from: Path | None = None,
    workers: int = 1,
    build=resnet50,
    mixture: Mixture | None = None,
    engine: str = "local",
) -> keras.Model:
    """Train, with a checkpoint and a line of `history.csv` in `run` after every validation.

    Args:
        settings: what the run is made with.
        run: folder for the checkpoint and the history.
        data: folder with the collections; None for the cache.
        resume: go on from the run's checkpoint.
        start_from: weights to begin with instead of random ones.
        workers: processes that make pictures.
        build: function that builds the network.
        mixture: what the batches are made of.
        engine: who prepares it, "local" or "ray".

    Returns:
        The average of the network, in float32.

    Raises:
        ValueError: if the data or the checkpoint cannot be read, if a checkpoint would be lost, or
            if training diverges; the last good checkpoint stays.
    """
    if not resume and (run / CHECKPOINT).exists():
        raise ValueError(f"{run} holds a run already; go on with --resume, or name another --run.")
    kept = read_settings(run) if resume else {}
    if kept.get("leave_out", settings.leave_out) != settings.leave_out:
        raise ValueError(
            f"{run} was begun with --leave-out '{kept['leave_out']}'; go on with the same, or name "
            "another --run."
        )
    run.mkdir(parents=True, exist_ok=True)
    model, average, optimizer = start_networks(settings, start_from, build)
    groups = {
        "model": model.weights, "average": average.weights, "optimizer": optimizer.variables
    }  # fmt: skip
    checkpoint, history = run / CHECKPOINT, run / "history.csv"
    first = load_checkpoint(checkpoint, groups) if resume else 0
    lines = read_history(history, first) if resume else []
    paths = prepare_all(data, settings.leave_out, mixture, map_by(engine, workers))
    validation = Validation(settings, data)
    made = batches(paths, mixture, settings.seed, settings.batch, first, workers)
    ones = np.ones(settings.batch, np.float32)  # several devices share no weights that are None
    began = None
    step = first
    while step < settings.steps:
        end = min(step - step % settings.validate_every + settings.validate_every, settings.steps)
        progress = keras.utils.Progbar(
            settings.steps,
            stateful_metrics=["loss", "accuracy", "pictures/s", "minutes left"],
            interval=5,
        )
        model.reset_metrics()
        while step < end:
            pictures, targets = next(made)
            began = began or time.monotonic()  # not before the workers are up
            optimizer.learning_rate.assign(learning_rate(step, settings))
            logs = model.train_on_batch(pictures / np.float32(255), targets, ones, return_dict=True)
            step += 1
            if not np.isfinite(logs["loss"]) or (step == end and too_large(model)):
                made.close()
                raise ValueError(diverged(step, checkpoint, lines))
            if step % AVERAGE_EVERY == 0:
                average_into(average, model, step // AVERAGE_EVERY, settings.averaging_power)
            speed = (step - first) * settings.batch / (time.monotonic() - began)
            left = (settings.steps - step) * settings.batch / speed / 60
            values = {"loss": logs["loss"], "accuracy": logs["hand_accuracy"]}
            progress.update(
                step, [*values.items(), ("pictures/s", speed), ("minutes left", left)],
                finalize=step == end,
            )  # fmt: skip
        accuracies = validation.accuracies(average)
        print(
            "validation", *(f"{name} {value:.1%}" for name, value in accuracies.items()), flush=True
        )
        line = {"step": step, "pictures_per_second": round(speed, 1)}
        line |= {"loss": round(float(logs["loss"]), 4)}
        line |= {"accuracy": round(float(logs["hand_accuracy"]), 4)}
        line |= {f"validation {name}": round(value, 4) for name, value in accuracies.items()}
        lines.append(line)
        write_history(history, lines)
        save_settings(run, settings)
        save_checkpoint(checkpoint, step, groups)
    made.close()
    return average
