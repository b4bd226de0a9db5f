import json

import numpy as np

from model.records import load_record, rounded, save_record


def test_numbers_are_rounded_to_significant_digits_and_what_is_not_finite_is_none():
    found = rounded({"a": np.float32([123456, 1.23456e-7, np.nan, np.inf]), "b": [3, "c", None]})
    assert found == {"a": [123500.0, 1.235e-7, None, None], "b": [3, "c", None]}


def test_a_record_is_read_as_it_was_written(tmp_path):
    path = save_record("run", {"seed": 1, "norms": np.eye(2)}, tmp_path)
    assert json.loads(path.read_text()) == {"seed": 1, "norms": [[1, 0], [0, 1]]}
    assert load_record("run", tmp_path) == {"seed": 1, "norms": [[1, 0], [0, 1]]}
    assert [file.name for file in tmp_path.iterdir()] == ["run.json"]


def test_what_was_never_recorded_is_none(tmp_path):
    assert load_record("run", tmp_path) is None
