"""Recorded results: small JSON files in model/recorded/, each written by a script."""

import json
import subprocess
from pathlib import Path

import numpy as np

from model.files import replacing

RECORDED = Path(__file__).parent / "recorded"


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
    """Read what `save_record` wrote; None if it was never recorded."""
    path = folder / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def model_card() -> str:
    """The model card, in Markdown."""
    return (RECORDED / "model-card.md").read_text("utf-8")


def commit() -> str:
    """The commit of the code that runs now."""
    try:
        found = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True)
    except OSError:  # there is no git
        return "unknown"
    return found.stdout.strip() or "unknown"
