"""How the page starts: fast, and before TensorFlow."""

import contextlib
import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.utils import Status
from PIL import Image

import app

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | environment,
    )


@pytest.mark.slow
def test_the_page_is_put_together_without_tensorflow_keras_matplotlib_and_ray():
    code = """if True:
        import inspect, sys
        find = inspect.getfile
        import app
        app.import_gradio()
        assert inspect.getfile is find
        from demo.interface import build
        build(None)
        assert not {"tensorflow", "keras", "matplotlib", "ray"} & set(sys.modules)
    """
    done = run("-c", code)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_while_tensorflow_is_imported_no_visitor_imports_it_too():
    code = """if True:
        import os, sys, threading
        import app
        app.import_gradio()
        from demo.interface import build
        from demo.kit.importing import importing
        from demo.kit.network import load_network

        who = []

        class Guard:
            def find_spec(self, name, path=None, target=None):
                if name in ("tensorflow", "keras"):
                    who.append((threading.current_thread().name, importing.locked()))
                    raise ImportError(name)

        def call(handler, values):
            answer = handler(*values)
            for _ in answer if hasattr(answer, "__next__") else ():
                pass

        threading.excepthook = lambda _: None
        sys.meta_path.insert(0, Guard())
        page, _ = build(load_network)
        with importing:
            for point in page.fns.values():
                if point.fn is not None:
                    right = [getattr(part, "value", None) for part in point.inputs]
                    name = str(point.api_name)
                    threading.Thread(target=call, args=(point.fn, right), name=name).start()
            threading.Event().wait(2)
            early = [*who]
        threading.Event().wait(1)
        print(early, dict(who), flush=True)
        os._exit(bool(early) or not dict(who)["waking"])
    """
    done = run("-c", code)
    assert done.returncode == 0, done.stdout + done.stderr


def test_readers_on_ray_need_ray(monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as ended:
        app.main(["--readers", "ray"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith("needs the package ray: pip install '.[cluster]'\n")


def test_help_names_the_flags():
    done = run("app.py", "--help")
    assert done.returncode == 0
    for flag in ("--port", "--host", "--allow-host", "--allow-frame", "--weights"):
        assert flag in done.stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        ([], {"PORT": "99999"}, "PORT is '99999', but a port is a whole number"),
        ([], {"PORT": ""}, "PORT is '', but a port is a whole number"),
        (["--port=-1"], {}, "--port is '-1', but a port is a whole number"),
        ([], {"GRADIO_TEMP_DIR": "/dev/null/folder"}, "Nothing can be written into /dev/null"),
    ],
)
def test_a_wrong_start_is_one_sentence(arguments, environment, sentence):
    done = run("app.py", *arguments, **environment)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(sentence) and done.stderr.count("\n") == 1


@pytest.mark.slow
def test_a_wrong_host_is_one_sentence():
    done = run("app.py", "--host", "203.0.113.9")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("'203.0.113.9' is not an address of this machine")
    assert done.stderr.count("\n") == 1


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def opened(folder: Path, *arguments: str, **environment: str):
    """The process of a page, and its address; visitors' files go below `folder`."""
    command = [sys.executable, "app.py", "--port", str(free_port()), *arguments]
    page = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"GRADIO_TEMP_DIR": str(folder)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield page, re.search(r"http://\S+", page.stdout.readline())[0]
    finally:
        page.kill()
        page.communicate()


@pytest.mark.slow
@pytest.mark.parametrize(
    "proxy",
    [
        {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"},
        {"ALL_PROXY": "socks5://127.0.0.1:9"},
        {"http_proxy": "http://127.0.0.1:9", "no_proxy": "example.org"},
    ],
)
def test_a_proxy_in_the_environment_is_passed_by(tmp_path, proxy):
    with opened(tmp_path, **proxy) as (_, address), urllib.request.urlopen(address) as page:
        assert "Residual Hands" in page.read().decode()


def has_ended(page: subprocess.Popen, address: str, folder: Path) -> None:
    _, errors = page.communicate(timeout=20)
    assert page.returncode == 0 and "Traceback" not in errors, errors
    assert list(folder.iterdir()) == []
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", int(address.rstrip("/").rpartition(":")[2])))


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("seconds", [0, 0.7, 1.5])
def test_a_page_that_is_asked_to_end_while_it_starts_ends(tmp_path, number, seconds):
    page = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(free_port())],
        cwd=ROOT,
        env=os.environ | {"GRADIO_TEMP_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 20
    while not any(tmp_path.iterdir()) and time.monotonic() < until:  # it has hardly begun
        time.sleep(0.01)
    time.sleep(seconds)
    page.send_signal(number)
    _, errors = page.communicate(timeout=10)
    assert page.returncode == 0 and "Traceback" not in errors, errors
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("early", [True, False])
def test_asked_to_end_while_it_starts_it_ends_even_where_exceptions_are_swallowed(early):
    code = f"""if True:
        import os, signal
        from demo.serve.ending import Ending
        ending = Ending()
        ending.listen()
        class Swallowing:
            def __del__(self):
                os.kill(os.getpid(), signal.SIGTERM)
        if {early}:
            Swallowing()
        ending.start(lambda: print("closed"))
        Swallowing()
        print("still here")
    """
    done = run("-c", code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "closed\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_page_that_is_asked_to_end_while_it_wakes_leaves_nothing(tmp_path, number):
    with opened(tmp_path) as (page, address):
        assert len(list(tmp_path.iterdir())) == 1
        page.send_signal(number)
        began = time.monotonic()
        has_ended(page, address, tmp_path)
        assert time.monotonic() - began < 5


@pytest.mark.slow
@pytest.mark.weights
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_running_readings_end_and_new_ones_get_a_sentence(tmp_path, number):
    folder, picture = tmp_path / "files", tmp_path / "hand.png"
    Image.effect_noise((1500, 1500), 60).convert("RGB").save(picture)
    with opened(folder) as (page, address):
        client = Client(address, verbose=False, download_files=tmp_path)
        client.predict(api_name="/wake")
        job = client.submit(handle_file(picture), "sharp", 70, False, False, api_name="/read")
        until = time.monotonic() + 30
        while job.status().code != Status.PROCESSING and time.monotonic() < until:
            time.sleep(0.01)
        page.send_signal(number)
        time.sleep(0.1)
        with pytest.raises((urllib.error.HTTPError, ConnectionError)) as refused:
            urllib.request.urlopen(address)
        if isinstance(refused.value, urllib.error.HTTPError):
            assert refused.value.code == 503 and b"being closed" in refused.value.read()
        assert job.result(timeout=12)[0]["word"]
        has_ended(page, address, folder)
