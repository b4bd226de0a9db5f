import numpy as np

from explain.draw.charts.identity import identity_chart, opening_chart
from explain.experiments.identity import Opening, Progress


def test_progress_is_told_and_an_identity_is_exact():
    chart = identity_chart([Progress(0, 1.2, 1.1), Progress(5, 0.3, 0.9)], 200, 4)
    assert "4 blocks in a row, step 5: residual 0.30, plain 0.90." in chart.finding
    assert "to the last bit" in opening_chart(0.0, Opening(np.zeros(3), np.zeros(3))).finding
    assert "to the last bit" not in opening_chart(0.1, Opening(np.ones(3), np.ones(3))).finding
