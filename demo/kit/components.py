"""What tabs are built of: pieces of the page in its own style, and components of its own."""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from demo.kit.glossary import term

KIT = Path(__file__).parent
MISSING = (
    '<p class="missing"><span class="when-waking">The network is still waking up. This appears as '
    'soon as it is ready.</span><span class="when-ready">Working on it…</span>'
    '<span class="when-broken">This needs the network, which could not be loaded. The line at the '
    "top of the page says why.</span></p>"
)


class TemplateValue:
    """What a template shows: a frozen dataclass of texts, numbers and more of its kind."""


def on_one_line(text: str) -> str:
    """A text in which a number and its percent sign stay on one line."""
    return text.replace(" %", "\u00a0%")


def in_template(text: str) -> str:
    """A text as it stands in a template, which Gradio runs as a template literal of JavaScript."""
    return re.sub(r"[\\`]|\$(?={)", r"\\\g<0>", on_one_line(text))


def as_json(value: Any, as_text: Callable[[str], str] = on_one_line) -> Any:
    """What the browser gets of a value: of a `TemplateValue` its fields by name.

    Args:
        value: to show.
        as_text: what becomes of its texts.
    """
    if isinstance(value, TemplateValue):
        return as_json(asdict(value), in_template)  # type: ignore[call-overload]
    if isinstance(value, str):
        return as_text(value)
    if isinstance(value, dict):
        return {key: as_json(each, as_text) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(as_json(each, as_text) for each in value)
    return value


def html(value: Any = "", **settings: Any) -> gr.HTML:
    """A piece of the page in its own style, rather than in Gradio's.

    Args:
        value: what it shows.
        settings: of `gr.HTML`.
    """
    return gr.HTML(as_json(value), apply_default_css=False, **settings)


def own_component(
    template: Path, value: Any, fixed: dict[str, Any] | None = None, **settings: Any
) -> gr.HTML:
    """A component of this page's own: a template shows its value, a script beside it reacts.

    In the template, {{missing}} becomes what to read until the network is there, {{term logit}}
    a term that says what it means, and {{term logit: logits}} the same in another form.

    Args:
        template: an .html file; the script, if any, has the same name with .js.
        value: what it shows at first.
        fixed: what else the template shows by name, the same at all times.
        settings: of `gr.HTML`.
    """
    script = template.with_suffix(".js")
    shown = template.read_text("utf-8")
    for name, words in ({"missing": MISSING} | (fixed or {})).items():
        shown = shown.replace(f"{{{{{name}}}}}", str(words))
    shown = re.sub(r"\{\{term ([^}:]+)(?:: ([^}]+))?\}\}", lambda m: term(m[1], m[2] or ""), shown)
    return html(
        value,
        html_template=shown,
        js_on_load=script.read_text("utf-8") if script.exists() else None,
        **settings,
    )


FOLD, CONTENTS = ((KIT / name).read_text("utf-8") for name in ("fold.js", "contents.js"))


def station_head(number: int, title: str, words: str, **settings: Any) -> gr.HTML:
    """The head of a card that is one of several to go through in turn; pressed, it folds the card.

    Args:
        number: of the station, by which an address names it.
        title: of the card.
        words: what it is about.
        settings: of `gr.HTML`.
    """
    return html(
        f'<header class="station-head" data-station="{number}"><span class="number">{number}</span>'
        f'<div><h2>{escape(title)}</h2><p>{escape(words)}</p></div><button type="button" '
        f'class="fold" aria-expanded="true" aria-label="{escape(title)}"></button></header>',
        js_on_load=FOLD,
        **settings,
    )


def contents(tab: str, titles: Sequence[str], **settings: Any) -> gr.HTML:
    """The list of a tab's stations, which stays in sight; `settings` of `gr.HTML`."""
    links = "".join(
        f'<li><a href="#tab={tab}&amp;station={number}"><span>{number}</span> {escape(title)}</a>'
        "</li>"
        for number, title in enumerate(titles, 1)
    )
    return html(
        f'<nav class="contents" aria-label="Stations"><ol>{links}</ol></nav>',
        js_on_load=CONTENTS,
        **settings,
    )
