import pytest

from explain.draw.charts.depth import Outcome, depth_charts, depth_outcomes


def test_depths_are_compared_at_their_ends_over_seeds():
    ends = ((14, "plain", 0.8), (50, "plain", 0.5), (50, "residual", 0.9))
    runs = [
        {"layers": layers, "kind": kind, "seed": seed, "step": [5, 10], "loss": [2, 1],
         "accuracy": [0.2, accuracy + 0.01 * seed], "validation": [0.2, accuracy]}
        for layers, kind, accuracy in ends
        for seed in (1, 2)
    ]  # fmt: skip
    record = {"steps": 10, "runs": runs}
    titles = [chart.title for chart in depth_charts(record)]
    assert titles == [
        "plain, training", "residual, training", "plain, validation", "residual, validation"
    ]  # fmt: skip
    deep = Outcome("plain", 50, 10, pytest.approx([0.51, 0.52]), [0.5, 0.5])
    assert [(each.kind, each.layers) for each in depth_outcomes(record)] == [
        ("plain", 14), ("plain", 50), ("residual", 50)
    ]  # fmt: skip
    assert depth_outcomes(record)[1] == deep
    longer = {"steps": 1500, "runs": [{**runs[0], "validation": [0.7]}]}
    longest = Outcome("plain", 14, 1500, pytest.approx([0.81]), [0.7])
    assert depth_outcomes(record, longer)[1] == longest
