"""Charts of training at the two ends of depth, and the numbers at which all networks ended."""

from dataclasses import dataclass

from explain.draw.charts.chart import Axis, Chart, Line, line_chart, share_axis
from explain.experiments.depth import BLOCKS, last

KINDS = ("plain", "residual")


@dataclass(frozen=True)
class Outcome:
    """Where networks of one kind and depth ended.

    Attributes:
        kind: `residual` or `plain`.
        layers: their depth.
        steps: of training.
        training: accuracy on training pictures, 0..1, of each seed.
        validation: accuracy on validation pictures, 0..1, of each seed.
    """

    kind: str
    layers: int
    steps: int
    training: list[float]
    validation: list[float]


def depth_charts(record: dict) -> list[Chart]:
    """Training and validation of the shallowest and the deepest networks of each kind.

    Args:
        record: of `explain.experiments.depth`.
    """
    depths = sorted({run["layers"] for run in record["runs"]})
    dashes = {depths[0]: "dashed", depths[-1]: "solid"}
    first = min(run["seed"] for run in record["runs"])
    made = []
    for key, words in (("accuracy", "training"), ("validation", "validation")):
        for kind in KINDS:
            lines = [
                Line(f"{run['layers']} layers", run[key], kind, dashes[run["layers"]], run["step"])
                for run in record["runs"]
                if run["kind"] == kind and run["seed"] == first and run["layers"] in dashes
            ]
            x = Axis("step", 0, record["steps"])
            y = share_axis(f"accuracy in {words}")
            svg = line_chart(f"{kind} networks, {words}", x, y, lines)
            made.append(Chart(svg, lines, title=f"{kind}, {words}"))
    return made


def depth_outcomes(*records: dict) -> list[Outcome]:
    """Where every kind and depth ended, in each of the records that has it."""
    return [
        Outcome(
            kind,
            layers,
            record["steps"],
            training,
            last(record, kind, layers, "validation"),
        )
        for kind in KINDS
        for layers in BLOCKS
        for record in records
        if (training := last(record, kind, layers, "accuracy"))
    ]
