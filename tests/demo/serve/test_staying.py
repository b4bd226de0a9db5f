"""The cookie by which a visit stays with its page."""

import re

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from demo.serve.staying import Staying


def page(framed: bool = False) -> TestClient:
    async def answer(request):
        return PlainTextResponse("a page")

    return TestClient(Staying(Starlette(routes=[Route("/", answer)]), framed))


def test_a_visitor_is_given_one_cookie_and_keeps_it():
    visitor = page()
    given = visitor.get("/").headers["set-cookie"]
    assert re.fullmatch("hands-visit=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Lax", given)
    assert "set-cookie" not in visitor.get("/").headers
    assert page().get("/").headers["set-cookie"] != given


@pytest.mark.parametrize(("framed", "ending"), [(True, "Partitioned"), (False, "Lax")])
def test_in_another_websites_frame_the_cookie_is_kept_too(framed, ending):
    assert page(framed).get("/").headers["set-cookie"].endswith(ending)
