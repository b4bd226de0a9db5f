"""What the stations show, one method per event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import Any

import gradio as gr
import numpy as np

from demo.kit.drawn_block import DrawnBlock, drawn_block
from demo.kit.examples import or_example
from demo.kit.figures import figure, not_recorded, side_by_side
from demo.kit.network import Waking
from demo.kit.read_picture import ReadPicture
from demo.kit.words import count_word, owner, whose
from demo.why_residual.figures import (
    depth_figures,
    gradient_figure,
    lesion_figures,
    opening_figure,
)
from demo.why_residual.records import (
    BLOCKS_OFF,
    DEPTH,
    drawn_from,
    lesions_of,
    recorded_landscapes,
)
from demo.why_residual.switchboard import (
    NOTHING_SWAPPED,
    SwitchboardCard,
    press_switch,
    still_right,
    switchboard_card,
    switchboard_of,
)
from model.digits import DIGITS, WORDS

IDENTITY_STEPS = 200
NO_SEED = "<p class='missing'>Give a seed: a whole number, 0 or higher.</p>"


@dataclass(frozen=True)
class GradientChoice:
    """Which recorded gradients to show: seed and step, and whether with the older start."""

    gradient_seed: int
    gradient_step: int
    older_start: bool


@dataclass(frozen=True)
class LandscapeChoice:
    """Which landscape to show, and how far it is turned, in degrees."""

    landscape_seed: int
    turn: float


@dataclass(frozen=True)
class SwitchboardChoice:
    """The switches by block, the stage whose heat map is shown, and the blocks that are swapped."""

    states: dict[str, str]
    map_stage: str
    swap: str


@dataclass(frozen=True)
class Gradients:
    """Recorded gradients as HTML, and what the slider of their steps says."""

    gradients: str
    shattering: str
    gradient_step: Any


@dataclass(frozen=True)
class Landscape:
    """A recorded landscape as HTML, and whether it can be turned."""

    landscape: str
    turn: Any


@dataclass(frozen=True)
class Recorded(Landscape, Gradients):
    """All that is recorded, as HTML, and whose picture the other experiments use."""

    subject: str
    depth: str
    main_paths: str
    shortcuts: str
    twins: str


@dataclass(frozen=True)
class Measured:
    """What the picture in hand shows; recorded lesions of other weights make room for a word."""

    switchboard: SwitchboardCard
    singles: str
    ratios: str
    swap: Any
    block: Any
    drawn_block: DrawnBlock
    main_paths: Any
    shortcuts: Any


@dataclass(frozen=True)
class Pressed:
    """The switchboard after a switch was pressed."""

    states: dict[str, str]
    switchboard: SwitchboardCard


def is_seed(value: float | None) -> bool:
    """Whether what is in a field can be a seed."""
    return value is not None and 0 <= value < 2**31 and value == int(value)


def all_depths(record: dict) -> str:
    """The figures of depth, with those of the longer runs if they were recorded."""
    longer = drawn_from("depth_26", lambda longer: depth_figures(record, longer))
    return longer or depth_figures(record)


def quiet(words: str) -> str:
    return f"<p class='quiet'>{words}</p>"


class WhyResidual:
    """The handlers of the tab.

    `hand` is the picture in hand, None until there is one.

    Args:
        waking: the network.
    """

    def __init__(self, waking: Waking):
        self.waking = waking

    def arrive(
        self, hand: ReadPicture | None, gradient: GradientChoice, view: LandscapeChoice
    ) -> Recorded:
        """What needs no network: everything recorded."""
        paths = drawn_from("blocks_off", lesion_figures) or (not_recorded(BLOCKS_OFF), "", "")
        return Recorded(
            **vars(self.show_gradients(gradient)),
            **vars(self.show_landscape(view)),
            subject=whose(hand, "is used in the experiments"),
            depth=drawn_from("depth", all_depths) or not_recorded(DEPTH),
            **dict(zip(("main_paths", "shortcuts", "twins"), paths, strict=True)),
        )

    def show_gradients(self, chosen: GradientChoice) -> Gradients:
        from explain.draw.charts.gradient_flow import (
            recorded_flows,
            recorded_span,
            shattering_chart,
        )

        seed, step, older = chosen.gradient_seed, chosen.gradient_step, chosen.older_start

        def draw(record: dict) -> Gradients:
            flows = recorded_flows(record, step, older)
            steps = record["steps"][step]
            label = f"After {steps} step{'' if steps == 1 else 's'} of training"
            guessing = quiet(f"The loss of guessing is {log(DIGITS):.2f}.")
            return Gradients(
                gradient_figure(flows, recorded_span(record, older)) + guessing,
                figure(shattering_chart(record)),
                gr.update(label=label, maximum=len(record["steps"]) - 1, visible=True),
            )

        command = f"python -m explain.experiments.gradient_flow record --seed {seed}"
        unknown = Gradients(not_recorded(command), "", gr.update(visible=False))
        return drawn_from(f"gradient_flow_{seed}", draw) or unknown

    def measure_gradients(
        self, hand: ReadPicture | None, seed: float | None, before: str | None = None
    ) -> Iterator[str]:
        """The gradients of new networks on the picture in hand, one network after the other.

        What was measured before stays until the first of them is there.
        """
        from explain.experiments.gradient_flow import VARIANTS, on_picture

        if seed is None or not is_seed(seed):
            yield NO_SEED
            return
        hand, flows = or_example(self.waking, hand), []
        if not before or "<svg" not in before:
            yield quiet(f"Building the first of {count_word(len(VARIANTS))} networks…")
        for found in on_picture(hand.crop, hand.reading.digit, int(seed)):
            flows.append(found)
            yield gradient_figure(flows) + quiet(
                f"{owner(hand)} in {len(flows)} of {len(VARIANTS)} new networks, before any "
                "training, as at the slider's left end."
            )

    def show_landscape(self, chosen: LandscapeChoice) -> Landscape:
        from explain.draw.charts.landscape import landscape_charts

        found = recorded_landscapes(chosen.landscape_seed)
        if found:
            charts = side_by_side(*landscape_charts(found, chosen.turn))
            return Landscape(charts, gr.update(visible=True))
        command = (
            "python -m explain.experiments.landscape record "
            f"runs/twins/plain-26-{chosen.landscape_seed}"
        )
        return Landscape(not_recorded(command), gr.update(visible=False))

    def measure(
        self, hand: ReadPicture | None, switches: SwitchboardChoice, block: str
    ) -> Measured:
        """What the picture in hand shows: switchboard, single blocks, ratios, inside a block."""
        from explain.draw.charts.blocks_off import ratios_chart, singles_chart

        network, hand = self.waking.network(), or_example(self.waking, hand)
        board = switchboard_of(network)
        names = [each.name for each in board.blocks]
        picture, digit = hand.crop[None] / np.float32(255), hand.reading.digit
        variants = np.stack([board.gates(), *(board.gates([name]) for name in names)])
        found = board.read(picture, variants, switches.map_stage, digit)
        whole, *each_off = found.probabilities[:, digit].tolist()
        kept = int((found.probabilities[1:].argmax(1) == found.probabilities[0].argmax()).sum())
        lesions = lesions_of(network)
        of_others = gr.skip() if lesions else not_recorded(BLOCKS_OFF)
        pairs = [NOTHING_SWAPPED, *(" ↔ ".join(pair) for pair in board.pairs)]
        block = block if block in names else names[1]
        return Measured(
            switchboard=self.show_switchboard(hand, switches),
            singles=figure(singles_chart(names, WORDS[digit], whole, each_off, kept)),
            ratios=figure(
                ratios_chart(board.blocks, found.ratios[0], lesions["ratios"] if lesions else None)
            ),
            swap=gr.update(choices=pairs, value=switches.swap),
            block=gr.update(choices=names, value=block),
            drawn_block=drawn_block(network, hand, block),
            main_paths=of_others,
            shortcuts=of_others,
        )

    def press(self, hand: ReadPicture | None, switches: SwitchboardChoice, chosen: str) -> Pressed:
        board = switchboard_of(self.waking.network())
        states = press_switch(switches.states, board, chosen)
        pressed = SwitchboardChoice(states, switches.map_stage, switches.swap)
        return Pressed(states, self.show_switchboard(hand, pressed))

    def show_switchboard(
        self, hand: ReadPicture | None, switches: SwitchboardChoice
    ) -> SwitchboardCard:
        network, hand = self.waking.network(), or_example(self.waking, hand)
        return switchboard_card(network, hand, switches.states, switches.map_stage, switches.swap)

    def count_right(self, states: dict[str, str], swap: str) -> str:
        return quiet(still_right(self.waking.network(), states, swap))

    def learn(self, blocks: int, seed: float | None) -> Iterator[str]:
        """A residual and a plain stack of blocks while they learn the identity."""
        from explain.draw.charts.identity import identity_chart
        from explain.experiments.identity import learn_identity

        if seed is None or not is_seed(seed):
            yield NO_SEED
            return
        so_far = []
        yield quiet("Building the two stacks…")
        for progress in learn_identity(int(seed), blocks, IDENTITY_STEPS):
            so_far.append(progress)
            yield figure(identity_chart(so_far, IDENTITY_STEPS, blocks))

    def open_blocks(self, gamma: float) -> str:
        return opening_figure(gamma)

    def open_block(self, hand: ReadPicture | None, block: str) -> DrawnBlock:
        return drawn_block(self.waking.network(), or_example(self.waking, hand), block)
