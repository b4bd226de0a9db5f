import numpy as np
import pytest

from explain.checks.compare import compare, markdown, third
from explain.maps.sharp import CHOSEN, RECIPES
from model.records import load_record
from tests.explain.conftest import crop

pytestmark = pytest.mark.slow  # most of these run a network


@pytest.mark.parametrize("seed", range(5))
def test_the_hand_fills_a_third(seed):
    frame = np.full((240, 320, 3), 40, np.uint8)
    x0, y0, x1, y1 = box = (100, 60, 170, 150)
    frame[y0:y1, x0:x1] = 200
    found, (left, top, right, bottom) = third(frame, box, np.random.default_rng(seed))
    assert (right - left) * (bottom - top) / 64**2 == pytest.approx(1 / 3, abs=0.02)
    assert min(left, top) >= 0 and max(right, bottom) <= 64
    bright = found[..., 0] > 120
    rows, columns = np.nonzero(bright)
    edges = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    np.testing.assert_allclose(edges, (left, top, right, bottom), atol=1.5)


def test_the_place_of_the_hand_differs():
    frame = np.zeros((240, 320, 3), np.uint8)
    places = {third(frame, (100, 60, 170, 150), np.random.default_rng(s))[1] for s in range(5)}
    assert len(places) == 5


def test_a_map_of_the_box_points_best(small):
    box = (10, 20, 40, 60)

    def right(crop, digit):
        heat = np.zeros((64, 64), np.float32)
        heat[20:60, 10:40] = 1
        return heat

    maps = {"right": right, "wrong": lambda crop, digit: 1 - right(crop, digit)}
    table = compare(small, maps, [(crop(seed), box) for seed in range(2)])
    assert table["right"]["pointing"] == 1 and table["wrong"]["pointing"] == 0
    assert table["random"]["pointing"] == pytest.approx(30 * 40 / 64**2, abs=0.1)
    for row in table.values():
        assert row["score"] == pytest.approx(row["insertion"] - row["deletion"], abs=2e-4)
    assert "passes" not in table["random"]
    assert len(markdown(table).splitlines()) == 5


def test_the_recipe_that_was_best_on_validation_was_chosen():
    recorded = load_record("compare")
    if recorded is None:
        pytest.skip("not recorded yet: python -m explain.checks.compare --split validation")
    maps = recorded["validation"]["maps"]
    sums = {name: maps[name]["pointing"] + maps[name]["score"] for name in RECIPES}
    assert max(sums, key=sums.get) == CHOSEN
