"""The tab of the scores and the foot of the page, in a real browser."""

import pytest

from tests.browser.test_journey import open_tab

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser


@pytest.fixture
def scores(page):
    open_tab(page, "Scores")
    expect(page.locator("#accuracies tbody tr").first).to_be_visible()
    return page


def test_a_cell_opens_hands_of_that_kind(scores):
    scores.locator("#confusion [data-digit='3'][data-read='4']").click()
    expect(scores.locator("#likeness img").first).to_be_visible()
    numbers = scores.locator("#confusion .right, #confusion .wrong").all()
    assert len({number.evaluate("(x) => getComputedStyle(x).padding") for number in numbers}) == 1
    scores.locator("#scored input").click()
    scores.get_by_role("option", name="rendered, doodle", exact=True).click()
    expect(scores.locator("#likeness img")).to_have_count(0)
    expect(scores.locator("#worst")).not_to_be_empty()


def test_the_foot_says_what_this_is_and_opens_the_card(scores):
    expect(scores.locator("#about")).to_contain_text("deleted within 70 minutes")
    expect(scores.locator("#about")).to_contain_text("weights")
    card = scores.get_by_text("Intended use")
    expect(card).to_be_hidden()
    scores.get_by_role("button", name="The model card").click()
    expect(card).to_be_visible()


@pytest.mark.parametrize("width", [390, 800])
def test_nothing_sticks_out(scores, width):
    scores.set_viewport_size({"width": width, "height": 844})
    assert scores.evaluate("document.documentElement.scrollWidth") <= width
