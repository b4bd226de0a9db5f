"""The tab that asks why residual: seven experiments, each with what it claims and where from."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

import gradio as gr
import numpy as np

from demo.kit.components import KIT, html, own_component, station_head
from demo.kit.drawn_block import drawn_block
from demo.kit.events import TRAINING, stoppable
from demo.kit.examples import or_example
from demo.kit.figures import figure, not_recorded, side_by_side
from demo.kit.network import Waking
from demo.kit.read_picture import ReadPicture
from demo.kit.words import whose
from demo.why_residual.figures import depth_figures, lesion_figures
from demo.why_residual.stories import STORIES
from demo.why_residual.views import (
    NOTHING_SWAPPED,
    STAGES,
    lesions_of,
    opener,
    outcome,
    pressed,
    recorded,
    still_right,
    switchboard,
)
from model.digits import WORDS

HERE = Path(__file__).parent
SEEDS = (1, 2)  # of what is recorded twice
IDENTITY_STEPS = 200
NO_SEED = "<p class='missing'>Give a seed: a whole number from 0 on.</p>"
# A link would load the page anew where its address has a query, as that of a dark one has.
GO_THERE = """
element.addEventListener("click", (event) => {
  const link = event.target.closest("nav a");
  if (!link) return;
  event.preventDefault();
  document.querySelector(link.hash).scrollIntoView();
});
"""
STOPPED = "(shown) => `${shown}<p class='quiet'>Stopped before the end.</p>`"


def head(number: int) -> gr.HTML:
    story = STORIES[number - 1]
    return station_head(number, story.title, story.claim, elem_id=f"station-{number}")


def foot(number: int) -> str:
    story = STORIES[number - 1]
    sources = " · ".join(
        f'<a href="https://arxiv.org/abs/{at}" target="_blank" rel="noreferrer">{escape(name)}, '
        f"arXiv:{at}</a>"
        for name, at in story.sources
    )
    return (
        f'<dl class="told"><div><dt>What to look for</dt><dd>{escape(story.see)}</dd></div>'
        f"<div><dt>What it means</dt><dd>{escape(story.means)}</dd></div></dl>"
        f'<p class="sources quiet">{sources}</p>'
    )


def is_seed(value: float | None) -> bool:
    """Whether what is in a field can be a seed."""
    return value is not None and 0 <= value < 2**31 and value == int(value)


class Experiments:
    """What the stations show, an event a method.

    Args:
        waking: the network.
    """

    def __init__(self, waking: Waking):
        self.waking = waking

    def flow(self, seed: int, step: int, older: bool) -> tuple:
        from explain.draw.charts.gradient_flow import (
            losses_text,
            recorded_gradient_chart,
            shattering_chart,
        )

        record = recorded(f"gradient_flow_{seed}")
        if record is None:
            words = not_recorded(
                f"python -m explain.experiments.gradient_flow record --seed {seed}"
            )
            return words, "", gr.Slider(visible=False)
        label = f"After {record['steps'][step]} steps of training"
        losses = f'<p class="quiet">{losses_text(record, step, older)}</p>'
        plot = figure(recorded_gradient_chart(record, step, older)) + losses
        return plot, figure(shattering_chart(record)), gr.Slider(label=label, visible=True)

    def live_flow(self, hand: ReadPicture | None, seed: int | None) -> Iterator[str]:
        from explain.draw.charts.gradient_flow import gradient_chart
        from explain.experiments.gradient_flow import on_picture

        if not is_seed(seed):
            yield NO_SEED
            return
        hand, flows = or_example(self.waking, hand), []
        yield "<p class='quiet'>Building the first of five networks…</p>"
        for found in on_picture(hand.crop, hand.reading.digit, int(seed)):
            flows.append(found)
            yield figure(gradient_chart(flows))

    def arrive(
        self, hand: ReadPicture | None, seed: int, step: int, older: bool, place: int, turn: float
    ) -> tuple:
        """What needs no network: everything recorded."""
        depth, longer, lesions = map(recorded, ("depth", "depth_26", "blocks_off"))
        if lesions:
            paths = lesion_figures(lesions)
        else:
            paths = not_recorded("python -m explain.experiments.blocks_off record"), "", ""
        return (
            whose(hand, "is what the experiments use"),
            *self.flow(seed, step, older),
            depth_figures(depth, *filter(None, [longer]))
            if depth
            else not_recorded("python -m explain.experiments.depth record"),
            *paths,
            *self.landscape(place, turn),
        )

    def landscape(self, seed: int, turn: float) -> tuple:
        from explain.draw.charts.landscape import landscape_charts
        from explain.experiments.landscape import is_whole

        names = [f"landscape_{kind}-26-{seed}" for kind in ("plain", "residual")]
        found = [record for record in map(recorded, names) if record and is_whole(record)]
        if found:
            return side_by_side(*landscape_charts(found, turn)), gr.Slider(visible=True)
        words = not_recorded(
            f"python -m explain.experiments.landscape record runs/twins/plain-26-{seed}"
        )
        return words, gr.Slider(visible=False)

    def measure(
        self, hand: ReadPicture | None, states: dict, stage: str, swap: str, name: str
    ) -> tuple:
        """What the picture in hand shows: switchboard, single blocks, ratios, inside a block.

        Where the recorded lesions are those of other weights, they make room for a word on that.
        """
        from explain.draw.charts.blocks_off import ratios_chart, singles_chart

        network, hand = self.waking.network(), or_example(self.waking, hand)
        board = switchboard(network)
        names = [block.name for block in board.blocks]
        picture, digit = hand.crop[None] / np.float32(255), hand.reading.digit
        variants = np.stack([board.gates(), *(board.gates([name]) for name in names)])
        found = board.read(picture, variants, stage, digit)
        whole, *each = found.probabilities[:, digit].tolist()
        lesions = lesions_of(network)
        ratios = lesions and lesions["ratios"]
        of_others = (
            gr.skip()
            if lesions
            else not_recorded("python -m explain.experiments.blocks_off record")
        )
        pairs = [NOTHING_SWAPPED, *(" ↔ ".join(pair) for pair in board.pairs)]
        name = name if name in names else names[1]
        return (
            outcome(network, hand, states, stage, swap),
            figure(singles_chart(names, WORDS[digit], whole, each)),
            figure(ratios_chart(board.blocks, found.ratios[0], ratios)),
            gr.Dropdown(pairs, value=swap),
            gr.Dropdown(names, value=name),
            drawn_block(network, hand, name),
            of_others,
            of_others,
        )

    def press(
        self, hand: ReadPicture | None, states: dict, stage: str, swap: str, chosen: gr.EventData
    ):
        network = self.waking.network()
        states = pressed(states, switchboard(network), chosen.index)
        return states, outcome(network, or_example(self.waking, hand), states, stage, swap)

    def look(self, hand: ReadPicture | None, states: dict, stage: str, swap: str):
        return outcome(self.waking.network(), or_example(self.waking, hand), states, stage, swap)

    def count(self, states: dict, swap: str) -> str:
        return f"<p class='quiet'>{still_right(self.waking.network(), states, swap)}</p>"

    def learn(self, blocks: int, seed: int | None) -> Iterator[str]:
        from explain.draw.charts.identity import identity_chart
        from explain.experiments.identity import learn_identity

        if not is_seed(seed):
            yield NO_SEED
            return
        so_far = []
        yield "<p class='quiet'>Building the two stacks…</p>"
        for progress in learn_identity(int(seed), blocks, IDENTITY_STEPS):
            so_far.append(progress)
            yield figure(identity_chart(so_far, IDENTITY_STEPS))

    def open_blocks(self, gamma: float) -> str:
        from explain.draw.charts.identity import opening_chart

        return figure(opening_chart(gamma, opener().open(gamma)))

    def view(self, hand: ReadPicture | None, name: str) -> dict:
        return drawn_block(self.waking.network(), or_example(self.waking, hand), name)


def gradients_station() -> tuple:
    """The gradient, recorded and live."""
    with gr.Column(elem_classes="card station"):
        head(1)
        with gr.Row(elem_classes="knobs"):
            seed = gr.Radio(SEEDS, value=1, label="Seed of the recorded run")
            step = gr.Slider(
                0,
                5,
                value=0,
                step=1,
                label="After 0 steps of training",
                buttons=[],
                elem_classes="bare",
            )
            older = gr.Checkbox(label="add: plain, started as before 2015", value=False)
        with gr.Row(elem_classes="halves"):
            with gr.Column(min_width=300):
                html("<h3>How large is each layer's gradient?</h3>")
                flowing = html(elem_id="gradient-flow")
            with gr.Column(min_width=300):
                html("<h3>How alike are the gradients of two pictures, before training?</h3>")
                shattering = html(elem_id="shattering")
        with gr.Row(elem_classes="knobs starter"):
            go = gr.Button("Measure it live on my picture", variant="primary")
            live_seed = gr.Number(1, label="Seed of the weights")
            halt = gr.Button("Stop", visible=False)
        live = html(elem_id="live-flow")
        html(foot(1))
    return seed, step, older, flowing, shattering, go, halt, live_seed, live


def depths_station() -> gr.HTML:
    """Networks ever deeper."""
    with gr.Column(elem_classes="card station"):
        head(2)
        depth = html(elem_id="depth")
        html(foot(2))
    return depth


def lesions_station() -> tuple:
    """Blocks taken away."""
    with gr.Column(elem_classes="card station"):
        head(3)
        board = own_component(
            HERE / "switchboard.html", {}, label="Switchboard", elem_id="switchboard"
        )
        right = html(elem_id="still-right")
        with gr.Row(elem_classes="knobs"):
            stage = gr.Radio(list(STAGES), value="conv4", label="Heat map of stage")
            swap = gr.Dropdown(
                [NOTHING_SWAPPED], value=NOTHING_SWAPPED, label="Let two blocks change places"
            )
        with gr.Row(elem_classes="halves"):
            with gr.Column(min_width=300):
                html("<h3>Each block off on its own, on one picture</h3>")
                singles = html(elem_id="singles")
            with gr.Column(min_width=300):
                html("<h3>The same over the test pictures</h3>")
                mains = html(elem_id="lesions")
        with gr.Row(elem_classes="halves"):
            with gr.Column(min_width=300):
                html("<h3>Each shortcut off instead</h3>")
                shortcuts = html(elem_id="shortcuts-off")
            with gr.Column(min_width=300):
                html(foot(3), elem_classes="beside")
        html(
            "<h3>And without shortcuts? Plain networks and their residual twins, trained alike</h3>"
            "<p class='quiet'>Only a block that leaves the shape as it is can be taken out of a "
            "plain network; its twin loses the same ones. A thin line on a bar spans the seeds; "
            "station 2 says how far both came in training.</p>"
        )
        twins = html(elem_id="twins")
    return board, right, stage, swap, singles, mains, shortcuts, twins


def ratios_station() -> gr.HTML:
    """How much each block does."""
    with gr.Column(elem_classes="card station"):
        head(4)
        with gr.Row(elem_classes="halves"):
            with gr.Column(min_width=300):
                ratios = html(elem_id="ratios")
            with gr.Column(min_width=300):
                html(foot(4), elem_classes="beside")
    return ratios


def identities_station() -> tuple:
    """The identity, learned and begun with."""
    with gr.Column(elem_classes="card station"):
        head(5)
        with gr.Row(elem_classes="halves"):
            with gr.Column(min_width=300):
                html("<h3>Learn to give back what comes in</h3>")
                with gr.Row(elem_classes="knobs starter"):
                    begin = gr.Button("Train both", variant="primary")
                    blocks = gr.Radio([1, 2, 4], value=1, label="Blocks in a row")
                    learn_seed = gr.Number(1, label="Seed")
                    end = gr.Button("Stop", visible=False)
                learning = html(elem_id="learning")
            with gr.Column(min_width=300):
                html("<h3>Twelve blocks that start as the identity</h3>")
                with gr.Row(elem_classes="knobs"):
                    gamma = gr.Slider(
                        0, 1, value=0, step=0.05, label="Scale of each block's last BatchNorm",
                        buttons=[], elem_classes="bare",
                    )  # fmt: skip
                opening = html(elem_id="opening")
        html(foot(5))
    return begin, end, blocks, learn_seed, learning, gamma, opening


def landscapes_station() -> tuple:
    """The loss around networks."""
    with gr.Column(elem_classes="card station"):
        head(6)
        with gr.Row(elem_classes="knobs"):
            place = gr.Radio(SEEDS, value=1, label="Seed of the networks and the directions")
            turn = gr.Slider(
                0, 360, value=30, step=5, label="Turn the surface", buttons=[], elem_classes="bare"
            )
        land = html(elem_id="landscape")
        html(foot(6))
    return place, turn, land


def insides_station() -> tuple:
    """A block, and the picture in it."""
    with gr.Column(elem_classes="card station"):
        head(7)
        with gr.Row(elem_classes="knobs"):
            chosen = gr.Dropdown(["conv2_block2"], value="conv2_block2", label="Block")
        living = own_component(
            KIT / "drawn_block.html", {}, label="Inside the block", elem_id="alive"
        )
        html(foot(7))
    return chosen, living


def tab(waking: Waking, hand: gr.State, room: gr.Tab) -> None:
    """Lay the tab out and wire it.

    Args:
        waking: the network.
        hand: holds the `ReadPicture` that is looked at, None at first.
        room: the tab itself; opening it shows what is recorded, then measures the picture.
    """
    shown, states = Experiments(waking), gr.State({})
    html(
        "<div class='prologue'><h2>Why residual?</h2><p>A residual block adds what it computes to "
        "what it was given: y = F(x) + x. That one plus sign made networks of fifty layers and "
        "more trainable. Seven experiments show what it does, on this page's own network and on "
        "others like it. Everything you see was measured here, live or by a script: "
        "<code>make experiments</code> measures it again.</p><nav>"
        + "".join(
            f'<a href="#station-{number}">{number} {escape(story.title)}</a>'
            for number, story in enumerate(STORIES, 1)
        )
        + "</nav></div>",
        js_on_load=GO_THERE,
    )
    subject = html(elem_id="subject")
    seed, step, older, flowing, shattering, go, halt, live_seed, live = gradients_station()
    depth = depths_station()
    board, right, stage, swap, singles, mains, shortcuts, twins = lesions_station()
    ratios = ratios_station()
    begin, end, blocks, learn_seed, learning, gamma, opening = identities_station()
    place, turn, land = landscapes_station()
    chosen, living = insides_station()

    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    network = {"concurrency_id": "network", "concurrency_limit": 1, "trigger_mode": "always_last"}
    training = {"concurrency_id": "training", "concurrency_limit": 1}
    room.select(
        shown.arrive,
        [hand, seed, step, older, place, turn],
        [subject, flowing, shattering, step, depth, mains, shortcuts, twins, land, turn],
        **quiet,
    ).then(
        shown.measure,
        [hand, states, stage, swap, chosen],
        [board, singles, ratios, swap, chosen, living, mains, shortcuts],
        concurrency_id="network",
        concurrency_limit=1,
        **quiet,
    ).then(shown.open_blocks, gamma, opening, **training, **quiet)
    gr.on(
        [seed.input, step.input, older.input],
        shown.flow,
        [seed, step, older],
        [flowing, shattering, step],
        trigger_mode="always_last",
        **quiet,
    )
    stoppable(go, halt, shown.live_flow, [hand, live_seed], [live], TRAINING)
    board.select(
        shown.press,
        [hand, states, stage, swap],
        [states, board],
        **{**network, "trigger_mode": "multiple"},  # each press counts
        **quiet,
    ).then(shown.count, [states, swap], right, **network, **quiet)
    gr.on(
        [stage.input, swap.input],
        shown.look,
        [hand, states, stage, swap],
        board,
        **network,
        **quiet,
    ).then(shown.count, [states, swap], right, **network, **quiet)
    stoppable(begin, end, shown.learn, [blocks, learn_seed], [learning], TRAINING)
    for stop, stopped in [(halt, live), (end, learning)]:
        stop.click(None, stopped, stopped, js=STOPPED, **quiet)
    gamma.input(shown.open_blocks, gamma, opening, **training, trigger_mode="always_last", **quiet)
    gr.on(
        [place.input, turn.input],
        shown.landscape,
        [place, turn],
        [land, turn],
        trigger_mode="always_last",
        **quiet,
    )
    chosen.input(shown.view, [hand, chosen], living, **network, **quiet)
