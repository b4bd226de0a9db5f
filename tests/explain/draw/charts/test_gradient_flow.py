import re

import numpy as np
import pytest

from explain.draw.charts.chart import Chart
from explain.draw.charts.gradient_flow import (
    flow_rows,
    gradient_chart,
    recorded_flows,
    recorded_span,
    shattering_chart,
)
from explain.experiments.gradient_flow import VARIANTS, Flow
from model.records import load_record


def test_the_rows_are_those_of_the_numbers():
    flows = [Flow(VARIANTS[0], 1.0, np.array([60.0, 5, 3])), Flow(VARIANTS[1], 1.0, np.ones(3))]
    assert [row[1:4] for row in flow_rows(flows)] == [("3", "60", "20"), ("1", "1", "1.0")]
    assert [row[4] for row in flow_rows(flows)] == ["1", "1"]
    words = "residual from 3 to 60, 20 times as large, plain from 1 to 1, 1.0 times as large"
    assert words in gradient_chart(flows).svg


def test_a_gradient_that_vanished_has_no_ratio():
    ((*_, ratio, _),) = flow_rows([Flow(VARIANTS[0], 1.0, np.array([1.0, 0]))])
    assert ratio == "–"


def a_record():
    found = load_record("gradient_flow_1")
    if found is None:
        pytest.skip("not recorded yet: python -m explain.experiments.gradient_flow record --seed 1")
    return found


def test_the_recorded_gradients_keep_their_axis_from_step_to_step():
    record = a_record()

    def chart_at(step: int, older: bool = False) -> Chart:
        return gradient_chart(recorded_flows(record, step, older), recorded_span(record, older))

    first, last = chart_at(0), chart_at(-1)
    ticks = [re.findall(r">(10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*)<", chart.svg) for chart in (first, last)]
    assert ticks[0] == ticks[1] and first != last
    assert "older start" not in first.svg
    names = [row[0] for row in flow_rows(recorded_flows(record, 0, older=True))]
    assert names[0] == "residual" and any("older start" in name for name in names)
    assert "older start" in chart_at(0, older=True).svg


def test_shattering_says_from_where_on():
    record = a_record()
    record["variants"]["plain"]["correlation"] = [1.0] * 3 + [0.4] * 14
    assert "plain 1/8,192" in shattering_chart(record).finding
