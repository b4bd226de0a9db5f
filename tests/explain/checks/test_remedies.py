from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from explain.checks.remedies import SIDE, TROUBLES, beside_training, remedies, variations
from model.reading.classifier import Calibration, softmax
from model.reading.images import to_input
from model.reading.light import PERCENTILES, measure, percentiles, rank


def likes(score, hand: float = -np.inf) -> SimpleNamespace:
    """A reader that sees a three as far as a picture has a high score, a hand from one on."""

    def logits(pictures):
        rows = np.zeros((len(pictures), 6), np.float32)
        rows[:, 3] = [score(picture) for picture in pictures]
        return rows

    calibration = Calibration(hand=np.log(5 + np.exp(hand)))
    return SimpleNamespace(logits=logits, probabilities=softmax, light={}, calibration=calibration)


def reading(picture: np.ndarray, box=None) -> SimpleNamespace:
    h, w = picture.shape[:2]
    crop = to_input(picture)
    return SimpleNamespace(picture=picture, box=box or (0, 0, w, h), crop=crop)


def a_dark_bar() -> np.ndarray:
    image = Image.new("RGB", (120, 120), (20, 20, 20))
    ImageDraw.Draw(image).rectangle((10, 30, 40, 90), fill=(90, 60, 50))
    return np.asarray(image)


def test_a_reader_of_bright_pictures_is_helped_most_by_light():
    found = remedies(likes(lambda picture: 9 * picture.mean()), reading(a_dark_bar()), 3)
    assert found[0].kind == "light"
    assert {remedy.kind for remedy in found} == set(TROUBLES)
    chances = [remedy.probabilities[3] for remedy in found]
    assert chances == sorted(chances, reverse=True)


def test_a_change_after_which_the_digit_is_read_comes_before_one_that_favours_it_more():
    def logits(pictures):
        rows = np.zeros((len(pictures), 6), np.float32)
        bright = pictures.mean((1, 2, 3)) > 0.2  # then a three is read, less probable than else
        rows[:, 3], rows[:, 4] = np.where(bright, 1, 5), np.where(bright, 0, 5.1)
        return rows

    reader = likes(np.mean)
    reader.logits = logits
    found = remedies(reader, reading(a_dark_bar()), 3)
    assert found[0].read_as == 3 and found[1].read_as == 4
    assert found[0].probabilities[3] < found[1].probabilities[3]


def test_a_change_after_which_no_hand_is_seen_comes_last():
    found = remedies(likes(lambda picture: 9 * picture.mean(), hand=2), reading(a_dark_bar()), 3)
    seen = [remedy.is_hand for remedy in found]
    assert seen[0] and not seen[-1] and seen == sorted(seen, reverse=True)


def test_a_reader_that_wants_the_bar_on_the_right_is_helped_by_a_mirror():
    def score(picture):
        return 30 * (picture[:, 40:].mean() - picture[:, :24].mean())

    found = {remedy.kind: remedy for remedy in remedies(likes(score), reading(a_dark_bar()), 3)}
    assert found["mirror"].probabilities[3] > found["light"].probabilities[3]


def test_what_is_read_after_a_change_is_the_part_that_was_read_before():
    picture = np.asarray(Image.effect_noise((SIDE, SIDE), 80).convert("RGB"))
    for kind, name, changed, box in variations(picture):
        assert changed.shape == (SIDE, SIDE, 3) and changed.dtype == np.uint8, name
        if kind in ("light", "mirror", "background", "turn"):
            assert box == (SIDE // 4, SIDE // 4, 3 * SIDE // 4, 3 * SIDE // 4)
        if kind == "mirror":
            np.testing.assert_array_equal(changed, picture[:, ::-1])


def test_no_digit_no_remedies():
    with pytest.raises(ValueError, match="from 0 to 5"):
        remedies(likes(np.mean), reading(a_dark_bar()), None)


def test_light_is_ranked_among_the_training_pictures():
    crops = [np.full((64, 64, 3), value, np.uint8) for value in range(0, 256, 5)]
    tables = percentiles(crops)
    assert len(tables["brightness"]) == len(PERCENTILES)
    assert rank(measure(crops[0])["brightness"], tables["brightness"]) == 0
    assert rank(measure(crops[-1])["brightness"], tables["brightness"]) == 100
    assert rank(0.5, tables["brightness"]) == pytest.approx(50, abs=2)
    reader = SimpleNamespace(light=tables)
    assert beside_training(reader, reading(crops[-1]))["brightness"] == 100
    assert beside_training(SimpleNamespace(light={}), reading(crops[0])) == {}


def test_a_striped_rim_is_busy_and_an_even_one_is_not():
    even = np.full((64, 64, 3), 128, np.uint8)
    striped = even.copy()
    striped[:, ::2] = 0
    assert measure(even)["busyness"] == 0
    assert measure(striped)["busyness"] == pytest.approx(128 / 255, abs=0.01)
