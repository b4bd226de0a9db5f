"""What the tab is laid out of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from demo.kit.components import html, own_component, station_head
from demo.kit.glossary import term
from model.records import ALL

HERE = Path(__file__).parent
PROLOGUE = (
    "<div class='prologue'><h2>Scores</h2><p>How well the network reads pictures that were kept "
    "out of its training, and how it learned to. Scripts measured every number and recorded it "
    "with the weights; the model card at the foot of the page says how the pictures were "
    "collected and split.</p></div>"
)


@dataclass(frozen=True)
class ScoresPage:
    """The components of the tab."""

    accuracies: gr.HTML
    collection: gr.Dropdown
    confusion: gr.HTML
    worst: gr.HTML
    likeness: gr.HTML
    reliability: gr.HTML
    training: gr.HTML
    strangers: gr.HTML
    nothing: gr.HTML
    others: gr.HTML


def forest_table(label: str, elem_id: str) -> gr.HTML:
    return own_component(HERE / "accuracies.html", {}, label=label, elem_id=elem_id)


def layout() -> ScoresPage:
    """Put the components on the page."""
    html(PROLOGUE)
    with gr.Column(elem_classes="card station"):
        station_head(
            1, "How often is it right?",
            "Every picture is read as on this page: the network first looks for the hand. The 95 % "
            "interval says how far chance in the choice of hands could move the score, for hands "
            "like these. Hands that are read both cut out and in whole frames count twice in the "
            "total, so its interval is too narrow.",
        )  # fmt: skip
        accuracies = forest_table("Accuracies", "accuracies")
    with gr.Column(elem_classes="card station"):
        station_head(
            2, "What does it get wrong, and does it know?",
            "Which digits it confuses, and whether the probabilities it states can be believed.",
        )  # fmt: skip
        with gr.Row(elem_classes="knobs"):
            collection = gr.Dropdown([ALL], value=ALL, label="Hands of", elem_id="scored")
        with gr.Row(elem_classes="halves"):
            with gr.Column(min_width=300):
                html("<h3>Confusion matrix</h3><p class='quiet'>Rows: what the hand shows. "
                     "Columns: what was read, or would have been where no hand was seen. Press a "
                     "number to see rendered hands that "
                     "are read that way.</p>")  # fmt: skip
                confusion = own_component(
                    HERE / "confusion.html", {}, label="Confusion matrix", elem_id="confusion"
                )
                worst = html(elem_id="worst")
                likeness = own_component(
                    HERE / "likeness.html", {}, label="Such hands", elem_id="likeness"
                )
            with gr.Column(min_width=300):
                html(f"<h3>Reliability diagram</h3><p class='quiet'>Its {term('calibration')}: of "
                     "the answers it is 80 % sure of, 80 % should be right.</p>")  # fmt: skip
                reliability = html(elem_id="reliability")
    with gr.Column(elem_classes="card station"):
        station_head(
            3, "How does it read strangers' hands?",
            "This is the best estimate for your own hand. Each row is a network that was trained "
            "without one collection and then read all of it. Their training was far shorter, and "
            "they read with an earlier version of the search for the hand. One setting of that "
            "search was chosen on some of these pictures (hands), so the rows for hands are "
            "slightly flattered.",
        )  # fmt: skip
        strangers = forest_table("Strangers", "strangers")
    with gr.Column(elem_classes="card station"):
        station_head(
            4, "And when there is no hand?",
            "The share of pictures without a hand that are rejected. The threshold favours hands: "
            "it is worse to reject one than to give a chair a digit.",
        )  # fmt: skip
        nothing = forest_table("Without a hand", "nothing")
    with gr.Column(elem_classes="card station"):
        station_head(
            5, "How did it learn?",
            "The network began with random weights and was trained in five parts. The loss jumps "
            "where a part brings harder pictures; before two of the jumps the learning rate had "
            "fallen to zero. In the last two parts, the validation mean includes two further, "
            "harder collections.",
        )  # fmt: skip
        training = html(elem_id="training")
    with gr.Column(elem_classes="card station"):
        station_head(
            6, "Compared with the recipe it grew from",
            "This project grew out of a ResNet-50 recipe: ten epochs on one collection, SIGNS, so "
            "all others were new to it. It was trained here and reads each of "
            "the same pictures in a single pass: once with the mean and variance that its "
            "BatchNorm takes from each batch, once with the moving averages that it stored in "
            "training.",
        )  # fmt: skip
        others = forest_table("Beside the first recipe", "beside-others")
    return ScoresPage(
        accuracies, collection, confusion, worst, likeness, reliability, training, strangers,
        nothing, others,
    )  # fmt: skip
