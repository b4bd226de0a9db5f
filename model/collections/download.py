"""Bring a collection from its public home: checked, and whole or not at all."""

import hashlib
import http.client
import os
import re
import shutil
import ssl
import sys
import tarfile
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from model.files import replacing

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "residual-hands"
ARCHIVES = "https://codeload.github.com"  # a repository's commit, packed
RAW = "https://raw.githubusercontent.com"  # a single file of a commit
BLOCK = 1 << 18  # bytes read at a time


@dataclass(frozen=True)
class Home:
    """Where a collection lives and how to know it.

    Attributes:
        repository: owner/name.
        commit: 40 hex digits; what is fetched never changes.
        wanted: pattern of the paths to keep of the repository's archive.
        files: number of files to keep.
        digest: SHA-256 over the lines `<sha256 of the file>  <path>`, sorted by path.
        single: instead of these three, the path of each file to fetch by itself and its digest,
            SHA-256 or git's SHA-1 of a blob.
    """

    repository: str
    commit: str
    wanted: str = ""
    files: int = 0
    digest: str = ""
    single: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where a person finds it."""
        return f"github.com/{self.repository}"


def fetch(
    name: str, home: Home, folder: Path, archives: str = ARCHIVES, single_files: str = RAW
) -> Path:
    """Download a collection into `folder/name`, unless it is there already.

    What comes grows under a temporary name and is continued after an interruption where the
    server can; the collection takes its final name only when every digest is right.

    Args:
        name: of the collection.
        home: where it lives.
        folder: that holds the collections.
        archives: address of the server that packs repositories.
        single_files: address of the server that gives files one by one.

    Returns:
        `folder/name`.

    Raises:
        ValueError: one sentence that names the collection and says what is wrong.
    """
    place, part = folder / name, folder / f".{name}.part"
    if place.exists():
        found, wanted = len(kept_files(place, home)), home.files or len(home.single)
        if found != wanted:
            raise ValueError(
                f"{place} holds {found} of the {wanted} files of {name}; "
                "move it away and run the same command again."
            )
        print(f"{name}: already there, in {place}", file=sys.stderr)
        return place
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if home.single:
            part.mkdir(exist_ok=True)
            for path, digest in home.single.items():
                address = f"{single_files}/{home.repository}/{home.commit}/{path}"
                fetch_file(address, part / Path(path).name, digest, name)
            os.replace(part, place)
        else:
            archive = folder / f".{name}.tar.gz.part"
            download(f"{archives}/{home.repository}/tar.gz/{home.commit}", archive, name)
            shutil.rmtree(part, ignore_errors=True)
            try:
                unpack(archive, part, home, name)
            except ValueError:
                archive.unlink()  # the next try starts clean
                shutil.rmtree(part, ignore_errors=True)
                raise
            os.replace(part, place)
            archive.unlink()
    except OSError as error:
        raise ValueError(
            f"{name} cannot be written to {folder} ({error.strerror or error}); "
            "make room there or name another folder with --data."
        ) from error
    return place


def kept_files(folder: Path, home: Home) -> list[str]:
    """The paths in a folder that belong to the collection, sorted."""
    if home.single:
        return sorted(
            Path(path).name for path in home.single if (folder / Path(path).name).is_file()
        )
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in paths if re.fullmatch(home.wanted, path))


def fetch_file(address: str, path: Path, digest: str, name: str) -> None:
    """Fetch one file, unless it is there; it takes its name when its digest is right."""
    if path.exists():
        return
    label = f"{name}, {path.name}"
    with replacing(path, keep=True) as part:
        download(address, part, label)
        content = part.read_bytes()
        if len(digest) == 64:
            found = hashlib.sha256(content).hexdigest()
        else:
            found = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        if found != digest:
            part.unlink()
            raise changed(label, "another digest")


def download(address: str, path: Path, label: str) -> None:
    """Fetch a file, going on where `path` ends if the server can.

    Raises:
        ValueError: if it cannot be had whole; what came is kept for the next try.
    """
    have = path.stat().st_size if path.exists() else 0
    request = urllib.request.Request(address, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416:  # nothing is left to fetch
            return
        raise ValueError(
            f"The home of {label} answers {error.code} for {address}; try again later, or ask "
            "for another copy if it has gone."
        ) from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise untrusted(label, reason) from error
        raise ValueError(
            f"The home of {label} cannot be reached ({reason}); look at "
            "the connection and run the same command again."
        ) from error
    with answer:
        goes_on = answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        if answer.status != 206 or not goes_on:
            have = 0  # the server starts from the beginning, and so do we
        length = answer.headers.get("Content-Length")
        total = have + int(length) if length else None
        with open(path, "ab" if have else "wb") as file:
            shown = 0.0
            for block in blocks(answer, label):
                file.write(block)
                have += len(block)
                if time.monotonic() > shown + 0.2:
                    shown = time.monotonic()
                    progress(label, have, total)
    progress(label, have, total)
    print(file=sys.stderr)
    if total and have < total:
        raise broken_off(label, f"{have} of {total} bytes came")


def blocks(answer: http.client.HTTPResponse, label: str) -> Iterator[bytes]:
    """What a server sends, as it comes; a ValueError if the connection breaks."""
    try:
        # read1 and not read, which would keep back what came before the connection broke.
        while block := answer.read1(BLOCK):
            yield block
    except (OSError, http.client.HTTPException) as error:
        print(file=sys.stderr)
        raise broken_off(label, str(error) or type(error).__name__) from error


def progress(label: str, have: int, total: int | None) -> None:
    share = f" of {total / 1e6:.1f} MB, {have / total:.0%}" if total else " MB"
    print(f"\r{label}: {have / 1e6:.1f}{share}", end="", file=sys.stderr, flush=True)


def unpack(archive: Path, folder: Path, home: Home, name: str) -> None:
    """Take the wanted files out of a repository's archive, in which a folder holds everything.

    Raises:
        ValueError: if the archive is damaged or its files are not the home's.
    """
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                path = member.name.partition("/")[2]
                content = tar.extractfile(member) if member.isfile() else None
                if content is None or not re.fullmatch(home.wanted, path):
                    continue
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise damaged(name) from error
    except OSError as error:
        if error.errno:  # the disk's, not the archive's
            raise
        raise damaged(name) from error
    found = kept_files(folder, home)
    if len(found) != home.files:
        raise changed(name, f"{len(found)} files instead of {home.files}")
    if digest_of(folder, found) != home.digest:
        raise changed(name, "another digest")


def digest_of(folder: Path, paths: list[str]) -> str:
    """SHA-256 over the lines `<sha256 of the file>  <path>` of these files, in their order."""
    lines = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256((folder / path).read_bytes()).hexdigest()
        lines.update(f"{content}  {path}\n".encode())
    return lines.hexdigest()


def untrusted(label: str, error: ssl.SSLCertVerificationError) -> ValueError:
    return ValueError(
        f"The certificate of the home of {label} is not trusted here ({error.verify_message}); "
        "behind a proxy, set SSL_CERT_FILE to the file with its certificates, otherwise update "
        "those of this machine, and run the same command again."
    )


def damaged(label: str) -> ValueError:
    return ValueError(f"The download of {label} is damaged; run the same command again.")


def broken_off(label: str, reason: str) -> ValueError:
    return ValueError(
        f"The download of {label} broke off ({reason}); run the same command again to go on."
    )


def changed(label: str, what: str) -> ValueError:
    return ValueError(
        f"{label} is not what it was at its home ({what}), and nothing of it was kept; "
        "run the same command again."
    )
