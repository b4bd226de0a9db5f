"""A visit stays with one page where there are several: its picture is in that page's memory."""

from __future__ import annotations

from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "hands-visit"


class Staying:
    """Gives each visitor a cookie, a random number, by which a proxy finds their page again.

    Args:
        app: what answers.
        framed: whether other websites may show the page, where browsers want to be told more.
    """

    def __init__(self, app: ASGIApp, framed: bool = False):
        self.app = app
        self.ending = "SameSite=None; Secure; Partitioned" if framed else "SameSite=Lax"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookie = f"{COOKIE}={uuid4().hex}; Path=/; HttpOnly; {self.ending}"
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        known = scope["type"] != "http" or COOKIE in Headers(scope=scope).get("cookie", "")
        await self.app(scope, receive, send if known else with_cookie)
