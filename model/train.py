"""Train ResNet-50 from random weights on the collections: `python -m model.train`.

The learning rate warms up and stays, so that a run can be lengthened: resume it with more steps.
What is validated and shipped is an average of the weights over the last tenth of the steps or so,
which reads people that the network never met better than weights do whose learning rate has fallen
to zero (MODEL_CARD.md; Cha et al. 2021, arXiv:2102.08604).
"""

import argparse
import csv
import json
import multiprocessing
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import keras
import numpy as np

from model.collections import loading
from model.files import replacing, write_json
from model.network.resnet import resnet50, tiny
from model.network.weights_file import load_weights, save_weights
from model.reading import light
from model.records import RECORDED
from model.scoring import original
from model.training.augment import Pool

AVERAGE_EVERY = 8  # steps between two updates of the average


@dataclass(frozen=True)
class Settings:
    """What a run is made with; each is a flag of the same name."""

    steps: int = 65_500
    batch: int = 64
    learning_rate: float = 1e-3
    warmup: int = 400
    cooldown: int = 0
    weight_decay: float = 0.02
    averaging_power: int = 8
    validate_every: int = 250
    seed: int = 1
    leave_out: str = ""


HELP = {
    "steps": "optimizer steps in all",
    "batch": "pictures a step",
    "learning_rate": "of AdamW, at its height",
    "warmup": "steps in which the learning rate rises from zero",
    "cooldown": "last steps, in which it falls to zero",
    "weight_decay": "of AdamW, on convolution and dense kernels",
    "averaging_power": "of its number, with which a step's weights count in the average",
    "validate_every": "steps between two validations and checkpoints",
    "seed": "of weights and pictures",
    "leave_out": "name of a collection not to train on; all of it but its test split validates",
}


def learning_rate(step: int, settings: Settings) -> float:
    """The trapezoid: up over `warmup` steps, level, down over the last `cooldown` steps."""
    up = (step + 1) / max(settings.warmup, 1)
    down = (settings.steps - step) / max(settings.cooldown, 1)
    return settings.learning_rate * min(1.0, up, down)


def cross_entropy(targets, logits):
    """Cross-entropy with a seventh answer beside the digits, no hand, whose logit is always zero.

    The logsumexp of the digits' logits then is the log odds that there is a hand. Pictures without
    one are learnt from as in outlier exposure (Hendrycks et al. 2019, arXiv:1812.04606).

    Args:
        targets: [n, 6], 1 at the digit that is shown, all zeros where there is no hand.
        logits: [n, 6].

    Returns:
        [n], in nats.
    """
    everything = keras.ops.pad(logits, [[0, 0], [0, 1]])
    return keras.ops.logsumexp(everything, -1) - keras.ops.sum(targets * logits, -1)


def hand_accuracy(targets, logits):
    """Share of the pictures with a hand that are read right; those without one do not count."""
    hand = keras.ops.cast(keras.ops.max(targets, -1) > 0.5, "float32")
    right = keras.ops.equal(keras.ops.argmax(targets, -1), keras.ops.argmax(logits, -1))
    right = keras.ops.cast(right, "float32")
    return keras.ops.sum(right * hand) / keras.ops.maximum(keras.ops.sum(hand), 1.0)


def processor_has_bfloat16() -> bool:
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def training_data(settings: Settings, data: str | None) -> list[loading.Collection]:
    return [c for c in loading.load_all("train", data) if c.name != settings.leave_out]


_pool = None  # one in each worker process


def _start_worker(settings: Settings, data: str | None) -> None:
    global _pool
    _pool = Pool(training_data(settings, data))


def _make_batch(seed: int, step: int, count: int):
    return _pool.batch((seed, step), count)


def batches(settings: Settings, data: str | None, start: int, workers: int) -> Iterator:
    """Batches from step `start` on, made ahead by other processes; their number changes nothing."""
    context = multiprocessing.get_context("spawn")  # fork does not go with TensorFlow's threads
    with context.Pool(workers, _start_worker, (settings, data)) as pool:
        ahead = deque()
        step = start
        while True:
            while len(ahead) < 8 * workers:
                ahead.append(pool.apply_async(_make_batch, (settings.seed, step, settings.batch)))
                step += 1
            yield ahead.popleft().get()


class Validation:
    """The validation splits, made ready once."""

    def __init__(self, settings: Settings, data: str | None):
        collections = loading.load_all("validation", data)
        if settings.leave_out:
            kept = [c for c in collections if c.name != settings.leave_out]
            collections = kept + [
                loading.load(settings.leave_out, split, data) for split in ("train", "validation")
            ]
        self.parts = [(c.name, loading.inputs(c), c.digits) for c in collections if c.has_hands]

    def accuracies(self, model: keras.Model) -> dict[str, float]:
        """Accuracy of each collection's validation split, 0..1, and their plain mean."""
        right = {}
        for name, pictures, digits in self.parts:
            logits = model.predict(pictures / np.float32(255), batch_size=128, verbose=0)
            right.setdefault(name, []).extend(logits.argmax(-1) == digits)
        accuracies = {name: float(np.mean(values)) for name, values in right.items()}
        return accuracies | {"mean": float(np.mean(list(accuracies.values())))}


def save_checkpoint(path: Path, step: int, groups: dict[str, list]) -> None:
    arrays = {
        f"{group}/{i}": np.asarray(keras.ops.convert_to_numpy(variable))
        for group, variables in groups.items()
        for i, variable in enumerate(variables)
    }
    with replacing(path) as temporary, open(temporary, "wb") as file:
        np.savez(file, step=step, **arrays)


def load_checkpoint(path: Path, groups: dict[str, list]) -> int:
    """Fill the variables from a checkpoint.

    Returns:
        The number of steps that were made.

    Raises:
        ValueError: if the file is missing or is not of this network.
    """
    try:
        with np.load(path) as file:
            for group, variables in groups.items():
                for i, variable in enumerate(variables):
                    variable.assign(file[f"{group}/{i}"])
            return int(file["step"])
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(
            f"{path} is no checkpoint to resume from; start without --resume."
        ) from error


def silence_branches(model: keras.Model) -> None:
    """Start every residual block as the identity: the scale of its last BatchNorm is zero.

    Source: Goyal et al. 2017, arXiv:1706.02677, section 5.1.
    """
    for layer in model.layers:
        if layer.name.endswith("_3_bn"):
            layer.gamma.assign(keras.ops.zeros_like(layer.gamma))


def average_into(average: keras.Model, model: keras.Model, count: int, power: int) -> None:
    """Take the model's weights, the statistics of BatchNorm too, into their average.

    Polynomial-decay averaging: the k-th weights count about as the `power`-th power of k.

    Args:
        average: changed in place.
        model: the network.
        count: how many weights are in the average, these included; from 1 on.
        power: 0 is the plain mean.

    Source: Shamir and Zhang 2013, arXiv:1212.1824, section 4.
    """
    share = (power + 1) / (count + power)
    for mean, variable in zip(average.weights, model.weights, strict=True):
        mean.assign((1 - share) * mean + share * variable)


def commit() -> str:
    try:
        found = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True)
    except OSError:  # there is no git
        return "unknown"
    return found.stdout.strip() or "unknown"


def train(
    settings: Settings,
    run: Path,
    data: str | None = None,
    resume: bool = False,
    start_from: Path | None = None,
    workers: int = 1,
    build=resnet50,
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

    Returns:
        The average of the network, in float32.

    Raises:
        ValueError: if the data or the checkpoint cannot be read, or if a checkpoint would be lost.
    """
    if not resume and (run / "checkpoint.npz").exists():
        raise ValueError(f"{run} holds a run already; go on with --resume, or name another --run.")
    run.mkdir(parents=True, exist_ok=True)
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
        jit_compile=keras.backend.backend() != "tensorflow",  # XLA is slow on processors
    )
    groups = {
        "model": model.weights, "average": average.weights, "optimizer": optimizer.variables
    }  # fmt: skip
    checkpoint, history = run / "checkpoint.npz", run / "history.csv"
    first = load_checkpoint(checkpoint, groups) if resume else 0
    lines = []
    if resume and history.exists():
        with open(history, newline="") as file:
            lines = [line for line in csv.DictReader(file) if int(line["step"]) <= first]
    validation = Validation(settings, data)
    made = batches(settings, data, first, workers)
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
            logs = model.train_on_batch(pictures / np.float32(255), targets, return_dict=True)
            step += 1
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
        with replacing(history) as temporary, open(temporary, "w", newline="") as file:
            writer = csv.DictWriter(file, line)
            writer.writeheader()
            writer.writerows(lines)
        save_checkpoint(checkpoint, step, groups)
    made.close()
    return average


def story(model: keras.Model, settings: Settings, data: str | None, source: str) -> dict:
    """What weights come from and what they score, for the JSON beside them.

    Of a network that a collection was kept from, it is what it scores on that one.

    Args:
        model: the network, its weights rounded to float16 as they are shipped.
        settings: that it was trained with.
        data: folder with the collections; None for the cache.
        source: the commit of the script that trained it.
    """
    from model import evaluate
    from model.reading.classifier import HandClassifier

    about = {"commit": source, "settings": asdict(settings)}
    reader = HandClassifier(model)
    if settings.leave_out == "hands":  # the one collection with whole frames
        gains = about["gains"] = evaluate.gain_scores(reader, settings.leave_out, data)
    else:
        gains = json.loads((RECORDED / "without-hands.json").read_text())["gains"]
    gain = evaluate.best_gain(gains)
    calibration = evaluate.choose_calibration(reader, gain, data, settings.leave_out)
    reader = HandClassifier(model, calibration)
    about["calibration"] = asdict(calibration)
    about["cross_entropy"] = evaluate.cross_entropies(reader, data, settings.leave_out)
    if settings.leave_out:
        about["left_out"] = evaluate.left_out_scores(reader, settings.leave_out, data)
    else:
        collections = training_data(settings, data)
        examples = evaluate.split_examples("test", data)
        readings = evaluate.read_parts(reader, examples)
        about |= {
            "data": {
                c.name: {"pictures": len(c.digits), "licence": c.licence} for c in collections
            },
            "light": light.percentiles(
                crop for c in collections if c.has_hands for crop in loading.inputs(c)
            ),
            "lightness": evaluate.lightness_scores(examples, readings),
            "scores": evaluate.split_scores(readings),
            "none": evaluate.empty_scores(reader, data),
        }
    return about


def score_again(path: Path, data: str | None, build=resnet50) -> None:
    """Calibrate and score weights again, in the JSON beside them.

    Raises:
        ValueError: if the weights, the JSON or the data cannot be read.
    """
    about, model = path.with_suffix(".json"), build()
    load_weights(model, path)
    if not about.exists():
        raise ValueError(f"{about} is missing; end the run that made the weights with --resume.")
    before = json.loads(about.read_text("utf-8"))
    settings = Settings(leave_out=before["settings"]["leave_out"])
    now = story(model, settings, data, before["commit"])
    write_json(about, now | {"settings": before["settings"]})  # the script may have others since


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m model.train", description=__doc__)
    for field in fields(Settings):
        flag = "--" + field.name.replace("_", "-")
        text = f"{HELP[field.name]} (default: {field.default})"
        parser.add_argument(flag, type=field.type, default=field.default, help=text)
    parser.add_argument(
        "--data", help="folder with the collections (default: $HANDS_DATA or the cache)"
    )
    parser.add_argument(
        "--run", type=Path, default=Path("runs/resnet50"), help="folder of checkpoints"
    )
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --run")
    parser.add_argument(
        "--start-from", type=Path, help="weights to begin with instead of random ones"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes that make pictures")
    parser.add_argument(
        "--recipe",
        choices=("ours", "original"),
        default="ours",
        help="original: ten epochs on SIGNS alone, to compare with; ships no weights",
    )
    parser.add_argument("--tiny", action="store_true", help="a tiny network, to try the script")
    parser.add_argument(
        "--out", type=Path, help="where the weights go (default: weights.npz in --run)"
    )
    parser.add_argument(
        "--score-again", type=Path, metavar="WEIGHTS", help="train nothing, score these anew"
    )
    flags = parser.parse_args(arguments)
    settings = Settings(**{field.name: getattr(flags, field.name) for field in fields(Settings)})
    try:
        if flags.recipe == "original":
            return original.run(flags.data, settings.seed)
        build = tiny if flags.tiny else resnet50
        if flags.score_again:
            return score_again(flags.score_again, flags.data, build)
        source, out = commit(), flags.out or flags.run / "weights.npz"
        model = train(
            settings, flags.run, flags.data, flags.resume, flags.start_from, flags.workers, build
        )
        save_weights(model, out)
        load_weights(model, out)  # what is scored is what is shipped, rounded to float16
        write_json(out.with_suffix(".json"), story(model, settings, flags.data, source))
        shutil.copy(flags.run / "history.csv", out.with_suffix(".csv"))
    except ValueError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(f"Stopped; go on with --resume --run {flags.run}.")


if __name__ == "__main__":
    main()
