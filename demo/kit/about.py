"""The foot of the page: what this is, how good, what it keeps, and under which licence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from demo.kit.components import KIT, TemplateValue, as_json
from demo.kit.network import Network
from model.records import ALL, load_record, model_card

VERSION = "0.1.0"


@dataclass(frozen=True)
class About(TemplateValue):
    """Facts about what answers.

    Attributes:
        version: of the project.
        weights: the first digits of their digest; empty until the network is awake.
        accuracy: how many test hands it reads right, in a sentence.
    """

    version: str = VERSION
    weights: str = ""
    accuracy: str = ""


def about(network: Network) -> About:
    """What is known of a network that is awake."""
    return About(weights=network.digest[:8], accuracy=accuracy_line(network.shipped))


def accuracy_line(shipped: bool) -> str:
    """The recorded accuracy, in a sentence; other weights than the shipped ones have none."""
    record = load_record("training")
    if not (shipped and record):
        return "These are not the shipped weights, so the recorded scores do not hold for them."
    score = record["scores"][ALL]
    low, high = (f"{100 * end:.1f}" for end in score["interval"])
    return (
        f"It reads {100 * score['accuracy']:.1f} % of {score['pictures']:,} test hands right "
        f"(95 % interval {low} to {high} %), or {100 * score['shown']:.1f} % if hands that it "
        "fails to see count as wrong. Hands unlike those it was trained on are read less well."
    )


def readable_card() -> str:
    """The model card without what leads out of the page: marks of tables, pictures, links to files.

    Web addresses stay links.
    """
    text = re.sub(r"<!--.*?-->\n?|!\[.*?\]\(.*?\)\n?", "", model_card(), flags=re.S)
    text = re.sub(r"\s\(\[[^\]]+\]\((?!https?:)[^)]*\)\)", "", text)  # such as "(how)"
    return as_json(re.sub(r"(?<!!)\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", text))


def readable_lesson() -> str:
    """The lesson for a class, its links within the page, without how to start it.

    Answers are folded, so that it can be projected or handed out.
    """
    text = (KIT / "lesson.md").read_text("utf-8").replace("http://127.0.0.1:7860/#", "#")
    text = re.sub(r"^Start the page.*?\n\n", "", text, flags=re.S | re.M)
    text = re.sub(
        r"^At the foot of the page.*?\n\n",
        "<p class='unprinted'>Print this page for a sheet to hand out: it has the questions, and "
        "those answers that you have unfolded.</p>\n\n",
        text,
        flags=re.S | re.M,
    )
    folded = r"  <details><summary>Answer</summary>\n\n  \1\n\n  </details>"
    return re.sub(r"^- \*Answer\.\* (.*?)(?=\n\n|\n- )", folded, text, flags=re.S | re.M)
