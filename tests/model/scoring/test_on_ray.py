"""Pictures of one's own, read by Ray."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from model import evaluate

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path):
    """The examples, sorted by their digits; one of them is damaged."""
    for path in (ROOT / "demo" / "examples").glob("[0-5]_*.jpg"):
        place = tmp_path / "hands" / path.name[0]
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    (tmp_path / "hands" / "2" / "2_line.jpg").write_bytes(b"no picture")
    return tmp_path / "hands"


@pytest.mark.ray
@pytest.mark.slow
@pytest.mark.weights
def test_ray_scores_as_one_process_does_and_goes_on_where_it_was_stopped(folder, tmp_path, capsys):
    here, there, kept = (tmp_path / name for name in ("a.json", "b.json", "kept.jsonl"))
    evaluate.main([str(folder), "--json", str(here)])
    on_ray = [str(folder), "--engine", "ray", "--readings", str(kept), "--json", str(there)]
    evaluate.main(on_ray)
    assert there.read_bytes() == here.read_bytes()
    assert capsys.readouterr().err.count("skipped 1 that cannot be read") == 2

    lines = kept.read_text("utf-8").splitlines(keepends=True)
    assert len(lines) == 1 + 10
    kept.write_text("".join(lines[:6]) + lines[6][:20], "utf-8")
    there.unlink()
    evaluate.main(on_ray)
    assert there.read_bytes() == here.read_bytes()
    assert "Reading: 0 of 5" in capsys.readouterr().err
    assert sorted(kept.read_text("utf-8").splitlines()[1:]) == sorted(
        line.strip() for line in lines[1:]
    )
    with pytest.raises(SystemExit, match="other weights or flags"):
        evaluate.main([*on_ray, "--no-find-hand"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--split", "test", "--engine", "ray"], "leave --split out"),
        (["hands", "--readings", "kept.jsonl"], "works only with --engine ray"),
    ],
)
def test_what_ray_does_not_do_is_one_sentence(monkeypatch, capsys, arguments, sentence):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    with pytest.raises(SystemExit):
        evaluate.main(arguments)
    assert sentence in capsys.readouterr().err


def test_without_ray_its_engine_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        evaluate.main(["hands", "--engine", "ray"])
    assert "pip install '.[cluster]'" in capsys.readouterr().err
