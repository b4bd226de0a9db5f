import numpy as np

from explain.experiments.made_hands import made_hands


def test_made_hands_are_the_same_each_time_and_every_digit_as_often():
    hands, digits = made_hands(12, 3)
    assert hands.shape == (12, 64, 64, 3) and 0 <= hands.min() < hands.max() <= 1
    np.testing.assert_array_equal(np.bincount(digits), [2] * 6)
    np.testing.assert_array_equal(made_hands.__wrapped__(12, 3)[0], hands)
