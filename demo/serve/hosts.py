"""By which names the page may be asked for, and what browsers may do with what it answers.

Another website can point its own name at this machine (DNS rebinding), so that a visitor's browser
reads the page on its behalf. But the browser then sends that website's name as `Host`, and the
website cannot change that.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SPACES = "https://huggingface.co"  # shows a Space in a frame
UNKNOWN = "This page isn't served under that name; start it with --allow-host {} to allow it.\n"
FOREIGN = "Only this page's own scripts may call it; start it with --allow-host {} to allow that.\n"
# Gradio's scripts make functions of text and workers of blobs, and its styles stand in the page.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


def own_names() -> set[str]:
    """The names of this machine, and of the Space that it is."""
    name = socket.gethostname().lower()
    space = os.environ.get("SPACE_HOST", "").lower()
    return {"localhost", name, f"{name}.local", *filter(None, [space])}


def name_of(address: str) -> str:
    """The host of `host:port` or of an origin, in lower case; empty if there is none."""
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""


def is_address(name: str) -> bool:
    """Whether a host is an IP address, which nobody can lead elsewhere."""
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


class Hosts:
    """Answers only those who ask for the page by its name, or by an address.

    Args:
        app: what answers.
        allowed: names besides those of this machine; `*` allows all.
        framed_by: origins that may show the page in a frame.
    """

    def __init__(
        self, app: ASGIApp, allowed: Iterable[str] = (), framed_by: Iterable[str] = ()
    ) -> None:
        self.app = app
        self.names = own_names() | {name.lower() for name in allowed}
        frames = ["'self'", *framed_by, *([SPACES] if "SPACE_ID" in os.environ else [])]
        policy = POLICY | {"frame-ancestors": " ".join(frames)}
        self.headers = {
            "Content-Security-Policy": "; ".join(f"{key} {value}" for key, value in policy.items()),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        }

    def allows(self, name: str) -> bool:
        return "*" in self.names or name in self.names or is_address(name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        host, origin = name_of(headers.get("host", "")), headers.get("origin")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        if not self.allows(host):
            refusal = PlainTextResponse(UNKNOWN.format(host or "NAME"), 400)
            return await refusal(scope, receive, with_headers)
        caller = host if origin is None else name_of(origin)
        if caller not in {host, *self.names} and "*" not in self.names:
            refusal = PlainTextResponse(FOREIGN.format(caller or "NAME"), 403)
            return await refusal(scope, receive, with_headers)

        await self.app(scope, receive, with_headers)
