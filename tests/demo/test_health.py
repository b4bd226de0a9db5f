"""How the page is, as those who run it ask."""

import asyncio
import json
import sys
import threading
import urllib.error
import urllib.request

import pytest

from demo.kit.network import Waking
from demo.serve import health
from tests.demo.test_page import drawn_hand


def asked(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def answered(handler) -> tuple[int, dict]:
    response = asyncio.run(handler(None))
    return response.status_code, json.loads(response.body)


def test_a_page_is_alive_before_it_is_ready():
    go = threading.Event()
    waking = Waking(lambda: go.wait(5))
    assert answered(health.alive(waking)) == (200, {"alive": True, "ready": False})
    assert answered(health.ready(waking))[0] == 503
    go.set()
    waking.network()
    assert answered(health.alive(waking)) == (200, {"alive": True, "ready": True})
    assert answered(health.ready(waking)) == (200, {"ready": True})


def test_a_network_that_cannot_be_loaded_is_never_ready():
    def load():
        raise ValueError("There are no weights.")

    waking = Waking(load)
    with pytest.raises(ValueError, match="no weights"):
        waking.network()
    assert answered(health.ready(waking))[0] == 503


def test_metrics_without_their_package_are_refused_in_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(ValueError, match="--metrics needs the package prometheus-client"):
        health.watched(None, Waking(None), metrics=True)


@pytest.mark.slow
def test_a_page_says_how_it_is_and_counts_readings(address, client, tmp_path):
    from gradio_client import handle_file

    drawn_hand().save(tmp_path / "hand.png")
    client.predict(handle_file(str(tmp_path / "hand.png")), api_name="/read_hand")
    assert asked(f"{address}healthz/ready") == (200, '{"ready":true}')
    status, metrics = asked(f"{address}metrics")
    lines = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if line[0] != "#")
    assert status == 200 and lines["hands_ready"] == "1.0"
    assert float(lines['hands_event_seconds_count{event="read_hand"}']) >= 1
    assert lines["hands_queue_length"] == "0.0"


@pytest.mark.parametrize(
    ("path", "route", "status", "shown"),
    [
        ("/gradio_api/file=/tmp/anna.jpg", "/gradio_api/file={path_or_url:path}", 200, None),
        ("/healthz", None, 200, "/healthz"),
        ("/anna.jpg", None, 404, "/…"),
        ("/gradio_api/anna.jpg", None, 413, "/…"),
    ],
)
def test_a_request_gets_a_line_that_names_no_file(capsys, path, route, status, shown):
    async def answer(scope, receive, send):
        if status == 200:
            scope |= {"route": type("Route", (), {"path": route}), "endpoint": answer}
        await send({"type": "http.response.start", "status": status})

    async def send(message):
        pass

    log = health.RequestLog(answer)
    asyncio.run(log({"type": "http", "method": "GET", "path": path}, None, send))
    (line,) = capsys.readouterr().err.splitlines()
    assert "anna" not in line
    when, method, pattern, code, took, unit = line.split()
    assert (method, pattern, code, unit) == ("GET", shown or route, str(status), "ms")
    assert when.endswith("+00:00") and float(took) >= 0
