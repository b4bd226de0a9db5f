"""The tab that asks why residual: experiments, each with what it claims and where from."""

from __future__ import annotations

import gradio as gr

from demo.kit.events import CHOSEN, NETWORK, TRAINING, connect, opened, stoppable, together
from demo.kit.network import Waking
from demo.why_residual.handlers import (
    GradientChoice,
    Gradients,
    Landscape,
    LandscapeChoice,
    Measured,
    Pressed,
    Recorded,
    SwitchboardChoice,
    WhyResidual,
)
from demo.why_residual.layout import layout

STOPPED = """(shown) => {
  const said = "<p class='quiet'>Stopped before the end.</p>";
  return shown.endsWith(said) ? shown : shown + said;
}"""


def tab(waking: Waking, hand: gr.State, room: gr.Tab) -> None:
    """Lay the tab out and wire it.

    Args:
        waking: the network.
        hand: holds the `ReadPicture` that is looked at, None at first.
        room: the tab itself; opening it shows what is recorded, then measures the picture.
    """
    experiments, page = WhyResidual(waking), layout()
    gradient, view = together(GradientChoice, page), together(LandscapeChoice, page)
    switches = together(SwitchboardChoice, page)

    recorded = connect(
        opened(room, hand), experiments.arrive, [hand, gradient, view], together(Recorded, page)
    )
    measured = connect(
        recorded.then,
        experiments.measure,
        [hand, switches, page.block],
        together(Measured, page),
        NETWORK,
        while_busy="always_last",
    )
    connect(measured.then, experiments.open_blocks, [page.gamma], page.opening, TRAINING)
    connect(
        [page.gradient_seed.input, page.gradient_step.input, page.older_start.input],
        experiments.show_gradients,
        [gradient],
        together(Gradients, page),
        while_busy="always_last",
    )
    stoppable(
        page.measure_live,
        page.stop_live,
        experiments.measure_gradients,
        [hand, page.live_seed, page.live_gradients],
        page.live_gradients,
        TRAINING,
    )
    pressed = connect(
        page.switchboard.select,
        experiments.press,
        [hand, switches, CHOSEN],
        together(Pressed, page),
        NETWORK,
        while_busy="multiple",  # each press counts
    )
    connect(
        [page.map_stage.input, page.swap.input],
        experiments.show_switchboard,
        [hand, switches],
        page.switchboard,
        NETWORK,
        while_busy="always_last",
    )
    for changed in (pressed.then, page.swap.input):
        connect(
            changed,
            experiments.count_right,
            [page.states, page.swap],
            page.still_right,
            NETWORK,
            while_busy="always_last",
        )
    stoppable(
        page.train,
        page.stop_training,
        experiments.learn,
        [page.stacked_blocks, page.training_seed],
        page.learning,
        TRAINING,
    )
    for stop, stopped in (
        (page.stop_live, page.live_gradients),
        (page.stop_training, page.learning),
    ):
        connect(stop.click, None, [stopped], stopped, js=STOPPED)
    connect(
        page.gamma.input,
        experiments.open_blocks,
        [page.gamma],
        page.opening,
        TRAINING,
        while_busy="always_last",
    )
    connect(
        [page.landscape_seed.input, page.turn.input],
        experiments.show_landscape,
        [view],
        together(Landscape, page),
        while_busy="always_last",
    )
    connect(
        page.block.input,
        experiments.open_block,
        [hand, page.block],
        page.drawn_block,
        NETWORK,
        while_busy="always_last",
    )
