"""What the tab is laid out of."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from demo.kit.components import contents, html, station_head
from demo.kit.glossary import term
from demo.kit.words import count_word
from demo.why_residual.cards import (
    BlocksOffCard,
    DepthCard,
    GradientCard,
    IdentityCard,
    InsideBlockCard,
    LandscapeCard,
    RatiosCard,
)
from demo.why_residual.stations import NUMBERS, STATIONS, foot, look


@dataclass(frozen=True)
class WhyResidualPage(
    GradientCard, DepthCard, BlocksOffCard, RatiosCard, IdentityCard, LandscapeCard, InsideBlockCard
):
    """The components of the tab; `subject` says whose picture is used."""

    subject: gr.HTML


def prologue() -> str:
    """What the tab is about."""
    return (
        "<div class='prologue'><h2>Why residual?</h2><p>A residual block adds what it computes to "
        "what it was given: y = F(x) + x. F is the block's main path, and x reaches the sum by its "
        f"{term('shortcut')}. A plain network has the same layers without shortcuts. That one plus "
        "sign made networks of fifty layers and more trainable. "
        f"{count_word(len(STATIONS)).capitalize()} experiments show what it does, "
        "on this page's own network and on others like it. Everything you see was measured here, "
        "live or by a script: <code>make experiments</code> measures it again.</p></div>"
    )


def layout() -> WhyResidualPage:
    """Put the components on the page."""
    html(prologue())
    subject, components = html(elem_id="subject"), {}
    with gr.Row(elem_classes="led"):
        with gr.Column(scale=0, min_width=200, elem_classes="leads"):
            contents("why-residual", [station.title for station in STATIONS])
        with gr.Column(min_width=300):
            for number, station in enumerate(STATIONS, 1):
                with gr.Column(elem_classes="card station"):
                    station_head(number, station.title, station.claim)
                    html(look(station))
                    components |= vars(station.card(foot(station), NUMBERS))
    return WhyResidualPage(**components, subject=subject)
