"""The documents say what the files say."""

import argparse
import importlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from model.records import load_record
from model.scoring import report, tables

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCUMENTS = [
    path
    for room in (".", "docs", "model", "demo/kit")
    for path in sorted((ROOT / room).glob("*.md"))
]


@pytest.mark.weights
@pytest.mark.parametrize("name", report.DOCUMENTS)
def test_the_tables_are_those_of_the_shipped_weights(name):
    text = (ROOT / name).read_text("utf-8")
    assert report.filled(text, report.read_results()) == text


@pytest.mark.weights
@pytest.mark.slow
def test_what_the_page_shows_of_the_network_was_recorded_with_the_shipped_weights():
    from explain.network.channels import stored
    from model.network.weights_file import weights_digest
    from model.reading.classifier import HandClassifier

    digest = weights_digest(HandClassifier.load().model)
    assert load_record("blocks_off")["digest"] == digest
    assert stored(digest)  # what each channel looks for


def test_how_often_the_sharp_map_is_visible_is_what_was_recorded():
    text = " ".join((ROOT / "docs/heat-maps.md").read_text("utf-8").split())
    whole, worst = (load_record("visible")[name] for name in ("all", "more-hands/amaannaseh"))
    seen = round(worst["orange"] * worst["hands"])
    assert f"{whole['orange']:.0%} of {whole['hands']} validation".replace("%", " %") in text
    assert f"{seen} of the {worst['hands']} of more-hands/amaannaseh" in text


def test_tables_are_filled_in():
    score = {"pictures": 120, "right": 115, "accuracy": 0.9583, "interval": [0.9061, 0.9821]}
    score |= {"digits": [1, None, 0.5, 1, 1, 1], "hands_rejected": 0.0, "shown": 0.95}
    score |= {"calibration_error": 0.02}
    about = {
        "scores": {"signs": score, "patches": {"pictures": 0}},
        "cross_entropy": {"signs": 0.12},
        "lightness": {"dark": score},
        "none": {"patches": {"without_hand": 8, "without_hand_rejected": 0.75}},
        "data": {"signs": {"licence": "none stated", "pictures": 972}},
        "settings": {"steps": 5, "seed": 2, "leave_out": ""},
        "calibration": {"hand": 1.5, "temperature": 0.8},
    }
    text = "a\n<!-- table: scores -->\nstale\n<!-- end of table -->\nb"
    text = "<!-- table: history -->\n<!-- end of table -->\n" + text
    history = [
        {"step": step, "loss": "1.5", "accuracy": "0.5", "validation mean": "0.7"}
        for step in ("500", "1000", "1250")
    ]
    rows = {"batch statistics": score, "moving statistics": {**score, "accuracy": 0.3}}
    original = {"scores": {"signs": rows}}
    text += "<!-- table: original -->\n<!-- end of table -->\n"
    text += "<!-- table: left_out -->\n<!-- end of table -->\n"
    left_out = [
        {
            "settings": {"steps": 900, "leave_out": "hands"},
            "left_out": {"hands": score},
        }
    ]
    text += "<!-- table: strangers -->\n<!-- end of table -->\n"
    strangers = [{"step": "1500", "loss": "2", "accuracy": "0.25", "validation hands": "0.75"}]
    text += "<!-- table: runs -->\n<!-- end of table -->\n"
    run = {"scores": {"signs": {**score, "accuracy": 0.9}}, "cross_entropy": {"signs": 0.15}}
    run |= {"settings": {"seed": 1, "steps": 4}}
    text += "<!-- table: chosen -->\n<!-- end of table -->\n"
    text += "<!-- table: maps -->\n<!-- end of table -->\n"
    text += "<!-- table: speed -->\n<!-- end of table -->\n"
    text += "<!-- table: peers -->\n<!-- end of table -->\n"
    text += "<!-- table: finding -->\n<!-- end of table -->\n"
    text += "<!-- table: serving -->\n<!-- end of table -->\n"
    text += "<!-- table: processors -->\n<!-- end of table -->\n"
    heat = {"pointing": 0.5, "score": 0.25, "insertion": 0.75, "deletion": 0.5}
    maps = {"test": {"maps": {"sharp": heat}}}
    speed = {"forward": {"milliseconds": 8.5, "passes": 1.0}}
    road = {"alone": 20.4, "median": 60, "slowest": 90, "rate": 0.1, "processor": {"python": 0.375}}
    parts = {f"ray::ServeReplica:hands:{name}": 0.25 for name in ("Readers", "Pages")}
    results = tables.Results(
        about,
        history,
        [run],
        original,
        left_out,
        strangers,
        {"photo": score},
        maps,
        speed,
        {"MediaPipe": score | {"not_seen": 0.125}},
        {"hands, test": {"all": score | {"hold": 0.875, "overlap": 0.5}}},
        {
            "visitors": 8,
            "roads": {
                "its own": road,
                "two readers": road | {"rate": 0.05, "processor": parts | {"raylet": 0.5}},
            },
        },
    )
    made = report.filled(text, results)
    assert "| hands, test: all | 120 | 87.5 % | 50.0 % (90.6 to 98.2 %) |" in made
    assert "| its own | 20 | 60 | 90 | 1.00 |\n| two readers | 20 | 60 | 90 | 0.50 |" in made
    assert (
        "| its own | – | – | – | 0.38 s |\n| two readers | 0.25 s | 0.25 s | 0.50 s | 1.00 s |"
        in made
    )
    assert "| MediaPipe | 120 | 115 | 95.8 % | 90.6 to 98.2 % | 12.5 % |" in made
    assert "| sharp | 0.500 | 0.250 | 0.750 | 0.500 |" in made and "| forward | 8.5 | 1.0 |" in made
    assert "| signs | 95.8 % (90.6 to 98.2 %) | 95.8 % (90.6 to 98.2 %) | 30.0 % (" in made
    assert "| seed 2, 5 steps | 95.8 % (90.6 to 98.2 %) |\n| seed 1, 4 steps | 90.0 % (" in made
    assert "| seed 2, 5 steps | 0.12 |\n| seed 1, 4 steps | 0.15 |\n" in made
    assert "| hands | 900 | 120 | 115 | 95.8 % | 90.6 to 98.2 % | 95.0 % | 0.0 % | 0.02 |" in made
    assert "| signs | 120 | 115 | 95.8 % | 90.6 to 98.2 % | 95.0 % |\n<!-- end" in made
    assert "| 1000 | 1.5 | 50.0 % | 70.0 % |\n| 1250 |" in made and "| 500 |" not in made
    assert "| 1500 | 2 | 25.0 % | 75.0 % |" in made
    assert "stale" not in made and "patches" not in made and "\nb" in made


def test_the_space_runs_the_gradio_that_is_required():
    front = README.read_text().split("---")[1]
    version = re.search(r"sdk_version: (\S+)", front).group(1)
    assert f"gradio=={version}" in (ROOT / "requirements.txt").read_text().splitlines()
    assert "sdk: gradio" in front
    assert (ROOT / re.search(r"app_file: (\S+)", front).group(1)).exists()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_links_and_files_that_are_named_exist(path):
    text, makefile = path.read_text("utf-8"), (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:^|`)make ([a-z]+)\b", text, re.M):
        assert f"\n{target}:" in makefile, target
    for module in re.findall(r"python -m ((?:model|explain|tests)[\w.]*)", text):
        assert (ROOT / (module.replace(".", "/") + ".py")).exists(), module
    for name in re.findall(r"`((?:model|explain|demo|tests|docs)/[^\s`]*)`", text):
        assert any(ROOT.glob(name)), name
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if not link.startswith("http"):
            file, _, anchor = link.partition("#")
            target = path.parent / file if file else path
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


def anchors(path: Path) -> set[str]:
    """What a code host makes of the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make here")
def test_what_make_experiments_calls_is_understood(monkeypatch):
    class UnderstoodError(Exception):
        pass

    parse = argparse.ArgumentParser.parse_args

    def only_parse(parser, arguments):
        parse(parser, arguments)
        raise UnderstoodError

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", only_parse)
    said = subprocess.run(["make", "-n", "experiments"], cwd=ROOT, capture_output=True, text=True)
    calls = re.findall(r"-m (explain[.\w]+)([^&\n]*)", said.stdout)
    assert len(calls) == 10
    for module, arguments in calls:
        with pytest.raises(UnderstoodError):
            importlib.import_module(module).main(arguments.split())
