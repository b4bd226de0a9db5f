import numpy as np
import pytest

from explain.checks.faithfulness import (
    Badge,
    Curves,
    agreement,
    area,
    beats_chance,
    curves,
    energy_inside,
    examine,
    mean_curves,
    order,
    random_curves,
    random_map,
    randomised,
    rank_correlation,
)
from explain.maps.gradcam import Explainer
from explain.maps.sharp import SharpExplainer
from model.reading.classifier import softmax
from tests.explain.conftest import crop

PATCH = (slice(8, 24), slice(32, 48))  # where the only evidence is


def sees_the_patch(pictures):
    """A digit's evidence is the sharpness of the patch alone, a sixteenth of the picture."""
    evidence = pictures[(slice(None), *PATCH)].std((1, 2, 3))
    return softmax(np.stack([20 * evidence, np.full_like(evidence, 2)], 1))


def marked(place):
    heat = np.zeros((64, 64), np.float32)
    heat[place] = 1
    return heat


def test_the_map_that_is_right_has_the_best_curves():
    good = curves(sees_the_patch, crop(), marked(PATCH), 0)
    bad = curves(sees_the_patch, crop(), 1 - marked(PATCH), 0)
    assert good.deletion[0] == good.insertion[-1] > 0.9
    assert good.deletion[-1] == good.insertion[0] < 0.5
    assert good.deletion[1] < 0.5 and good.insertion[1] > 0.9  # after a sixteenth of the pixels
    np.testing.assert_allclose(good.deletion[[0, -1]], bad.deletion[[0, -1]])
    assert good.score > 0.3 and bad.score < -0.3
    assert bad.score < curves(sees_the_patch, crop(), random_map(0), 0).score < good.score


def test_an_area_by_hand():
    assert area(np.float32([1, 1, 0])) == pytest.approx(0.75)


def test_a_map_of_zeros_has_no_first_place():
    first = order(np.zeros((64, 64)))[:400]
    rows, columns = np.divmod(first, 64)
    assert 25 < rows.mean() < 39 and 25 < columns.mean() < 39
    assert order(np.float32([[0, 3], [5, 1]])).tolist() == [2, 1, 3, 0]


def test_energy_by_hand():
    heat = np.float32([[1, 2, 0], [3, 4, 0], [0, 0, 6]])
    assert energy_inside(heat, (1, 0, 3, 2)) == pytest.approx(6 / 16)
    assert energy_inside(heat, (-2, -2, 9, 9)) == pytest.approx(1)
    assert energy_inside(np.zeros((3, 3)), (0, 0, 3, 3)) == 0


def test_rank_correlation_by_hand():
    one = np.float32([1, 2, 3, 4])
    assert rank_correlation(one, one**3) == pytest.approx(1)
    assert rank_correlation(one, -one) == pytest.approx(-1)
    assert rank_correlation(one, np.float32([1, 1, 2, 2])) == pytest.approx(np.sqrt(0.8))
    assert rank_correlation(one, np.ones(4)) == 0


def test_the_odd_one_out_agrees_least():
    found = agreement({"a": np.arange(9), "b": np.arange(9) ** 2, "c": -np.arange(9)})
    assert found["a"] == found["b"] == pytest.approx(0) and found["c"] == pytest.approx(-1)


@pytest.mark.slow
def test_learning_is_lost_from_the_top_down(small):
    sharp = SharpExplainer(Explainer(small))
    own = sharp.passes.weights.forward
    lost = []
    for stage, weights in randomised(sharp.passes):
        lost.append(stage)
        for name, pair in weights.forward.items():
            changed = not np.array_equal(pair[0], own[name][0])
            assert changed == (name.split("_")[0] in lost), name
            np.testing.assert_allclose(np.std(pair[0]), np.std(own[name][0]), rtol=0.5)
        assert np.isfinite(sharp.explain(crop(), weights)).all()
    assert lost == ["predictions", "conv5", "conv4", "conv3", "conv2", "conv1"]
    before, after = (sharp.explain(crop(), w)[1] for w in (None, weights))
    assert rank_correlation(before, after) < 0.9


@pytest.mark.parametrize(
    "badge, holds, words",
    [
        (Badge(8, 8, 0.1, 0.7), True, "better than 8 of 8 random maps, and it depends on what"),
        (Badge(3, 8, 0.1), False, "no better than random, but it depends"),
        (Badge(8, 8, 0.9, 0.0), False, "but it would look much the same if nothing"),
        (Badge(0, 8, 0.9, 0.3), False, "random, and it would look much"),
    ],
)
def test_a_badge_in_words(badge, holds, words):
    assert (
        beats_chance(badge.beaten, badge.rivals) and badge.learned
    ) == holds and words in badge.words
    assert badge.words.count(".") == 1 and badge.words.endswith(".")


def test_a_map_is_examined():
    right, noise = marked(PATCH), random_map(99)
    own, random = (
        curves(sees_the_patch, crop(), right, 0, 8),
        random_curves(sees_the_patch, crop(), 0),
    )
    badge = examine(own, random, right, [noise, 1 - right], [right, right])
    assert (badge.beaten, badge.rivals) == (10, 10) and badge.agreed == pytest.approx(1)
    assert (
        beats_chance(badge.beaten, badge.rivals)
        and not badge.learned  # a map turned into its opposite has not changed
        and badge.kept == pytest.approx((abs(rank_correlation(right, noise)) + 1) / 2)
    )
    badge = examine(
        curves(sees_the_patch, crop(), 1 - right, 0, 8), random[:4], 1 - right, [1 - right]
    )
    assert (badge.beaten, badge.rivals) == (0, 4)
    assert badge.kept == pytest.approx(1) and badge.agreed is None
    assert "no better than random" in badge.words


def test_curves_are_averaged_by_hand():
    shares = np.float32([0, 1])
    one, other = Curves(shares, shares, 1 - shares), Curves(shares, 0 * shares, shares)
    mean = mean_curves([one, other])
    assert mean.deletion.tolist() == [0, 0.5] and mean.insertion.tolist() == [0.5, 0.5]
    assert mean.deletion_area == pytest.approx(0.25)
