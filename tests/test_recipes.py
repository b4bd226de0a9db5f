"""The recipes of docs/architecture.md, walked through."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import gradio as gr
import keras
import numpy as np
import pytest
from PIL import Image

from demo.trust.methods import gallery
from demo.why_residual import layout, stations
from explain.maps import methods
from model.collections import catalogue, loading
from model.network.resnet import tiny
from model.reading.classifier import HandClassifier

ROOT = Path(__file__).parents[1]
RECIPES = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("\n## Recipes\n")[2]
NAMED = re.findall(r"`(\w+)`\s+in\s+`([\w/]+)\.py`", RECIPES)


def test_there_are_recipes():
    assert len(re.findall("^### ", RECIPES, re.M)) >= 4 and len(NAMED) >= 8


@pytest.mark.parametrize(("name", "file"), NAMED)
def test_what_a_recipe_names_is_where_it_says(name, file):
    assert hasattr(importlib.import_module(file.replace("/", ".")), name)


@pytest.mark.slow
def test_a_way_to_explain_is_a_row(monkeypatch):
    def brightness(model, picture, digit, layer):
        return picture.mean(-1)

    row = methods.Method("How bright it is.", "It knows no digit.", False, False, brightness)
    monkeypatch.setitem(methods.METHODS, "Brightness", row)
    keras.utils.set_random_seed(0)
    crop = np.full((64, 64, 3), 51, np.uint8)
    heat = methods.explain_by("Brightness", HandClassifier(tiny()), crop, 2, "conv3")
    np.testing.assert_allclose(heat, np.full((64, 64), 0.2), rtol=1e-6)
    cards = gallery(None, {}, 2).cards
    assert (cards[-1].name, cards[-1].shows) == ("Brightness", "How bright it is.")


def test_a_collection_is_a_row(monkeypatch, tmp_path):
    def read(folder, split):
        if split == "train":
            for path in sorted(folder.glob("*.png")):
                yield np.asarray(Image.open(path)), int(path.stem), "somebody", (1, 2, 21, 22)

    row = catalogue.Row("mine", "MIT", None, read, weight=3.0)
    monkeypatch.setattr(catalogue, "COLLECTIONS", (row,))
    monkeypatch.setattr(loading, "COLLECTIONS", (row,))
    (tmp_path / "mine").mkdir()
    for digit in (0, 4):
        Image.new("RGB", (40, 30), "white").save(tmp_path / "mine" / f"{digit}.png")
    (mine,) = loading.load_all("train", tmp_path)
    assert mine.digits.tolist() == [0, 4] and mine.weight == 3 and not mine.plain
    assert loading.inputs(mine).shape == (2, 64, 64, 3)
    assert loading.load_all("test", tmp_path) == []


def test_a_station_is_a_row(monkeypatch):
    paper = ("Somebody 2026", "2601.00001")
    row = stations.Station(
        "new", "A new station", "It claims this.", "Look here.", "It means that.", (paper,),
        stations.STATIONS[0].card,
    )  # fmt: skip
    monkeypatch.setattr(layout, "STATIONS", (*stations.STATIONS, row))
    number = len(stations.STATIONS) + 1
    with gr.Blocks() as page:
        layout.layout()
    shown = "".join(str(each.value) for each in page.blocks.values() if isinstance(each, gr.HTML))
    assert f'station={number}"><span>{number}</span> A new station</a>' in shown
    assert "Eight experiments" in shown
    assert all(words in shown for words in (row.claim, row.see, row.means, *paper))


SEVEN = """
import numpy as np
import model.digits as digits
digits.WORDS, digits.DIGITS = (*digits.WORDS, "six"), 7

from demo.interface import build
from demo.kit.network import Network
from demo.kit.read_picture import explain_reading
from demo.try_it.answer import answer
from explain.maps.gradcam import Explainer
from model.network.resnet import tiny
from model.reading.classifier import Calibration, HandClassifier

classifier = HandClassifier(tiny(), Calibration(hand=0.0))
network = Network(classifier, Explainer(classifier))
build(lambda: network)
hand = explain_reading(network, classifier.read(np.zeros((90, 120, 3), np.uint8)))
assert network.sharp.explain(hand.crop).shape == (7, 64, 64)
assert network.explainer.explain(hand.crop, 6).digit == 6
assert len(answer(hand).probabilities) == 7
"""


@pytest.mark.slow
def test_a_digit_is_a_word():
    done = subprocess.run([sys.executable, "-c", SEVEN], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def test_weights_for_fewer_digits_are_refused_with_one_sentence(tmp_path, monkeypatch):
    from model.network import resnet, weights_file

    weights_file.save_weights(tiny(), tmp_path / "six.npz")
    monkeypatch.setattr(resnet, "DIGITS", 7)
    with pytest.raises(ValueError, match="weights of another network"):
        weights_file.load_weights(tiny(), tmp_path / "six.npz")
