"""The experiments, in a real browser."""

import pytest

from tests.browser.test_journey import open_tab

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser


@pytest.fixture
def experiments(read):
    open_tab(read, "Why residual?")
    expect(read.locator("#alive svg")).to_be_visible()
    return read


def test_the_contents_lead_there_and_nothing_is_lost(experiments):
    experiments.evaluate("history.replaceState(null, '', '?__theme=light')")
    experiments.locator("a[href='#tab=why-residual&station=7']").click()
    expect(experiments.locator("[data-station='7']:visible")).to_be_in_viewport()
    expect(experiments.locator(".contents a[aria-current]:visible")).to_contain_text("landscape")
    expect(experiments.locator("#subject")).to_contain_text("The example")


def test_a_station_folds_and_a_link_opens_it_again(experiments):
    head = experiments.locator("[data-station='3']:visible")
    head.get_by_role("button").click()
    expect(experiments.locator("#depth")).to_be_hidden()
    experiments.locator("a[href='#tab=why-residual&station=3']").click()
    expect(experiments.locator("#depth")).to_be_visible()


def test_a_block_is_switched_off_and_all_on_again(experiments):
    expect(experiments.locator("#subject")).to_contain_text("The example")
    block = experiments.locator("#switchboard [data-block=conv3_block2]")
    sentence = experiments.locator("#switchboard .sentence")
    expect(sentence).to_contain_text("Whole")
    block.focus()
    experiments.keyboard.press("Enter")
    expect(block).to_have_attribute("aria-pressed", "false")
    expect(sentence).not_to_contain_text("Whole:")
    expect(experiments.locator("#still-right")).to_contain_text("rendered by a script")
    experiments.get_by_role("button", name="Switch all on").click()
    expect(block).to_have_attribute("aria-pressed", "true")
    expect(sentence).to_contain_text("Whole:")


def test_a_part_of_a_block_shows_what_the_picture_is_there(experiments):
    panel = experiments.locator("#alive [data-shows='3']")
    expect(panel).to_be_hidden()
    experiments.locator("#alive [data-part='3']").focus()
    expect(panel).to_be_visible()
    expect(experiments.locator("#alive [data-shows]:visible")).to_have_count(1)


def test_the_steps_of_training_move_the_curves(experiments):
    curve = experiments.locator("#gradient-flow path.curve").first
    before = curve.get_attribute("d")
    experiments.locator("input[type=range][aria-label*='steps of training']").fill("5")
    expect(curve).not_to_have_attribute("d", before)


def test_what_is_no_seed_gets_a_sentence_and_the_button_back(experiments):
    go = experiments.get_by_role("button", name="Measure it live")
    experiments.get_by_label("Seed of the weights").fill("-3")
    go.click()
    expect(experiments.locator("#live-flow")).to_contain_text("Give a seed: a whole number")
    expect(go).to_be_enabled()


def test_all_blocks_are_on_while_two_have_changed_places(experiments):
    everything = experiments.get_by_role("button", name="Switch all on")
    experiments.get_by_label("Swap two blocks").click()
    experiments.get_by_role("option", name="conv2_block2 ↔ conv2_block3").click()
    expect(experiments.locator("#switchboard .sentence")).not_to_contain_text("Whole:")
    expect(everything).to_be_disabled()


def test_the_blocks_open(experiments):
    experiments.locator("input[type=range][aria-label*='last BatchNorm']").fill("0.5")
    expect(experiments.locator("#opening")).to_contain_text("Scale 0.5")


def test_what_is_stopped_says_so(experiments):
    begin = experiments.get_by_role("button", name="Train both")
    learning = experiments.locator("#learning")
    experiments.get_by_role("radio", name="4", exact=True).check()  # the slowest
    begin.click()
    expect(learning).not_to_be_empty()
    experiments.get_by_role("tabpanel").get_by_role("button", name="Stop").click()
    expect(learning).to_contain_text("Stopped before the end.")
    expect(begin).to_be_enabled()


def test_what_waits_for_another_visitor_says_so(experiments):
    other = experiments.context.new_page()
    other.goto(experiments.url)
    open_tab(other, "Why residual?")
    for page in (experiments, other):
        page.get_by_role("radio", name="4", exact=True).check()
    begin = experiments.get_by_role("button", name="Train both")
    waiting = other.get_by_role("button", name="Waiting to start…")
    begin.click()
    running = experiments.get_by_role("button", name="Running…")
    expect(running).to_be_disabled()
    other.get_by_role("button", name="Train both").click()
    expect(waiting).to_be_disabled()
    experiments.get_by_role("tabpanel").get_by_role("button", name="Stop").click()
    expect(begin).to_be_enabled()
    expect(other.get_by_role("button", name="Running…")).to_be_disabled()
    other.get_by_role("tabpanel").get_by_role("button", name="Stop").click()


def test_nothing_sticks_out_on_a_telephone(experiments):
    experiments.set_viewport_size({"width": 390, "height": 844})
    assert experiments.evaluate("document.documentElement.scrollWidth") <= 390
