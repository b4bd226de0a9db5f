"""The tab of the scores: how well the network reads, from what scripts recorded."""

from __future__ import annotations

import gradio as gr

from demo.kit.events import CHOSEN, connect, together
from demo.scores.handlers import Chosen, Recorded, Scores
from demo.scores.layout import layout


def tab(room: gr.Tab) -> None:
    """Lay the tab out and wire it.

    Args:
        room: the tab itself; opening it shows what was recorded.
    """
    scores, page = Scores(), layout()
    connect(room.select, scores.arrive, [page.collection], together(Recorded, page))
    connect(
        page.collection.input,
        scores.choose,
        [page.collection],
        together(Chosen, page),
        while_busy="always_last",
    )
    connect(page.confusion.select, scores.open_cell, [CHOSEN], page.likeness, while_busy="multiple")
