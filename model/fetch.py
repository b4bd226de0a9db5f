"""Bring a collection from its public home: checked, and whole or not at all."""

import hashlib
import os
import re
import shutil
import sys
import tarfile
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "residual-hands"
ARCHIVES = "https://codeload.github.com"
BLOCK = 1 << 18  # bytes read at a time


@dataclass(frozen=True)
class Home:
    """Where a collection lives and how to know it.

    Attributes:
        repository: owner/name.
        commit: 40 hex digits; what is fetched never changes.
        wanted: pattern of the paths to keep; its first group is the path to keep them under.
        files: number of files.
        digest: SHA-256 over the lines `<sha256 of the file>  <path>`, sorted by path.
        blobs: instead of the two, git's SHA-1 of each file.
    """

    repository: str
    commit: str
    wanted: str
    files: int = 0
    digest: str = ""
    blobs: dict[str, str] = field(default_factory=dict)


def fetch(name: str, home: Home, folder: Path, archives: str = ARCHIVES) -> Path:
    """Download a collection into `folder/name`, unless it is there already.

    The archive grows under a temporary name and is continued after an interruption where the
    server can; the collection takes its final name only when every digest is right.

    Args:
        name: of the collection.
        home: where it lives.
        folder: that holds the collections.
        archives: address of the server that packs repositories.

    Returns:
        `folder/name`.

    Raises:
        ValueError: one sentence that names the collection and what is wrong.
    """
    place = folder / name
    if place.is_dir():
        print(f"{name}: already there, in {place}", file=sys.stderr)
        return place
    folder.mkdir(parents=True, exist_ok=True)
    archive, unpacked = folder / f".{name}.tar.gz.part", folder / f".{name}.part"
    download(f"{archives}/{home.repository}/tar.gz/{home.commit}", archive, name)
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        unpack(archive, unpacked, home.wanted)
    except (tarfile.TarError, EOFError, OSError) as error:
        archive.unlink()
        raise ValueError(
            f"The download of {name} is damaged; run the same command again."
        ) from error
    wrong = difference(unpacked, home)
    if wrong:
        archive.unlink()
        shutil.rmtree(unpacked)
        raise ValueError(f"{name} is not what it was at its home ({wrong}); nothing was kept.")
    os.replace(unpacked, place)
    archive.unlink()
    return place


def download(address: str, path: Path, name: str) -> None:
    """Fetch a file, going on where `path` ends if the server can.

    Raises:
        ValueError: if it cannot be had whole; what came is kept for the next try.
    """
    have = path.stat().st_size if path.exists() else 0
    request = urllib.request.Request(address, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            if answer.status != 206:
                have = 0  # the server starts from the beginning, and so do we
            length = answer.headers.get("Content-Length")
            total = have + int(length) if length else None
            with open(path, "ab" if have else "wb") as file:
                while block := answer.read(BLOCK):
                    file.write(block)
                    have += len(block)
                    share = f" of {total / 1e6:.1f}" if total else ""
                    print(f"\r{name}: {have / 1e6:.1f}{share} MB", end="", file=sys.stderr)
            print(file=sys.stderr)
        if total and have < total:
            raise ConnectionError(f"{have} of {total} bytes came")
    except urllib.error.HTTPError as error:
        if error.code == 416:  # nothing is left to fetch
            return
        raise ValueError(f"The home of {name} answers {error.code} for {address}.") from error
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise ValueError(
            f"The download of {name} broke off ({reason}); run the same command again to go on."
        ) from error


def unpack(archive: Path, folder: Path, wanted: str) -> None:
    """Take the wanted files out of a repository's archive, in which a folder holds everything."""
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            found = re.fullmatch(wanted, member.name.partition("/")[2])
            if not found or not member.isfile():
                continue
            path = folder / found[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            with tar.extractfile(member) as source, open(path, "wb") as file:
                shutil.copyfileobj(source, file)


def difference(folder: Path, home: Home) -> str:
    """What is wrong with a folder's files; empty if they are the home's."""
    paths = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    if home.blobs:
        for path, digest in home.blobs.items():
            if path not in paths:
                return f"{path} is missing"
            content = (folder / path).read_bytes()
            if hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest() != digest:
                return f"{path} has another digest"
        return ""
    if len(paths) != home.files:
        return f"{len(paths)} files instead of {home.files}"
    lines = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256((folder / path).read_bytes()).hexdigest()
        lines.update(f"{content}  {path}\n".encode())
    return "" if lines.hexdigest() == home.digest else "another digest"
