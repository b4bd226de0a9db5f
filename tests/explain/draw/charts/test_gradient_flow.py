import re

import numpy as np
import pytest

from explain.draw.charts.gradient_flow import (
    gradient_chart,
    losses_text,
    recorded_gradient_chart,
    shattering_chart,
)
from explain.experiments.gradient_flow import VARIANTS, Flow
from model.records import load_record


def test_the_finding_is_that_of_the_numbers():
    flows = [Flow(VARIANTS[0], 1.0, np.array([60.0, 5, 3])), Flow(VARIANTS[1], 1.0, np.ones(3))]
    chart = gradient_chart(flows)
    assert (
        "residual from 3 to 60, 20 times as large; plain from 1 to 1, 1.0 times as large."
        in chart.finding
    )


def a_record():
    found = load_record("gradient_flow_1")
    if found is None:
        pytest.skip("not recorded yet: python -m explain.experiments.gradient_flow record --seed 1")
    return found


def test_the_recorded_gradients_keep_their_axis_from_step_to_step():
    record = a_record()
    first, last = (recorded_gradient_chart(record, i) for i in (0, len(record["steps"]) - 1))
    ticks = [re.findall(r">(10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*)<", chart.svg) for chart in (first, last)]
    assert ticks[0] == ticks[1] and first != last
    assert "older start" not in first.svg
    assert "older start" in recorded_gradient_chart(record, 0, older=True).svg


def test_losses_are_set_against_guessing():
    words = losses_text(a_record(), 0)
    assert words.startswith("Loss on the same pictures: residual ") and "guessing: 1.79" in words
    assert "older start" in losses_text(a_record(), 0, older=True)


def test_shattering_says_from_where_on():
    record = a_record()
    record["variants"]["plain"]["correlation"] = [1.0] * 3 + [0.4] * 14
    assert "plain 1/8,192" in shattering_chart(record).finding
