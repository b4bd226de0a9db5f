"""What the tab is laid out of."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from demo.kit.components import contents, html, station_head
from demo.trust.cards import DigitMapsCard, FaithfulnessCard, MethodsCard, TwoDigitsCard
from demo.trust.stations import STATIONS

PROLOGUE = (
    "<div class='prologue'><h2>Can I trust it?</h2><p>A heat map always looks convincing. Here it "
    "is put to the test on one picture: whether it tells digits apart, whether the answer depends "
    "on what it marks, whether it does better than chance, and what other methods say.</p></div>"
)


@dataclass(frozen=True)
class TrustPage(DigitMapsCard, TwoDigitsCard, FaithfulnessCard, MethodsCard):
    """The components of the tab.

    Attributes:
        tested: what tells the reading that is tested from another.
        scored: the maps of other methods so far, `Scored` by name.
        subject: whose picture is tested.
    """

    tested: gr.State
    scored: gr.State
    subject: gr.HTML


def layout() -> TrustPage:
    """Put the components on the page."""
    tested, scored, components = gr.State(""), gr.State({}), {}
    html(PROLOGUE)
    subject = html(elem_id="tested")
    with gr.Column(elem_classes="leads"):
        contents("trust", [station.title for station in STATIONS])
    for number, station in enumerate(STATIONS, 1):
        with gr.Column(elem_classes="card station"):
            station_head(number, station.title, station.words)
            components |= vars(station.card())
    return TrustPage(**components, tested=tested, scored=scored, subject=subject)
