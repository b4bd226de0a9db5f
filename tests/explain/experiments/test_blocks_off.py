import numpy as np
import pytest

from explain.experiments.blocks_off import accuracy, measure_lesions
from tests.explain.experiments.conftest import pictures


@pytest.mark.slow
def test_a_record_counts_what_is_read_right(residual, board):
    digits = residual.logits(pictures(70)).argmax(-1)  # the network's own answers
    assert accuracy(board, pictures(70), digits) == 1
    found = measure_lesions(board, pictures(70), digits)
    assert found["intact"] == 1 and list(found["swapped"]) == ["conv3_block2 conv3_block3"]
    assert set(found["main_off"]) == set(found["shortcut_off"]) == {b.name for b in board.blocks}
    assert found["ratios"].shape == (6, 3) and (np.diff(found["ratios"], axis=1) >= 0).all()
