"""The tab that asks whether a map can be believed."""

from __future__ import annotations

import gradio as gr

from demo.kit.events import Lane, connect, opened, stoppable, together
from demo.kit.network import Waking
from demo.trust.handlers import Checked, FastMethods, Introduced, Methods, Trust, TwoDigits
from demo.trust.layout import layout

FAST = Lane("trust")
SLOW = Lane("methods")


def tab(waking: Waking, hand: gr.State, room: gr.Tab) -> None:
    """Lay the tab out and wire it.

    Args:
        waking: the network.
        hand: holds the `ReadPicture` that is looked at, None at first.
        room: the tab itself; opening it with another picture than before explains that one.
    """
    trust, page = Trust(waking), layout()
    asked = [hand, page.method_digit, page.stage]
    other_picture = page.tested.change
    asks_anew = [page.method_digit.input, page.stage.input]

    connect(opened(room, hand), trust.arrive, [hand], page.tested, FAST)
    stoppable(
        page.forget,
        page.stop_forgetting,
        trust.forget,
        [hand, page.scored, page.method_digit],
        page.checks,
        SLOW,
        [other_picture],
    )
    stoppable(
        page.run_slow,
        page.stop_slow,
        trust.run_slow,
        [*asked, page.scored],
        together(Methods, page),
        SLOW,
        [other_picture, *asks_anew],
        again=False,
    )
    connect(
        page.stop_slow.click,
        trust.stop_slow,
        [hand, page.scored, page.method_digit],
        page.gallery,
        FAST,
    )
    connect(
        page.stop_forgetting.click, trust.stop_forgetting, [hand, page.checks], page.checks, FAST
    )
    introduced = connect(
        other_picture, trust.introduce, [hand, page.own_scales], together(Introduced, page), FAST
    )
    # What is still at work for the picture before ends first, and is then done for the new one.
    checked = connect(
        introduced.success,
        trust.check,
        [hand],
        together(Checked, page),
        FAST,
        while_busy="always_last",
    )
    connect(
        checked.success,
        trust.run_fast,
        asked,
        together(FastMethods, page),
        FAST,
        while_busy="always_last",
    )
    connect(
        page.own_scales.input,
        trust.draw_digit_maps,
        [hand, page.own_scales],
        page.digit_maps,
        FAST,
        while_busy="always_last",
    )
    connect(
        [page.digit.input, page.against.input],
        trust.compare,
        [hand, page.digit, page.against],
        together(TwoDigits, page),
        FAST,
        while_busy="always_last",
    )
    connect(
        asks_anew,
        trust.run_fast,
        asked,
        together(FastMethods, page),
        FAST,
        while_busy="always_last",
    )
