"""Films: a frame is read where the hand was in the one before, and most of them in passing.

Such a frame goes past Gradio's queue: it is worth nothing once the next one is there, and the way
through the queue would take longer than reading it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.kit.components import TemplateValue, as_json
from demo.kit.network import Waking
from demo.try_it.answer import Answer, Glimpse, Rest, answer, trouble
from demo.try_it.glance import Glance, glance
from demo.try_it.request import BEFORE, ToRead, before_of, read
from model.reading.courtesy import urgent
from model.reading.images import in_percent

AT_ONCE = 32  # frames of all visitors; one that comes while so many are read is let go
BUSY = "Too many frames are being read; send the next one."


@dataclass(frozen=True)
class Glimpsed(TemplateValue):
    """What a frame that is read in passing changes on the page."""

    answer: Answer | Rest
    glance: Glance


def glimpse(waking: Waking, frame: bytes, before: str) -> Glimpsed:
    """Read a frame in passing.

    Args:
        waking: the network.
        frame: a file.
        before: what `Glance.before` told of the frame before, as JSON.
    """
    try:
        network, reading = read(waking, ToRead(frame, before=before_of(parsed(before))))
    except ValueError as error:
        return Glimpsed(trouble(error), Glance())
    said = answer(Glimpse(reading, network.classifier.calibration.hand))
    return Glimpsed(said, glance(said, in_percent(reading.box, reading.picture), reading))


def parsed(before: str) -> Any:
    try:
        return json.loads(before)
    except ValueError as error:
        raise ValueError(BEFORE) from error


def film(waking: Waking) -> Route:
    """Where the browser sends the frames that are read in passing."""
    going = 0

    def busy() -> bool:
        return going >= AT_ONCE or not waking.ready

    async def answer_frame(request: Request) -> Response:
        nonlocal going
        if busy():
            return JSONResponse({"detail": BUSY}, 503)
        frame, before = await request.body(), request.query_params.get("before", "null")
        if busy():  # by now; while a frame comes, which may be slow, it takes no place
            return JSONResponse({"detail": BUSY}, 503)
        going += 1
        try:
            said = await run_in_threadpool(urgent()(glimpse), waking, frame, before)
        finally:
            going -= 1
        return JSONResponse(as_json(said))

    return Route("/glimpse", answer_frame, methods=["POST"])
