"""Boxes that were read against true ones."""

import csv
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from model.scoring.finding import OTHER_HAND, Found, compare, finding_scores, found_in_rooms
from model.synthetic.people.folder import TABLE

FRAME = np.zeros((100, 200, 3), np.uint8)


@pytest.mark.parametrize(
    ("read", "holds", "overlap"),
    [
        ((40, 40, 60, 60), True, 1.0),
        ((45, 40, 55, 60), True, 1.0),  # the square around it is the same
        ((50, 40, 70, 60), True, 1 / 3),
        ((0, 0, 20, 20), False, 0.0),
        ((0, 0, 100, 100), True, 0.04),
    ],
)
def test_a_box_is_held_against_the_true_one(read, holds, overlap):
    found = compare(FRAME, np.array([40, 40, 60, 60]), np.array(read), True)
    assert found.holds == holds and found.overlap == pytest.approx(overlap)
    assert found.size == 0.2


def test_scores_are_by_size_and_of_all():
    found = [
        Found(0.1, True, 0.6, True),
        Found(0.1, False, 0.0, True),
        Found(0.5, True, 0.5, False),
    ]
    scores = finding_scores(found)
    assert set(scores) == {"under a fifth", "a half and more", "all"}
    small, whole = scores["under a fifth"], scores["all"]
    assert (small["pictures"], small["hold"], small["overlap"], small["right"]) == (2, 0.5, 0.5, 1)
    assert (whole["pictures"], whole["overlap"], whole["right"]) == (3, 0.6667, 0.6667)
    assert finding_scores([]) == {}


def rendered(folder, seed: int):
    """Two people without a shape, one of them with the other hand in view."""
    columns = ["file", "kind", "digit", "skin", "x0", "y0", "x1", "y1", "other_x0", "seed"]
    with (folder / TABLE).open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        for number, other in enumerate(("", 5)):
            name = f"person-{number}.webp"
            Image.new("RGBA", (200, 100), (200, 0, 0, 255)).save(folder / name)
            row = [name, "person", number, "dark", 40, 40, 60, 60, other, f"{seed}/{number}"]
            table.writerow(row)


def test_rendered_people_are_read_before_rooms(tmp_path):
    rendered(tmp_path, seed=1)
    always_one = SimpleNamespace(read=lambda _: SimpleNamespace(box=(40, 40, 60, 60), digit=1))
    found = found_in_rooms(always_one, tmp_path, [FRAME])
    assert [each.right for each in found] == [False, True]
    assert all(each.overlap == 1 for each in found)
    scores = finding_scores(found)
    assert {kind: scores[kind]["pictures"] for kind in ("dark skin", OTHER_HAND)} == {
        "dark skin": 2,
        OTHER_HAND: 1,
    }


def test_people_of_the_training_are_not_scored(tmp_path):
    rendered(tmp_path, seed=0)
    with pytest.raises(ValueError, match="none of seed 0, which is trained on"):
        found_in_rooms(SimpleNamespace(), tmp_path, [FRAME])
