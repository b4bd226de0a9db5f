"""`residual-hands`, and what it runs."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import app

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("typed", "module", "given"),
    [
        (["read", "a.jpg", "--json"], "explain.read", ["a.jpg", "--json"]),
        (["train", "--tiny"], "model.train", ["--tiny"]),
        (["evaluate", "hands"], "model.evaluate", ["hands"]),
        (["fetch"], "model.collections.__main__", ["fetch"]),
        (["fetch", "list"], "model.collections.__main__", ["list"]),
        (["fetch", "--data", "x"], "model.collections.__main__", ["fetch", "--data", "x"]),
        (["page", "--port", "1"], "app", ["--port", "1"]),
        ([], "app", []),
    ],
)
def test_a_command_reaches_its_module(monkeypatch, typed, module, given):
    seen = []
    monkeypatch.setattr(importlib.import_module(module), "main", seen.append)
    monkeypatch.setattr(sys, "argv", ["residual-hands", *typed])
    app.command_line()
    assert seen == [given]


def test_flags_alone_open_the_page(monkeypatch):
    seen = []
    monkeypatch.setattr(app, "main", seen.append)
    monkeypatch.setattr(sys, "argv", ["residual-hands", "--port", "8000"])
    app.command_line()
    assert seen == [["--port", "8000"]]


def test_help_lists_every_command():
    done = subprocess.run(
        [sys.executable, "app.py", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    for command in ("[page]", *app.COMMANDS):
        assert f"residual-hands {command} " in done.stdout
