"""Train ResNet-50 from random weights on the collections of photographs.

    residual-hands train
    residual-hands train --resume
    residual-hands train --tiny --steps 20

It takes half a day or longer on two cores. Stopped, it goes on from its last checkpoint with
--resume.
"""

import argparse
import shutil
import sys
from collections.abc import Collection
from dataclasses import asdict, fields
from pathlib import Path

from model.collections.catalogue import all_but, find_row
from model.engine import add_engine
from model.files import what_failed, write_json
from model.network.resnet import resnet50, tiny
from model.network.weights_file import load_weights, save_weights
from model.reading.box_regression import boxes_of, load_boxes
from model.reading.notes import digest_of
from model.records import commit
from model.training.checkpoints import (
    CHECKPOINT,
    history_of,
    read_record,
    read_settings,
    record_of,
)
from model.training.devices import share_batches
from model.training.loop import train
from model.training.mixture import Mixture
from model.training.settings import HELP, Settings

METAVARS = {int: "N", float: "X", str: "NAME"}  # of settings, by their type
FEW = Mixture(rendered_hands=120)  # with --tiny


def run(flags: argparse.Namespace, settings: Settings) -> None:
    """Do what the flags ask for."""
    build, mixture = (tiny, FEW) if flags.tiny else (resnet50, None)
    if flags.recipe == "original":
        from model.scoring import original

        original.run(flags.data, settings.seed)
    elif flags.score_again:
        score_again(flags.score_again, flags.data, build)
    else:
        if settings.leave_out:
            find_row(settings.leave_out)
        source, out = commit(), flags.out or flags.run / "weights.npz"
        share_batches(flags.devices, settings.batch)
        model = train(
            settings, flags.run, flags.data, flags.resume, flags.start_from, flags.workers,
            build, mixture, engine=flags.engine,
        )  # fmt: skip
        save_weights(model, out)
        try:
            load_boxes(boxes_of(out), digest_of(out))
        except ValueError:  # the head of the weights that were there before
            boxes_of(out).unlink()
        if (flags.run / "history.csv").exists():
            shutil.copy(flags.run / "history.csv", history_of(out))
        record = {"commit": source, "settings": asdict(settings)}
        write_json(record_of(out), record)
        if flags.devices > 1:  # on JAX, and what reads pictures needs TensorFlow
            again = f"residual-hands train --score-again {out}"
            print(f"{out} is written. Score it where Keras runs on TensorFlow: {again}")
            return
        score(model, out, flags.data, record, settings, all_but(settings.leave_out))


def score(
    model,
    weights: Path,
    data: str | None,
    record: dict,
    settings: Settings,
    trained_on: Collection[str],
) -> None:
    """Calibrate and score weights, as they are in their file, and record what comes of it.

    Args:
        model: a network like theirs.
        weights: their file.
        data: folder with the collections; None for the cache.
        record: what is known of the run already.
        settings: of the run.
        trained_on: names of the collections that the weights come from.
    """
    from model.scoring import trained  # which needs TensorFlow, as training does not

    load_weights(model, weights)  # what is scored is what is shipped, rounded to float16
    boxes = load_boxes(boxes_of(weights), digest_of(weights))
    reading, scores = trained.calibrate_and_score(model, settings, data, trained_on, boxes)
    trained.write_beside(weights, reading, record | scores)


def score_again(weights: Path, data: str | None, build=resnet50) -> None:
    """Calibrate and score weights again, in the files beside them.

    Raises:
        ValueError: if the weights, their record or the data cannot be read.
    """
    model = build()
    load_weights(model, weights)
    before = read_record(weights)
    settings = Settings(leave_out=before["settings"]["leave_out"])  # others may have come since
    record = {name: before[name] for name in ("commit", "settings")}
    score(model, weights, data, record, settings, before.get("data", all_but(settings.leave_out)))


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="residual-hands train",
        usage="%(prog)s [options]",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for field in fields(Settings):
        flag = "--" + field.name.replace("_", "-")
        text = f"{HELP[field.name]} (default: {'none' if field.default == '' else field.default})"
        of = METAVARS[type(field.default)]
        parser.add_argument(flag, type=field.type, default=field.default, help=text, metavar=of)
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help="folder with the collections (default: $HANDS_DATA or the cache)",
    )
    parser.add_argument(
        "--run",
        type=Path,
        metavar="FOLDER",
        default=Path("runs/resnet50"),
        help="folder of the checkpoint and the history (default: runs/resnet50)",
    )
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --run")
    parser.add_argument(
        "--start-from",
        type=Path,
        metavar="FILE",
        help="weights to begin with instead of random ones",
    )
    parser.add_argument(
        "--devices",
        type=int,
        default=1,
        metavar="N",
        help="accelerators that share every batch; more than one needs KERAS_BACKEND=jax "
        "(default: 1)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=1,
        metavar="N",
        help="processes that make pictures (default: 1)",
    )
    add_engine(parser, "prepares pictures")
    parser.add_argument(
        "--recipe",
        choices=("ours", "original"),
        default="ours",
        help="original: ten epochs on SIGNS alone, to compare with; ships no weights",
    )
    parser.add_argument(
        "--tiny", action="store_true", help="a tiny network and few rendered hands, to try it"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="file of the weights (default: weights.npz in --run)",
    )
    parser.add_argument(
        "--score-again", type=Path, metavar="FILE", help="train nothing, score these again"
    )
    return parser


def main(arguments: list[str] | None = None) -> None:
    asked = parser()
    flags = asked.parse_args(arguments)
    if min(flags.workers, flags.devices) < 1:
        asked.error("--workers and --devices must be at least 1")
    try:
        if flags.resume:  # what is not said again is as it was
            asked.set_defaults(**read_settings(flags.run))
            flags = asked.parse_args(arguments)
        run(
            flags,
            Settings(**{field.name: getattr(flags, field.name) for field in fields(Settings)}),
        )
    except ValueError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{what_failed(error, flags.run)} Fix that, then {to_go_on(flags)}.")
    except KeyboardInterrupt:
        sys.exit(f"\nStopped; {to_go_on(flags)}.")


def to_go_on(flags: argparse.Namespace) -> str:
    """What to do after a stop."""
    if flags.score_again or flags.recipe != "ours" or not (flags.run / CHECKPOINT).exists():
        return "run the same command again"
    kept = parser().parse_args(["--run", str(flags.run)])
    others = [
        f" --{name} {getattr(flags, name)}"
        for name in ("data", "out", "devices", "workers", "engine")
        if getattr(flags, name) != getattr(kept, name)
    ]
    return f"go on with --resume --run {flags.run}{''.join(others)}{' --tiny' * flags.tiny}"


if __name__ == "__main__":
    main()
