"""Charts of how well the network reads and how it learned to."""

from collections.abc import Sequence
from math import sqrt

from explain.draw.charts.chart import Axis, Chart, Line, line_chart, share_axis

DOT, LARGEST_DOT = 2.5, 9  # radii: of a dot with hardly an answer, and of that with the most


def reliability_chart(score: dict) -> Chart:
    """How often answers are right, by how sure they are, beside what would be honest.

    Args:
        score: of `model.scoring.scorecard.scores`.
    """
    counts, confidences, shares = zip(*score["reliability"], strict=True)
    sizes = [DOT + (LARGEST_DOT - DOT) * sqrt(count / max(counts)) for count in counts]
    lines = [
        Line("as often right as it says", (0, 1), "plain", "dashed", (0, 1)),
        Line("this network", shares, "residual", "solid", confidences, sizes),
    ]
    x, y = share_axis("how sure it says it is"), share_axis("how often it is right")
    svg = line_chart("Reliability diagram: accuracy by confidence", x, y, lines)
    most = max(range(len(counts)), key=counts.__getitem__)
    finding = (
        f"On average over all answers it is {100 * score['calibration_error']:.1f} points off the "
        f"dashed line. {counts[most]:,} of the {sum(counts):,} answers lie in the largest dot, at "
        f"{100 * confidences[most]:.0f} %; a small dot has so few that chance moves it far."
    )
    return Chart(svg, lines, finding)


def training_charts(history: Sequence[dict]) -> list[Chart]:
    """The loss, and the accuracies, over the steps of a training.

    Args:
        history: the lines of its CSV, each a text by column.
    """
    steps = [int(line["step"]) / 1000 for line in history]
    x = Axis("step, thousands", 0, steps[-1])
    losses = [float(line["loss"]) for line in history]

    def values(column: str) -> list[float | None]:
        return [float(line[column]) if line[column] else None for line in history]

    loss = Line("training loss", losses, "plain", "solid", steps)
    right = [
        Line("training pictures, distorted", values("accuracy"), "plain", "solid", steps),
        Line("validation", values("validation mean"), "residual", "solid", steps),
    ]
    top = Axis("loss", 0, max(losses))
    last = values("validation mean")[-1]
    return [
        Chart(line_chart("Loss by step", x, top, [loss]), title="Loss"),
        Chart(
            line_chart("Accuracy by step", x, share_axis("accuracy"), right),
            right,
            f"Validation ends at {100 * last:.1f} %, the mean over collections." if last else "",
            "Accuracy",
        ),
    ]
