"""Who is answered, and with what headers."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from demo.serve.hosts import SPACES, Hosts


def asked(headers: dict[str, str], **settings):
    return TestClient(Hosts(PlainTextResponse("the page"), **settings)).get("/", headers=headers)


@pytest.mark.parametrize(
    "host",
    ["localhost:7860", "LOCALHOST", "127.0.0.1:7860", "[::1]:7860", "192.168.1.5", "10.0.0.1"],
)
def test_this_machine_is_asked_for_by_its_name_or_an_address(host):
    shown = asked({"host": host, "origin": f"http://{host}"})
    assert shown.status_code == 200 and shown.text == "the page"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "[", "127.0.0.1.evil"]
)
def test_a_page_under_another_name_is_refused_in_a_sentence(host):
    shown = asked({"host": host})
    assert shown.status_code == 400 and "--allow-host" in shown.text and len(shown.text) < 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.2"])
def test_scripts_of_another_website_are_refused(origin):
    shown = asked({"host": "127.0.0.1:7860", "origin": origin})
    assert shown.status_code == 403 and "--allow-host" in shown.text


def test_names_can_be_allowed():
    hands = {"host": "hands.example", "origin": "https://hands.example"}
    assert asked(hands).status_code == 400
    assert asked(hands, allowed=["Hands.Example"]).status_code == 200
    assert asked({"host": "any.example"}, allowed=["*"]).status_code == 200


def test_a_space_is_asked_for_by_its_name_and_framed(monkeypatch):
    monkeypatch.setenv("SPACE_HOST", "somebody-hands.hf.space")
    monkeypatch.setenv("SPACE_ID", "somebody/hands")
    shown = asked({"host": "somebody-hands.hf.space"})
    assert shown.status_code == 200 and SPACES in shown.headers["content-security-policy"]


def test_headers_tell_browsers_what_not_to_do():
    headers = asked({"host": "localhost"}, framed_by=["https://school.example"]).headers
    assert headers["x-content-type-options"] == "nosniff"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self' https://school.example" in policy
    assert "object-src 'none'" in policy and "default-src 'self'" in policy
