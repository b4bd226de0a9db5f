"""Where the page is served: ports, hosts and folders, right and wrong."""

import errno
import os
import socket
from pathlib import Path

import pytest

from demo.serve import address
from demo.serve.address import choose_port, find_port, own_folder


@pytest.mark.parametrize(
    "port", ["99999", "65536", "-1", "0", "7975.5", "", " ", "http", "７９７５"]
)
@pytest.mark.parametrize("name", ["--port", "PORT", "GRADIO_SERVER_PORT"])
def test_what_is_no_port_is_named_with_where_it_came_from(name, port):
    flag, environment = (port, {}) if name == "--port" else (None, {name: port})
    with pytest.raises(ValueError, match=f"^{name} is '{port}', but a port is a whole number"):
        choose_port(flag, environment)


def test_the_flag_counts_for_more_than_the_environment():
    assert choose_port("8000", {"PORT": "8001", "GRADIO_SERVER_PORT": "8002"}) == 8000
    assert choose_port(None, {"PORT": "8001", "GRADIO_SERVER_PORT": "8002"}) == 8001
    assert choose_port(None, {"GRADIO_SERVER_PORT": "8002"}) == 8002
    assert choose_port(None, {}) is None


def test_a_port_that_is_taken_is_told_or_passed_over(monkeypatch):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen(1)
        taken = one.getsockname()[1]
        with pytest.raises(ValueError, match=f"^Port {taken} is taken: choose another"):
            find_port("127.0.0.1", taken)
        monkeypatch.setattr(address, "PORTS", range(taken, taken + 1))
        with pytest.raises(ValueError, match=f"^Ports {taken} to {taken} are taken"):
            find_port("127.0.0.1", None)
        monkeypatch.setattr(address, "PORTS", range(taken, taken + 50))
        assert taken < find_port("127.0.0.1", None) < taken + 50


@pytest.mark.parametrize(
    "host", ["203.0.113.9", "no.such.host.invalid", "a b", "256.1.1.1", "x" * 70]
)
def test_a_host_that_is_not_this_machine_is_not_called_a_port_that_is_taken(host):
    with pytest.raises(ValueError, match="is not an address of this machine: leave --host out"):
        find_port(host, None)


def test_a_port_that_only_the_administrator_may_open(monkeypatch):
    def listen(host, port):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(address, "listen", listen)
    with pytest.raises(ValueError, match="^You may not open port 80: choose one from 1024 on"):
        find_port("127.0.0.1", 80)


def test_the_folder_of_visitors_files_is_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "new"))
    with own_folder() as folder:
        assert folder.parent == tmp_path / "new" and os.environ["GRADIO_TEMP_DIR"] == str(folder)
        (folder / "a").mkdir()
        (folder / "a" / "hand.png").write_bytes(b"a visitor's")
    assert not folder.exists() and os.environ["GRADIO_TEMP_DIR"] == str(tmp_path / "new")
    monkeypatch.delenv("GRADIO_TEMP_DIR")
    with own_folder() as folder:
        assert os.environ["GRADIO_TEMP_DIR"] == str(folder)
    assert not folder.exists() and "GRADIO_TEMP_DIR" not in os.environ


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "file" / "folder"))
    with (
        pytest.raises(ValueError, match=r"^Nothing can be written into .*GRADIO_TEMP_DIR\.$"),
        own_folder(),
    ):
        pass

    def full(**_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.delenv("GRADIO_TEMP_DIR")
    monkeypatch.setattr(address.tempfile, "mkdtemp", full)
    with pytest.raises(ValueError, match=r"No space left on device.*TMPDIR\.$"), own_folder():
        pass


def test_nothing_slow_is_imported_before_the_address_is_checked():
    source = Path(address.__file__).read_text("utf-8")
    assert "import gradio" not in source and "from gradio" not in source
