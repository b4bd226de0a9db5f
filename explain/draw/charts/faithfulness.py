"""Charts of deletion and insertion."""

from collections.abc import Sequence

from explain.checks.faithfulness import Curves, mean_curves
from explain.draw.charts.chart import Chart, Line, line_chart, share_axis

WORTH_A_WORD = 0.3  # a probability that surprises in a picture that is blurred all over


def faithfulness_charts(
    word: str, own: Curves, random: Sequence[Curves], name: str = "the sharp map"
) -> list[Chart]:
    """What happens as a map's hottest places are blurred, or shown alone; random maps beside.

    Args:
        word: the digit, whose probability is followed.
        own: of the map.
        random: of random maps; their mean is drawn.
        name: of the map.
    """
    mean, y = mean_curves(random), share_axis(f"probability of {word}")
    made = []
    for title, measured, better in (
        ("Deletion", "blurred", "lower"),
        ("Insertion", "not blurred", "higher"),
    ):
        what = title.lower()
        areas = [getattr(each, f"{what}_area") for each in (own, mean)]
        lines = [
            Line(f"{label}: area {area:.2f}", getattr(each, what), network, dash, each.shares)
            for label, area, each, network, dash in (
                (name, areas[0], own, "residual", "solid"),
                (f"{len(random)} random maps, on average", areas[1], mean, "plain", "dashed"),
            )
        ]
        x = share_axis(f"pixels {measured}, the hottest first")
        finding = f"The {better}, the better: {areas[0]:.2f} against {areas[1]:.2f}."
        if (areas[0] - areas[1]) * (1 if better == "higher" else -1) <= 0:
            finding += " The map is no better here than chance."
        rest = float(own.deletion[-1])
        if what == "deletion" and rest > WORTH_A_WORD:
            finding += f" Even blurred all over, the picture keeps a probability of {rest:.2f}."
        made.append(Chart(line_chart(title, x, y, lines), lines, finding, title))
    return made
