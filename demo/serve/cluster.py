"""The page on a cluster: a Ray Serve application of readers, and of pages that ask them.

`python app.py --readers ray` opens it on this machine; docs/cluster.md tells of many.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

# Ray reads these when it is imported, and hands them on to its processes.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_SERVE_SESSION_ID_HEADER_KEY", "cookie")  # for `Staying`
if "RAY_ADDRESS" not in os.environ:  # a cluster of this machine's own listens to nobody else
    os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")

import numpy as np
import ray
from ray import serve
from ray.exceptions import RayActorError
from ray.serve.config import RequestRouterConfig
from ray.serve.exceptions import BackPressureError
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from demo.kit.network import Network
from demo.kit.reader import Maps
from demo.kit.theme import launch_settings
from demo.serve.address import own_folder
from demo.serve.health import watched
from demo.serve.hosts import Hosts
from demo.serve.staying import Staying

if TYPE_CHECKING:
    from model.reading.classifier import Reading
    from model.reading.images import Box

TOGETHER = 8  # pictures that a reader takes at a time, unless its options say otherwise
TRIES = 5
SECONDS = 60.0  # that a picture may take
BUSY = "Every reader is busy and many pictures wait; try again in a minute."
GONE = "The readers cannot be reached; try again in a minute."
NO_PICTURE = np.empty((0, 0, 3), np.uint8)  # whoever asked has it already
LAST_SECONDS = 20.0  # that ending may take


@dataclass(frozen=True)
class Options:
    """How an application is served.

    Attributes:
        weights, allow_host, allow_frame, root_path, mcp, metrics, log: see `app.py --help`.
        readers: how many there are; None for what the file of settings says.
        pages: likewise.
        together: pictures that a reader takes at a time.
    """

    weights: str | None = None
    allow_host: list[str] = field(default_factory=list)
    allow_frame: list[str] = field(default_factory=list)
    root_path: str | None = None
    mcp: bool = False
    metrics: bool = False
    log: bool = False
    readers: int | None = None
    pages: int | None = None
    together: int = TOGETHER


@serve.deployment(
    max_ongoing_requests=2 * TOGETHER,
    max_queued_requests=8 * TOGETHER,
    health_check_period_s=5,
    health_check_timeout_s=30,
    ray_actor_options={"num_cpus": 1},
)
class Readers:
    """Reads and explains pictures, several at a time, with a network of its own."""

    def __init__(self, load: Callable[[], Network], together: int):
        for batched in (self.read, self.explain):
            batched.set_max_batch_size(together)
        processors = max(1, int(ray.get_runtime_context().get_assigned_resources().get("CPU", 1)))
        os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(processors))
        self.network = load()
        self.threads = ThreadPoolExecutor(together)

    @serve.batch(max_batch_size=TOGETHER, batch_wait_timeout_s=0.005)
    async def read(self, *asked: list) -> list[Reading | ValueError]:
        return await self._answer(self._read, *asked)

    @serve.batch(max_batch_size=TOGETHER, batch_wait_timeout_s=0.005)
    async def explain(self, *asked: list) -> list[Maps | ValueError]:
        return await self._answer(self.network.explain, *asked)

    async def _answer(self, function: Callable, *asked: list) -> list:
        """The answers to the calls of a batch, whose arguments are in as many lists."""

        def answer(*one: Any) -> Any:
            try:
                return function(*one)
            except ValueError as error:  # the others of the batch must not hear of it
                return error

        going = [self.threads.submit(answer, *one) for one in zip(*asked, strict=True)]
        return await asyncio.gather(*map(asyncio.wrap_future, going))

    def _read(self, picture: np.ndarray, find: bool, box: Box | None, last: Box | None) -> Reading:
        return replace(self.network.read(picture, find, box, last), picture=NO_PICTURE)


@dataclass(frozen=True)
class ClusterReader:
    """A `demo.kit.reader.Reader` that asks the cluster.

    Attributes:
        handle: of the `Readers`.
    """

    handle: Any

    def read(
        self,
        picture: np.ndarray,
        find: bool = True,
        box: Box | None = None,
        last: Box | None = None,
    ) -> Reading:
        return replace(self._ask(self.handle.read, picture, find, box, last), picture=picture)

    def explain(self, crop: np.ndarray, digit: int) -> Maps:
        return self._ask(self.handle.explain, crop, digit)

    def _ask(self, function: Any, *asked: Any) -> Any:
        """Ask any of them; if it dies, ask another, for a reading changes nothing."""
        for _ in range(TRIES):
            try:
                answer = function.remote(*asked).result(timeout_s=SECONDS)
            except BackPressureError as error:
                raise ValueError(BUSY) from error
            except TimeoutError as error:
                raise ValueError(GONE) from error
            except RayActorError:
                continue
            if isinstance(answer, ValueError):
                raise answer
            return answer
        raise ValueError(GONE)


@serve.deployment(
    # A page that is open keeps a request open; a full page sends nobody to another.
    max_ongoing_requests=2000,
    health_check_period_s=5,
    health_check_timeout_s=30,
    request_router_config=RequestRouterConfig(
        request_router_class="ray.serve.experimental.consistent_hash_router.ConsistentHashRouter",
        request_router_kwargs={"num_fallback_replicas": 0},
    ),
    ray_actor_options={"num_cpus": 0},  # readings cost more, and serve.yaml says otherwise
)
@serve.ingress()
class Pages:
    """A page, whose visitors' pictures the readers read; its experiments are its own."""

    def __init__(
        self, build: Callable, load: Callable[[], Network], readers: Any, options: Options
    ):
        self.folder = own_folder()
        self.folder.__enter__()
        reader = ClusterReader(readers)
        self.page, self.waking = build(lambda: replace(load(), others=reader))
        self.waking.start()
        self.options = options

    def __serve_build_asgi_app__(self) -> ASGIApp:
        options = self.options
        app = self.page.as_app(
            root_path=options.root_path,
            mcp_server=options.mcp or None,
            **watched(self.page, self.waking, options.metrics, options.log),
            **launch_settings(),
        )
        hosts = Hosts(app, options.allow_host, options.allow_frame)
        trusted = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
        staying: Any = Staying(hosts, bool(options.allow_frame))
        behind_proxies: Any = ProxyHeadersMiddleware(staying, trusted)
        return behind_proxies

    def __del__(self) -> None:
        self.folder.__exit__(None, None, None)


def application(build: Callable, load: Callable, options: Options) -> serve.Application:
    """The readers, and the pages before them.

    Args:
        build: puts a page together, as `demo.interface.build` does.
        load: loads the network.
        options: of both.
    """
    front: Any = Pages
    back: Any = Readers
    if options.readers:
        back = back.options(num_replicas=options.readers)
    if options.pages:
        front = front.options(num_replicas=options.pages)
    return front.bind(build, load, back.bind(load, options.together), options)


def open_cluster(app: serve.Application, host: str, port: int) -> str:
    """Serve an application in the cluster that RAY_ADDRESS names, or in one of this machine alone.

    Args:
        app: of `application`.
        host: where its page listens.
        port: likewise.

    Returns:
        Its address.
    """
    if "RAY_ADDRESS" in os.environ:
        ray.init(logging_level="WARNING")
    else:
        ray.init(
            address="local",
            num_cpus=max(2, os.cpu_count() or 1),
            include_dashboard=False,
            log_to_driver=False,
            logging_level="WARNING",
        )
    serve.start(http_options={"host": host, "port": port})
    serve.run(app, name="hands")
    return f"http://{host}:{port}/"


def close_cluster() -> None:
    """Let running readings end, and end what was started; but wait for nothing that is dead."""
    ending = threading.Thread(target=serve.shutdown, daemon=True)
    ending.start()
    ending.join(LAST_SECONDS)
    if not ending.is_alive():
        ray.shutdown()
