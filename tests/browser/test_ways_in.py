"""Every way to bring a picture, on a telephone, a tablet and a desk."""

import re

import pytest

from model.digits import DIGITS
from tests.browser.conftest import answered
from tests.browser.test_bringing import ANY_NUMERAL, copy, png_of
from tests.browser.test_journey import a_finger, draw_stroke, open_tab

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser


def upload(page):
    file = {"name": "mine.png", "mimeType": "image/png", "buffer": png_of("5_photo")}
    page.set_input_files("#picture input[type=file]", file)


def paste_by_button(page):
    copy(page, "image/png", png_of("5_photo"))
    page.get_by_label("Paste from clipboard").click()


def paste_by_keys(page):
    copy(page, "image/png", png_of("5_photo"))
    page.keyboard.press("Control+v")


def choose_example(page):
    page.get_by_role("button", name="Example: 5 render").click()


def draw(page):
    open_tab(page, "Draw")
    draw_stroke(page, a_finger())


def draw_by_keys(page):
    open_tab(page, "Draw")
    page.get_by_role("button", name="Outline of a hand that shows five").press("Enter")


def film(page):
    open_tab(page, "Live")
    page.get_by_role("button", name="Start the camera").click()


SHOWS_FIVE = [upload, paste_by_button, paste_by_keys, choose_example, draw_by_keys]


@pytest.mark.parametrize("width", [390, 800, 1280])
@pytest.mark.parametrize("bring", [*SHOWS_FIVE, draw, film])
def test_whatever_is_brought_is_read_and_fits_the_screen(page, trained, bring, width):
    page.set_viewport_size({"width": width, "height": 860})
    before = page.locator("#seen img").get_attribute("src")
    bring(page)
    expect(page.locator("#seen img")).not_to_have_attribute("src", before)
    known = trained and bring in SHOWS_FIVE
    expect(page.locator("#answer .numeral")).to_have_text("5" if known else ANY_NUMERAL)
    expect(page.locator("#answer .example")).to_have_count(int(bring is choose_example))
    expect(page.locator("#heat img")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_outline_is_drawn_on_and_taken_back(page):
    draw(page)
    answered(page)
    canvas = "document.querySelector('#drawing canvas').toDataURL()"
    drawn = page.evaluate(canvas)
    draw_by_keys(page)
    outlined = page.evaluate(canvas)
    draw_stroke(page, [(0.1, 0.1), (0.2, 0.2)])
    assert len({drawn, outlined, page.evaluate(canvas)}) == 3
    for what in (outlined, drawn):
        page.get_by_role("button", name="Undo").click()
        assert page.evaluate(canvas) == what


def test_a_drawing_that_was_cleared_comes_back_and_on_empty_paper_undo_does_nothing(page):
    draw(page)
    answered(page)
    canvas = "document.querySelector('#drawing canvas').toDataURL()"
    drawn = page.evaluate(canvas)
    page.get_by_role("button", name="Clear").click()
    empty = page.evaluate(canvas)
    assert empty != drawn
    page.get_by_role("button", name="Undo").click()
    assert page.evaluate(canvas) == drawn
    answered(page)
    for _ in range(2):  # the last stroke, and nothing
        page.locator('#drawing [data-tool="pen"]').focus()
        page.keyboard.press("Control+z")
    assert page.evaluate(canvas) == empty
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(page.locator("#answer .answer")).to_have_class(re.compile("empty"))


def test_every_outline_is_read_as_its_digit_on_the_paper_too(page, trained):
    if not trained:
        pytest.skip("the weights are not there")
    page.set_viewport_size({"width": 390, "height": 844})
    open_tab(page, "Draw")
    for digit in range(DIGITS):
        page.locator(f'[data-outline="{digit}"]').click()
        for place in ("#answer .numeral", ".paper .tile b"):
            expect(page.locator(place)).to_have_text(str(digit))
