"""`residual-hands`, and what it runs."""

import importlib
import shutil
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
        (["fetch"], "model.collections.__main__", []),
        (["fetch", "list"], "model.collections.__main__", ["list"]),
        (["fetch", "--data", "x"], "model.collections.__main__", ["--data", "x"]),
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
    for command in (*app.COMMANDS, "completion"):
        assert f"\n  {command} " in done.stdout


def test_the_script_takes_the_commands_too():
    done = subprocess.run(
        [sys.executable, "app.py", "read", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.startswith("usage: residual-hands read ")


@pytest.mark.parametrize("module", [module for module, _ in app.COMMANDS.values()])
def test_help_names_the_command_and_every_flag_has_words(module):
    parser = importlib.import_module(module).parser()
    name = next(name for name, (each, _) in app.COMMANDS.items() if each == module)
    assert parser.format_usage().startswith(f"usage: residual-hands {name} ")
    assert all(action.help for action in parser._actions)
    assert max(map(len, parser.format_help().splitlines())) <= 100


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash here")
def test_bash_completes_commands_flags_choices_and_files(capsys, tmp_path):
    app.print_completion(["bash"])
    (tmp_path / "hand.jpg").touch()
    (tmp_path / "completion").write_text(capsys.readouterr().out)

    def completed(*typed: str) -> set[str]:
        words = " ".join(f"'{word}'" for word in ("residual-hands", *typed))
        script = (
            f". ./completion; COMP_WORDS=({words}); COMP_CWORD={len(typed)}; COMP_TYPE=9; "
            "$(complete -p residual-hands | sed 's/.*-F \\([^ ]*\\).*/\\1/'); "
            'printf "%s\\n" "${COMPREPLY[@]}"'
        )
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return {line.strip() for line in done.stdout.splitlines()}

    assert {"page", "read", "train", "evaluate", "fetch", "completion"} <= completed("")
    assert "--allow-host" in completed("--al")
    assert "--explain" in completed("read", "--ex")
    assert {"sharp", "conv5"} <= completed("read", "--stage", "")
    assert "hand.jpg" in completed("read", "ha")


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["zsh", "fish", "powershell"])
def test_other_shells_get_a_script_too(capsys, shell):
    app.print_completion([shell])
    assert "--cooldown" in capsys.readouterr().out
