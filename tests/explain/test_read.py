"""`residual-hands read`, from the shell's side."""

import io
import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from explain import read
from model.reading import classifier as classifiers


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    """A folder with three pictures and one that is damaged; the network is small."""
    random = np.random.default_rng(0)
    for name in ("a.png", "b.png", "in/a.png"):
        (tmp_path / "hands" / name).parent.mkdir(parents=True, exist_ok=True)
        noise = random.integers(0, 256, (70, 70, 3), dtype=np.uint8)
        Image.fromarray(noise).save(tmp_path / "hands" / name)
    (tmp_path / "hands" / "damaged.jpg").write_text("Dear network,")
    return tmp_path / "hands"


@pytest.fixture
def loaded(small, monkeypatch):
    """How often the network was loaded."""
    times = []
    monkeypatch.setattr(
        classifiers.HandClassifier, "load", lambda path: times.append(path) or small
    )
    return times


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_folder_is_read_and_what_is_damaged_comes_last_with_status_1(pictures, loaded, capsys):
    with pytest.raises(SystemExit) as ended:
        read.main([str(pictures)])
    assert ended.value.code == 1
    said = capsys.readouterr()
    heading, *rows = said.out.splitlines()
    assert heading.split()[:3] == ["digit", "probability", "evidence"]
    assert [line.split("%  ")[1] for line in rows] == [
        str(pictures / name) for name in ("a.png", "b.png", "in/a.png")
    ]
    assert "1 could not be read:\n  " in said.err and "damaged.jpg" in said.err


def test_json_lines_say_what_the_network_says(pictures, loaded, small, capsys):
    read.main([str(pictures / "*.png"), "--json"])
    first, second = lines(capsys.readouterr().out)
    expected = small.read(pictures / "a.png")
    np.testing.assert_allclose(first["probabilities"], expected.probabilities, atol=6e-5)
    assert first["digit"] == expected.digit
    assert first["box"] == {"left": 0, "top": 0, "width": 100, "height": 100}
    assert second["file"] == str(pictures / "b.png")


def test_a_stopped_run_goes_on_where_it_was(pictures, loaded, tmp_path, capsys):
    out = tmp_path / "out.jsonl"
    read.main([str(pictures / "a.png"), "--out", str(out)])
    before = out.read_text()
    out.write_text(before + '{"file": "cut o')
    read.main([str(pictures / "*.png"), "--out", str(out)])
    assert out.read_text().startswith(before)
    assert [line["file"] for line in lines(out.read_text())] == [
        str(pictures / name) for name in ("a.png", "b.png")
    ]
    assert "1 of 2 are read already" in capsys.readouterr().err
    read.main([str(pictures / "*.png"), "--out", str(out)])
    assert len(loaded) == 2  # the third time there was nothing to read


def give(monkeypatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def test_standard_input_gives_a_picture_or_names(pictures, loaded, monkeypatch, capsys):
    give(monkeypatch, (pictures / "a.png").read_bytes())
    read.main(["-", "--json"])
    give(monkeypatch, f"{pictures / 'a.png'}\n".encode())
    read.main(["-", "--json"])
    picture, named = lines(capsys.readouterr().out)
    assert picture["file"] == "-" and named["file"] == str(pictures / "a.png")
    assert picture["probabilities"] == named["probabilities"]


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["sharp", "conv4"])
def test_heat_maps_lie_as_the_pictures_do_and_carry_their_scale(pictures, loaded, tmp_path, stage):
    maps = tmp_path / "maps"
    read.main([str(pictures / "**/*.png"), "--json", "--explain", str(maps), "--stage", stage])
    found = sorted(path.relative_to(maps).as_posix() for path in maps.rglob("*.*"))
    assert found == ["a.png.png", "b.png.png", "in/a.png.png"]
    page = np.asarray(Image.open(maps / "a.png.png"))
    assert page.shape[1] == 512 and page.shape[0] > 560
    bar = page[558]
    left, middle, right = (bar[x].astype(int) for x in (17, 256, 494))
    assert left[2] > left[1] and right[0] > right[2] + 50  # violet against, orange for
    assert np.ptp(middle) < 12


@pytest.mark.slow
def test_maps_stay_in_their_folder_however_the_pictures_are_named(pictures, loaded, tmp_path):
    maps = tmp_path / "maps"
    names = [str(pictures / "in" / ".." / "b.png"), str(pictures / "in" / "a.png")]
    read.main([*names, "--json", "--explain", str(maps), "--stage", "conv4"])
    found = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.png.png"))
    assert found == ["maps/b.png.png", "maps/in/a.png.png"]


def test_nothing_to_read_is_one_sentence(tmp_path, loaded):
    with pytest.raises(SystemExit, match="has no picture in it"):
        read.main([str(tmp_path)])
    assert not loaded
