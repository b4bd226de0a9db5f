"""Camera and clipboard: what they bring, and what the page says where they bring nothing."""

import re

import pytest
from PIL import Image

from demo.kit.examples import EXAMPLES
from tests.browser.conftest import answered
from tests.browser.test_journey import a_finger, draw_stroke, open_tab

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser
CAUSES = {  # of a camera that does not start: what the browser says, and what the page says
    "denied": (("Permission denied", "NotAllowedError"), "icon beside the address"),
    "denied by the system": (
        ("Permission denied by system", "NotAllowedError"),
        "privacy settings",
    ),
    "absent": (("Requested device not found", "NotFoundError"), "No camera was found"),
    "busy": (("Could not start video source", "NotReadableError"), "Another program"),
    "unheard of": (("The lens cap is on", "InvalidStateError"), "The lens cap is on"),
}
ANY_NUMERAL = re.compile("[0-5–]")


def film_in_each_place(page):
    """Start the camera under Live and under Picture; what is said there, one after the other."""
    open_tab(page, "Live")
    page.get_by_role("button", name="Start the camera").click()
    yield page.locator(".live .words")
    open_tab(page, "Picture")
    page.get_by_label("Capture from camera").click()
    yield page.locator("#brought p")


def test_upload_opens_the_file_dialogue_and_what_is_there_stays(page, tmp_path):
    upload = page.get_by_label("Upload file")
    with page.expect_file_chooser():
        upload.click()
    page.locator("#examples [data-name]").first.click()
    expect(page.locator("#picture img")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        upload.click()
    expect(page.locator("#picture img")).to_be_visible()
    expect(page.locator("#answer .example")).to_be_visible()
    Image.new("RGB", (80, 80), "white").save(tmp_path / "mine.png")
    chooser.value.set_files(tmp_path / "mine.png")
    expect(page.locator("#answer .example")).to_have_count(0)


@pytest.mark.parametrize("way", ["chosen", "dropped"])
def test_what_cannot_be_read_is_said_and_what_is_there_stays(page, way):
    page.locator("#examples [data-name]").first.click()
    expect(page.locator("#picture img")).to_be_visible()
    answer = page.locator("#answer .word").inner_text()
    for name, kind, size, words in (
        ("big.jpg", "image/jpeg", 41_000_000, "big.jpg is larger than 40 MB"),
        ("notes.txt", "text/plain", 10, "notes.txt is not a picture"),
    ):
        page.evaluate(
            """([way, name, kind, size]) => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([new Uint8Array(size)], name, { type: kind }));
              const input = document.querySelector("#picture input[type=file]");
              if (way === "chosen") input.files = transfer.files;
              const over = way === "chosen" ? input : document.querySelector("#picture img");
              const settings = { bubbles: true, cancelable: true, dataTransfer: transfer };
              over.dispatchEvent(new (way === "chosen" ? Event : DragEvent)(
                way === "chosen" ? "change" : "drop", settings));
            }""",
            [way, name, kind, size],
        )
        expect(page.locator("#brought p")).to_contain_text(words)
        expect(page.locator("#picture img")).to_be_visible()
        assert page.locator("#answer .word").inner_text() == answer


@pytest.mark.parametrize("cause", CAUSES)
def test_a_camera_that_does_not_start_says_what_can_be_done(page, cause):
    error, words = CAUSES[cause]
    page.evaluate(
        "(error) => navigator.mediaDevices.getUserMedia = "
        "() => Promise.reject(new DOMException(...error))",
        list(error),
    )
    for said in film_in_each_place(page):
        expect(said).to_contain_text(words)
        expect(said).to_contain_text("upload a photo")
    page.get_by_label("Upload file").click()
    expect(page.locator("#brought p")).to_have_text("")


def test_over_http_from_another_machine_the_camera_asks_for_https(page):
    page.evaluate(
        "() => { Object.defineProperty(window, 'isSecureContext', {value: false});"
        "Object.defineProperty(navigator, 'mediaDevices', {value: undefined}) }"
    )
    for said in film_in_each_place(page):
        expect(said).to_contain_text("Open it over https")


def test_in_a_frame_that_keeps_the_camera_back_a_tab_of_its_own_is_offered(chromium, served):
    page = chromium.new_page()
    body = f"""<iframe src="{served}" allow="camera 'none'" width="1200" height="860"></iframe>"""
    page.route("**/framing", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(f"{served}framing")
    framed = page.frame_locator("iframe")
    framed.locator(".chip.ready").wait_for()
    for said in film_in_each_place(framed):
        expect(said).to_contain_text('allow="camera"')
        expect(said.get_by_role("link", name="tab of its own")).to_have_attribute(
            "target", "_blank"
        )
    page.close()


def test_a_clipboard_that_is_kept_back_names_the_keys(page):
    page.evaluate(
        "(name) => { navigator.clipboard.read = () => Promise.reject(new DOMException('', name)) }",
        "NotAllowedError",
    )
    page.get_by_label("Paste from clipboard").click()
    expect(page.locator("#brought p")).to_contain_text("Ctrl+V")


def copy(page, kind: str, data: bytes) -> None:
    """Put something of a type into the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(
        "([kind, bytes]) => navigator.clipboard.write([new ClipboardItem({[kind]: "
        "new Blob([new Uint8Array(bytes)], {type: kind})})])",
        [kind, list(data)],
    )


def png_of(example: str) -> bytes:
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.open(EXAMPLES / f"{example}.jpg").resize((96, 96)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("over", ["the canvas", "a picture"])
def test_a_picture_in_the_clipboard_is_read_wherever_one_is(page, over):
    copy(page, "image/png", png_of("5_photo"))
    if over == "the canvas":
        open_tab(page, "Draw")
    else:
        page.locator("#examples button").nth(3).click()
        expect(page.locator("#picture img")).to_be_visible()
        answered(page)
    page.keyboard.press("Control+v")
    expect(page.locator("#answer .example")).to_have_count(0)  # it is the visitor's own now
    expect(page.locator("#answer .numeral")).to_have_text(ANY_NUMERAL)
    expect(page.locator("#picture img")).to_have_attribute("src", re.compile("pasted|png"))


@pytest.mark.parametrize("way", ["the button", "the keys"])
def test_text_in_the_clipboard_gets_a_sentence_and_leaves_the_answer(page, way):
    copy(page, "text/plain", b"four")
    expect(page.locator("#heat img")).to_be_visible()
    answered(page)
    before = page.locator("#answer").inner_text()
    if way == "the button":
        page.get_by_label("Paste from clipboard").click()
    else:
        page.keyboard.press("Control+v")
    expect(page.locator("#brought p")).to_contain_text("holds text, not a picture")
    assert page.locator("#answer").inner_text() == before


FILM_AN_EXAMPLE = """async (name) => {
  const picture = document.querySelector(`#examples [data-name="${name}"] img`);
  const canvas = Object.assign(document.createElement("canvas"), {width: 320, height: 240});
  const draw = () => canvas.getContext("2d").drawImage(picture, 40, 0, 240, 240);
  setInterval(draw, 50);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();
}"""


INSIDE = """([inner, outer]) => {
  const [a, b] = [inner, outer].map((each) => document.querySelector(each).getBoundingClientRect());
  return a.width > 0 && b.left - 1 <= a.left && a.right <= b.right + 1
    && b.top - 1 <= a.top && a.bottom <= b.bottom + 1;
}"""


def inside(page, inner: str, outer: str) -> bool:
    """Whether one part is within another; at once, for the next frame draws both anew."""
    return page.evaluate(INSIDE, [inner, outer])


def test_whoever_films_sees_digit_and_box_on_the_video(page, trained):
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate(FILM_AN_EXAMPLE, "5 render")
    open_tab(page, "Live")
    page.get_by_role("button", name="Start the camera").click()
    tile, box = page.locator(".live .tile"), page.locator(".live .box")
    expect(tile).to_have_text(re.compile("^5" if trained else "^[0-5–]"))
    expect(tile).to_be_in_viewport(ratio=1)
    if trained:
        expect(box).to_be_visible()
    assert inside(page, ".live .tile", ".live")


def test_a_film_is_held_by_keys_as_well_and_ends_with_its_camera(page):
    page.evaluate(FILM_AN_EXAMPLE, "5 render")
    open_tab(page, "Live")
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator(".live .tile")).to_be_visible()
    page.locator("#digit input").first.press("ArrowRight")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    ended = "document.querySelector('.live video').srcObject.getTracks()[0].dispatchEvent(%s)"
    page.evaluate(ended % "new Event('ended')")
    expect(page.locator(".live .words")).to_contain_text("The camera stopped.")
    expect(page.get_by_role("button", name="Start the camera")).to_be_visible()


def test_whoever_draws_on_a_telephone_sees_the_digit_on_the_paper(page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_tab(page, "Draw")
    tile = page.locator(".paper .tile")
    draw_stroke(page, a_finger())
    answered(page)
    expect(tile).to_have_text(re.compile("^[0-5–]"))
    assert inside(page, ".paper .tile", ".paper")
    page.get_by_role("button", name="Clear").click()
    expect(tile).to_be_hidden()
