"""What `pip install .` brings."""

import re
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("model", "explain", "demo")
BESIDES = ("app.py", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The built wheel, of a copy, since building leaves its traces."""
    copy, built = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("built")
    for name in (*BESIDES, *(path.name for path in ROOT.glob("requirements*.txt"))):
        (copy / name).write_bytes((ROOT / name).read_bytes())
    for name in ROOMS:
        (copy / name).symlink_to(ROOT / name)
    command = [sys.executable, "-m", "pip", "wheel", str(copy), "-w", str(built)]
    command += ["--no-deps", "--no-build-isolation", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (path,) = built.glob("*.whl")
    return path


@pytest.mark.slow
def test_every_file_of_the_rooms_is_in_the_wheel(wheel):
    ours = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as file:
        packed = {name for name in file.namelist() if ".dist-info/" not in name}
        entries = next(name for name in file.namelist() if name.endswith("entry_points.txt"))
        assert "residual-hands = app:command_line" in file.read(entries).decode()
    assert packed == ours | {"app.py"}


@pytest.mark.slow
def test_the_page_opens_from_the_wheel_alone(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as file:
        file.extractall(tmp_path)
    opened = subprocess.Popen(
        [sys.executable, "-c", "import app; app.main()"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = re.search(r"http://\S+", opened.stdout.readline())[0]
        with urllib.request.urlopen(address) as page:
            assert "Residual Hands" in page.read().decode()
    finally:
        opened.terminate()
        opened.wait()


def test_every_requirement_is_pinned():
    pinned = r"[\w.-]+(\[[\w,]+\])?==[\d.]+( *;.*)?|-r requirements\.txt"
    for path in ROOT.glob("requirements*.txt"):
        for line in path.read_text("utf-8").splitlines():
            assert re.fullmatch(pinned, line), line


def pins(name: str) -> dict[str, set[str]]:
    """The versions that a file of requirements allows, by package."""
    allowed: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), re.M):
        allowed.setdefault(package.lower(), set()).add(version)
    return allowed


def test_the_lock_holds_what_is_pinned_with_digests_and_licences():
    locked = pins("requirements.lock")
    for name in ("requirements.txt", "requirements-serve.txt"):
        for package, versions in pins(name).items():
            assert locked.get(package) == versions, package
    entries = re.split(r"^(?=[\w.-]+==)", (ROOT / "requirements.lock").read_text(), flags=re.M)[1:]
    assert len(entries) > 80 and all("--hash=sha256:" in entry for entry in entries)
    listed = set(re.findall(r"[a-z0-9.-]+", (ROOT / "docs/licences.md").read_text()))
    assert set(locked) <= listed, set(locked) - listed
