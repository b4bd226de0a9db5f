"""Charts of gradients: their norm by layer, and how alike those of two pictures are."""

from collections.abc import Sequence

import numpy as np

from explain.draw.charts.chart import Axis, Chart, Line, Values, line_chart, log_axis
from explain.draw.numbers import change_text, number_text, ratio_text, size_text
from explain.experiments.gradient_flow import VARIANTS, Flow, Variant


def line_of(variant: Variant, y: Values, x: Values | None = None) -> Line:
    """Coloured by whether there are shortcuts, dashed by what is missing."""
    dash = "solid" if variant.batch_norm else "dotted" if variant.glorot else "dashed"
    return Line(variant.name, y, "residual" if variant.shortcuts else "plain", dash, x)


def gradient_chart(flows: Sequence[Flow], span: Sequence[float] = ()) -> Chart:
    """The norm of the gradient, layer by layer.

    Args:
        flows: a network each.
        span: other values that the vertical axis should reach to.
    """
    lines = [line_of(flow.variant, flow.norms) for flow in flows]
    layers = max(len(flow.norms) for flow in flows)
    y = log_axis("norm of the gradient", [*span, *(v for line in lines for v in line.y)])
    ticks = tuple(range(10, layers + 1, 10)) if layers >= 20 else tuple(range(1, layers + 1, 2))
    x = Axis("layer, from the first to the last", 1, layers, ticks=ticks)
    told = [
        f"{flow.variant.name} from {size_text(flow.norms[-1])} to {size_text(flow.norms[0])}, "
        f"{change_text(ratio)}"
        for flow in flows
        if (ratio := change_of(flow)) is not None
    ]
    label = "Norm of the gradient by layer: " + ", ".join(told)
    return Chart(line_chart(label, x, y, lines), lines)


def change_of(flow: Flow) -> float | None:
    """The norm at the first layer over that at the last; None if that is no number."""
    ratio = flow.norms[0] / flow.norms[-1] if flow.norms[-1] else np.inf
    return float(ratio) if np.isfinite(ratio) else None


def flow_rows(flows: Sequence[Flow]) -> list[tuple[str, str, str, str, str]]:
    """Of each network its name, the norm at the last and the first layer, their ratio, the loss."""
    return [
        (
            flow.variant.name,
            size_text(flow.norms[-1]),
            size_text(flow.norms[0]),
            "–" if (ratio := change_of(flow)) is None else ratio_text(ratio),
            number_text(flow.loss),
        )
        for flow in flows
    ]


def recorded_flows(record: dict, index: int, older: bool) -> list[Flow]:
    """The flows of a record at one of its steps; `older` adds the initialisation of before 2015."""
    return [
        Flow(
            variant,
            record["variants"][variant.name]["loss"][index],
            np.array(record["variants"][variant.name]["norms"][index], float),
        )
        for variant in VARIANTS
        if older or not variant.glorot
    ]


def recorded_span(record: dict, older: bool = False) -> list[float]:
    """The recorded gradients at all steps, for an axis that fits them."""
    steps = range(len(record["steps"]))
    return [v for i in steps for flow in recorded_flows(record, i, older) for v in flow.norms]


def shattering_chart(record: dict) -> Chart:
    """How alike the gradients of two pictures are, by how far they are from each other."""
    distances = [2.0 ** round(np.log2(at)) for at in record["distances"]]  # were rounded
    found = {
        variant: record["variants"][variant.name]["correlation"]
        for variant in VARIANTS
        if not variant.glorot
    }
    lines = [line_of(variant, values, distances) for variant, values in found.items()]
    ticks = (2**-16, 2**-12, 2**-8, 2**-4, 1)
    x = Axis("share of the way to another picture", distances[0], 1, True, ticks)
    reach = {
        variant.name: next((at for at, y in zip(distances, values, strict=True) if y < 0.5), None)
        for variant, values in found.items()
    }
    finding = (
        "One picture is blended into another. The correlation of their gradients falls below 0.5 "
        "at this share of the way: "
        + ", ".join(f"{name} {ratio_text(at) if at else 'never'}" for name, at in reach.items())
        + "."
    )
    y = Axis("correlation", -0.1, 1, ticks=(0, 0.2, 0.4, 0.6, 0.8, 1))
    svg = line_chart("Correlation of gradients", x, y, lines)
    return Chart(svg, lines, finding)
