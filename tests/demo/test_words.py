"""What the page says of a reading."""

from types import SimpleNamespace

import numpy as np
import pytest

from demo.hand import answer, percent
from demo.network import Waking
from demo.try_it import picture_of


def said(*probabilities: float) -> dict:
    return answer(SimpleNamespace(probabilities=np.array(probabilities)))


def test_a_sure_answer_says_how_sure():
    words = said(0, 0.01, 0.02, 0.95, 0.01, 0.01)
    assert (words["digit"], words["word"], words["state"]) == (3, "three", "sure")
    assert words["sentence"] == "95 % sure"


def test_close_to_equal_digits_are_both_named():
    words = said(0, 0.02, 0.5, 0.45, 0.02, 0.01)
    assert words["state"] == "unsure"
    assert "three" in words["sentence"]
    assert "50 %" in words["sentence"]
    assert "45 %" in words["sentence"]


def test_nothing_is_ever_certain_or_impossible():
    assert percent(1.0) == "over 99 %"
    assert percent(0.0) == "under 1 %"
    assert percent(0.5) == "50 %"


def test_a_drawing_comes_as_a_data_url():
    assert picture_of("data:image/png;base64,aGFuZA==") == b"hand"
    assert picture_of("") is None
    assert picture_of(None) is None
    with pytest.raises(ValueError, match="data URL"):
        picture_of("hand")


def test_whoever_waits_for_a_network_that_cannot_load_hears_why():
    def load():
        raise ValueError("The weights are missing; train them first.")

    waking = Waking(load)
    for _ in range(2):
        with pytest.raises(ValueError, match="weights are missing"):
            waking.network()


def test_the_network_is_loaded_once():
    calls = []
    waking = Waking(lambda: calls.append(1))
    waking.start()
    waking.network()
    waking.network()
    assert calls == [1]
