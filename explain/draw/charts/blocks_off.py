"""Charts of networks with blocks switched off, and of how much each block does."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from explain.draw.charts.chart import Axis, Chart, bar_chart, share_axis
from explain.draw.numbers import range_text
from explain.experiments.switchboard import can_drop
from explain.network.architecture import BlockSummary


def lesion_chart(record: dict, key: str, network: str, title: str) -> Chart:
    """The accuracy of the shipped network with one path of each block closed in turn.

    Args:
        record: of `explain.experiments.blocks_off`.
        key: `main_off` or `shortcut_off`.
        network: `residual` or `plain`, which decides the colour.
        title: what is closed.
    """
    whole, found = record["shipped"]["intact"], record["shipped"][key]
    label, y = f"{title}: accuracy by block", share_axis("accuracy")
    svg = bar_chart(label, y, list(found), list(found.values()), level=whole, network=network)
    worst = min(found, key=found.get)
    middle = 100 * float(np.median(list(found.values())))
    finding = (
        f"{title}: from {100 * whole:.1f} % (dashed) to {100 * found[worst]:.1f} % at worst, "
        f"{worst}; median {middle:.1f} %. {record['shipped']['pictures']} test hands, cut to their "
        "boxes."
    )
    return Chart(svg, finding=finding)


def twins_charts(record: dict) -> list[Chart]:
    """The accuracy of plain and residual networks of the same layers without each block in turn.

    Returns:
        A chart of each kind that was recorded: the mean over seeds and the range.
    """
    made = []
    for kind in ("plain", "residual"):
        twins = [twin for twin in record["twins"] if twin["kind"] == kind]
        if not twins:
            continue
        names = twins[0]["blocks"]
        found = {name: [twin["main_off"][name] for twin in twins] for name in twins[0]["droppable"]}
        whole = [twin["intact"] for twin in twins]
        bars = [float(np.mean(found[name])) if name in found else None for name in names]
        whiskers = [
            (min(found[name]), max(found[name])) if name in found else None for name in names
        ]
        title = f"{kind}, {twins[0]['layers']} layers"
        label, y = f"{title}: accuracy without each block", share_axis("accuracy")
        svg = bar_chart(label, y, names, bars, whiskers, float(np.mean(whole)), kind)
        finding = (
            f"Whole {range_text(whole)} % (dashed), without one block "
            f"{range_text([*chain(*found.values())])} %: {twins[0]['pictures']} test hands, cut to "
            f"their boxes, {len(twins)} seeds."
        )
        made.append(Chart(svg, finding=finding, title=title))
    return made


def swaps_text(record: dict) -> str:
    """What swapping two blocks of a stage does to the accuracy, in a sentence."""
    swaps = record["shipped"]["swapped"].values()
    if not swaps:
        return ""
    return (
        f"Two blocks of a stage swapped, {len(swaps)} pairs: accuracy "
        f"{100 * min(swaps):.1f} to {100 * max(swaps):.1f} %."
    )


def singles_chart(
    names: Sequence[str], digit: str, whole: float, each: Sequence[float], kept: int
) -> Chart:
    """The probability of a digit with each block off on its own.

    Args:
        names: of the blocks.
        digit: the word for it.
        whole: its probability with all blocks on, 0..1.
        each: its probability without each of the blocks.
        kept: number of the blocks without which it is still the most probable.
    """
    least, name = min(zip(each, names, strict=True))
    finding = (
        f"Whole: {100 * whole:.1f} % for {digit} (dashed). Off one at a time, {kept} of "
        f"{len(names)} leave the answer as it is; without {name} the probability is lowest, "
        f"{100 * least:.1f} %."
    )
    y = share_axis(f"probability of {digit}")
    svg = bar_chart("Each block off alone", y, names, each, level=whole)
    return Chart(svg, finding=finding)


def ratios_chart(
    blocks: Sequence[BlockSummary], ratios: np.ndarray, recorded: Sequence | None
) -> Chart:
    """The norm of each main path over that of its shortcut.

    Args:
        blocks: those of a `Switchboard`.
        ratios: float32 [blocks], of a picture.
        recorded: a low, a middle and a high value for each block, over the test pictures.
    """
    names = [block.name for block in blocks]
    whiskers = [(low, high) for low, _, high in recorded or ()]
    most = max([1.0, *ratios, *(high for _, high in whiskers)])
    kept = [(b, r) for b, r in zip(blocks, ratios, strict=True) if can_drop(b)]
    small = [r < 0.5 for _, r in kept]
    stages = dict.fromkeys(block.name.split("_")[0] for block, _ in kept)
    parts = []
    for stage in stages:
        inside = [
            each for (b, _), each in zip(kept, small, strict=True) if b.name.startswith(stage)
        ]
        parts.append(f"{sum(inside)} of {len(inside)} in {stage}")
    most_added, top = max((ratio, block.name) for block, ratio in kept)
    finding = (
        f"In this picture {sum(small)} of the {len(kept)} identity blocks add less than half of "
        f"their input: {', '.join(parts)}. {top} adds most, {most_added:.1f} times its "
        "input."
    )
    if whiskers:
        finding += " A thin line spans the middle 80 % of the test pictures."
    y = Axis("main path / shortcut", 0, float(np.ceil(most * 2) / 2))
    svg = bar_chart("Ratio of norms by block", y, names, ratios, whiskers)
    return Chart(svg, finding=finding)
