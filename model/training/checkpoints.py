"""What a run leaves behind: a checkpoint to go on from, its history, its weights' record."""

import csv
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np

from model.files import replacing, write_json
from model.network.weights_file import BROKEN, WEIGHTS
from model.records import RECORDED
from model.training.settings import Settings

CHECKPOINT, SETTINGS = "checkpoint.npz", "settings.json"  # in a run's folder


def save_checkpoint(path: Path, step: int, groups: dict[str, list]) -> None:
    arrays = {
        f"{group}/{i}": np.asarray(keras.ops.convert_to_numpy(variable))
        for group, variables in groups.items()
        for i, variable in enumerate(variables)
    }
    with replacing(path) as temporary, open(temporary, "wb") as file:
        np.savez(file, allow_pickle=False, step=step, **arrays)


def load_checkpoint(path: Path, groups: dict[str, list]) -> int:
    """Fill the variables from a checkpoint.

    Returns:
        The number of steps that were made.

    Raises:
        ValueError: if the file is missing or is not of this network.
    """
    try:
        with open(path, "rb") as opened, np.load(opened) as file:
            for group, variables in groups.items():
                for i, variable in enumerate(variables):
                    variable.assign(file[f"{group}/{i}"])
            return int(file["step"])
    except BROKEN as error:
        raise ValueError(
            f"{path} is missing, damaged, or the checkpoint of another network; start again "
            "without --resume, and with another --run."
        ) from error


def save_settings(run: Path, settings: Settings) -> None:
    """Keep what a run is made with, so that --resume need not be told again."""
    write_json(run / SETTINGS, asdict(settings))


def read_settings(run: Path) -> dict[str, Any]:
    """What `save_settings` kept; empty if that is nothing.

    Raises:
        ValueError: if the file is damaged.
    """
    path = run / SETTINGS
    if not path.exists():
        return {}
    try:
        return asdict(Settings(**json.loads(path.read_bytes())))
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{path} is damaged; delete it and go on with --resume and every other flag that the "
            "run was begun with."
        ) from error


def read_history(path: Path, last: int) -> list[dict]:
    """The lines of a history up to a step; none if there is no file.

    Raises:
        ValueError: if the file is damaged.
    """
    if not path.exists():
        return []
    try:
        with open(path, newline="", encoding="utf-8") as file:
            return [line for line in csv.DictReader(file) if int(line["step"]) <= last]
    except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise ValueError(
            f"{path} is damaged; delete it and go on with --resume, without its lines."
        ) from error


def write_history(path: Path, lines: list[dict]) -> None:
    """Write them; a collection that validates only some of them has empty fields elsewhere."""
    columns = dict.fromkeys(name for line in lines for name in line)
    with (
        replacing(path) as temporary,
        open(temporary, "w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(lines)


def record_of(weights: Path) -> Path:
    """Where the scores of weights are recorded: beside them, or with the project's records."""
    if weights.resolve() == WEIGHTS.resolve():
        return RECORDED / "training.json"
    return weights.with_name(f"{weights.stem}-scores.json")


def history_of(weights: Path) -> Path:
    """Where the history of weights goes: beside them, or with the project's records."""
    if weights.resolve() == WEIGHTS.resolve():
        return RECORDED / "history.csv"
    return weights.with_suffix(".csv")


def read_record(weights: Path) -> dict:
    """The record of weights.

    Raises:
        ValueError: if there is none.
    """
    # Runs of earlier versions keep everything in one file.
    for path in (record_of(weights), weights.with_suffix(".json")):
        if path.exists():
            try:
                record = json.loads(path.read_bytes())
            except ValueError as error:
                raise ValueError(
                    f"{path} is damaged; finish the run that made the weights with --resume."
                ) from error
            if "settings" in record:
                return record
    raise ValueError(
        f"{record_of(weights)} is missing; finish the run that made the weights with --resume."
    )
