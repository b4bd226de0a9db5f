"""How the page is, for those who run it: whether it is ready, how busy it is, and who asked what.

Nothing here tells anything of a picture: paths are shown as their patterns, without file names.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.kit.network import Waking

if TYPE_CHECKING:
    from gradio import Blocks

MISSING = "--metrics needs the package prometheus-client: pip install '.[serve]'"


def watched(
    page: Blocks, waking: Waking, metrics: bool = False, log: bool = False
) -> dict[str, Any]:
    """What `Blocks.launch` takes for a page that says how it is.

    `/healthz` answers 200 as long as the page does, and `/healthz/ready` 503 until the network can
    read.

    Args:
        page: what is launched.
        waking: its network.
        metrics: whether there is `/metrics`, in the format of Prometheus.
        log: whether each request gets a line on standard error.

    Raises:
        ValueError: if metrics are asked for and their package is missing.
    """
    routes = [Route("/healthz", alive(waking)), Route("/healthz/ready", ready(waking))]
    if metrics:
        routes.append(Route("/metrics", metrics_of(page, waking)))
    return {"app_kwargs": {"routes": routes, "middleware": [Middleware(RequestLog)] * log}}


def alive(waking: Waking):
    async def answer(request: Request) -> Response:
        return JSONResponse({"alive": True, "ready": waking.ready})

    return answer


def ready(waking: Waking):
    async def answer(request: Request) -> Response:
        return JSONResponse({"ready": waking.ready}, 200 if waking.ready else 503)

    return answer


class PageCollector:
    """What Prometheus gets of a page: each event, the queue, and whether the network is ready.

    Args:
        page: it.
        waking: its network.
    """

    def __init__(self, page: Blocks, waking: Waking):
        self.page = page
        self.waking = waking

    def collect(self) -> Iterator:
        from prometheus_client.core import GaugeMetricFamily, SummaryMetricFamily

        yield GaugeMetricFamily(
            "hands_ready", "1 once the network can read.", float(self.waking.ready)
        )
        yield GaugeMetricFamily(
            "hands_queue_length", "Events that wait for their turn.", len(self.page._queue)
        )
        seconds = SummaryMetricFamily(
            "hands_event_seconds", "How long events took; read_hand is a reading.", labels=["event"]
        )
        # The queue counts for its own estimates.
        for function, spent in list(self.page._queue.process_time_per_fn.items()):
            if function.api_name:
                seconds.add_metric([str(function.api_name)], spent.count, spent.process_time)
        yield seconds


def metrics_of(page: Blocks, waking: Waking):
    """What answers `/metrics`; the process's memory and processor time are among it."""
    try:
        from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
        from prometheus_client.exposition import CONTENT_TYPE_LATEST
    except ImportError as error:
        raise ValueError(MISSING) from error
    registry = CollectorRegistry()
    registry.register(PageCollector(page, waking))
    ProcessCollector(registry=registry)

    async def answer(request: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return answer


class RequestLog:
    """Writes a line for each request: when, what, the status and how long it took.

    Args:
        app: what answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        began, status = time.monotonic(), 500

        async def keep_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, keep_status)
        finally:
            now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
            took = 1000 * (time.monotonic() - began)
            line = f"{now} {scope['method']} {pattern_of(scope)} {status} {took:.0f} ms"
            print(line, file=sys.stderr, flush=True)


def pattern_of(scope: Scope) -> str:
    """The pattern of a request's path, such as `/file={path}`: a path may hold a file's name."""
    pattern = getattr(scope.get("route"), "path", None)
    return pattern or (scope["path"] if "endpoint" in scope else "/…")
