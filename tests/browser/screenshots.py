"""Pictures of the page: `python -m tests.browser.screenshots` writes docs/page.png for the README.

With `--all FOLDER` it takes every view, wide and on a telephone, light and dark, to look at.
"""

import argparse
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from demo.interface import build
from demo.kit.network import load_network
from demo.kit.theme import launch_settings
from tests.browser.conftest import ARGUMENTS, find_chromium
from tests.browser.test_journey import a_finger, draw_stroke, open_tab

SHOWN = "3 render"  # the example that the README's picture shows


def opened(browser: Browser, address: str, width: int, scheme: str) -> Page:
    size = {"width": width, "height": 844 if width < 600 else 860}
    page = browser.new_page(viewport=size, color_scheme=scheme, device_scale_factor=1.5)
    page.set_default_timeout(240_000)  # the machine may be busy
    page.goto(address)
    page.wait_for_selector(".chip.ready")
    settle(page)
    return page


def settle(page: Page) -> None:
    """Wait for what moves: bars that grow, pictures that load."""
    loaded = "[...document.images].every((image) => image.complete || image.loading === 'lazy')"
    page.wait_for_function(loaded)
    time.sleep(1)


def pick_example(page: Page, name: str = "") -> None:
    page.locator(f"#examples button[aria-label*='{name}']").first.click()
    page.wait_for_selector("#heat img")
    settle(page)


def every_view(browser: Browser, address: str, folder: Path) -> None:
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            page = opened(browser, address, width, scheme)

            def keep(view: str, page=page, start=f"{width}-{scheme}") -> None:
                page.screenshot(path=folder / f"{start}-{view}.png", full_page=True)

            keep("empty")
            pick_example(page, SHOWN)
            keep("result")
            page.locator("#wrong button").first.click()
            page.locator("#truth label").nth(3).click()
            page.wait_for_selector(".remedies")
            settle(page)
            keep("wrong")
            open_tab(page, "Inside")
            page.wait_for_selector("#channel img")
            settle(page)
            keep("inside")
            for name in ("stem", "conv4_block3", "head"):
                page.locator(f"#map [data-block={name}]").click()
                page.wait_for_selector(f"#block h2:has-text('{name}')")
                page.get_by_role("radio", name="the picture").check()
                settle(page)
                keep(f"inside-{name}")
            open_tab(page, "Can I trust it?")
            page.wait_for_function("document.querySelectorAll('#methods img').length > 5")
            settle(page)
            keep("trust")
            page.locator("#forget").click()
            page.wait_for_selector("#losing .verdict-words")
            page.locator("#slow").click()
            page.wait_for_function("document.querySelectorAll('#methods img').length > 7")
            settle(page)
            keep("trust-all")
            open_tab(page, "Why residual?")
            page.wait_for_selector("#alive img")
            settle(page)
            keep("why")
            open_tab(page, "Try it")
            open_tab(page, "Draw")
            draw_stroke(page, a_finger())
            settle(page)
            keep("drawing")
            page.get_by_role("button", name="Clear").click()
            draw_stroke(page, [(0.2, 0.2), (0.8, 0.3), (0.2, 0.5), (0.8, 0.8)])
            settle(page)
            keep("scribble")
            open_tab(page, "Live")
            settle(page)
            keep("live-empty")
            page.get_by_role("button", name="Start the camera").click()
            settle(page)
            keep("live")
            page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every view, into this folder")
    flags = parser.parse_args()
    page, _ = build(load_network)
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, **launch_settings())
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        if flags.all:
            flags.all.mkdir(parents=True, exist_ok=True)
            every_view(browser, address, flags.all)
        else:
            shot = opened(browser, address, 1280, "light")
            pick_example(shot, SHOWN)
            path = Path(__file__).parents[2] / "docs" / "page.png"
            path.parent.mkdir(exist_ok=True)
            shot.screenshot(path=path, full_page=True)
        browser.close()
    page.close(verbose=False)


if __name__ == "__main__":
    main()
