"""The cards of the tab: what each lays out, and the components that the tab wires.

Each takes its foot as HTML, and the number of every station by its key.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from demo.kit.components import KIT, html, own_component
from demo.kit.words import count_word
from demo.why_residual.figures import OPENED_BLOCKS
from demo.why_residual.records import drawn_from, recorded_seeds
from demo.why_residual.switchboard import NOTHING_SWAPPED
from model.network.stages import STAGES

HERE = Path(__file__).parent
MAP_STAGES = [stage.name for stage in STAGES[1:]]  # whose heat maps the switchboard shows
MAP_STAGE = MAP_STAGES[-2]
FIRST_BLOCK = f"{STAGES[0].name}_block2"  # the first whose shortcut is the identity


def headed(title: str, elem_id: str) -> gr.HTML:
    """A column with a heading and what it shows."""
    with gr.Column(min_width=300):
        html(f"<h3>{title}</h3>")
        return html(elem_id=elem_id)


@dataclass(frozen=True)
class GradientCard:
    """The gradient, recorded and live."""

    gradient_seed: gr.Radio
    gradient_step: gr.Slider
    older_start: gr.Checkbox
    gradients: gr.HTML
    shattering: gr.HTML
    measure_live: gr.Button
    stop_live: gr.Button
    live_seed: gr.Number
    live_gradients: gr.HTML


def gradient_card(foot: str, numbers: dict[str, int]) -> GradientCard:
    seeds = recorded_seeds("gradient_flow_")
    steps = drawn_from(f"gradient_flow_{seeds[0]}", lambda record: len(record["steps"]))
    with gr.Row(elem_classes="knobs"):
        seed = gr.Radio(seeds, value=seeds[0], label="Seed of the recorded run")
        step = gr.Slider(
            0, max(1, (steps or 0) - 1), value=0, step=1, label="After 0 steps of training",
            buttons=[], elem_classes="bare",
        )  # fmt: skip
        older = gr.Checkbox(
            label="Add the older start: smaller weights, usual before 2015",
            value=False,
        )
    with gr.Row(elem_classes="halves"):
        gradients = headed("How large is each layer's gradient?", "gradient-flow")
        shattering = headed(
            "How alike are the gradients of two pictures, before training?", "shattering"
        )
    with gr.Row(elem_classes="knobs starter"):
        measure = gr.Button("Measure it live on my picture", variant="primary")
        live_seed = gr.Number(1, label="Seed of the weights")
        stop = gr.Button("Stop", visible=False)
    live = html(elem_id="live-flow")
    html(foot)
    return GradientCard(seed, step, older, gradients, shattering, measure, stop, live_seed, live)


@dataclass(frozen=True)
class DepthCard:
    """Networks of growing depth."""

    depth: gr.HTML


def depth_card(foot: str, numbers: dict[str, int]) -> DepthCard:
    depth = html(elem_id="depth")
    html(foot)
    return DepthCard(depth)


@dataclass(frozen=True)
class BlocksOffCard:
    """The switchboard, and what was recorded of blocks taken away; `states` holds the switches."""

    states: gr.State
    switchboard: gr.HTML
    still_right: gr.HTML
    map_stage: gr.Radio
    swap: gr.Dropdown
    singles: gr.HTML
    main_paths: gr.HTML
    shortcuts: gr.HTML
    twins: gr.HTML


def blocks_off_card(foot: str, numbers: dict[str, int]) -> BlocksOffCard:
    states = gr.State({})
    board = own_component(HERE / "switchboard.html", {}, label="Switchboard", elem_id="switchboard")
    still_right = html(elem_id="still-right")
    with gr.Row(elem_classes="knobs"):
        stage = gr.Radio(
            [(f"stage {name[-1]}", name) for name in MAP_STAGES], value=MAP_STAGE, label="Heat map"
        )
        swap = gr.Dropdown([NOTHING_SWAPPED], value=NOTHING_SWAPPED, label="Swap two blocks")
    with gr.Row(elem_classes="halves"):
        singles = headed("Each block off on its own, on one picture", "singles")
        main_paths = headed("The same over the test pictures", "lesions")
    with gr.Row(elem_classes="halves"):
        shortcuts = headed("Each shortcut off instead", "shortcuts-off")
        with gr.Column(min_width=300):
            html(
                "<p class='told'>A closed main path takes away what one block adds. A closed "
                "shortcut takes away all that came before: only what the block itself computes "
                "goes on.</p>",
                elem_classes="beside",
            )
    html(
        "<h3>And without shortcuts? Plain networks and their residual twins, trained alike</h3>"
        "<p class='quiet'>Only a block that leaves the shape as it is can be taken out of a plain "
        "network; its twin loses the same ones. A thin line on a bar spans the runs (seeds). "
        f"Station {numbers['depth']} shows how far each got in training.</p>"
    )
    twins = html(elem_id="twins")
    html(foot)
    return BlocksOffCard(
        states, board, still_right, stage, swap, singles, main_paths, shortcuts, twins
    )


@dataclass(frozen=True)
class RatiosCard:
    """How much each block does."""

    ratios: gr.HTML


def ratios_card(foot: str, numbers: dict[str, int]) -> RatiosCard:
    with gr.Row(elem_classes="halves"):
        with gr.Column(min_width=300):
            ratios = html(elem_id="ratios")
        with gr.Column(min_width=300):
            html(foot, elem_classes="beside")
    return RatiosCard(ratios)


@dataclass(frozen=True)
class IdentityCard:
    """The identity, learned and begun with."""

    train: gr.Button
    stop_training: gr.Button
    stacked_blocks: gr.Radio
    training_seed: gr.Number
    learning: gr.HTML
    gamma: gr.Slider
    opening: gr.HTML


def identity_card(foot: str, numbers: dict[str, int]) -> IdentityCard:
    with gr.Row(elem_classes="halves"):
        with gr.Column(min_width=300):
            html("<h3>Learn to give back what comes in</h3>")
            with gr.Row(elem_classes="knobs starter"):
                train = gr.Button("Train both", variant="primary")
                blocks = gr.Radio([1, 2, 4], value=1, label="Blocks in a row")
                seed = gr.Number(1, label="Seed")
                stop = gr.Button("Stop", visible=False)
            learning = html(elem_id="learning")
        with gr.Column(min_width=300):
            count = count_word(OPENED_BLOCKS).capitalize()
            html(f"<h3>{count} blocks that start as the identity</h3>")
            with gr.Row(elem_classes="knobs"):
                gamma = gr.Slider(
                    0, 1, value=0, step=0.05, label="Scale of each block's last BatchNorm",
                    buttons=[], elem_classes="bare",
                )  # fmt: skip
            opening = html(elem_id="opening")
    html(foot)
    return IdentityCard(train, stop, blocks, seed, learning, gamma, opening)


@dataclass(frozen=True)
class LandscapeCard:
    """The loss around trained networks."""

    landscape_seed: gr.Radio
    turn: gr.Slider
    landscape: gr.HTML


def landscape_card(foot: str, numbers: dict[str, int]) -> LandscapeCard:
    seeds = recorded_seeds("landscape_*-")
    with gr.Row(elem_classes="knobs"):
        seed = gr.Radio(seeds, value=seeds[0], label="Seed of the networks and the directions")
        turn = gr.Slider(
            0, 360, value=30, step=5, label="Turn the surface", buttons=[], elem_classes="bare"
        )
    landscape = html(elem_id="landscape")
    html(foot)
    return LandscapeCard(seed, turn, landscape)


@dataclass(frozen=True)
class InsideBlockCard:
    """A block, and the picture in it."""

    block: gr.Dropdown
    drawn_block: gr.HTML


def inside_block_card(foot: str, numbers: dict[str, int]) -> InsideBlockCard:
    with gr.Row(elem_classes="knobs"):
        block = gr.Dropdown([FIRST_BLOCK], value=FIRST_BLOCK, label="Block")
    drawn = own_component(KIT / "drawn_block.html", {}, label="Inside the block", elem_id="alive")
    html(foot)
    return InsideBlockCard(block, drawn)
