"""Recorded results: small JSON files in model/recorded/, each written by a script."""

import json
import subprocess
from pathlib import Path

import numpy as np

from model.files import replacing, restoring

RECORDED = Path(__file__).parent / "recorded"
ALL = "all of these"  # what several collections are called together


def rounded(values, digits: int = 4):
    """Numbers for a file: nested lists with few significant digits; None where none is finite."""
    if isinstance(values, dict):
        return {name: rounded(value, digits) for name, value in values.items()}
    if isinstance(values, str | int | None):
        return values
    if isinstance(values, float | np.number):
        return float(f"{values:.{digits}g}") if np.isfinite(values) else None
    return [rounded(value, digits) for value in values]


def save_record(name: str, record: dict, folder: Path = RECORDED) -> Path:
    """Write a record under a temporary name until all is written."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(rounded(record), separators=(",", ":")) + "\n")
    return path


def load_record(name: str, folder: Path = RECORDED) -> dict | None:
    """Read what `save_record` wrote; None if it was never recorded.

    Raises:
        ValueError: one sentence, if the file is damaged.
    """
    path = folder / f"{name}.json"
    if not path.exists():
        return None
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ValueError(damaged(path)) from error
    if not isinstance(record, dict):
        raise ValueError(damaged(path))
    return record


def damaged(path: Path) -> str:
    """The sentence that says so of a record, and how to get it back."""
    return f"{path} is damaged; {restoring(path)}."


def model_card() -> str:
    """The model card, in Markdown."""
    return (Path(__file__).parent / "MODEL_CARD.md").read_text("utf-8")


def commit() -> str:
    """The commit of the code that runs now."""
    here = Path(__file__).parent
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, cwd=here
        )
    except OSError:  # there is no git
        return "unknown"
    return found.stdout.strip() or "unknown"
