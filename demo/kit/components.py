"""What tabs are built of: pieces of the page in its own style, and components of its own."""

from html import escape
from pathlib import Path

import gradio as gr

KIT = Path(__file__).parent
MISSING = (
    '<p class="missing"><span class="when-waking">The network is still waking up; this appears '
    'here as soon as it is there.</span><span class="when-ready">Working it out…</span>'
    '<span class="when-broken">There is no network to show this of; the line at the top of the '
    "page says why.</span></p>"
)


def html(value="", **about) -> gr.HTML:
    """A piece of the page in its own style, rather than in Gradio's."""
    return gr.HTML(value, apply_default_css=False, **about)


def own_component(template: Path, value, **about) -> gr.HTML:
    """A component of this page's own: `template` shows the value; a .js beside it, if any, reacts.

    Where the template says {{missing}} comes what to read until there is a network.
    """
    script = template.with_suffix(".js")
    return html(
        value,
        html_template=template.read_text("utf-8").replace("{{missing}}", MISSING),
        js_on_load=script.read_text("utf-8") if script.exists() else None,
        **about,
    )


def station_head(number: int, title: str, words: str, **about) -> gr.HTML:
    """The head of a card that is one of several to go through in turn; `about` as of `html`."""
    return html(
        f'<header class="station-head"><span class="number">{number}</span>'
        f"<div><h2>{escape(title)}</h2><p>{escape(words)}</p></div></header>",
        **about,
    )
