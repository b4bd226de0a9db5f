"""How many frames a second the live view answers: `python -m tests.benchmarks.live`.

Opens the page in a process of its own, and in Chromium, whose camera is a film that shows rendered
hands before a noisy wall. It counts what the page answers, from the camera to the picture beside
it. The browser computes on the same processors.
"""

import argparse
import io
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from model.synthetic.rendered import render
from tests.benchmarks.serving import bare_pass, opened
from tests.browser.conftest import ARGUMENTS, find_chromium

SECONDS, WARM = 30, 10
FRAMES, WIDTH, HEIGHT, HAND = 90, 640, 480, 260
COUNT = """() => {
  window.answers = [];
  const turned = () => answers.push(document.querySelector("#answer .word")?.textContent);
  new MutationObserver(turned)
    .observe(document.querySelector("#turn"), {subtree: true, childList: true, attributes: true});
  const say = window.sayAnswer;
  window.sayAnswer = (value) => {
    say(value);
    answers.push(value.word);
  };
}"""


def film(path: Path) -> None:
    """Write a hand that sways, three seconds, as the Motion JPEG that Chromium's camera takes."""
    rng = np.random.default_rng(0)
    wall = Image.fromarray(rng.integers(90, 130, (HEIGHT // 8, WIDTH // 8, 3), np.uint8))
    wall = wall.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    hand = Image.fromarray(render(3, rng, size=HAND).picture)
    with path.open("wb") as file:
        for turn in np.linspace(0, 2 * np.pi, FRAMES, endpoint=False):
            frame, place = wall.copy(), (190 + 60 * np.cos(turn), 110 + 40 * np.sin(turn))
            frame.paste(hand, tuple(round(each) for each in place))
            shot = io.BytesIO()
            frame.save(shot, "JPEG", quality=90)
            file.write(shot.getvalue())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=SECONDS)
    flags = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        camera = Path(folder) / "hand.mjpeg"
        film(camera)
        browser = driver.chromium.launch(
            executable_path=find_chromium(),
            args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={camera}"],
        )
        with opened("app.py") as (address, _):
            unit = np.median([bare_pass() for _ in range(5)])
            page = browser.new_page(viewport={"width": 1280, "height": 860})
            page.goto(address)
            page.wait_for_selector(".chip.ready", timeout=120_000)
            page.get_by_role("tab", name="Live").click()
            page.evaluate(COUNT)
            page.get_by_role("button", name="Start the camera").click()
            time.sleep(WARM)
            before, began = page.evaluate("answers.length"), time.perf_counter()
            time.sleep(flags.seconds)
            answers = page.evaluate("answers")[before:]
            spent = time.perf_counter() - began
        browser.close()
    said = {word: answers.count(word) for word in sorted(set(map(str, answers)))}
    print(f"a bare pass takes {1000 * unit:.1f} ms; answers in {spent:.0f} s: {said}")
    print(f"{len(answers) / spent:.1f} frames a second")


if __name__ == "__main__":
    main()
