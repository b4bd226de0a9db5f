"""Links into the page's states, in a real browser."""

import re

import pytest

from tests.browser.test_journey import open_tab

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser
EXAMPLE = "2_far"


def said(page) -> dict[str, str]:
    hash_ = page.evaluate("location.hash.slice(1)")
    return dict(part.split("=") for part in hash_.split("&")) if hash_ else {}


def follow(page, link: str):
    """A link, opened in a window of its own."""
    other = page.context.new_page()
    other.goto(link)
    other.wait_for_selector(".chip.ready")
    return other


def opens(page, served, tab, **rest):
    said = "&".join(f"{key}={value}" for key, value in {"tab": tab, **rest}.items())
    return follow(page, f"{served}#{said}")


def selected(page, name: str):
    return expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def test_what_is_chosen_is_said_and_a_new_browser_shows_it(page, served):
    page.locator(f"#examples [data-name='{EXAMPLE.replace('_', ' ')}']").click()
    expect(page.locator("#heat img")).to_be_visible()
    page.locator("#stage input[value=conv4]").check(force=True)
    open_tab(page, "Inside")
    page.wait_for_selector("#channel img")
    page.locator("#map [data-block=conv3_block2]").click()
    expect(page.locator("#block h2")).to_contain_text("conv3_block2")
    page.locator("#adds-to input[value='4']").check(force=True)
    where = {"tab": "inside", "example": EXAMPLE, "block": "conv3_block2", "adds-to": "4"}
    assert said(page) == where
    link = page.url
    page = follow(page, link)
    selected(page, "Inside")
    expect(page.locator("#block h2")).to_contain_text("conv3_block2")
    expect(page.locator("#carried")).to_contain_text("The example")
    expect(page.locator("#adds-to input[value='4']")).to_be_checked()


def test_a_step_of_the_walk_is_found_again(page, served):
    page = opens(page, served, "inside", example=EXAMPLE)
    for _ in range(3):
        page.get_by_role("button", name="Next").click()
    expect(page.locator(".walk .count")).to_contain_text("Step 4 of")
    assert said(page) == {"tab": "inside", "example": EXAMPLE, "step": "3"}
    page.reload()
    expect(page.locator(".walk .count")).to_contain_text("Step 4 of")
    expect(page.locator(".walk")).to_be_in_viewport()


def test_stage_and_digit_of_a_link_are_shown(page, served):
    page = opens(page, served, "try-it", example=EXAMPLE, stage="conv4", digit="3")
    expect(page.locator("#digit input[value='3']")).to_be_checked()
    expect(page.locator("#stage input[value=conv4]")).to_be_checked()
    expect(page.locator("#caption")).to_contain_text(re.compile("three"))


def test_what_a_link_names_and_is_not_there_leaves_the_address(page, served):
    page = opens(page, served, "nowhere", example="9_gone")
    expect(page.locator("#heat img")).to_be_visible()
    page.wait_for_function("location.hash === ''")
    selected(page, "Try it")


def test_a_picture_that_is_taken_away_leaves_the_address(page, served):
    page = opens(page, served, "try-it", example=EXAMPLE)
    expect(page.locator("#caption")).not_to_be_empty()
    page.wait_for_function(f"location.hash.includes('{EXAMPLE}')")
    page.get_by_role("button", name="Remove Image").click()
    page.wait_for_function("!location.hash.includes('example')")


def test_back_and_reload_do_what_people_expect(page, served):
    page = follow(page, served)
    open_tab(page, "Scores")
    selected(page, "Scores")
    open_tab(page, "Why residual?")
    selected(page, "Why residual?")
    page.go_back()
    selected(page, "Scores")
    expect(page.locator("#confusion button").first).to_be_visible()
    expect(page.locator("#about")).to_contain_text("weights")
    page.reload()
    page.wait_for_selector(".chip.ready")
    selected(page, "Scores")


def test_back_goes_from_block_to_block_and_to_the_first(page, served):
    page = follow(page, served)
    open_tab(page, "Inside")
    opened = page.locator("#map [data-block][aria-pressed=true]")
    expect(opened).to_have_count(1)
    first = opened.get_attribute("data-block")
    for block in ("conv3_block2", "conv4_block3"):
        page.locator(f"#map [data-block={block}]").click()
        expect(page.locator("#block h2")).to_contain_text(block)
    open_tab(page, "Scores")
    for block in ("conv4_block3", "conv3_block2", first):
        page.go_back()
        expect(page.locator("#block h2")).to_contain_text(block)
    assert "block" not in said(page)
    page.go_back()
    selected(page, "Try it")


def test_back_to_an_address_without_an_example_opens_as_at_first(page, served):
    page = follow(page, served)
    expect(page.locator("#answer .example")).to_contain_text("It shows zero")
    page.locator(f"#examples [data-name='{EXAMPLE.replace('_', ' ')}']").click()
    expect(page.locator("#answer .example")).to_contain_text("It shows two")
    page.locator("#stage input[value=conv4]").check(force=True)
    page.go_back()
    expect(page.locator("#answer .example")).to_contain_text("It shows zero")
    expect(page.locator("#stage input[value=sharp]")).to_be_checked()
    expect(page.locator("#picture img")).to_have_count(0)
    page.wait_for_timeout(1000)  # what is written at the end of it would come late
    assert said(page) == {}
    page.go_forward()
    expect(page.locator("#answer .example")).to_contain_text("It shows two")


def test_a_station_of_a_link_is_in_sight(page, served):
    page = opens(page, served, "why-residual", station=5)
    expect(page.locator("[data-station='5']:visible")).to_be_in_viewport()


def test_a_visitors_own_picture_is_in_no_address(page, tmp_path):
    from PIL import Image

    page.locator(f"#examples [data-name='{EXAMPLE.replace('_', ' ')}']").click()
    expect(page.locator("#heat img")).to_be_visible()
    assert said(page)["example"] == EXAMPLE
    page.get_by_role("button", name="Remove Image").click()
    Image.new("RGB", (80, 80), "white").save(tmp_path / "mine.png")
    page.locator("#picture input[type=file]").set_input_files(tmp_path / "mine.png")
    page.wait_for_function("!location.hash.includes('example')")


@pytest.mark.parametrize("hash_", ["#tab=nowhere", "#tab=inside&block=conv9_block9", "#%22];x=1"])
def test_a_link_to_what_is_not_there_breaks_nothing(page, served, hash_):
    page = follow(page, served + hash_)
    open_tab(page, "Scores")
    selected(page, "Scores")
    expect(page.locator("#confusion button").first).to_be_visible()


def open_lesson(page):
    page.get_by_text("A 45-minute lesson").click()
    lesson = page.locator("#lesson")
    expect(lesson).to_be_visible()
    return lesson


def test_a_link_of_the_lesson_brings_what_it_opens_into_sight(page):
    lesson = open_lesson(page)
    lesson.get_by_role("link", name="an example that shows three").click()
    expect(page.locator(".answer .word")).to_be_in_viewport()
    lesson.get_by_role("link", name="one block").click()
    selected(page, "Inside")
    expect(page.locator("#block h2")).to_contain_text("conv4_block3")
    expect(page.locator("#block h2")).to_be_in_viewport()


def test_a_link_that_is_overtaken_presses_nothing_more(page):
    lesson = open_lesson(page)
    lesson.get_by_role("link", name="Inside").click()  # waits until its example is read
    lesson.get_by_role("link", name="take blocks away").click()
    selected(page, "Why residual?")
    expect(page.locator(".bench:not(.asking)")).to_be_attached()
    page.wait_for_timeout(1_000)
    selected(page, "Why residual?")
    assert said(page) == {"tab": "why-residual", "example": "3_render", "station": "4"}


@pytest.mark.parametrize("tab", ["Can I trust it?", "Why residual?", "Scores", "Inside"])
def test_a_link_of_the_lesson_works_from_every_tab(page, tab):
    open_tab(page, tab)
    lesson = open_lesson(page)
    lesson.get_by_role("link", name="an example that shows three").click()
    selected(page, "Try it")
    expect(page.locator(".answer .word")).to_have_text("three")
    open_tab(page, tab)
    lesson.get_by_role("link", name="Inside").click()
    selected(page, "Inside")


def test_a_link_to_a_station_keeps_the_example(page, served):
    page = opens(page, served, "why-residual", example=EXAMPLE)
    subject = page.get_by_text(re.compile("shows two.*is used in the experiments"))
    expect(subject).to_be_visible()
    page.get_by_role("link", name="Take blocks away").click()
    expect(page.locator("[data-station='4']:visible")).to_be_in_viewport()
    assert said(page) == {"tab": "why-residual", "example": EXAMPLE, "station": "4"}
    expect(subject).to_have_count(1)
    expect(page.get_by_role("link", name="Take blocks away")).to_be_in_viewport()


def test_an_open_lesson_is_printed_alone_with_its_answers_folded(page):
    lesson = open_lesson(page)
    page.emulate_media(media="print")
    expect(page.locator("#rooms")).to_be_hidden()
    expect(lesson.get_by_text("Can you fool it?")).to_be_visible()
    expect(lesson.get_by_text("Thumbs across the palm")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.locator("#rooms")).to_be_visible()
