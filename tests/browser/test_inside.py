"""The walk through the network, in a real browser."""

import csv
import io
import re

import pytest

from tests.browser.test_journey import open_tab

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser


@pytest.fixture
def inside(read):
    read.word = read.locator("#answer .verdict .word").inner_text()
    open_tab(read, "Inside")
    read.wait_for_selector("#channel img")
    return read


def stop(page, name):
    return page.locator(f"#map [data-block={name}]")


def test_the_picture_in_hand_is_carried_along(inside):
    expect(inside.locator("#carried")).to_contain_text(inside.word)
    expect(inside.locator("#mosaic .words")).to_contain_text("add most to the logit of")


def test_a_block_is_opened_with_the_pointer(inside):
    stop(inside, "conv3_block2").click()
    expect(inside.locator("#block h2")).to_contain_text("conv3_block2")
    expect(inside.locator("#block .finding")).to_contain_text(
        "as large as what the shortcut carries"
    )
    expect(inside.locator("#living [data-part='add']")).to_be_visible()
    expect(stop(inside, "conv3_block2")).to_have_attribute("aria-pressed", "true")
    expect(inside.locator("#map [aria-pressed=true]")).to_have_count(1)


def test_arrow_keys_walk_and_enter_opens(inside):
    stop(inside, "stem").click()
    expect(inside.locator("#block h2")).to_contain_text("stem")
    expect(inside.locator("#map [tabindex='0']")).to_have_count(1)
    inside.keyboard.press("ArrowRight")
    expect(stop(inside, "conv2_block1")).to_be_focused()
    inside.keyboard.press("Enter")
    expect(inside.locator("#block h2")).to_contain_text("conv2_block1")
    inside.keyboard.press("End")
    expect(stop(inside, "head")).to_be_focused()
    inside.keyboard.press("ArrowRight")
    expect(stop(inside, "head")).to_be_focused()
    inside.keyboard.press("Space")
    expect(inside.locator("#block h2")).to_contain_text("head")


def test_the_map_is_coloured_by_choice(inside):
    colour = "(node) => getComputedStyle(node.querySelector('.box')).fill"
    before = stop(inside, "stem").evaluate(colour)
    inside.get_by_role("radio", name="activation memory").check()
    expect(inside.locator(".ramp:visible")).to_have_count(1)
    expect(inside.locator(".ramp:visible")).to_contain_text("float32")
    assert stop(inside, "stem").evaluate(colour) != before
    stop(inside, "head").click()
    expect(inside.locator("#block h2")).to_contain_text("head")
    expect(inside.locator(".ramp:visible")).to_contain_text("float32")


def test_a_channel_is_seen_large_and_what_it_looks_for(inside):
    tile = inside.locator("#mosaic button").nth(3)
    number = tile.get_attribute("data-channel")
    tile.click()
    expect(inside.locator("#channel h3")).to_have_text(f"Channel {number}")
    expect(tile).to_have_attribute("aria-pressed", "true")
    find = inside.get_by_role("button", name="Show what it looks for")
    if find.count():  # it was not recorded
        find.click()
        expect(inside.locator("#channel .track")).to_be_visible()
    expect(inside.locator("#channel figcaption").last).to_contain_text(
        "built up from noise", timeout=90_000
    )
    expect(inside.locator("#channel img")).to_have_count(2)


def test_the_channels_follow_the_digit(inside):
    words = inside.locator("#mosaic .words")
    for digit, word in (("2", "two"), ("4", "four")):
        inside.locator("#adds-to").get_by_role("radio", name=digit).check()
        expect(words).to_contain_text(f"logit of {word}")


def test_the_table_is_searched_sorted_and_downloaded(inside):
    table = inside.locator("#layers")
    rows = table.locator("tbody tr:visible")
    total = rows.count()
    table.get_by_role("searchbox").fill("conv3 batchnorm")
    expect(table.locator("[aria-live]")).to_have_text(re.compile(rf"^\d+ of {total} layers$"))
    found = rows.all_inner_texts()
    assert 0 < len(found) < total
    assert all("conv3" in text and "BatchNorm" in text for text in found)
    table.get_by_role("searchbox").fill("3x3")  # as it is typed
    expect(rows.first).to_contain_text("3×3")
    table.get_by_role("searchbox").fill("")
    expect(table.locator("[aria-live]")).to_have_text(f"{total} layers")

    head = table.get_by_role("columnheader", name="parameters")
    for order, sign in (("descending", -1), ("ascending", 1)):
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", order)
        texts = table.locator("tbody td:nth-child(5)").all_inner_texts()
        numbers = [int(text.replace(",", "")) for text in texts]
        assert numbers == sorted(numbers, key=lambda number: sign * number)
    assert table.locator("[aria-sort=none]").count() == 6

    with inside.expect_download() as waiting:
        table.get_by_role("button", name="Download as CSV").click()
    assert waiting.value.suggested_filename.endswith("-layers.csv")
    text = waiting.value.path().read_text("utf-8")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == total and lines[0]["name"] == "conv1_pad"
    assert sum(int(line["parameters"]) for line in lines) == sum(numbers)


def test_nothing_sticks_out_on_a_telephone(inside):
    inside.set_viewport_size({"width": 390, "height": 844})
    for name in ("stem", "conv4_block1", "head"):
        stop(inside, name).click()
        expect(inside.locator("#block h2")).to_contain_text(name)
        assert inside.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_walk_goes_with_buttons_and_arrow_keys(inside):
    count = inside.locator("#walk .count")
    expect(count).to_contain_text("Step 1 of")
    inside.keyboard.press("ArrowRight")
    inside.locator("#walk [data-do=on]").click()
    expect(count).to_contain_text("Step 3 of")
    expect(inside.get_by_role("tab", name="Inside")).to_have_attribute("aria-selected", "true")
    inside.keyboard.press("ArrowLeft")
    expect(inside.locator("#walk h3")).to_have_text("stem")
    inside.keyboard.press("Tab")
    inside.get_by_role("tab", name="Inside").focus()
    inside.keyboard.press("ArrowRight")  # to who came by keyboard, tabs mean something by it
    expect(inside.locator("#walk h3")).to_have_text("stem")


def test_a_filter_is_laid_on_the_place_that_is_pointed_at(inside):
    words = inside.locator("#filters .sum")
    inside.locator("#filters [data-filter='2']").click()
    expect(words).to_contain_text("Filter 2")
    before = words.inner_text()
    inside.locator("#filters canvas.picture").focus()
    inside.keyboard.press("ArrowDown")
    expect(words).not_to_have_text(before)


def test_nothing_moves_for_those_who_want_it_so(inside):
    picture = inside.locator("#walk .stage-picture")
    inside.locator("#walk [data-do=on]").click()
    expect(picture).to_have_css("animation-name", "arrive")
    inside.emulate_media(reduced_motion="reduce")
    expect(picture).to_have_css("animation-name", "none")
    expect(inside.locator("#walk [data-do=on]")).to_be_visible()
