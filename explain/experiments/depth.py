"""Depth that hurts and depth that helps: ever deeper plain and residual networks, trained alike.

`python -m explain.experiments.depth record` trains them one after another. It can be stopped and
run again: finished networks are kept, and an unfinished one goes on from its checkpoint.

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

FULL = tuple(stage.blocks for stage in STAGES)
DEPTHS = (*((blocks,) * len(STAGES) for blocks in (1, 2, 3)), FULL)  # blocks of each stage
BLOCKS = {2 + 3 * sum(blocks): blocks for blocks in DEPTHS}  # by number of layers


@dataclass(frozen=True)
class Run:
    """One network to train.

    Attributes:
        layers: its depth, a key of BLOCKS.
        shortcuts: whether it has them.
        seed: of weights and pictures.
        width: the divisor of all channels, for trying the script.
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
        """What a record says about the network."""
        return {"layers": self.layers, "kind": self.kind, "seed": self.seed}

    def stages(self) -> tuple[Stage, ...]:
        def narrowed(stage: Stage, blocks: int) -> Stage:
            one, middle, last = (count // self.width for count in stage.filters)
            return replace(stage, blocks=blocks, filters=(one, middle, last))

        return tuple(map(narrowed, STAGES, BLOCKS[self.layers]))

    def build(self) -> keras.Model:
        name = self.name.replace("-", "_")
        return network(self.stages(), 64 // self.width, self.shortcuts, name=name)


def history(folder: Path) -> dict[str, list]:
    """The history of a run: steps, training loss, training and validation accuracy (0..1)."""
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
    """Train a network or go on with it, and leave its averaged weights in the folder.

    In both kinds all scales of BatchNorm start at one. The shipped network starts with the last
    scale of each block at zero, but through a plain network nothing would then ever pass.
    """
    start, resume = folder / "start.npz", (folder / "checkpoint.npz").exists()
    if not resume:
        keras.utils.set_random_seed(run.seed)
        save_weights(run.build(), start)
    model = train(settings, folder, data, resume, start, workers, run.build)
    save_weights(model, folder / "weights.npz")


def trained(folder: Path) -> tuple[Run, keras.Model]:
    """A network that `train_all` left in a folder of its name, such as `plain-26-1`.

    Raises:
        ValueError: one sentence, if there is none.
    """
    kind, _, rest = folder.name.partition("-")
    layers, _, seed = rest.partition("-")
    if kind not in ("residual", "plain") or layers not in map(str, BLOCKS) or not seed.isdigit():
        raise ValueError(
            f"{folder} was not written by explain.experiments.depth; its folders are named like "
            "plain-26-1."
        )
    run = Run(int(layers), kind == "residual", int(seed))
    model = run.build()
    load_weights(model, folder / "weights.npz")
    return run, model


def train_all(
    runs: Sequence[Run], settings: Settings, folder: Path, data: str | None, workers: int = 1
) -> Iterator[dict]:
    """Train every run that is not finished.

    Args:
        runs: the networks.
        settings: of their training; each run has its own seed.
        folder: gets a folder for each.
        data: folder of the collections; None for the cache.
        workers: processes that make pictures.

    Yields:
        After each run, the histories of all so far.
    """
    found = []
    for run in runs:
        home = folder / run.name
        home.mkdir(parents=True, exist_ok=True)
        if not finished(home, settings.steps):
            print(run.name, flush=True)
            train_one(run, replace(settings, seed=run.seed), home, data, workers)
            keras.backend.clear_session()
        found.append({**run.about, **history(home)})
        yield {
            "steps": settings.steps,
            "batch": settings.batch,
            "width": run.width,
            "commit": commit(),
            "runs": found,
        }


def last(record: dict, kind: str, layers: int, key: str) -> list[float]:
    """The last value of a history, for each seed: of networks of one kind and depth."""
    return [
        run[key][-1] for run in record["runs"] if run["kind"] == kind and run["layers"] == layers
    ]


def planned(depths: Sequence[int], seeds: Sequence[int], width: int = 1) -> list[Run]:
    """Every depth with the first seed; the shallowest and the deepest with the other seeds too."""
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
        "--data", help="folder of the collections (default: $HANDS_DATA or the cache)"
    )
    parser.add_argument(
        "--run", type=Path, default=Path("runs/depth"), help="folder of checkpoints and weights"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes that make pictures")
    parser.add_argument(
        "--width", type=int, default=1, help="divide all channels by this, for trying the script"
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
        for found in train_all(runs, settings, flags.run, flags.data, flags.workers):
            print("Written to", save_record(flags.name, found))
    except ValueError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped; run the same command again to go on.")


if __name__ == "__main__":
    main()
