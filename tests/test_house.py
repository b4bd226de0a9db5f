"""The direction of imports: app -> demo -> explain -> model."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"model": 0, "explain": 1, "demo": 2, "app": 3}
KEPT = {  # packages, and the only places that may know them
    "gradio": ("demo/", "app.py"),
    "matplotlib": ("explain/draw/",),
    "contourpy": ("explain/draw/",),
    "tf_keras_vis": ("explain/maps/methods.py", "explain/network/channels.py"),
}
FILES = [
    ROOT / "app.py",
    *(p for room in ("model", "explain", "demo") for p in (ROOT / room).rglob("*.py")),
]


def imported(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_run_one_way(path):
    place = path.relative_to(ROOT).as_posix()
    level = ROOMS[place.removesuffix(".py").split("/")[0]]
    for name in imported(path):
        package = name.split(".")[0]
        assert ROOMS.get(package, -1) <= level, f"{place} imports {name}"
        if package in KEPT:
            assert place.startswith(KEPT[package]), f"{place} imports {name}"
