import numpy as np

from explain.checks.faithfulness import Curves
from explain.draw.charts.faithfulness import faithfulness_charts


def test_areas_are_set_against_those_of_random_maps():
    shares = np.float32([0, 0.5, 1])
    own = Curves(shares, np.float32([1, 0, 0]), np.float32([0, 1, 1]))
    random = [Curves(shares, np.full(3, each), np.full(3, each)) for each in (0.2, 0.6)]
    deletion, insertion = faithfulness_charts("three", own, random)
    assert (deletion.title, insertion.title) == ("Deletion", "Insertion")
    assert deletion.finding == "The lower, the better: 0.25 against 0.40."
    assert insertion.finding == "The higher, the better: 0.75 against 0.40."
    assert [line.name for line in deletion.legend] == [
        "the sharp map: area 0.25", "2 random maps, on average: area 0.40"
    ]  # fmt: skip
    own = Curves(shares, np.float32([1, 0, 0.6]), own.insertion)
    blurry, _ = faithfulness_charts("three", own, random)
    assert "Even blurred all over, the picture keeps a probability of 0.60" in blurry.finding
    assert "probability of three" in deletion.svg and "probability of three" in insertion.svg
