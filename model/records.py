"""Recorded runs: small JSON files in explain/recorded/, each written by the script of its name."""

import json
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
