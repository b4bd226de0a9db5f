"""Where the page is served, checked before anything slow: port, host, folder for files."""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"
PORTS = range(7860, 7960)  # one of these, if none is asked for


def choose_port(flag: str | None, environment: Mapping[str, str]) -> int | None:
    """The port that is asked for, None if none is.

    Args:
        flag: what came with --port, if it did.
        environment: variables, of which PORT and Gradio's own are looked at.

    Raises:
        ValueError: one sentence, for what is no port.
    """
    asked = {"--port": flag}
    asked |= {name: environment.get(name) for name in ("PORT", "GRADIO_SERVER_PORT")}
    ports = []
    for name, text in asked.items():
        if text is None:
            continue
        if not re.fullmatch("[0-9]{1,5}", text.strip()) or not 1 <= int(text) <= 65535:
            raise ValueError(
                f"{name} is {text!r}, but a port is a whole number from 1 to 65535, such as 7860."
            )
        ports.append(int(text))
    return ports[0] if ports else None


def find_port(host: str, port: int | None) -> int:
    """A port that is free: the one that is asked for, or the first from 7860 on.

    Args:
        host: an address or a name of this machine.
        port: the one to take; None for any.

    Raises:
        ValueError: one sentence that says why the page cannot be served there.
    """
    for each in PORTS if port is None else [port]:
        try:
            listen(host, each)
            return each
        except PermissionError as error:
            if port is None:  # Windows keeps some of them for itself
                continue
            raise ValueError(
                f"You may not open port {each}: choose one from 1024 on with --port or PORT."
            ) from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ValueError(
                    f"{host!r} is not an address of this machine: leave --host out to serve this "
                    "machine only, or give 0.0.0.0 to let others in."
                ) from error
    taken = f"Ports {PORTS[0]} to {PORTS[-1]} are" if port is None else f"Port {port} is"
    raise ValueError(f"{taken} taken: choose another with --port or PORT.")


def listen(host: str, port: int) -> None:
    """Open a port and close it again.

    Raises:
        OSError: if that cannot be.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a name that cannot be one
        raise OSError(errno.EADDRNOTAVAIL, str(error)) from error
    family, kind, _, _, place = found[0]
    with socket.socket(family, kind) as opened:
        if os.name == "posix":  # where it means: even if the last page has just ended
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(place)
        opened.listen(1)


@contextmanager
def own_folder() -> Iterator[Path]:
    """While the page is served, visitors' files lie in a folder that is gone afterwards.

    Raises:
        ValueError: one sentence, if nothing can be written there.
    """
    above = os.environ.get("GRADIO_TEMP_DIR")
    try:
        if above:
            Path(above).mkdir(parents=True, exist_ok=True)
        folder = tempfile.mkdtemp(prefix="residual-hands-", dir=above or None)
    except OSError as error:
        where = above or "the folder for temporary files"
        raise ValueError(
            f"Nothing can be written into {where} ({error.strerror}): name another folder with "
            f"{'GRADIO_TEMP_DIR' if above else 'TMPDIR'}."
        ) from error
    os.environ["GRADIO_TEMP_DIR"] = folder
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if above is None:
            del os.environ["GRADIO_TEMP_DIR"]
        else:
            os.environ["GRADIO_TEMP_DIR"] = above
