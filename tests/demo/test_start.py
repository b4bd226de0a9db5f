"""How the page starts: fast, and before TensorFlow."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120
    )


@pytest.mark.slow
def test_the_page_is_put_together_without_tensorflow_keras_and_matplotlib():
    code = """if True:
        import inspect, sys
        find = inspect.getfile
        import app
        app.import_gradio()
        assert inspect.getfile is find
        from demo.interface import build
        build(None)
        assert not {"tensorflow", "keras", "matplotlib"} & set(sys.modules)
    """
    done = run("-c", code)
    assert done.returncode == 0, done.stderr


def test_help_names_the_flags():
    done = run("app.py", "--help")
    assert done.returncode == 0
    for flag in ("--port", "--host", "--allow-host", "--allow-frame", "--weights"):
        assert flag in done.stdout
