"""What a visitor does, in a real browser."""

import math
import re
import threading

import pytest

from model.digits import WORDS
from tests.browser.conftest import answered, serve
from tests.demo.conftest import tiny_network

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect, Locator, Page = playwright.expect, playwright.Locator, playwright.Page

pytestmark = pytest.mark.browser


def drag(page: Page, where: Locator, *points: tuple[float, float]) -> None:
    """Press at the first point, move through the others; points in shares of width and height."""
    where.scroll_into_view_if_needed()
    box = where.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def draw_stroke(page: Page, points: list[tuple[float, float]]) -> None:
    drag(page, page.locator("#drawing canvas"), *points)


def a_finger() -> list[tuple[float, float]]:
    turn = [math.pi * (step / 10 - 1) for step in range(11)]
    top = [(0.5 + 0.05 * math.cos(angle), 0.25 + 0.05 * math.sin(angle)) for angle in turn]
    return [(0.45, 0.8), *top, (0.55, 0.8), (0.45, 0.8)]


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def test_every_example_is_read_and_explained(page, trained):
    for example in page.locator("#examples button").all():
        name = example.get_attribute("aria-label")
        digit = re.search(r"\d|$", name).group() or "–"
        example.click()
        numeral = page.locator("#answer .numeral")
        if trained and "hard" in name:
            expect(page.locator("#answer .example")).to_contain_text("the network gets it wrong")
            expect(numeral).not_to_have_text(digit)
        else:
            expect(numeral).to_have_text(digit if trained else re.compile("[0-5]"))
    expect(page.locator("#answer .bar")).to_have_count(6)
    page.wait_for_function("document.querySelector('#heat img')?.naturalWidth >= 64")
    page.wait_for_function("document.querySelector('#seen img')?.naturalWidth == 64")


def test_the_heat_map_follows_stage_digit_and_strength(read):
    page = read
    heat = page.locator("#heat img")
    sources = {heat.get_attribute("src")}
    for label in ("#stage label >> nth=1", "#digit label >> nth=5"):
        before = heat.get_attribute("src")
        page.locator(label).click()
        expect(heat).not_to_have_attribute("src", before)
        sources.add(heat.get_attribute("src"))
    before = heat.get_attribute("src")
    page.locator("#strength input[type=range]").fill("90")
    expect(heat).not_to_have_attribute("src", before)
    assert len(sources) == 3


def test_cells_are_shown_of_stages_that_have_some(read):
    raw, stages = read.locator("#raw input"), read.locator("#stage label")
    expect(raw).to_be_disabled()
    stages.nth(4).click()
    expect(raw).to_be_enabled()
    before = read.locator("#heat img").get_attribute("src")
    raw.check()
    expect(read.locator("#heat img")).not_to_have_attribute("src", before)
    stages.nth(0).click()
    expect(raw).to_be_disabled()


def test_a_drawing_is_answered_as_it_is_drawn_and_undone(page):
    open_tab(page, "Draw")
    draw_stroke(page, a_finger())
    answered(page)
    expect(page.locator("#answer .word")).to_have_text(re.compile("|".join([*WORDS, "no hand"])))
    expect(page.locator("#heat img")).to_be_visible()
    page.get_by_role("button", name="Eraser").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#answer .answer")).to_have_class(re.compile("empty"))
    draw_stroke(page, a_finger())  # there is nothing to erase: the pen is back
    expect(page.locator("#heat img")).to_be_visible()


def test_the_camera_is_read_live_and_stops_when_it_is_left(page):
    open_tab(page, "Live")
    page.get_by_role("button", name="Start the camera").click()
    seen = page.locator("#seen img")
    expect(seen).to_be_visible()
    before = seen.get_attribute("src")
    expect(seen).not_to_have_attribute("src", before)
    open_tab(page, "Draw")
    page.wait_for_function("document.querySelector('video').srcObject === null")
    open_tab(page, "Live")
    assert page.locator("video").get_attribute("poster").startswith("data:image/jpeg")
    expect(seen).to_be_visible()


def test_the_camera_holds_still_when_something_is_asked(page):
    open_tab(page, "Live")
    page.get_by_role("button", name="Start the camera").click()
    expect(page.get_by_role("button", name="Freeze")).to_be_visible()
    page.locator("#stage label").nth(3).click()
    paused = "document.querySelector('video').paused"
    page.wait_for_function(paused)
    page.get_by_role("button", name="Resume").click()
    page.wait_for_function(f"!{paused}")


def test_a_digit_is_explained_in_the_frame_that_was_held_for_it(page):
    open_tab(page, "Live")
    page.get_by_role("button", name="Start the camera").click()
    expect(page.get_by_role("button", name="Freeze")).to_be_visible()
    page.locator("#digit label").filter(has_text="2").click()
    page.wait_for_function("document.querySelector('video').paused")
    expect(page.locator("#caption")).to_contain_text("two")
    answered(page)
    expect(page.locator("#digit label.selected")).to_contain_text("2")
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#digit label.selected")).not_to_contain_text("2")


def test_holding_before_the_first_frame_is_no_error(page):
    open_tab(page, "Live")
    page.evaluate("navigator.mediaDevices.getUserMedia = async () => new MediaStream()")
    page.get_by_role("button", name="Start the camera").click()
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.wait_for_timeout(300)  # a promise that nobody catches is reported by now


def test_an_example_is_taken_away_again(page):
    page.locator("#examples button").nth(3).click()
    expect(page.locator("#seen img")).to_be_visible()
    page.get_by_role("button", name="Remove Image").click()
    expect(page.locator("#answer")).to_contain_text("Show me a hand")
    expect(page.locator("#seen img")).to_have_count(0)
    page.wait_for_timeout(3000)  # a late answer must not come back beside the empty picture
    expect(page.locator("#answer")).to_contain_text("Show me a hand")
    expect(page.locator("#seen img")).to_have_count(0)


def test_a_box_of_ones_own_is_read(page):
    page.locator("#examples button").first.click()
    seen = page.locator("#seen img")
    expect(seen).to_be_visible()
    before = seen.get_attribute("src")
    drag(page, page.locator(".frame"), (0.3, 0.3), (0.7, 0.7))
    expect(page.locator("#part p")).to_contain_text("Your own box")
    expect(seen).not_to_have_attribute("src", before)
    page.locator(".frame").focus()
    page.keyboard.press("ArrowRight")
    before = seen.get_attribute("src")
    expect(seen).not_to_have_attribute("src", before)
    page.get_by_role("button", name="Read it all").click()
    expect(page.locator("#part p")).to_contain_text("The whole picture was read")


def test_a_box_that_reaches_beyond_the_picture_has_a_whole_outline(page):
    page.locator("#examples button").first.click()
    answered(page)
    page.locator(".frame").focus()
    for key in ["ArrowLeft"] * 20 + ["ArrowDown"] * 20:
        page.keyboard.press(key)
    picture, box = (page.locator(each).bounding_box() for each in (".frame img", ".frame .box"))
    assert box["x"] == pytest.approx(picture["x"], abs=1) and box["width"] > 10
    bottoms = (each["y"] + each["height"] for each in (box, picture))
    assert next(bottoms) == pytest.approx(next(bottoms), abs=1) and box["height"] > 10


def test_a_finger_on_the_part_scrolls_until_a_box_was_asked_for(page):
    page.locator("#examples button").first.click()
    expect(page.locator("#seen img")).to_be_visible()
    frame, box = page.locator(".frame"), page.get_by_role("button", name="Drag a box")
    touches = "(frame) => getComputedStyle(frame).touchAction"
    assert frame.evaluate(touches) == "auto"
    box.click()
    assert frame.evaluate(touches) == "none"
    drag(page, frame, (0.3, 0.3), (0.7, 0.7))
    expect(page.locator("#part p")).to_contain_text("Your own box")
    assert frame.evaluate(touches) == "auto"


def test_a_box_that_is_too_small_is_said(page):
    page.locator("#examples button").first.click()
    expect(page.locator("#seen img")).to_be_visible()
    drag(page, page.locator(".frame"), (0.5, 0.5), (0.52, 0.52))
    expect(page.locator("#part [role=status]")).to_contain_text("too small")
    expect(page.locator("#part [data-how=found]")).to_have_attribute("aria-pressed", "true")


def test_whoever_presses_live_after_an_example_gets_there(page):
    page.locator("#examples button").nth(3).click()
    page.get_by_role("tab", name="Live").click()
    answered(page)
    page.wait_for_timeout(500)  # what was to come has come
    expect(page.get_by_role("tab", name="Live")).to_have_attribute("aria-selected", "true")


def test_an_example_stays_one_whatever_was_done_before_it(page):
    open_tab(page, "Draw")
    draw_stroke(page, a_finger())
    answered(page)
    page.locator("#examples button").last.click()
    answered(page)
    page.wait_for_timeout(500)
    expect(page.locator("#answer .example")).to_contain_text("An example")
    expect(page.locator("#examples button").last).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("tab", name="Picture")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("width", [800, 1024, 1180])
def test_a_tablet_has_one_column_with_nothing_clipped(page, width):
    page.set_viewport_size({"width": width, "height": 860})
    paste = page.get_by_label("Paste from clipboard").bounding_box()
    frame = page.locator("#picture").bounding_box()
    assert paste["x"] + paste["width"] <= frame["x"] + frame["width"]
    assert frame["width"] > 0.8 * width


def test_a_wrong_answer_is_looked_into(page):
    page.locator("#examples button").first.click()
    page.locator("#wrong button").first.click()
    page.locator("#truth label").nth(3).click()
    expect(page.locator(".remedies li")).to_have_count(6)
    expect(page.locator(".remedies li").first).to_contain_text("read as")
    page.locator(".remedies button").first.click()
    expect(page.locator("#part p")).to_contain_text("The example, ")
    expect(page.locator(".remedies button").first).to_be_focused()
    expect(page.locator(".remedies button").first).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(("name", "kind"), [("As a picture", "png"), ("As a web page", "html")])
def test_a_reading_is_kept_and_opens_without_a_network(read, chromium, tmp_path, name, kind):
    with read.expect_download() as download:
        read.get_by_role("button", name=name).click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == f".{kind}"
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    widths = "[...document.images].map((image) => image.naturalWidth)"
    assert page.evaluate(widths) == ([1120] if kind == "png" else [512, 512])
    context.close()


def test_a_pinned_reading_stays_beside_the_next(read):
    read.get_by_role("button", name="Pin this reading").click()
    figures = read.locator("#beside .side-by-side figure")
    expect(figures).to_have_count(1)
    read.locator("#examples button").nth(4).click()
    expect(figures).to_have_count(2)
    expect(read.locator("#beside .channel-pairs img").first).to_be_visible()
    before = figures.nth(0).locator("img").get_attribute("src")
    read.locator("#stage label").nth(5).click()
    expect(figures.nth(0).locator("img")).not_to_have_attribute("src", before)
    read.get_by_role("button", name="Unpin").click()
    expect(read.locator("#beside")).to_be_hidden()


def test_a_letter_named_png_gets_one_sentence_and_loses_nothing(page, tmp_path):
    (tmp_path / "letter.png").write_text("Dear network,")
    page.set_input_files("#picture input[type=file]", tmp_path / "letter.png")
    expect(page.locator("#answer .sentence").first).to_contain_text("not a picture")
    page.locator("#examples button").first.click()
    expect(page.locator("#answer .numeral")).to_be_visible()


def test_nothing_sticks_out_on_a_telephone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#examples button").first.click()
    expect(page.locator("#heat img")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_is_asked_as_the_stream_ends_is_answered_all_the_same(page):
    answered(page)
    goodbye = 'data: {"msg": "close_stream"}\n\n'
    page.route(
        "**/queue/data*",
        lambda route: route.fulfill(body=goodbye, content_type="text/event-stream"),
        times=1,
    )
    page.locator("#examples button").first.click()
    page.wait_for_selector(".bench.asking")
    answered(page)


def test_a_request_that_is_refused_leaves_neither_an_old_answer_nor_a_wait(chromium, served):
    page = chromium.new_page()
    page.goto(served)
    page.wait_for_selector(".chip.ready")
    answered(page)
    full = lambda route: route.fulfill(status=503, json={"detail": "Queue is full."})  # noqa: E731
    page.route("**/queue/join*", full, times=1)
    page.locator("#picture input[type=file]").set_input_files("demo/examples/no_hand.jpg")
    expect(page.locator(".reading")).to_have_text("That was not read; try again.")
    expect(page.locator("#answer")).to_be_hidden()
    page.locator("#examples button").first.click()
    expect(page.locator("#answer .numeral")).to_be_visible()
    expect(page.locator(".reading")).to_be_hidden()
    page.close()


def test_a_picture_put_in_while_the_network_wakes_up_is_answered_then(chromium):
    awake = threading.Event()

    def load():
        awake.wait(60)
        return tiny_network()

    with serve(load) as address:
        page = chromium.new_page()
        page.goto(address)
        expect(page.locator(".chip.waking")).to_be_visible()
        page.locator("#examples button").first.click()
        expect(page.locator(".while-waking")).to_be_visible()
        awake.set()
        expect(page.locator("#answer .numeral")).to_be_visible(timeout=60_000)
        expect(page.locator(".chip.ready")).to_be_visible()
        page.close()


def test_a_network_that_cannot_load_says_why(chromium):
    def load():
        raise ValueError("There are no weights; run make train.")

    with serve(load) as address:
        page = chromium.new_page()
        page.goto(address)
        expect(page.locator(".chip.broken")).to_have_text("There are no weights; run make train.")
        page.locator("#examples button").first.click()
        expect(page.locator("#answer .sentence").first).to_contain_text("There are no weights")
        page.close()
