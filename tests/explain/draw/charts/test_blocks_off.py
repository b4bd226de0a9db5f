import keras
import numpy as np

from explain.draw.charts.blocks_off import (
    lesion_chart,
    ratios_chart,
    singles_chart,
    swaps_text,
    twins_charts,
)
from explain.experiments.switchboard import Switchboard
from model.network.resnet import tiny
from model.reading.classifier import HandClassifier


def test_the_hardest_loss_is_named():
    off = {"conv2_block1": 0.8, "conv2_block2": 0.85}
    shipped = {"pictures": 10, "intact": 0.9, "swapped": {"a b": 0.7, "a c": 0.9}}
    record = {"shipped": shipped | {"main_off": off, "shortcut_off": {"conv2_block1": 0.3}}}
    drawn = lesion_chart(record, "main_off", "residual", "Main path off").finding
    assert "from 90.0 % (dashed) to 80.0 % at worst, conv2_block1; median 82.5 %." in drawn
    drawn = lesion_chart(record, "shortcut_off", "plain", "Shortcut off").finding
    assert "Shortcut off: from 90.0 % (dashed) to 30.0 % at worst" in drawn
    assert "2 pairs: accuracy 70.0 to 90.0 %" in swaps_text(record)


def test_twins_are_compared_over_seeds_in_the_blocks_that_both_can_lose():
    def twin(kind, seed, intact, without):
        main_off = {"conv2_block1": 0.0, "conv2_block2": without}
        names = {"blocks": list(main_off), "droppable": ["conv2_block2"]}
        return (
            {"pictures": 10, "kind": kind, "layers": 26, "seed": seed, "intact": intact}
            | names
            | {"main_off": main_off}
        )

    twins = [twin("residual", 1, 0.9, 0.8), twin("plain", 1, 0.7, 0.2), twin("plain", 2, 0.6, 0.3)]
    plain, residual = twins_charts({"twins": twins})
    assert (
        "Whole 60.0–70.0 % (dashed), without one block 20.0–30.0 %: 10 test hands" in plain.finding
    )
    assert "Whole 90.0 % (dashed), without one block 80.0 %" in residual.finding
    assert plain.svg.count('class="pillar plain"') == 1
    assert plain.svg.count("whisker") == 2  # the style's and one line
    assert twins_charts({"twins": []}) == []


def test_the_least_probable_is_named():
    drawn = singles_chart(["a_block1", "b_block1"], "three", 0.9, [0.8, 0.1], 1).finding
    assert "1 of 2 leave the answer as it is" in drawn
    assert "without b_block1 the probability is lowest, 10.0 %" in drawn


def test_ratios_are_counted_over_identity_blocks():
    keras.utils.set_random_seed(0)
    blocks = Switchboard(HandClassifier(tiny())).blocks
    drawn = ratios_chart(blocks, np.array([9, 0.1, 0.3, 1, 2.0]), [(0, 1, 2)] * 5).finding
    assert "1 of the 1 identity blocks" in drawn and "input: 1 of 1 in conv" in drawn
    assert "conv3_block2 adds most, 0.3 times" in drawn  # others have a projection
    assert "test pictures" in drawn
