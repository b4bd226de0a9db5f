"""A look at the landscape: the loss around trained networks, on a plane through their weights.

`python -m explain.experiments.landscape record FOLDER` can be stopped and run again: finished rows
are kept.

Source: Li, Xu, Taylor, Studer and Goldstein 2018, arXiv:1712.09913, section 4.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from explain.experiments.depth import Run, trained
from model.collections import loading
from model.records import commit, load_record, rounded, save_record


def direction(model: keras.Model, seed: int) -> list[np.ndarray]:
    """A random direction with the same length as the network, filter by filter.

    Args:
        model: the network.
        seed: of the direction.

    Returns:
        An array for each trainable variable: for a kernel, Gaussian noise scaled so that each
        filter (the weights of one output channel) has the norm of the kernel's own; zero for biases
        and BatchNorm.
    """
    rng = np.random.default_rng(seed)
    found = []
    for variable in model.trainable_variables:
        own = variable.numpy()
        if own.ndim < 2:
            found.append(np.zeros_like(own))
            continue
        random = rng.standard_normal(own.shape, np.float32)
        lengths, of_noise = (
            np.linalg.norm(kernels.reshape(-1, own.shape[-1]), axis=0) for kernels in (own, random)
        )
        found.append(random * lengths / of_noise)
    return found


def losses(
    model: keras.Model, pictures: np.ndarray, digits: np.ndarray, shares: np.ndarray, seed: int,
    first: int = 0, size: int = 64,
) -> Iterator[np.ndarray]:  # fmt: skip
    """The loss on a plane around a network's weights, a row at a time.

    Args:
        model: the network; gets its own weights back. BatchNorm keeps its statistics.
        pictures: float32 [n, 64, 64, 3] in 0..1.
        digits: int [n].
        shares: float [k], how far to go in both directions; the network is at zero.
        seed: of the directions.
        first: row to begin with.
        size: pictures at a time.

    Yields:
        float32 [k], cross-entropy in nats, for each row from `first`.
    """
    home = [variable.numpy() for variable in model.trainable_variables]
    down, right = direction(model, 2 * seed), direction(model, 2 * seed + 1)

    given = tf.TensorSpec((None, *pictures.shape[1:])), tf.TensorSpec((None,), tf.int32)

    @tf.function(input_signature=given)
    def total(batch, answers):
        logits = model(batch, training=False)
        return tf.reduce_sum(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=answers, logits=logits)
        )

    def loss() -> float:
        parts = range(0, len(pictures), size)
        sums = [float(total(pictures[i : i + size], np.int32(digits[i : i + size]))) for i in parts]
        return sum(sums) / len(pictures)

    try:
        for a in shares[first:]:
            row = []
            for b in shares:
                for variable, here, one, other in zip(
                    model.trainable_variables, home, down, right, strict=True
                ):
                    if here.ndim > 1:
                        variable.assign(here + np.float32(a) * one + np.float32(b) * other)
                row.append(loss())
            yield np.array(row, np.float32)
    finally:
        for variable, here in zip(model.trainable_variables, home, strict=True):
            variable.assign(here)


def scan_plane(
    run: Run, model: keras.Model, pictures, digits, steps: int, reach: float
) -> Iterator[dict]:
    """Scan the plane row by row, starting after the rows that the same settings recorded before.

    Args:
        run: which network it is; its seed is also that of the directions.
        model: the network.
        pictures: see `losses`.
        digits: see `losses`.
        steps: rows and columns of the plane.
        reach: how far it goes, in lengths of the filters.

    Yields:
        After each row, the whole record.
    """
    about = {**run.about, "steps": steps, "reach": reach, "pictures": len(pictures)}
    settings = rounded(about)  # as records are
    before = load_record(record_name(run)) or {}
    same = all(before.get(key) == value for key, value in settings.items())
    rows = before["loss"] if same else []
    shares = np.linspace(-reach, reach, steps)
    for row in losses(model, pictures, digits, shares, run.seed, first=len(rows)):
        rows = [*rows, row]
        yield {**settings, "commit": commit(), "loss": rows}


def is_whole(record: dict) -> bool:
    """Whether a record has all its rows; a recording that was stopped has fewer."""
    return len(record["loss"]) == record["steps"]


def record_name(run: Run) -> str:
    return f"landscape_{run.name}"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m explain.experiments.landscape", description=__doc__.splitlines()[0]
    )
    parser.add_argument("command", choices=("record",))
    parser.add_argument(
        "network", type=Path, metavar="FOLDER",
        help="of a network that explain.experiments.depth wrote, such as plain-26-1; its seed "
        "is also that of the directions",
    )  # fmt: skip
    parser.add_argument("--steps", type=int, default=21, help="rows and columns (default: 21)")
    parser.add_argument(
        "--reach", type=float, default=0.5, help="in lengths of the filters (default: 0.5)"
    )
    parser.add_argument("--pictures", type=int, default=256, help="to validate on (default: 256)")
    parser.add_argument(
        "--data", help="folder of the collections (default: $HANDS_DATA or the cache)"
    )
    flags = parser.parse_args(arguments)
    if flags.steps % 2 == 0:
        parser.error("--steps must be odd, so that the network itself is in the middle")
    try:
        run, model = trained(flags.network)
        pictures, digits = loading.hands("validation", flags.data)
    except ValueError as error:
        sys.exit(str(error))
    chosen = np.random.default_rng(0).permutation(len(digits))[: flags.pictures]
    progress = keras.utils.Progbar(flags.steps)
    shown = pictures[chosen]
    try:
        for found in scan_plane(run, model, shown, digits[chosen], flags.steps, flags.reach):
            save_record(record_name(run), found)
            progress.update(len(found["loss"]))
    except KeyboardInterrupt:
        sys.exit("Stopped; run the same command again to go on.")
    print("Recorded as", record_name(run))


if __name__ == "__main__":
    main()
