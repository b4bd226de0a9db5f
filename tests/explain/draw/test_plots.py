import re
import xml.etree.ElementTree as ElementTree

import keras
import numpy as np
import pytest

from explain.checks.faithfulness import Curves
from explain.draw.plots import (
    depth_plots,
    gradient_plot,
    identity_plot,
    landscape_plots,
    lesion_plot,
    not_recorded,
    opening_plot,
    ratio_text,
    ratios_plot,
    recorded_gradient_plot,
    shattering_plot,
    singles_plot,
    size_text,
    swaps_text,
    trust_plots,
    twins_plots,
)
from explain.experiments.blocks_off import Switchboard
from explain.experiments.gradient_flow import VARIANTS, Flow
from explain.experiments.identity import Opening, Progress
from model.network.resnet import tiny
from model.reading.classifier import HandClassifier
from model.records import load_record


def whole(html):
    """The HTML, if it is well formed."""
    ElementTree.fromstring(f"<div>{html}</div>")
    return html


@pytest.mark.parametrize(
    "ratio, words", [(1234.5, "1,234"), (3.42, "3.4"), (0.8, "0.8"), (0.5, "1/2"), (1 / 40, "1/40")]
)
def test_ratios_as_one_reads_them(ratio, words):
    assert ratio_text(ratio) == words


def test_the_finding_is_that_of_the_numbers():
    flows = [Flow(VARIANTS[0], 1.0, np.array([60.0, 5, 3])), Flow(VARIANTS[1], 1.0, np.ones(3))]
    drawn = whole(gradient_plot(flows))
    assert "residual from 3 to 60, 20 times; plain from 1 to 1, 1.0 times." in drawn


@pytest.mark.parametrize(
    "size, words", [(5240.0, "5,200"), (0.123, "0.12"), (2.1e-10, "2·10⁻¹⁰"), (0, "0")]
)
def test_sizes_as_one_reads_them(size, words):
    assert size_text(size) == words


def a_record():
    found = load_record("gradient_flow_1")
    if found is None:
        pytest.skip("not recorded yet: python -m explain.experiments.gradient_flow record --seed 1")
    return found


def test_the_recorded_gradients_keep_their_axis_from_step_to_step():
    record = a_record()
    first, last = (whole(recorded_gradient_plot(record, i)) for i in (0, len(record["steps"]) - 1))
    ticks = [re.findall(r">(10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*)<", drawn) for drawn in (first, last)]
    assert ticks[0] == ticks[1] and first != last
    assert "older start" not in first
    assert "older start" in whole(recorded_gradient_plot(record, 0, older=True))


def test_shattering_says_from_where_on():
    record = a_record()
    record["variants"]["plain"]["correlation"] = [1.0] * 3 + [0.4] * 14
    assert "plain 1/8,192" in whole(shattering_plot(record))


def test_depths_are_compared_at_their_ends_over_seeds():
    ends = ((14, "plain", 0.8), (50, "plain", 0.5), (50, "residual", 0.9))
    runs = [
        {"layers": layers, "kind": kind, "seed": seed, "step": [5, 10], "loss": [2, 1],
         "accuracy": [0.2, accuracy + 0.01 * seed], "validation": [0.2, accuracy]}
        for layers, kind, accuracy in ends
        for seed in (1, 2)
    ]  # fmt: skip
    drawn = whole(depth_plots({"steps": 10, "runs": runs}))
    assert "<td>plain 50</td><td>10</td><td>51.0–52.0 (2)</td><td>50.0–50.0 (2)</td>" in drawn
    assert "residual 50" in drawn and "residual 14" not in drawn
    longer = {"steps": 1500, "runs": [{**runs[0], "validation": [0.7]}]}
    drawn = whole(depth_plots({"steps": 10, "runs": runs}, longer))
    assert "<td>plain 14</td><td>1,500</td><td>81.0</td><td>70.0</td>" in drawn


def test_the_hardest_loss_is_named():
    off = {"conv2_block1": 0.8, "conv2_block2": 0.85}
    shipped = {"intact": 0.9, "main_off": off, "shortcut_off": {"conv2_block1": 0.3}}
    record = {"pictures": 10, "shipped": {**shipped, "swapped": {"a b": 0.7, "a c": 0.9}}}
    drawn = whole(lesion_plot(record, "main_off", "residual", "Main path off"))
    assert "from 90.0 % (dashed) to 80.0 % at worst, conv2_block1; 82.5 % in the middle." in drawn
    drawn = whole(lesion_plot(record, "shortcut_off", "plain", "Shortcut off"))
    assert "Shortcut off: from 90.0 % (dashed) to 30.0 % at worst" in drawn
    assert "2 pairs: accuracy 70.0 to 90.0 %" in whole(swaps_text(record))


def test_twins_are_compared_over_seeds_in_the_blocks_that_both_can_lose():
    def twin(kind, seed, intact, without):
        main_off = {"conv2_block1": 0.0, "conv2_block2": without}
        names = {"blocks": list(main_off), "droppable": ["conv2_block2"]}
        return (
            {"kind": kind, "layers": 26, "seed": seed, "intact": intact}
            | names
            | {"main_off": main_off}
        )

    twins = [twin("residual", 1, 0.9, 0.8), twin("plain", 1, 0.7, 0.2), twin("plain", 2, 0.6, 0.3)]
    plain, residual = map(whole, twins_plots({"pictures": 10, "twins": twins}))
    assert "Whole 60.0–70.0 % (dashed), without one block 20.0–30.0 %: 10 photog" in plain
    assert "Whole 90.0 % (dashed), without one block 80.0 %" in residual
    assert plain.count("class='pillar plain'") + plain.count('class="pillar plain"') == 1
    assert plain.count("whisker") == 2  # the style's and one line
    assert twins_plots({"pictures": 10, "twins": []}) == []


def test_the_least_probable_is_named():
    assert "Without b_block1 alone it is 10.0 %" in singles_plot(
        ["a_block1", "b_block1"], "three", 0.9, [0.8, 0.1]
    )


def test_ratios_are_counted_over_identity_blocks():
    keras.utils.set_random_seed(0)
    blocks = Switchboard(HandClassifier(tiny())).blocks
    drawn = whole(ratios_plot(blocks, np.array([9, 0.1, 0.3, 1, 2.0]), [(0, 1, 2)] * 5))
    assert "1 of the 1 identity blocks" in drawn and "conv2_block1 adds most, 9.0 times" in drawn
    assert "test pictures" in drawn


def test_progress_is_told_and_an_identity_is_exact():
    drawn = whole(identity_plot([Progress(0, 1.2, 1.1), Progress(5, 0.3, 0.9)], 200))
    assert "Step 5: residual 0.30, plain 0.90." in drawn
    assert "to the last bit" in whole(opening_plot(0.0, Opening(np.zeros(3), np.zeros(3))))
    assert "to the last bit" not in opening_plot(0.1, Opening(np.ones(3), np.ones(3)))


def test_a_landscape_turns():
    loss = [[1.0, 2, None], [3, 0.5, 4], [5, 6, 7]]
    record = {"kind": "plain", "layers": 26, "loss": loss}
    one, other = (whole(landscape_plots([record], turn)) for turn in (0, 40))
    assert one != other and "The loss is 0.5 in the middle and 7 at most" in one


def test_what_is_not_there_is_not_drawn():
    assert "svg" not in not_recorded("python -m x") and "python -m x" in not_recorded("python -m x")


def test_areas_are_set_against_those_of_random_maps():
    shares = np.float32([0, 0.5, 1])
    own = Curves(shares, np.float32([1, 0, 0]), np.float32([0, 1, 1]))
    random = [Curves(shares, np.full(3, each), np.full(3, each)) for each in (0.2, 0.6)]
    plots = trust_plots("three", own, random)
    assert "The lower, the better: 0.25 against 0.40." in plots
    assert "The higher, the better: 0.75 against 0.40." in plots
    assert "2 random maps, on average" in plots and plots.count("probability of three") == 2
