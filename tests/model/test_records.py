import json

import numpy as np
import pytest

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


@pytest.mark.parametrize(
    "content", [b"", b'{"a": [1, 2', b"[1]", b"3", b"\xff\x00", b"[" * 100_000]
)
def test_a_damaged_record_is_named_with_the_command_that_restores_it(tmp_path, content):
    (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"run\.json is damaged; install the project again\.$"):
        load_record("run", tmp_path)
