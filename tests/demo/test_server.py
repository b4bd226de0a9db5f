"""The server as other websites, monitors and a busy machine meet it."""

import json
import threading
import urllib.error
import urllib.request

import pytest
from gradio import http_server
from gradio.exceptions import ServerFailedToStartError

from demo.interface import build
from demo.kit.theme import launch_settings
from demo.serve.door import ENDING
from demo.serve.server import Server, open_page
from tests.demo.conftest import tiny_network

EVIL = "http://evil.example"


@pytest.fixture(scope="module")
def served():
    page, _ = build(tiny_network)
    yield open_page(page, **launch_settings()), page
    page.close(verbose=False)


def ask(address: str, method: str = "GET", body: bytes | None = None, **headers: str):
    request = urllib.request.Request(
        address,
        body,
        {name.replace("_", "-"): value for name, value in headers.items()},
        method=method,
    )
    try:
        return urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        return error


@pytest.mark.slow
@pytest.mark.parametrize("path", ["", "config", "gradio_api/info", "gradio_api/queue/join"])
@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"Origin": EVIL}),
        ("GET", {"Host": "evil.example", "Origin": EVIL}),
        ("POST", {"Host": "evil.example", "Origin": EVIL}),
        ("OPTIONS", {"Origin": EVIL, "Access_Control_Request_Method": "POST"}),
        (
            "OPTIONS",
            {"Host": "evil.example", "Origin": EVIL, "Access_Control_Request_Method": "POST"},
        ),
    ],
)
def test_another_website_is_told_nothing_and_allowed_nothing(served, path, method, headers):
    answer = ask(served[0] + path, method, **headers)
    assert answer.status in (400, 403)
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert b"--allow-host" in answer.read()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["", "config", "gradio_api/no/such", "theme.css"])
def test_every_answer_has_its_headers(served, path):
    headers = ask(served[0] + path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]


@pytest.mark.slow
@pytest.mark.parametrize("path", ["monitoring", "monitoring/summary", "monitoring/key"])
def test_nobody_watches_the_page(served, path):
    assert ask(served[0] + path).status == 403


@pytest.mark.slow
def test_a_door_that_is_shut_lets_out_only_what_was_let_in(served):
    address, page = served
    page.server.door.shut = True
    try:
        refused = ask(address)
        assert refused.status == 503 and json.loads(refused.read())["detail"] == ENDING
        assert ask(address + "gradio_api/upload", "POST", b"").status == 503
        assert ask(address + "gradio_api/info").status == 200
    finally:
        page.server.door.shut = False
    assert ask(address).status == 200


@pytest.mark.parametrize("comes", [True, False])
def test_a_busy_machine_is_waited_for_and_a_dead_server_is_not(monkeypatch, comes):
    def five_seconds(server):
        server.thread.start()
        raise ServerFailedToStartError("after five seconds")

    monkeypatch.setattr(http_server.Server, "run_in_thread", five_seconds)
    slow = Server.__new__(Server)
    slow.started = False
    slow.thread = threading.Thread(target=lambda: setattr(slow, "started", comes))
    if comes:
        slow.run_in_thread()
        assert slow.started
    else:
        with pytest.raises(ServerFailedToStartError):
            slow.run_in_thread()
