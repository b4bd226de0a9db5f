"""The experiments' results as plots with a legend and a sentence: HTML for the page."""

from collections.abc import Sequence
from math import floor, log10

import numpy as np

from explain.checks.faithfulness import Curves, mean_curves
from explain.draw.curves import (
    Axis,
    Curve,
    blocks_svg,
    contour_svg,
    curves_svg,
    legend,
    log_axis,
    power_text,
    surface_svg,
)
from explain.experiments.blocks_off import can_drop
from explain.experiments.depth import BLOCKS, last
from explain.experiments.gradient_flow import VARIANTS, Flow, Variant
from explain.experiments.identity import Opening, Progress


def kind_of(variant: Variant) -> str:
    """Colour for shortcuts or none, dashes for what is missing."""
    line = "" if variant.batch_norm else " dotted" if variant.glorot else " dashed"
    return ("residual" if variant.shortcuts else "plain") + line


def figure(svg: str, curves: Sequence[Curve] = (), finding: str = "") -> str:
    """A plot, its legend, and what it comes to in a sentence."""
    words = f'<p class="finding">{finding}</p>' if finding else ""
    return f'<figure class="plot">{svg}{legend(curves) if curves else ""}{words}</figure>'


def ratio_text(ratio: float) -> str:
    """A ratio as one reads it: 1,200, 3.4, 0.8, 1/40, 2·10⁻¹⁰."""
    if ratio >= 10:
        return f"{ratio:,.0f}"
    if 0 < ratio < 1e-5:
        return size_text(ratio)
    return f"{ratio:.1f}" if ratio > 0.6 else f"1/{1 / ratio:,.0f}"


def size_text(value: float) -> str:
    """A size as one reads it: 5,200, 0.12, 2·10⁻¹⁰."""
    if value == 0 or 0.001 <= value < 100_000:
        return f"{float(f'{value:.2g}'):,g}"
    exponent = floor(log10(value))
    return f"{value / 10**exponent:.0f}·{power_text(exponent)}"


def gradient_plot(flows: Sequence[Flow], span: Sequence[float] = ()) -> str:
    """The norm of the gradient, layer by layer.

    Args:
        flows: a network each.
        span: other values that the vertical axis should reach to.
    """
    curves = [Curve(flow.variant.name, flow.norms, kind_of(flow.variant)) for flow in flows]
    layers = max((len(flow.norms) for flow in flows), default=50)
    y = log_axis("norm of the gradient", [*span, *(v for c in curves for v in c.y)])
    ticks = tuple(range(10, layers + 1, 10)) if layers >= 20 else tuple(range(1, layers + 1, 2))
    x = Axis("layer, from the first to the last", 1, layers, ticks=ticks)
    told = [
        f"{flow.variant.name} from {size_text(flow.norms[-1])} to {size_text(flow.norms[0])}, "
        f"{ratio_text(flow.norms[0] / flow.norms[-1])} times"
        for flow in flows
        if flow.norms[-1] and np.isfinite(flow.norms[0] / flow.norms[-1])
    ]
    finding = f"From the last layer to the first: {'; '.join(told)}."
    label = "Norm of the gradient by layer: " + ", ".join(told)
    return figure(curves_svg(label, x, y, curves), curves, finding if told else "")


def recorded_flows(record: dict, index: int, older: bool) -> list[Flow]:
    """The flows of a record at one of its steps; `older` adds the start of before 2015."""
    return [
        Flow(
            variant,
            record["variants"][variant.name]["loss"][index],
            np.array(record["variants"][variant.name]["norms"][index], float),
        )
        for variant in VARIANTS
        if older or not variant.glorot
    ]


def recorded_gradient_plot(record: dict, index: int, older: bool = False) -> str:
    """A recorded run of `gradient_flow` at one of its steps, on an axis that fits all steps."""
    steps = range(len(record["steps"]))
    span = [v for i in steps for flow in recorded_flows(record, i, older) for v in flow.norms]
    flows = recorded_flows(record, index, older)
    losses = ", ".join(f"{flow.variant.name} {flow.loss:.3g}" for flow in flows)
    words = f'<p class="quiet">Loss on the same pictures: {losses} (guessing: 1.79).</p>'
    return gradient_plot(flows, span) + words


def shattering_plot(record: dict) -> str:
    """How alike the gradients of two pictures are, by how far they are from each other."""
    shown = [variant for variant in VARIANTS if not variant.glorot]
    distances = [2.0 ** round(np.log2(at)) for at in record["distances"]]  # were rounded
    curves = [
        Curve(v.name, record["variants"][v.name]["correlation"], kind_of(v), distances)
        for v in shown
    ]
    ticks = (2**-16, 2**-12, 2**-8, 2**-4, 1)
    x = Axis("share of the way to another picture", distances[0], 1, True, ticks)
    reach = {
        curve.name: next((at for at, y in zip(curve.x, curve.y, strict=True) if y < 0.5), 1.0)
        for curve in curves
    }
    finding = (
        "The gradients of two pictures are less than half alike from this share of the way on: "
        + ", ".join(f"{name} {ratio_text(at)}" for name, at in reach.items())
        + "."
    )
    svg = curves_svg("Correlation of gradients", x, Axis("correlation", 0, 1), curves)
    return figure(svg, curves, finding)


def depth_plots(record: dict, *longer: dict) -> str:
    """Curves of training and validation at the two ends of depth, and where all came out.

    Args:
        record: of `explain.experiments.depth`.
        longer: others, which only the table shows.
    """
    depths = sorted({run["layers"] for run in record["runs"]})
    ends = {depths[0]: " dashed", depths[-1]: ""}
    first = min(run["seed"] for run in record["runs"])
    made = []
    for key, words in (("accuracy", "training"), ("validation", "validation")):
        for kind in ("plain", "residual"):
            curves = [
                Curve(f"{run['layers']} layers", run[key], kind + ends[run["layers"]], run["step"])
                for run in record["runs"]
                if run["kind"] == kind and run["seed"] == first and run["layers"] in ends
            ]
            x = Axis("step", 0, record["steps"])
            y = Axis(f"accuracy in {words}", 0, 1)
            svg = curves_svg(f"{kind} networks, {words}", x, y, curves)
            made.append(f"<div><h3>{kind}, {words}</h3>{figure(svg, curves)}</div>")
    rows = "".join(
        f"<tr><td>{kind} {layers}</td><td>{each['steps']:,}</td>"
        + "".join(
            f"<td>{over_seeds(last(each, kind, layers, key))}</td>"
            for key in ("accuracy", "validation")
        )
        + "</tr>"
        for kind in ("plain", "residual")
        for layers in BLOCKS
        for each in (record, *longer)
        if last(each, kind, layers, "accuracy")
    )
    head = "<tr><th>layers</th><th>steps</th><th>training, %</th><th>validation, %</th></tr>"
    table = f'<table class="numbers"><thead>{head}</thead><tbody>{rows}</tbody></table>'
    note = "In brackets, over how many seeds. Guessing one of six digits is right 17 % of the time."
    return (
        f'<div class="pair">{"".join(made)}</div><div class="scroll">{table}</div>'
        f'<p class="quiet">{note}</p>'
    )


def spread(values: Sequence[float]) -> str:
    """Accuracies in percent: one, or the lowest and the highest."""
    low, high = 100 * min(values), 100 * max(values)
    return f"{low:.1f}" if len(values) == 1 else f"{low:.1f}–{high:.1f}"


def over_seeds(values: Sequence[float]) -> str:
    """The same, and of how many seeds if there are several: 51.0–52.0 (2)."""
    return spread(values) + (f" ({len(values)})" if len(values) > 1 else "")


def lesion_plot(record: dict, key: str, kind: str, title: str) -> str:
    """The accuracy of the shipped network with one path of each block closed in turn.

    Args:
        record: of `explain.experiments.blocks_off`.
        key: `main_off` or `shortcut_off`.
        kind: `residual` or `plain`, which decides the colour.
        title: what is closed.
    """
    whole, found = record["shipped"]["intact"], record["shipped"][key]
    label, y = f"{title}: accuracy by block", Axis("accuracy", 0, 1)
    svg = blocks_svg(label, y, list(found), list(found.values()), line=whole, kind=kind)
    worst = min(found, key=found.get)
    middle = 100 * float(np.median(list(found.values())))
    finding = (
        f"{title}: from {100 * whole:.1f} % (dashed) to {100 * found[worst]:.1f} % at worst, "
        f"{worst}; {middle:.1f} % in the middle. {record['pictures']} photographs."
    )
    return figure(svg, (), finding)


def twins_plots(record: dict) -> list[str]:
    """The accuracy of plain and residual networks of the same layers without each block in turn.

    Returns:
        A plot of each kind that was recorded, the mean over seeds and the range.
    """
    made = []
    for kind in ("plain", "residual"):
        twins = [twin for twin in record["twins"] if twin["kind"] == kind]
        if not twins:
            continue
        names = twins[0]["blocks"]
        each = [[twin["main_off"][name] for twin in twins] for name in twins[0]["droppable"]]
        found = dict(zip(twins[0]["droppable"], each, strict=True))
        whole = [twin["intact"] for twin in twins]
        bars = [float(np.mean(found[name])) if name in found else None for name in names]
        whiskers = [
            (min(found[name]), max(found[name])) if name in found else None for name in names
        ]
        title = f"{kind}, {twins[0]['layers']} layers"
        svg = blocks_svg(
            f"{title}: accuracy without each block", Axis("accuracy", 0, 1), names, bars, whiskers,
            float(np.mean(whole)), kind,
        )  # fmt: skip
        finding = (
            f"Whole {spread(whole)} % (dashed), without one block {spread(np.ravel(each))} %: "
            f"{record['pictures']} photographs, {len(twins)} seeds."
        )
        made.append(f"<div><h3>{title}</h3>{figure(svg, (), finding)}</div>")
    return made


def swaps_text(record: dict) -> str:
    """What swapping two blocks of a stage does to the accuracy, in a sentence."""
    swaps = record["shipped"]["swapped"].values()
    if not swaps:
        return ""
    return (
        f"<p class='finding'>Two blocks of a stage swapped, {len(swaps)} pairs: accuracy "
        f"{100 * min(swaps):.1f} to {100 * max(swaps):.1f} %.</p>"
    )


def singles_plot(names: Sequence[str], digit: str, whole: float, each: Sequence[float]) -> str:
    """The probability of a digit with each block off on its own."""
    low = min(zip(each, names, strict=True))
    finding = (
        f"Whole: {100 * whole:.1f} % for {digit} (dashed). Without {low[1]} alone it is "
        f"{100 * low[0]:.1f} %, the least."
    )
    y = Axis(f"probability of {digit}", 0, 1)
    return figure(blocks_svg("Each block off alone", y, names, each, line=whole), (), finding)


def ratios_plot(blocks: Sequence, ratios: np.ndarray, recorded: Sequence | None) -> str:
    """The norm of each main path over that of its shortcut.

    Args:
        blocks: of `Switchboard.blocks`.
        ratios: float32 [blocks], of a picture.
        recorded: a low, a middle and a high value for each block, over the test pictures.
    """
    names = [block.name for block in blocks]
    whiskers = [(low, high) for low, _, high in recorded] if recorded else None
    most = max([1.0, *ratios, *(high for _, high in whiskers or ())])
    small = sum(r < 0.5 for b, r in zip(blocks, ratios, strict=True) if can_drop(b))
    top = int(np.argmax(ratios))
    finding = (
        f"In this picture {small} of the {sum(map(can_drop, blocks))} identity blocks add less "
        f"than half of what they are given; {names[top]} adds most, {ratios[top]:.1f} times it."
    )
    if whiskers:
        finding += " A thin line spans the middle 80 % of the test pictures."
    y = Axis("main path / shortcut", 0, float(np.ceil(most * 2) / 2))
    return figure(blocks_svg("Ratio of norms by block", y, names, ratios, whiskers), (), finding)


def identity_plot(progress: Sequence[Progress], steps: int) -> str:
    """How far residual and plain blocks are from the identity, step by step."""
    x = [p.step for p in progress]
    curves = [
        Curve("residual blocks", [p.residual for p in progress], "residual", x),
        Curve("plain blocks", [p.plain for p in progress], "plain", x),
    ]
    high = max([1.5, *(v for curve in curves for v in curve.y)])
    y = Axis("distance from the identity", 0, float(np.ceil(2 * high) / 2))
    finding = ""
    if progress:
        now = progress[-1]
        finding = f"Step {now.step}: residual {now.residual:.2f}, plain {now.plain:.2f}."
    svg = curves_svg("Distance from the identity", Axis("step", 0, steps), y, curves)
    return figure(svg, curves, finding)


def opening_plot(gamma: float, opening: Opening) -> str:
    """What passes through a stack of identity blocks whose last scale is `gamma`."""
    n = len(opening.ratios)
    curves = [
        Curve("main path / shortcut in each block", opening.ratios, "residual"),
        Curve("how far the signal is from what went in", opening.distances, "residual dashed"),
    ]
    x = Axis("block", 1, n, ticks=tuple(range(1, n + 1)))
    svg = curves_svg("Opening the blocks", x, Axis("ratio", 0, 4.5), curves, dots=True)
    exact = " Output and input are equal, to the last bit." if not opening.distances.any() else ""
    return figure(
        svg,
        curves,
        f"Scale {gamma:g}: after {n} blocks the signal has moved by {opening.distances[-1]:.2f} of "
        f"its own length.{exact}",
    )


def landscape_plots(records: Sequence[dict], turn: float) -> str:
    """A contour and a surface of each recorded network."""
    made = []
    for record in records:
        loss = np.array(record["loss"], float)
        title = f"{record['kind']}, {record['layers']} layers"
        words = f"Loss around the network, {title}"
        middle = loss[len(loss) // 2, len(loss) // 2]
        finding = (
            f"The loss is {middle:.2g} in the middle and {np.nanmax(loss):.3g} at most; height "
            "and colour are on a logarithmic scale."
        )
        made.append(
            f"<div><h3>{title}</h3>{figure(surface_svg(words, loss, turn))}"
            f"{figure(contour_svg(words, loss), (), finding)}</div>"
        )
    return f'<div class="pair">{"".join(made)}</div>'


def trust_plots(word: str, own: Curves, random: Sequence[Curves]) -> str:
    """What happens as a map's hottest places are blurred, or alone are shown; random ones beside.

    Args:
        word: the digit, whose probability is followed.
        own: of the map.
        random: of random maps; their mean is drawn.
    """
    mean, y = mean_curves(random), Axis(f"probability of {word}", 0, 1)
    made = []
    for title, measured, better, what in (
        ("Deletion", "blurred", "lower", "deletion"),
        ("Insertion", "not blurred", "higher", "insertion"),
    ):
        areas = [getattr(each, f"{what}_area") for each in (own, mean)]
        names = "the sharp map", f"{len(random)} random maps, on average"
        curves = [
            Curve(f"{name}: area {area:.2f}", getattr(each, what), kind, each.shares)
            for name, area, each, kind in zip(
                names, areas, (own, mean), ("residual", "plain dashed"), strict=True
            )
        ]
        svg = curves_svg(
            title, Axis(f"share of pixels {measured}, the hottest first", 0, 1), y, curves
        )
        finding = f"The {better}, the better: {areas[0]:.2f} against {areas[1]:.2f}."
        made.append(f"<div><h3>{title}</h3>{figure(svg, curves, finding)}</div>")
    return f'<div class="pair">{"".join(made)}</div>'


def not_recorded(command: str) -> str:
    """What to say where a long run has not been made yet."""
    return (
        '<p class="missing">Not recorded yet. It is measured, never made up, so there is nothing '
        f"to show until somebody has run <code>{command}</code>.</p>"
    )
