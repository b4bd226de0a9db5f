"""Twenty hands drawn on the page's canvas: `python -m tests.browser.drawings`.

They are drawn with the mouse, stroke by stroke, from outlines that training knows nothing of; what
came out is printed. `--record` keeps it, and a picture of the canvases, for MODEL_CARD.md.
"""

import argparse
import io
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from demo.interface import build
from demo.kit.network import load_network
from demo.kit.theme import launch_settings
from model.files import write_json
from model.records import RECORDED
from tests.browser.conftest import ARGUMENTS, find_chromium
from tests.browser.test_journey import draw_stroke, open_tab

RECORD = RECORDED / "drawings.json"
SHEET = Path(__file__).parents[2] / "docs" / "drawings.png"

# Where a finger leaves the palm, its turn from upright in degrees, its length; of a canvas of 1.
THUMB = ((0.35, 0.66), -52, 0.21)
FINGERS = (((0.38, 0.5), -13, 0.27), ((0.46, 0.48), -4, 0.3), ((0.54, 0.48), 5, 0.28),
           ((0.62, 0.51), 15, 0.22))  # fmt: skip
RAISED = {0: ["....", "...."], 1: ["|...", "|..."], 2: ["||..", "||.."], 3: ["|||.", "'||.."],
          4: ["||||", "||||"], 5: ["'||||", "'||||"]}  # fmt: skip


def finger(base, degrees: float, length: float, width: float) -> np.ndarray:
    """Up its left side, round the tip and down its right side: float [n, 2]."""
    turn = np.deg2rad(degrees)
    along, across = np.array([np.sin(turn), -np.cos(turn)]), np.array([np.cos(turn), np.sin(turn)])
    tip = [
        np.cos(angle) * across * width / 2 + np.sin(angle) * along * width / 2 + along * length
        for angle in np.linspace(np.pi, 0, 7)
    ]
    return np.array(base) + np.array([-across * width / 2, *tip, across * width / 2])


def hand(digit: int, number: int) -> list[np.ndarray]:
    """The strokes of a hand, each float [n, 2] in shares of the canvas."""
    rng = np.random.default_rng(number)
    pattern = RAISED[digit][number // 6 % 2]
    outline = [np.array([[0.4, 0.93], [0.36, 0.8]])]
    if pattern.startswith("'"):
        outline.append(finger(*THUMB, 0.075))
    for (base, degrees, length), mark in zip(FINGERS, pattern.lstrip("'"), strict=True):
        shown = length * rng.uniform(0.9, 1.1) if mark == "|" else 0.035
        outline.append(finger(base, degrees * rng.uniform(0.7, 1.3), shown, 0.075))
    outline.append(np.array([[0.66, 0.66], [0.62, 0.8], [0.6, 0.93]]))
    strokes = [np.concatenate(outline)]
    if not pattern.startswith("'"):  # the thumb lies over the palm
        strokes.append(np.array([[0.36, 0.72], [0.4, 0.62], [0.5, 0.6], [0.53, 0.64], [0.43, 0.7]]))
    turn = np.deg2rad(rng.normal(0, 8))
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    size = rng.uniform(0.75, 1.05) * np.array([rng.choice([-1, 1]), 1])
    centre = np.array([0.5, 0.58])
    return [
        np.clip((stroke - centre) @ turned * size + [0.5, 0.55], 0.02, 0.98)
        + rng.normal(0, 0.004, stroke.shape)
        for stroke in strokes
    ]


def drawn(page: Page, digit: int, number: int) -> tuple[dict, Image.Image]:
    """Draw a hand and wait for its answer."""
    clear = page.get_by_role("button", name="Clear")
    if clear.is_enabled():
        clear.click()
    page.locator("[data-width]").nth(number % 3).click()
    for stroke in hand(digit, number):
        draw_stroke(page, [tuple(point) for point in stroke])
    page.wait_for_timeout(2500)
    canvas = page.locator("#drawing canvas").screenshot()
    return page.locator("#answer .word").first.inner_text(), Image.open(io.BytesIO(canvas))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, help="other weights than the shipped ones")
    parser.add_argument(
        "--record", action="store_true", help=f"write {RECORD.name} and its picture"
    )
    flags = parser.parse_args()
    page, _ = build(lambda: load_network(flags.weights))
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, **launch_settings())
    words = ["zero", "one", "two", "three", "four", "five"]
    sheet, found = Image.new("RGB", (10 * 112 - 8, 2 * 112 - 8), "white"), {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        window = browser.new_page(viewport={"width": 1280, "height": 900})
        window.goto(address)
        window.wait_for_selector(".chip.ready")
        open_tab(window, "Draw")
        for number in range(20):
            digit = number % 6
            word, canvas = drawn(window, digit, number)
            found.setdefault(words[digit], Counter())[word] += 1
            print(f"drawing {number:2}: {words[digit]:6} read as {word}", flush=True)
            place = (112 * (number % 10), 112 * (number // 10))
            sheet.paste(canvas.resize((104, 104), Image.Resampling.LANCZOS), place)
        browser.close()
    page.close(verbose=False)
    print(f"{sum(read[word] for word, read in found.items())} of 20 read right")
    if flags.record:
        write_json(RECORD, found)
        sheet.save(SHEET)


if __name__ == "__main__":
    main()
