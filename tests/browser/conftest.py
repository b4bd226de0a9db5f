"""A page with the shipped weights, or without them a tiny network, and a browser to open it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from demo.interface import build
from demo.kit.network import Network, load_network
from demo.kit.theme import launch_settings
from demo.serve.server import open_page
from model.network.weights_file import WEIGHTS
from tests.demo.conftest import serve_on_ray, tiny_network

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",  # a camera that films a test pattern
    "--use-fake-ui-for-media-stream",
]


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def trained() -> bool:
    return WEIGHTS.exists()


@contextmanager
def serve(load: Callable[[], Network], **settings) -> Iterator[str]:
    """The address of a page with a network of its own; `settings` of `Blocks.launch`."""
    page, network = build(load)
    address = open_page(page, **settings, **launch_settings())
    network.start()
    yield address
    page.close(verbose=False)


@pytest.fixture(scope="session")
def served(trained):
    """The page of most tests; with READERS=ray two readers on Ray read its pictures."""
    load = load_network if trained else tiny_network
    on_ray = os.environ.get("READERS") == "ray"
    with serve_on_ray(load, readers=2) if on_ray else serve(load) as address:
        yield address


@pytest.fixture(scope="package")
def chromium():
    """A browser, closed with the last test here: no test can run an event loop beside it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = find_chromium()
    if path is None:
        pytest.skip("no chromium is installed (on Debian: apt-get install chromium)")
    playwright.expect.set_options(timeout=90_000)  # a busy machine is no failure
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, served):
    """The page, opened; afterwards it must have thrown nothing and asked nobody else."""
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.set_default_timeout(90_000)
    wrong = []
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("console", lambda line: line.type == "error" and wrong.append(line.text))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((served, "data:", "blob:")) or wrong.append(request.url)
        ),
    )
    page.goto(served)
    page.wait_for_selector(".chip.ready")
    yield page
    context.close()
    assert not wrong


@pytest.fixture
def read(page):
    """The page once it has read an example."""
    page.locator("#examples button").first.click()
    answered(page)
    return page


def answered(page) -> None:
    """Wait until what was asked last is answered."""
    page.wait_for_selector(".bench:not(.asking)")
