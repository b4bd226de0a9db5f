"""Files that are written whole or not at all."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def replacing(path: Path, keep: bool = False) -> Iterator[Path]:
    """A temporary name beside `path` to write to; `path` is replaced when all went well.

    Args:
        path: the file.
        keep: whether what was written stays when something fails, for the next try to go on with.
    """
    temporary = path.with_name(f"{path.name}.part")
    try:
        yield temporary
        os.replace(temporary, path)
    except BaseException:
        if not keep:
            temporary.unlink(missing_ok=True)
        raise


def whole_lines(path: Path) -> list[str]:
    """The lines of a text in UTF-8, but for a last one that was cut off.

    Raises:
        UnicodeDecodeError: if it is something else.
    """
    return path.read_bytes().rpartition(b"\n")[0].decode("utf-8").splitlines()


def cut_to_whole_lines(path: Path) -> None:
    """Cut a last line that was cut off out of a file; the rest of it is not written again."""
    with path.open("rb+") as file:
        file.truncate(file.read().rfind(b"\n") + 1)


def what_failed(error: OSError, what: object = "The output") -> str:
    """An error of the system in a sentence; `what` failed if the error names no file."""
    return f"{error.filename or what}: {error.strerror or error}."


def restoring(path: Path) -> str:
    """What gets a file of the project back as it was shipped."""
    asked = ["git", "ls-files", "--error-unmatch", path.name]
    with suppress(OSError):  # there is no git
        if not subprocess.run(asked, cwd=path.parent, capture_output=True).returncode:
            return f"get it back with `git -C {path.parent} checkout -- {path.name}`"
    return "install the project again"


def write_json(path: Path, value) -> None:
    """Write what JSON can hold, indented."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(value, indent=2) + "\n", "utf-8")
