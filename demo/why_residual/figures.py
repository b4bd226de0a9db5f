"""The recorded experiments as figures of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from demo.kit.figures import figure, side_by_side
from demo.kit.words import count_word
from model.digits import DIGITS

if TYPE_CHECKING:
    from explain.experiments.gradient_flow import Flow
    from explain.experiments.identity import Opener

OPENED_BLOCKS = 12  # in a row, which start as the identity


def depth_figures(record: dict, *longer: dict) -> str:
    """Training and validation at the two ends of depth, and where all networks ended.

    Args:
        record: of `explain.experiments.depth`.
        longer: others, which only the table shows.
    """
    from explain.draw.charts.depth import depth_charts, depth_outcomes

    table = numbers_table(
        ("layers", "steps", "training, %", "validation, %"),
        (
            (
                f"{end.kind} {end.layers}",
                f"{end.steps:,}",
                over_seeds(end.training),
                over_seeds(end.validation),
            )
            for end in depth_outcomes(record, *longer)
        ),
    )
    charts = side_by_side(*([chart] for chart in depth_charts(record)))
    return (
        f'{charts}{table}<p class="quiet">In brackets: the number of '
        f"seeds. Guessing one of {count_word(DIGITS)} digits is right {100 / DIGITS:.0f} % of the "
        "time.</p>"
    )


def gradient_figure(flows: Sequence[Flow], span: Sequence[float] = ()) -> str:
    """The gradients of networks, layer by layer, and in numbers; see `gradient_chart`."""
    from explain.draw.charts.gradient_flow import flow_rows, gradient_chart

    head = "network", "last layer", "first layer", "first ÷ last", "loss"
    return figure(gradient_chart(flows, span)) + numbers_table(head, flow_rows(flows))


def numbers_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of numbers, which is scrolled where it is too wide."""

    def row(cells: Iterable[str], kind: str) -> str:
        return f"<tr>{''.join(f'<{kind}>{cell}</{kind}>' for cell in cells)}</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="The same in numbers">'
        f'<table class="numbers"><thead>{row(head, "th")}</thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def over_seeds(values: list[float]) -> str:
    """Accuracies in percent, and of how many seeds if there are several: 51.0–52.0 (2)."""
    from explain.draw.numbers import range_text

    return range_text(values) + (f" ({len(values)})" if len(values) > 1 else "")


def lesion_figures(record: dict) -> tuple[str, str, str]:
    """Main paths off, shortcuts off, and the twins with and without shortcuts."""
    from explain.draw.charts.blocks_off import lesion_chart, swaps_text, twins_charts

    mains = lesion_chart(record, "main_off", "residual", "Main path off")
    shortcuts = lesion_chart(record, "shortcut_off", "residual", "Shortcut off")
    swaps = swaps_text(record)
    return (
        figure(mains),
        figure(shortcuts) + (f"<p class='finding'>{swaps}</p>" if swaps else ""),
        side_by_side(*([chart] for chart in twins_charts(record))),
    )


def opening_figure(gamma: float) -> str:
    """What passes through blocks that start as the identity, when their main paths are opened.

    Args:
        gamma: the scale of each block's last BatchNorm.
    """
    from explain.draw.charts.identity import opening_chart

    return figure(opening_chart(gamma, opener().open(gamma)))


@cache
def opener() -> Opener:
    from explain.experiments.identity import Opener

    return Opener(OPENED_BLOCKS)
