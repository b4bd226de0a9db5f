"""Pictures of the page: `python -m tests.browser.screenshots` writes docs/page.png for the README.

With `--all FOLDER` it takes every view to look at: on a desk, a tablet and a telephone, light and
dark. `--only trust scores` takes those of some rooms.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from demo.interface import build
from demo.kit.network import load_network
from demo.kit.theme import launch_settings
from tests.browser.conftest import ARGUMENTS, answered, find_chromium
from tests.browser.test_journey import a_finger, draw_stroke, open_tab

SHOWN = "3 render"  # the example that the README's picture shows
WIDTHS = (1280, 800, 390)
SCHEMES = ("light", "dark")
PATIENCE = 240_000  # ms; the machine may be busy


def opened(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, device_scale_factor=1.5)
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.wait_for_selector(".chip.ready")
    settle(page)
    return page


def settle(page: Page) -> None:
    """Wait for what moves: bars that grow, pictures that load."""
    page.evaluate("scrollTo(0, 0)")
    loaded = "[...document.images].every((image) => image.complete || image.loading === 'lazy')"
    page.wait_for_function(loaded)
    time.sleep(1)


def pick_example(page: Page, name: str = SHOWN) -> None:
    page.locator(f"#examples button[aria-label*='{name}']").first.click()
    answered(page)


def count(page: Page, selector: str, least: int) -> None:
    """Wait until so many are there."""
    page.wait_for_function(f"document.querySelectorAll({selector!r}).length >= {least}")


def try_it(page: Page, folder: Path) -> Iterator[str]:
    yield "waiting"
    pick_example(page, "no hand")
    yield "no-hand"
    pick_example(page, "hard")
    page.locator("#wrong button").first.click()
    page.locator("#truth label").nth(4).click()
    page.wait_for_selector(".remedies")
    yield "wrong"
    page.locator("#wrong button").first.click()
    pick_example(page)
    yield "answer"
    page.get_by_role("button", name="Pin this reading").click()
    count(page, "#beside figure", 1)
    pick_example(page, "2 far")
    count(page, "#beside .channel-pairs img", 1)
    yield "pinned"
    page.get_by_role("button", name="Unpin").click()


def drawing(page: Page, folder: Path) -> Iterator[str]:
    open_tab(page, "Draw")
    yield "blank"
    draw_stroke(page, a_finger())
    answered(page)
    yield "finger"
    page.get_by_role("button", name="Clear").click()
    draw_stroke(page, [(0.2, 0.2), (0.8, 0.3), (0.2, 0.5), (0.8, 0.8)])
    answered(page)
    yield "scribble"


def live(page: Page, folder: Path) -> Iterator[str]:
    open_tab(page, "Live")
    yield "off"
    page.get_by_role("button", name="Start the camera").click()
    page.get_by_role("button", name="Freeze").click()
    yield "held"


def inside(page: Page, folder: Path) -> Iterator[str]:
    pick_example(page)
    open_tab(page, "Inside")
    page.wait_for_selector("#channel img")
    yield "opened"
    measures = ("parameters", "multiply-adds", "activation memory")
    steps = page.locator("#walk [data-step]")
    for part, block in enumerate(("stem", "conv4_block3", "head")):
        steps.nth((steps.count() - 1) * part // 2).dispatch_event("click")
        page.get_by_role("radio", name=measures[part]).check()
        page.locator(f"#map [data-block={block}]").click()
        page.wait_for_selector(f"#block h2:has-text('{block}')")
        yield block


def trust(page: Page, folder: Path) -> Iterator[str]:
    pick_example(page)
    open_tab(page, "Can I trust it?")
    count(page, "#methods img", 6)
    page.locator("#own-scales input").check()
    yield "opened"
    page.locator("#forget").click()
    page.wait_for_selector("#losing .verdict-words")
    page.locator("#slow").click()
    count(page, "#methods img", 8)
    yield "all-run"


def why_residual(page: Page, folder: Path) -> Iterator[str]:
    pick_example(page)
    open_tab(page, "Why residual?")
    page.wait_for_selector("#alive svg")
    yield "opened"
    page.get_by_role("button", name="Measure it live").click()
    page.wait_for_selector("#live-flow svg")
    page.locator("#switchboard [data-block=conv3_block2]").click()
    page.get_by_role("button", name="Train both").click()
    page.wait_for_selector("#learning svg")
    page.get_by_role("tabpanel").get_by_role("button", name="Stop").last.wait_for(state="hidden")
    yield "all-run"


def scores(page: Page, folder: Path) -> Iterator[str]:
    open_tab(page, "Scores")
    page.locator("#confusion [data-digit='3'][data-read='4']").click()
    page.wait_for_selector("#likeness img")
    yield "opened"


def foot(page: Page, folder: Path) -> Iterator[str]:
    for name in ("The model card", "A 45-minute lesson"):
        page.get_by_role("button", name=name).click()
    yield "opened"


def report(page: Page, folder: Path) -> Iterator[str]:
    """What is kept of a reading; the last, as it leaves the page."""
    pick_example(page)
    kept = []
    for name in ("As a picture", "As a web page"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name).click()
        kept.append(folder / waiting.value.suggested_filename)
        waiting.value.save_as(kept[-1])
    page.goto(kept[-1].absolute().as_uri())
    yield "kept"


Room = Callable[[Page, Path], Iterator[str]]
ROOMS: dict[str, Room] = {
    room.__name__: room
    for room in (try_it, drawing, live, inside, trust, why_residual, scores, foot, report)
}


def every_view(browser: Browser, address: str, folder: Path, rooms: list[str]) -> None:
    """Take each view of these rooms in every width and scheme."""
    for room in rooms:
        page = opened(browser, address)
        for view in ROOMS[room](page, folder):
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 860})
                for scheme in SCHEMES:
                    page.emulate_media(color_scheme=scheme)
                    page.evaluate(
                        "(on) => document.body.classList.toggle('dark', on)", scheme == "dark"
                    )
                    settle(page)
                    path = folder / f"{room}-{view}-{width}-{scheme}.png"
                    page.screenshot(path=path, full_page=True)
            page.set_viewport_size({"width": WIDTHS[0], "height": 860})
        page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every view, into this folder")
    parser.add_argument("--only", nargs="+", choices=ROOMS, default=list(ROOMS), metavar="ROOM")
    flags = parser.parse_args()
    page, _ = build(load_network)
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, **launch_settings())
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        if flags.all:
            flags.all.mkdir(parents=True, exist_ok=True)
            every_view(browser, address, flags.all, flags.only)
        else:
            shot = opened(browser, address)
            pick_example(shot)
            settle(shot)
            path = Path(__file__).parents[2] / "docs" / "page.png"
            path.parent.mkdir(exist_ok=True)
            shot.screenshot(path=path, full_page=True)
        browser.close()
    page.close(verbose=False)


if __name__ == "__main__":
    main()
