"""axe-core on every tab, wide and on a telephone, light and dark."""

from pathlib import Path

import pytest

from tests.browser.test_address import follow
from tests.browser.test_journey import open_tab

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser
AXE = (Path(axe.__file__).parent / "axe.min.js").read_text("utf-8")
FILLED = {  # what of a tab is there last
    "Try it": "#heat img",
    "Inside": "#channel img",
    "Can I trust it?": "#methods img",
    "Why residual?": "#alive svg",
    "Scores": "#beside-others tbody tr",
}


TOO_SMALL = """() => {
  const seen = (each) => each.checkVisibility({opacityProperty: true, visibilityProperty: true})
    && each.getBoundingClientRect().width > 0 && !each.closest("footer, [aria-hidden=true]");
  const label = (text) => {
    const {a, b} = text.getScreenCTM();
    return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
  };
  const target = (each) => {
    const {width, height} = (each.closest("label") ?? each).getBoundingClientRect();
    return Math.min(width, height);
  };
  const targets = "button:not(.term), input:not([role=combobox], [role=listbox]), summary";
  return [
    ...[...document.querySelectorAll("svg text")].filter((x) => seen(x) && label(x) < 10.95),
    ...[...document.querySelectorAll(targets)].filter((x) => seen(x) && target(x) < 23.95),
  ].map((each) => each.outerHTML.slice(0, 120));
}"""


@pytest.fixture
def looked_at(read):
    """A page that has read an example, with axe-core in it."""
    read.evaluate(AXE)
    return read


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(looked_at, width, scheme):
    page = looked_at
    page.set_viewport_size({"width": width, "height": 860})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half-way
    page.evaluate("(dark) => document.body.classList.toggle('dark', dark)", scheme == "dark")
    wrong = []
    for name, last in FILLED.items():
        open_tab(page, name)
        expect(page.locator(last).first).to_be_visible()
        page.wait_for_timeout(1000)  # for what is dimmed until it is answered
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        wrong += [
            f"{name}: {each['id']}: {node['html'][:120]}"
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]
    assert not wrong


@pytest.mark.parametrize("width", [1280, 390])
def test_labels_can_be_read_and_targets_hit(read, width):
    read.set_viewport_size({"width": width, "height": 860})
    small = {}
    for name, last in FILLED.items():
        open_tab(read, name)
        expect(read.locator(last).first).to_be_visible()
        small[name] = read.evaluate(TOO_SMALL)
    assert not any(small.values()), small


def test_a_group_of_radios_is_one_stop_with_arrow_keys(looked_at):
    page = looked_at
    page.locator("#stage input:checked").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#stage input").nth(1)).to_be_checked()
    named = "[...document.querySelectorAll('#stage input')].every((x) => x.name === 'group-stage')"
    page.wait_for_function(named)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('fieldset')?.id") == "digit"


def test_the_first_stop_skips_to_the_content(page, served):
    page = follow(page, served)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "tabpanel"
