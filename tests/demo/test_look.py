"""How the page looks: its style sheets, its colours, its terms."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.kit.components import TemplateValue, as_json, own_component
from demo.kit.glossary import MEANINGS, term
from demo.kit.theme import launch_settings, style_sheets
from explain.draw.colours import MAP_COLOURS

DEMO = Path(__file__).parents[2] / "demo"


def test_every_style_sheet_is_part_of_the_page_and_short():
    sheets = style_sheets()
    assert set(sheets) == set(DEMO.rglob("*.css")) and len(set(sheets)) == len(sheets)
    assert all(sheet.parent.name == "kit" for sheet in sheets[:3])
    for sheet in sheets:
        assert len(sheet.read_text("utf-8").splitlines()) <= 500, sheet.name


def test_no_rule_for_some_screens_names_the_container():
    """Gradio puts such rules inside the container, so that they would never apply."""
    for sheet in style_sheets():
        for rules in re.findall(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)", sheet.read_text("utf-8")):
            assert ".gradio-container" not in rules, sheet.name


def test_the_colours_of_heat_maps_come_from_where_they_are_drawn():
    css = launch_settings()["css"]
    for name in ("for", "against"):
        assert f"--speaks-{name}: {MAP_COLOURS[name]};" in css
        for sheet in style_sheets():
            assert MAP_COLOURS[name] not in sheet.read_text("utf-8"), sheet.name


@pytest.mark.parametrize("name", MEANINGS)
def test_a_term_says_what_it_means_in_one_line(name):
    shown = term(name, "it")
    key = re.search(r'popovertarget="([^"]+)"', shown)[1]
    assert f'id="{key}" popover' in shown and ">it</button>" in shown
    assert MEANINGS[name].endswith(".") and len(MEANINGS[name]) < 160


def test_a_template_can_name_terms_and_what_is_fixed(tmp_path):
    (tmp_path / "words.html").write_text("{{term logit: logits}} of {{size}} pixels {{value.x}}")
    shown = own_component(tmp_path / "words.html", {}, {"size": 64}).html_template
    assert ">logits</button>" in shown and "of 64 pixels {{value.x}}" in shown


def test_no_text_in_a_template_is_run():
    """Gradio makes a template literal of JavaScript of the whole template."""

    @dataclass(frozen=True)
    class Shown(TemplateValue):
        words: str

    assert as_json(Shown(r"C:\temp `${alert(1)}` $5")).get("words") == (
        r"C:\\temp \`\${alert(1)}\` $5"
    )
    assert as_json(r"C:\temp `") == r"C:\temp `"  # what is no template is shown as it is


def test_a_number_and_its_percent_sign_stay_on_one_line():
    @dataclass(frozen=True)
    class Shown(TemplateValue):
        words: str
        more: tuple

    expected = {"words": "98\u00a0% sure", "more": ("over 99\u00a0%", 3)}
    assert as_json(Shown("98 % sure", ("over 99 %", 3))) == expected
