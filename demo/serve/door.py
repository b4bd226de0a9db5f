"""The door of the server, which is shut when the page ends."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from demo.serve.limits import say

ENDING = "The page is being closed; try again in a minute."


class Door:
    """Lets everything in until it is shut.

    Args:
        app: what answers.

    Attributes:
        shut: nothing new is let in; what was let in before may still fetch its answers.
    """

    def __init__(self, app: ASGIApp):
        self.app = app
        self.shut = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.shut and scope["type"] == "http":
            fetches = scope["method"] == "GET" and "/gradio_api/" in scope["path"]
            if not fetches:
                return await say(send, 503, ENDING)
        await self.app(scope, receive, send)
