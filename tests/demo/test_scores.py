"""The tab of the scores, from what is recorded."""

import json
import re
import shutil

import gradio as gr
import pytest

from demo.kit.about import About, about, accuracy_line, readable_card, readable_lesson
from demo.scores.handlers import Scores
from demo.scores.layout import ALL
from demo.scores.tables import confusion, counted, forest, likeness, matrices, results, worst_pair
from explain.draw.charts.scores import reliability_chart
from model.records import RECORDED
from model.scoring import report


@pytest.fixture(scope="module")
def recorded():
    return Scores().arrive()


@pytest.mark.parametrize("chosen, shown", [(None, ALL), ("nothing", ALL), ("hands", "hands")])
def test_the_collection_that_was_chosen_stays(chosen, shown):
    arrived = Scores().arrive(chosen)
    assert arrived.collection["value"] == shown
    assert arrived.confusion == Scores().choose(shown).confusion


def test_every_collection_has_its_accuracy_and_interval_as_recorded(recorded):
    rows = dict(zip(results().scores, recorded.accuracies["rows"], strict=True))
    assert all(name.startswith(row["name"] or row["title"]) for name, row in rows.items())
    score = results().scores[ALL]
    assert rows[ALL]["right"] == f"{100 * score['accuracy']:.1f} %" and rows[ALL]["kind"] == "sum"
    for row in rows.values():
        assert 0 <= row["from"] <= row["at"] <= 100 - row["beyond"] <= 100


@pytest.mark.parametrize("content", [None, b"", b'{"scores": ', b"[]"])
def test_a_damaged_record_is_named_on_the_terminal(tmp_path, monkeypatch, capsys, content):
    shutil.copytree(RECORDED, tmp_path, dirs_exist_ok=True)
    bad = tmp_path / "speed.json"
    bad.unlink() if content is None else bad.write_bytes(content)
    monkeypatch.setattr(report, "RECORDED", tmp_path)
    results.cache_clear()
    with pytest.raises(gr.Error, match="the terminal says which file"):
        Scores().arrive()
    results.cache_clear()
    assert str(bad) in capsys.readouterr().err


def test_a_forest_by_hand():
    row = {"pictures": 8, "accuracy": 0.75, "interval": (0.5, 1.0)}
    (drawn,) = forest("collection", "title", {"a": row})["rows"]
    assert (drawn["from"], drawn["at"], drawn["beyond"]) == (0, 50, 0)
    assert counted(6, 8)["accuracy"] == 0.75


def test_a_row_says_what_is_in_a_collection_above_its_name(recorded):
    rows = [(row["title"], row["name"]) for row in recorded.accuracies["rows"]]
    assert ("218 students in all", "sign-language-digits") in rows and (ALL, "") in rows
    whole = next(title for title, name in rows if name == "hands" and "whole" in title)
    assert whole.startswith("Several people") and whole.endswith("(whole frames)")


def test_a_matrix_shows_every_count_and_names_the_worst_pair():
    counts = [[0] * 6 for _ in range(6)]
    counts[3] = [0, 0, 1, 5, 4, 0]
    shown = confusion({"confusion": counts})["rows"][3]["cells"]
    assert [cell["count"] for cell in shown] == ["·", "·", 1, 5, 4, "·"]
    assert shown[4]["share"] == 40 and shown[3]["kind"] == "right" and shown[4]["kind"] == "wrong"
    assert shown[4]["words"] == "4 of 10 hands that show three were read as four"
    assert "three read as four, 4 of 5 mistakes." in worst_pair({"confusion": counts})


def test_every_matrix_can_be_chosen_and_the_recorded_counts_add_up(recorded):
    for name, score in matrices().items():
        chosen = Scores().choose(name)
        cells = [cell for row in chosen.confusion["rows"] for cell in row["cells"]]
        assert sum(cell["count"] for cell in cells if cell["count"] != "·") == score["pictures"]
    assert next(iter(matrices())) == ALL


def test_a_cell_shows_rendered_hands_of_that_kind():
    mistakes = {
        (int(number) % 6, read)
        for name, style in results().rendered.items()
        if "drawn" not in name
        for number, read in style["wrong"].items()
    }
    digit, read = min(mistakes)
    (group,) = likeness(digit, read)["groups"]
    assert group["sources"][0].startswith("data:image/webp")
    first, second = likeness(0, 5)["groups"]  # no fist was read as five
    assert len(first["sources"]) == len(second["sources"]) == 6
    assert first["sources"] != second["sources"]


def test_the_reliability_diagram_says_how_far_it_is_off():
    score = {"reliability": [(3, 0.5, 0.3), (7, 0.95, 1.0)], "calibration_error": 0.095}
    chart = reliability_chart(score)
    assert "9.5 points off" in chart.finding and "7 of the 10 answers" in chart.finding
    small, large = map(float, re.findall(r'class="dot residual".*? r="([\d.]+)"', chart.svg))
    assert small < large


def test_what_is_shown_can_be_sent_to_a_browser(recorded):
    json.dumps([recorded.accuracies, recorded.confusion, recorded.others, recorded.nothing])


def test_the_foot_names_the_weights_and_claims_scores_for_the_shipped_ones_alone(network):
    assert not About().weights and len(about(network).weights) == 8
    assert "not the shipped weights" in about(network).accuracy  # random ones
    score = results().scores[ALL]
    assert f"{100 * score['accuracy']:.1f} % of {score['pictures']:,}" in accuracy_line(True)


def test_the_card_on_the_page_leads_nowhere_that_is_not_there():
    card = readable_card()
    assert "# Model card" in card and "93" in card
    assert "](" not in card.replace("](http", "") and "<!--" not in card
    assert "(how)" not in card and " %" not in card


def test_the_lesson_on_the_page_has_links_within_the_page_alone():
    lesson = readable_lesson()
    assert "(#tab=inside" in lesson and "http" not in lesson
    assert "nobody needs to program" in lesson and "make demo" not in lesson
    assert (
        lesson.count("<details>") == lesson.count("</details>") == 8 and "*Answer.*" not in lesson
    )
