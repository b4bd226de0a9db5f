"""What the tab shows of the recorded scores, one method per event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from demo.kit.figures import figure, side_by_side


@dataclass(frozen=True)
class Chosen:
    """The matrix and the reliability of the collection that was chosen."""

    confusion: dict
    worst: str
    reliability: str
    likeness: dict


@dataclass(frozen=True)
class Recorded(Chosen):
    """All that was recorded."""

    accuracies: dict
    collection: Any
    training: str
    strangers: dict
    nothing: dict
    others: dict


class Scores:
    """The handlers of the tab; none of them needs the network."""

    def arrive(self, collection: str | None = None) -> Recorded:
        """All that was recorded; the collection that was chosen stays."""
        from demo.scores.tables import ALL, counted, forest, matrices, results
        from explain.draw.charts.scores import training_charts
        from model.scoring.tables import percent, rejected

        found = results()
        shown = collection if collection in matrices() else ALL
        nothing = {name: counted(*count) for name, count in rejected(found).items()}
        whole = found.scores[ALL]
        refused = (
            "Right means that the most probable digit is the true one. The page sees no "
            f"hand in {percent(whole['hands_rejected'])} of these pictures; if each of them counts "
            f"as wrong, {percent(whole['shown'])} are right."
        )
        strangers = {
            f"{name}, after {run['settings']['steps']:,} steps": score
            for run in found.left_out
            for name, score in run["left_out"].items()
        }
        others = {}
        for name, ways in found.recipe["scores"].items():
            if name in found.scores:
                others[f"{name}: this network"] = found.scores[name]
                others |= {f"{name}: the original, {way}": theirs for way, theirs in ways.items()}
        return Recorded(
            **vars(self.choose(shown)),
            accuracies=forest("collection", "Hands read right", found.scores, note=refused),
            collection=gr.update(choices=list(matrices()), value=shown),
            training=side_by_side(*([chart] for chart in training_charts(found.history))),
            strangers=forest("never trained on", "Hands of strangers read right", strangers),
            nothing=forest(
                "without a hand", "Pictures without a hand that are rejected", nothing, "rejected"
            ),
            others=forest("network", "This network and the original", others),
        )

    def choose(self, name: str) -> Chosen:
        from demo.scores.tables import confusion, matrices, worst_pair
        from explain.draw.charts.scores import reliability_chart

        score = matrices()[name]
        pair = f"<p>{worst_pair(score)}</p>"
        return Chosen(confusion(score), pair, figure(reliability_chart(score)), {})

    def open_cell(self, chosen: list[int]) -> dict:
        from demo.scores.tables import likeness

        digit, read = chosen
        return likeness(digit, read)
