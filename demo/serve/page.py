"""A page whose every call is answered, or refused in one sentence."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Route

from demo.serve.arguments import Refused, checked, names_of
from demo.serve.limits import FULL, Limits
from demo.serve.unread import Unread
from demo.serve.visits import remembering

ROOMS = ("demo", "explain", "model")
NO_SUCH = "There is no such endpoint; the page's API lists them."
BROKEN = "That went wrong, and it is not your fault; the server's terminal says more."
MOST_WAITING = 100  # calls that may wait for an answer, of all visitors together


# Gradio sums up the calls it remembers after each of them; nobody looks at it.
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "10")


class Page(gr.Blocks):
    """The page: it checks the arguments of each call, and no error tells more than a sentence.

    Nothing of what a visitor sent is printed: an error's own words may hold a whole picture.

    Attributes:
        routes: what it answers besides Gradio's events.
    """

    routes: Sequence[Route] = ()

    async def process_api(
        self, block_fn: Any, inputs: list[Any], *more: Any, **rest: Any
    ) -> dict[str, Any]:
        try:
            function = self.fns[block_fn] if isinstance(block_fn, int) else block_fn
            if function.fn is None:
                raise Refused(NO_SUCH)
            if rest.get("iterator") is None:
                parts = [as_now(part, rest.get("state")) for part in function.inputs]
                names = names_of(function.fn, len(parts))
                # Programs leave the states out, unless Gradio has put them in already.
                short = rest.get("simple_format") and len(inputs) < len(parts)
                inputs = checked(names, parts, inputs, with_states=not short)
            return await super().process_api(block_fn, inputs, *more, **rest)
        except gr.Error as error:
            error.print_exception = False
            raise
        except Exception as error:
            raise gr.Error(in_a_sentence(error), print_exception=False) from None

    def queue(self, *more: Any, **settings: Any) -> Any:
        """Let calls wait, as `Blocks` does, but keep no answers for ever that nobody fetches."""
        super().queue(*more, **settings)
        queues, send = self._queue.pending_messages_per_session, self._queue.send_message
        unread = Unread(queues)

        def send_message(event: Any, message: Any) -> None:
            if event.session_hash in queues:  # or Gradio's queue would stop for everybody
                send(event, message)
                unread.added(event.session_hash)

        self._queue.send_message = send_message  # type: ignore[assignment, method-assign]
        return self

    def launch(self, *more: Any, **settings: Any) -> Any:
        """Serve the page within its bounds, remembering its visits; `settings` of `Blocks`."""
        return super().launch(*more, **within_bounds(settings, self.routes))

    def as_app(self, **settings: Any) -> FastAPI:
        """The same page for another server than Gradio's own; `settings` as for `launch`."""
        outside = FastAPI(openapi_url=None)
        return gr.mount_gradio_app(outside, self, "/", **within_bounds(settings, self.routes))


def within_bounds(settings: dict[str, Any], routes: Sequence[Route]) -> dict[str, Any]:
    """Settings of a server that bounds what it lets in, remembers visits and has more routes."""
    server = dict(settings.get("app_kwargs") or {})
    server["routes"] = [*routes, *server.get("routes", ())]
    server["middleware"] = [*server.get("middleware", ()), Middleware(Limits)]
    server.setdefault("lifespan", remembering)
    return settings | {"app_kwargs": server}


def as_now(part: Any, state: Any) -> Any:
    """A component as it is in a visit: some get other choices or another range."""
    if state is None or isinstance(part, gr.State) or part._id not in state:
        return part
    return state[part._id]


def in_a_sentence(error: Exception) -> str:
    """What to say of an error; what is nobody's mistake but ours is printed, without its words."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL
    steps = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    room = steps[-1].f_globals["__name__"].partition(".")[0]
    if isinstance(error, ValueError) and room in ROOMS:
        return str(error)  # the house raises them with a sentence
    print("".join(traceback.format_tb(error.__traceback__)) + type(error).__name__, file=sys.stderr)
    return BROKEN
