"""Depth that hurts and depth that helps: plain and residual networks, ever deeper, trained alike.

`python -m explain.experiments.depth record` trains them one after the other and can be
stopped and run again: what is finished is kept, what is not goes on from its checkpoint.

Source: He, Zhang, Ren and Sun 2015, arXiv:1512.03385, section 4.1 and figures 1 and 6.
"""

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import keras

from model.network.resnet import STAGES, Stage, network
from model.network.weights_file import load_weights, save_weights
from model.records import commit, save_record
from model.training.loop import train
from model.training.settings import Settings

# Blocks of the four stages, by the number of layers: 2 + 3 a block.
BLOCKS = {14: (1, 1, 1, 1), 26: (2, 2, 2, 2), 38: (3, 3, 3, 3), 50: (3, 4, 6, 3)}


@dataclass(frozen=True)
class Run:
    """One network to train.

    Attributes:
        layers: its depth, a key of BLOCKS.
        shortcuts: whether it has them.
        seed: of weights and pictures.
        width: what the table's channels are divided by, to try the script.
    """

    layers: int
    shortcuts: bool
    seed: int
    width: int = 1

    @property
    def kind(self) -> str:
        return "residual" if self.shortcuts else "plain"

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.layers}-{self.seed}"

    @property
    def about(self) -> dict:
        """What a record says of the network."""
        return {"layers": self.layers, "kind": self.kind, "seed": self.seed}

    def stages(self) -> tuple[Stage, ...]:
        return tuple(
            Stage(
                stage.name,
                blocks,
                tuple(count // self.width for count in stage.filters),
                stage.stride,
            )
            for stage, blocks in zip(STAGES, BLOCKS[self.layers], strict=True)
        )

    def build(self) -> keras.Model:
        name = self.name.replace("-", "_")
        return network(self.stages(), 64 // self.width, self.shortcuts, name=name)


def history(folder: Path) -> dict[str, list]:
    """The curves of a run: steps, loss and accuracy of training, accuracy of validation, 0..1."""
    with open(folder / "history.csv", newline="") as file:
        lines = list(csv.DictReader(file))
    return {
        "step": [int(line["step"]) for line in lines],
        "loss": [float(line["loss"]) for line in lines],
        "accuracy": [float(line["accuracy"]) for line in lines],
        "validation": [float(line["validation mean"]) for line in lines],
    }


def finished(folder: Path, steps: int) -> bool:
    return (folder / "weights.npz").exists() and history(folder)["step"][-1] >= steps


def train_one(run: Run, settings: Settings, folder: Path, data: str | None, workers: int) -> None:
    """Train a network, or go on; at the end its averaged weights are in the folder.

    Both kinds begin with all scales of BatchNorm at one: with the last of each block at zero, as
    the shipped network begins, nothing would ever pass through a plain one.
    """
    start, resume = folder / "start.npz", (folder / "checkpoint.npz").exists()
    if not resume:
        keras.utils.set_random_seed(run.seed)
        save_weights(run.build(), start)
    model = train(settings, folder, data, resume, start, workers, run.build)
    save_weights(model, folder / "weights.npz")


def trained(folder: Path) -> tuple[Run, keras.Model]:
    """A network that `record` left in a folder of its name, such as `plain-26-1`.

    Raises:
        ValueError: one sentence, if there is none.
    """
    kind, _, rest = folder.name.partition("-")
    layers, _, seed = rest.partition("-")
    if kind not in ("residual", "plain") or layers not in map(str, BLOCKS) or not seed.isdigit():
        raise ValueError(
            f"{folder} is no folder of explain.experiments.depth; they are named like plain-26-1."
        )
    run = Run(int(layers), kind == "residual", int(seed))
    model = run.build()
    load_weights(model, folder / "weights.npz")
    return run, model


def record(
    runs: Sequence[Run], settings: Settings, folder: Path, data: str | None, workers: int = 1
) -> Iterator[dict]:
    """Train every run that is not finished.

    Args:
        runs: the networks.
        settings: what they are trained with, but for the seed.
        folder: gets a folder for each.
        data: folder with the collections; None for the cache.
        workers: processes that make pictures.

    Yields:
        After each run, the curves of all so far.
    """
    found = []
    for run in runs:
        place = folder / run.name
        place.mkdir(parents=True, exist_ok=True)
        if not finished(place, settings.steps):
            print(run.name, flush=True)
            train_one(run, replace(settings, seed=run.seed), place, data, workers)
            keras.backend.clear_session()
        found.append({**run.about, **history(place)})
        yield {
            "steps": settings.steps,
            "batch": settings.batch,
            "width": run.width,
            "commit": commit(),
            "runs": found,
        }


def last(record: dict, kind: str, layers: int, key: str) -> list[float]:
    """The last value of a curve, of every seed: of `residual` or `plain` networks of a depth."""
    return [
        run[key][-1] for run in record["runs"] if run["kind"] == kind and run["layers"] == layers
    ]


def planned(depths: Sequence[int], seeds: Sequence[int], width: int = 1) -> list[Run]:
    """Every depth with the first seed; the shallowest and the deepest with the others too."""
    ends = sorted({min(depths), max(depths)})
    return [
        Run(layers, shortcuts, seed, width)
        for seed in seeds
        for layers in (depths if seed == seeds[0] else ends)
        for shortcuts in (True, False)
    ]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m explain.experiments.depth", description=__doc__.splitlines()[0]
    )
    parser.add_argument("command", choices=("record",))
    parser.add_argument(
        "--depths", type=int, nargs="+", choices=list(BLOCKS), default=list(BLOCKS), metavar="N",
        help=f"layers: some of {', '.join(map(str, BLOCKS))} (default: all)",
    )  # fmt: skip
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[1, 2, 3], metavar="S",
        help="the first for every depth, the others for the two ends (default: 1 2 3)",
    )  # fmt: skip
    parser.add_argument("--steps", type=int, default=600, help="optimizer steps (default: 600)")
    parser.add_argument("--batch", type=int, default=64, help="pictures a step (default: 64)")
    parser.add_argument(
        "--data", help="folder with the collections (default: $HANDS_DATA or the cache)"
    )
    parser.add_argument(
        "--run", type=Path, default=Path("runs/depth"), help="folder of checkpoints and weights"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes that make pictures")
    parser.add_argument(
        "--width", type=int, default=1, help="divide all channels by this, to try the script"
    )
    parser.add_argument("--name", default="depth", help="of the record (default: depth)")
    flags = parser.parse_args(arguments)
    settings = Settings(
        steps=flags.steps,
        batch=flags.batch,
        warmup=max(1, flags.steps // 30),
        cooldown=max(1, flags.steps // 3),
        validate_every=max(1, flags.steps // 20),
    )
    runs = planned(flags.depths, flags.seeds, flags.width)
    try:
        for found in record(runs, settings, flags.run, flags.data, flags.workers):
            print("Written to", save_record(flags.name, found))
    except ValueError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped; the same command goes on.")


if __name__ == "__main__":
    main()
