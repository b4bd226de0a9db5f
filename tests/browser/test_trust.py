"""The checks of a map, in a real browser."""

import re

import pytest

from tests.browser.conftest import answered
from tests.browser.test_journey import open_tab

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser


@pytest.fixture
def checks(read):
    open_tab(read, "Can I trust it?")
    expect(read.locator("#six img")).to_have_count(6)
    return read


def test_the_opening_example_is_tested_and_a_new_picture_replaces_it(page):
    open_tab(page, "Can I trust it?")
    expect(page.locator("#tested")).to_contain_text("The example")
    first = page.locator("#six img").first
    before = first.get_attribute("src")
    open_tab(page, "Try it")
    page.locator("#examples button").nth(4).click()
    answered(page)
    open_tab(page, "Can I trust it?")
    expect(first).not_to_have_attribute("src", before)


def test_a_switch_gives_each_map_its_own_scale(checks):
    expect(checks.locator("#six .scale")).to_have_count(1)
    checks.locator("#own-scales input").check()
    expect(checks.locator("#six .scale")).to_have_count(6)
    expect(checks.locator("#six")).to_contain_text("What is lost")


def test_the_covering_is_stepped_and_played(checks):
    status, back = checks.locator("#covering .status"), checks.locator("#covering [data-do=back]")
    expect(status).to_have_text(re.compile(r"^(\d+) of \1 "))
    shown = checks.locator("#covering .place:visible").count()
    back.click()
    expect(checks.locator("#covering .place:visible")).to_have_count(shown - 1)
    slider = checks.locator("#covering input[type=range]")
    slider.fill("0")
    expect(status).to_have_text(re.compile("^0 of "))
    expect(back).to_be_disabled()
    play = checks.locator("#covering [data-do=play]")
    play.click()
    expect(play).to_have_text("Pause")
    expect(status).to_have_text(re.compile("^1 of "))


def test_who_wants_no_motion_gets_steps_and_no_play(checks):
    checks.emulate_media(reduced_motion="reduce")
    expect(checks.locator("#covering [data-do=play]")).to_be_hidden()
    expect(checks.locator("#covering [data-do=back]")).to_be_visible()


def test_other_digits_are_compared(checks):
    image = checks.locator("#between img")
    before = image.get_attribute("src")
    checks.locator("#why-not label:not(.selected)").last.click()
    expect(image).not_to_have_attribute("src", before)
    checks.locator("#why label.selected").wait_for()
    same = checks.locator("#why label.selected").inner_text()
    checks.locator("#why-not label", has_text=same).click()
    expect(checks.locator("#between")).to_contain_text("two different digits")
    expect(checks.locator("#covering .covering")).to_have_count(0)


def test_the_network_forgets_and_the_badges_come(checks):
    expect(checks.locator("#trust-curves svg")).to_have_count(2)
    checks.locator("#forget").click()
    expect(checks.locator("#losing .verdict-words")).to_contain_text("For this picture")
    expect(checks.locator("#losing img")).to_have_count(7)
    expect(checks.locator("#cannot-tell")).to_contain_text("arXiv:1912.01451")


def test_forgetting_that_is_stopped_leaves_what_was_known_before(checks):
    expect(checks.locator("#methods img")).to_have_count(6)
    known = checks.locator("#losing .badge").first.inner_text()
    checks.locator("#forget").click()
    expect(checks.locator("#losing .badges")).to_contain_text(re.compile(r"forgetting, \d of 5"))
    checks.get_by_role("tabpanel").get_by_role("button", name="Stop").click()
    expect(checks.locator("#losing .badge").first).to_have_text(known)
    expect(checks.locator("#losing")).to_contain_text("Stopped before")


def test_the_other_methods_come_the_slow_ones_when_asked(checks):
    images = checks.locator("#methods img")
    expect(images).to_have_count(6)
    checks.locator("#slow").click()
    expect(images).to_have_count(8)
    checks.locator("#method-digit label:not(.selected)").first.click()
    expect(images).to_have_count(6)


def test_the_slow_methods_are_stopped(checks):
    expect(checks.locator("#methods img")).to_have_count(6)
    checks.locator("#slow").click()
    running = checks.locator("#methods .running")
    expect(running).to_have_count(1)
    halt = checks.get_by_role("tabpanel").get_by_role("button", name="Stop")
    halt.click()
    expect(running).to_have_count(0)
    expect(halt).to_have_count(0)
    expect(checks.locator("#methods")).to_contain_text("not run yet")
    checks.locator("#slow").click()
    expect(running).to_have_count(1)
    halt.click()
    expect(running).to_have_count(0)


def test_nothing_sticks_out_on_a_telephone(checks):
    expect(checks.locator("#methods img")).to_have_count(6)
    checks.set_viewport_size({"width": 390, "height": 844})
    assert checks.evaluate("document.documentElement.scrollWidth") <= 390
