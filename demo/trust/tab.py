"""The tab that asks whether a map can be believed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import gradio as gr

from demo.kit.components import html, own_component, station_head
from demo.kit.events import Lane, stoppable
from demo.kit.examples import or_example
from demo.kit.network import Waking
from demo.kit.read_picture import ReadPicture
from demo.kit.words import DIGIT_CHOICES, whose
from demo.trust.views import (
    SHARP,
    against_random_maps,
    covering,
    difference,
    forget,
    gallery,
    measure,
    runner_up,
    six_maps,
)

HERE = Path(__file__).parent
STAGES = ("conv1", "conv2", "conv3", "conv4", "conv5")
HEADS = (
    (
        "Six digits, one scale",
        "What in the picture speaks for each digit, in orange, and against it, in violet; one "
        "scale for all, so that colours compare from map to map.",
    ),
    (
        "Why this digit and not that one?",
        "What tells two digits apart in this picture, and what must be covered before the answer "
        "changes.",
    ),
    (
        "Is the map better than chance?",
        "If a map is right, the answer falls when its hottest places are blurred; and if it shows "
        "what was learned, it is lost when the network forgets.",
    ),
    (
        "Other methods",
        "The same picture and digit, explained in other ways. No two mean the same, and each has "
        "its own way to mislead.",
    ),
)
TOMSETT = (
    '<a href="https://arxiv.org/abs/1912.01451" target="_blank" rel="noreferrer">'
    "Tomsett et al. 2020, arXiv:1912.01451</a>"
)


def tab(waking: Waking, hand: gr.State, room: gr.Tab) -> None:
    """Lay the tab out and wire it.

    Args:
        waking: the network.
        hand: holds the `ReadPicture` that is looked at, None at first.
        room: the tab itself; opening it with another picture than before explains that one.
    """

    def arrive(hand: ReadPicture | None) -> str:
        """What tells one reading from another: of one part too, as all places vote on the digit."""
        if not hand:
            return "example"
        return f"{hand.reading.digit} {hashlib.sha256(hand.crop).hexdigest()}"

    def introduce(hand: ReadPicture | None, own: bool) -> tuple:
        network, mine = waking.network(), or_example(waking, hand)
        pair = mine.reading.digit, runner_up(mine)
        return (
            whose(hand, "is put to the test"),
            six_maps(mine, own),
            *pair,
            difference(mine, *pair),
            covering(network, mine, *pair),
            mine.reading.digit,
            {},
            gallery(mine, {}, mine.reading.digit),
        )

    def six(hand: ReadPicture | None, own: bool) -> dict:
        return six_maps(or_example(waking, hand), own)

    def compare(hand: ReadPicture | None, digit: int, against: int) -> tuple:
        network, hand = waking.network(), or_example(waking, hand)
        return difference(hand, digit, against), covering(network, hand, digit, against)

    def check(hand: ReadPicture | None) -> tuple:
        from explain.checks.faithfulness import CANNOT_TELL

        limits = f"<p class='quiet'><b>What this cannot tell.</b> {CANNOT_TELL} {TOMSETT}.</p>"
        return *against_random_maps(waking.network(), or_example(waking, hand)), limits

    def lose(hand: ReadPicture | None, found: dict, digit: int) -> Iterator[dict]:
        network, hand = waking.network(), or_example(waking, hand)
        others = [each.heat for name, each in found.items() if name != SHARP]
        yield from forget(network, hand, others if digit == hand.reading.digit else ())

    def stop_forgetting(hand: ReadPicture | None, shown: dict) -> dict:
        _, open_ = against_random_maps(waking.network(), or_example(waking, hand))
        return {**shown, **open_, "words": "Stopped before it had forgotten often enough to tell."}

    def run(
        hand: ReadPicture | None, digit: int, stage: str, found: dict, slow: bool
    ) -> Iterator[tuple]:
        from explain.maps.methods import METHODS

        network, hand = waking.network(), or_example(waking, hand)
        names = [name for name, method in METHODS.items() if method.slow == slow]
        for name in [SHARP, *names]:
            if name not in found:
                yield found, gallery(hand, found, digit, name)
                found = {**found, name: measure(network, hand, name, digit, stage)}
        yield found, gallery(hand, found, digit)

    def run_fast(hand: ReadPicture | None, digit: int, stage: str) -> Iterator[tuple]:
        """The slow ones can be started when these are done: they add to what was found."""
        for shown in run(hand, digit, stage, {}, slow=False):
            yield *shown, gr.Button(interactive=False)
        yield *shown, gr.Button(interactive=True)

    def run_slow(hand: ReadPicture | None, digit: int, stage: str, found: dict) -> Iterator[tuple]:
        yield from run(hand, digit, stage, found, slow=True)

    def stop(hand: ReadPicture | None, found: dict, digit: int) -> dict:
        return gallery(or_example(waking, hand), found, digit)

    tested, found = gr.State(""), gr.State({})
    html(
        "<div class='prologue'><h2>Can I trust it?</h2><p>A heat map always looks convincing. "
        "Here it is put to the test on one picture: whether it tells digits apart, whether the "
        "answer hangs on what it marks, whether it does better than chance, and what other "
        "methods say.</p></div>"
    )
    subject = html(elem_id="tested")

    with gr.Column(elem_classes="card station"):
        station_head(1, *HEADS[1 - 1])
        own = gr.Checkbox(label="Each on its own scale", elem_id="own-scales", container=False)
        maps = own_component(HERE / "six.html", {}, label="Six maps", elem_id="six")

    with gr.Column(elem_classes="card station"):
        station_head(2, *HEADS[2 - 1])
        with gr.Row(elem_classes="asks"):
            digit = gr.Radio(
                DIGIT_CHOICES, value=3, label="Why", elem_id="why", elem_classes="pills"
            )
            against = gr.Radio(
                DIGIT_CHOICES, value=2, label="and not", elem_id="why-not", elem_classes="pills"
            )
        with gr.Row(elem_classes="halves"):
            with gr.Column(scale=1, min_width=260):
                html("<h3>What tells them apart</h3>")
                between = own_component(
                    HERE / "between.html", {}, label="Difference", elem_id="between"
                )
            with gr.Column(scale=2, min_width=300):
                html("<h3>What the answer hangs on</h3>")
                covers = own_component(
                    HERE / "covering.html", {}, label="Covering", elem_id="covering"
                )

    with gr.Column(elem_classes="card station"):
        station_head(3, *HEADS[3 - 1])
        plots = html(elem_id="trust-curves")
        with gr.Row(elem_classes="knobs"):
            go = gr.Button("Let the network forget", variant="primary", elem_id="forget")
            end = gr.Button("Stop", visible=False)
        lost = own_component(HERE / "losing.html", {}, label="Checks", elem_id="losing")
        told = html(elem_id="cannot-tell")

    with gr.Column(elem_classes="card station"):
        station_head(4, *HEADS[4 - 1])
        with gr.Row(elem_classes="asks"):
            shown = gr.Radio(
                DIGIT_CHOICES, value=3, label="Digit", elem_id="method-digit", elem_classes="pills"
            )
            stage = gr.Radio(
                [(name[-1], name) for name in STAGES],
                value="conv3",
                label="Stage; the sharp map and those of pixels have none to choose",
                elem_id="method-stage",
                elem_classes="pills",
            )
        with gr.Row(elem_classes="knobs"):
            begin = gr.Button(
                "Run the slow ones, too", variant="primary", interactive=False, elem_id="slow"
            )
            halt = gr.Button("Stop", visible=False)
        methods = own_component(HERE / "gallery.html", {}, label="Methods", elem_id="methods")

    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    fast = {"concurrency_id": "trust", "concurrency_limit": 1, **quiet}
    latest = {"trigger_mode": "always_last"}
    asked = [hand, shown, stage]

    room.select(arrive, hand, tested, **fast)
    anew = [tested.change]
    stoppable(go, end, lose, [hand, found, shown], [lost], Lane("methods"), anew)
    other = [*anew, shown.input, stage.input]
    stoppable(begin, halt, run_slow, [*asked, found], [found, methods], Lane("methods"), other)
    halt.click(stop, [hand, found, shown], methods, **fast)
    end.click(stop_forgetting, [hand, lost], lost, **fast)
    introduced = tested.change(
        introduce,
        [hand, own],
        [subject, maps, digit, against, between, covers, shown, found, methods],
        **fast,
    )
    checked = introduced.success(check, hand, [plots, lost, told], **fast)
    shown_around = checked.success(run_fast, asked, [found, methods, begin], **fast)
    tested.change(None, cancels=[introduced, checked, shown_around], **quiet)  # of another picture
    own.input(six, [hand, own], maps, **fast, **latest)
    gr.on(
        [digit.input, against.input],
        compare,
        [hand, digit, against],
        [between, covers],
        **fast,
        **latest,
    )
    gr.on(
        [shown.input, stage.input],
        run_fast,
        asked,
        [found, methods, begin],
        **fast,
        **latest,
    )
