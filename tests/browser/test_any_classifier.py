"""The page of another network, as a visitor uses it."""

import re

import pytest
from playwright.sync_api import expect

from demo.any_classifier.page import build
from demo.kit.theme import launch_settings
from demo.serve.server import open_page
from tests.any_models import small
from tests.demo.test_any_classifier import of

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def other():
    page, waking = build(of(small()))
    address = open_page(page, **launch_settings(for_programs=False))
    waking.start()
    yield address
    page.close(verbose=False)


def test_a_visitor_reads_looks_inside_and_doubts(chromium, other, tmp_path):
    page = chromium.new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: line.type == "error" and wrong.append(line.text))
    page.goto(other)
    page.get_by_role("tab", name="Can I trust it?").click()
    forget = page.get_by_role("button", name="Let the network forget")
    forget.click()
    expect(page.locator(".toast-body")).to_contain_text("Put in a picture first")
    expect(forget).to_be_enabled()
    expect(page.locator("#methods .blank").first).to_have_text("not run yet")
    page.get_by_role("tab", name="Try it").click()
    page.locator("#picture input[type=file]").set_input_files("demo/examples/no_hand.jpg")
    expect(page.locator("#answer .word")).to_have_text(re.compile("cat|dog|fox|owl"))
    expect(page.locator("#heat img")).to_be_visible()
    page.locator("#stage label", has_text="26×26").click()
    expect(page.locator("#caption")).to_contain_text("at stage 1, 26×26 cells")
    assert "no hand" not in page.locator("body").inner_text()
    page.get_by_role("tab", name="Inside").click()
    page.locator('[data-block="conv2d_1"]').click()
    expect(page.locator("#block h2")).to_contain_text("conv2d_1")
    page.get_by_role("tab", name="Can I trust it?").click()
    page.get_by_role("button", name="Test the map").click()
    expect(page.locator("#random-maps .badge")).to_be_visible()
    expect(page.locator("#random-maps .badge")).to_contain_text("random maps")
    page.get_by_role("tab", name="Try it").click()
    page.locator("#stage label").last.click()
    expect(page.locator("#random-maps .badge")).to_have_count(0)
    page.close()
    assert not wrong
