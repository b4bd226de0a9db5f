"""The container's files: what they copy is there, and what they call is understood."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import app

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
WITH_RAY = (ROOT / "cluster" / "Dockerfile").read_text("utf-8")


def test_all_that_is_copied_is_there_and_not_ignored():
    kept = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"
    }
    copied = {
        name
        for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE + WITH_RAY, re.M)
        for name in line.split()
    }
    assert copied == kept
    assert all((ROOT / name).exists() for name in copied)
    for room in ("demo", "explain", "model"):
        for path in (ROOT / room).rglob("*"):
            assert not path.is_symlink(), f"{path} may lead out of what is copied"


def test_it_runs_as_an_ordinary_user_and_knows_how_it_is():
    for file in (DOCKERFILE, WITH_RAY):
        assert re.findall(r"^USER (\w+)$", file, re.M)[-1] == "1000"
    assert re.search(r"^HEALTHCHECK .*\n.*/healthz/ready", DOCKERFILE, re.M)


def test_its_flags_are_those_of_the_page(capsys):
    with pytest.raises(SystemExit):
        app.main(["--help"])
    known = capsys.readouterr().out
    called = DOCKERFILE[DOCKERFILE.index("ENTRYPOINT") :] + (ROOT / "compose.yaml").read_text()
    flags = set(re.findall(r'"(--[a-z-]+)"', called))
    assert flags >= {"--host", "--port", "--log"}
    assert all(f"{flag} " in known for flag in flags), known


@pytest.mark.skipif(not shutil.which("caddy"), reason="there is no Caddy here")
def test_caddy_understands_its_file():
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config"]
    done = subprocess.run([*command, ROOT / "Caddyfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
