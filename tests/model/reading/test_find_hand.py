import tracemalloc

import numpy as np
import pytest

from model.reading.find_hand import (
    LARGE,
    LEAST,
    MARGIN,
    SMALL,
    Places,
    close_in,
    evidence,
    find_hand,
    glance,
    in_four_views,
    is_enough,
    look_again,
    look_at,
    mean_odds,
    overlap,
    places,
    scanned,
    square,
    weigh,
    windows,
)
from model.reading.images import SIZE, cut, to_input


def room(side: int = 320) -> np.ndarray:
    """A black picture with a white square, a fifth of its side, at the lower right."""
    picture = np.zeros((side, side, 3), np.uint8)
    picture[3 * side // 5 : 4 * side // 5, 3 * side // 5 : 4 * side // 5] = 255
    return picture


def likes_full_squares(pictures: np.ndarray) -> np.ndarray:
    """Evidence for windows that hold all of the square and little else."""
    mean, rim = pictures.mean((1, 2, 3)), pictures[:, [0, -1]].mean((1, 2, 3))
    logits = np.zeros((len(pictures), 6), np.float32)
    logits[:, 2] = 20 * mean - 40 * rim
    return logits


def look(pictures: np.ndarray) -> np.ndarray:
    """Evidence for what is white, and where in each it is; where nothing is, all over it."""
    logits = np.zeros((len(pictures), 6), np.float32)
    logits[:, 2] = 20 * pictures.mean((1, 2, 3))
    offsets = np.zeros((len(pictures), 3), np.float32)
    for offset, white in zip(offsets, pictures[..., 0] > 0.5, strict=True):
        if white.any():
            y, x = np.nonzero(white)
            offset[:2] = (x.mean() + 0.5) / SIZE - 0.5, (y.mean() + 0.5) / SIZE - 0.5
            offset[2] = np.log(max(np.ptp(x), np.ptp(y)) + 1) - np.log(SIZE)
    return np.concatenate([logits, offsets], axis=1)


def never(*_):
    raise AssertionError("there was no need to search")


SQUARE = np.array([192.0, 192, 256, 256])  # in a room of 320 pixels


def around_square(right: float, down: float, scaling: float) -> np.ndarray:
    """It, moved by shares of its side and scaled."""
    return square(SQUARE + 64 * np.array([right, down, right, down]), scaling)


def map_of(picture: np.ndarray) -> np.ndarray:
    """The same of every window of 64 pixels, 32 apart, as the network gives it."""
    rows, columns = (side // 32 - 1 for side in picture.shape[1:3])
    cut = [
        picture[0, 32 * r : 32 * r + SIZE, 32 * c : 32 * c + SIZE]
        for r in range(rows)
        for c in range(columns)
    ]
    return likes_full_squares(np.stack(cut)).reshape(rows, columns, 6)


def test_the_square_is_found_and_what_is_read_is_what_is_returned():
    box, crop, logits, _ = find_hand(room(), likes_full_squares, map_of, gain=1.0)
    x0, y0, x1, y1 = box
    assert x0 <= 192 and y0 <= 192 and x1 >= 256 and y1 >= 256 and x1 - x0 < 1.7 * 64
    np.testing.assert_allclose(logits, likes_full_squares(crop[None] / np.float32(255))[0])


def test_a_part_that_is_hardly_better_than_the_whole_leaves_it_whole():
    box, *_ = find_hand(room(), likes_full_squares, map_of, gain=1000.0)
    assert box == (0, 0, 320, 320)


def places_with(odds: list[list[float]], crops: int) -> Places:
    """Places of which the first is the whole picture, with the odds of the first few digits."""
    odds = np.pad(np.float32(odds), [(0, 0), (0, 6 - len(odds[0]))], constant_values=1e-9)
    shown = np.empty((crops, 64, 64, 3), np.uint8)
    return Places(None, shown, np.log(odds), np.arange(len(odds)) == 0, None)


def test_the_odds_of_all_places_are_averaged():
    """Two places that read a one outweigh a louder one that reads a zero; so may the whole."""
    found = places_with([[9, 1, 1], [2, 7, 1], [2, 8, 10]], crops=3)
    chosen, together = weigh(found, gain=0)
    np.testing.assert_allclose(3 * np.exp(together[:3]), [13, 16, 12], rtol=1e-5)
    assert chosen == 2  # the loudest for a one
    chosen, together = weigh(found, gain=np.log(2))
    np.testing.assert_allclose(4 * np.exp(together[:3]), [22, 17, 13], rtol=1e-5)
    assert chosen == 0


def test_what_only_votes_is_not_shown():
    chosen, together = weigh(places_with([[5, 1], [6, 3], [1, 50]], crops=2), gain=0)
    assert together.argmax() == 1 and chosen == 1


def test_the_picture_is_read_in_a_mirror_and_with_a_margin_too():
    seen = []

    def logits(pictures):
        seen.append(pictures)
        return likes_full_squares(pictures)

    found = places(room(), logits, map_of)
    first, (whole, *large), small = seen
    upright = np.concatenate([first, large, small])
    np.testing.assert_allclose(upright, found.crops / np.float32(255))
    np.testing.assert_allclose(whole, upright[0, :, ::-1])
    np.testing.assert_allclose(found.logits, likes_full_squares(np.stack([*upright, whole])))
    assert np.flatnonzero(found.gained).tolist() == [0, len(upright)]
    np.testing.assert_allclose(found.boxes[1], square(found.boxes[0], MARGIN))


def test_the_loudest_place_is_looked_at_closer_and_that_counts_more():
    found = places(room(), look, map_of)
    count = len(found.crops)
    assert overlap(found.boxes[-1], SQUARE) > 0.85
    np.testing.assert_array_equal(found.crops[-1], to_input(cut(room(), found.boxes[-1])))
    read = look(found.crops[[0, -1]] / np.float32(255))[:, :6]
    np.testing.assert_allclose(found.logits[[0, count - 1]], read)
    assert np.flatnonzero(found.gained).tolist() == [0, count - 1, count, count + 1]
    assert len(found.logits) == count + 2


def test_a_hand_that_fills_the_picture_is_read_with_a_margin_too():
    picture = np.zeros((40, 60, 3), np.uint8)
    picture[1:-1, 1:-1] = 255

    def likes_a_dark_rim(pictures):
        logits = np.zeros((len(pictures), 6), np.float32)
        logits[:, 2] = 9 - 9 * pictures[:, :, :4].mean((1, 2, 3))
        return logits

    box, crop, *_ = find_hand(picture, likes_a_dark_rim, map_of, gain=1.0)
    assert box == (-9, -19, 69, 59) and not crop[:, :4].any()


def test_no_window_is_smaller_than_can_be_read():
    assert len(windows(100, 100, 0.55)[1]) and not len(windows(100, 100, 0.3)[1])
    boxes, scores = scanned(room(320), map_of)
    assert len(boxes) == len(scores) > 0
    assert (boxes[:, 2] - boxes[:, 0]).min() > 0.8 * LEAST
    box, *_ = find_hand(room(48), likes_full_squares, map_of, gain=0.0)
    assert box == (0, 0, 48, 48)


def test_windows_of_any_size_lie_inside_the_picture():
    (wide, high), boxes = windows(333, 200, 0.55)
    assert (wide, high) == (6, 4) and len(boxes) == 5 * 3
    assert boxes.min() >= 0 and boxes[:, 2].max() <= 333.01 and boxes[:, 3].max() <= 200.01


@pytest.mark.parametrize("share, side", [(LARGE, 1 / 2), (SMALL, 2 / 7)])
@pytest.mark.parametrize("size", [(400, 300), (640, 480), (1280, 720), (333, 333)])
def test_windows_are_as_high_as_the_comment_says(share, side, size):
    _, boxes = windows(*size, share)
    np.testing.assert_allclose(boxes[:, 3] - boxes[:, 1], side * size[1])


def test_evidence_and_overlap_by_hand():
    assert evidence(np.float32([0] * 6)) == pytest.approx(np.log(6))
    assert overlap(np.array([0, 0, 2, 2]), np.array([1, 0, 3, 2])) == pytest.approx(1 / 3)
    np.testing.assert_allclose(square(np.array([0, 0, 4, 2]), 0.5), [1, 0, 3, 2])


def likes(digit: int, height: float, others: float = 0):
    """A network that reads every picture as one digit."""

    def logits(pictures: np.ndarray) -> np.ndarray:
        return np.float32([[height if d == digit else others for d in range(6)]] * len(pictures))

    return logits


@pytest.mark.parametrize(
    "others, height, enough",
    [(0, 9, True), (0, 6, False), (6, 9, False)],
    ids=["certain", "too little evidence", "two digits"],
)
def test_a_glance_is_enough_where_it_certainly_shows_a_digit(others, height, enough):
    seen = glance(room(), likes(2, height, others))
    assert is_enough(seen.logits[0], sure=7) == enough


def test_after_a_glance_that_is_enough_nothing_more_is_read():
    box, _, logits, together = find_hand(room(), likes(4, 9), never, gain=1.0, sure=7, hand=2)
    assert box == (0, 0, 320, 320) and together.argmax() == logits.argmax() == 4


def test_what_was_found_is_read_with_a_margin_and_in_a_mirror():
    """The odds of the four views are averaged."""
    read = []

    def counts_three(pictures):
        read.append(pictures)
        return np.log(np.float32([[1, 1, 1, 5, 1, 2]] * len(pictures)))

    seen = look_at(room(), likes(2, 0), SQUARE)
    together = in_four_views(room(), counts_three, seen, 0)
    margin = to_input(cut(room(), square(SQUARE, MARGIN)))
    (pictures,) = read
    views = np.stack([seen.crops[0][:, ::-1], margin, margin[:, ::-1]]) / np.float32(255)
    np.testing.assert_array_equal(pictures, views)
    there = np.float32([1, 1, 1, 4, 1, 1.75])  # the first view saw all alike
    np.testing.assert_allclose(np.exp(together), there, rtol=1e-5)


def small_hand(pictures):
    """Sees a four, but certainly only where the hand fills what is read."""
    answers = look(pictures)
    answers[:, :6] = np.eye(6)[4] * 12 * (pictures.mean((1, 2, 3)) > 0.5)[:, None]
    return answers


def test_a_hand_that_is_certain_in_a_closer_look_is_not_searched_for():
    box, _, _, together = find_hand(room(), small_hand, never, gain=1.0, sure=7, hand=2)
    assert overlap(np.array(box), SQUARE) > 0.85 and together.argmax() == 4


@pytest.mark.parametrize("sure, hand", [(99, 2), (2, 99)], ids=["not sure", "hardly a hand"])
def test_what_was_searched_for_counts_as_all_places_do(sure, hand, monkeypatch):
    views = np.log(np.float32([1, 1, 1, 5, 1, 1]))
    monkeypatch.setattr("model.reading.find_hand.in_four_views", lambda *_: views)
    *_, together = find_hand(room(48), likes(4, 9), never, gain=1.0, sure=sure, hand=hand)
    np.testing.assert_allclose(together, mean_odds(np.stack([likes(4, 9)([0])[0], views])))


def test_where_a_hand_is_unlikely_it_looks_no_closer(monkeypatch):
    monkeypatch.setattr("model.reading.find_hand.in_four_views", never)
    *_, together = find_hand(room(), likes(4, -9, -9), map_of, gain=1.0, hand=2)
    np.testing.assert_allclose(together, [-9] * 6, rtol=1e-5)


def test_a_closer_look_that_is_not_on_the_hand_is_not_enough():
    """What is beside it, further to the right at each look, may look certain."""

    def points_right(pictures):
        answers = np.zeros((len(pictures), 9), np.float32)
        answers[:, 3] = 9
        answers[:, 6:] = 0.4, 0, -1
        return answers

    seen = look_at(room(), points_right, np.array([0.0, 0, 320, 320]))
    assert look_again(room(), points_right, seen, sure=2) is None


def test_what_is_no_hand_at_first_may_be_one_where_it_is_looked_at_closely():
    def reads_what_is_close(pictures):
        answers = look(pictures)
        answers[:, :6] = 0
        answers[:, 3] = 9 * (pictures.mean((1, 2, 3)) > 0.5)
        return answers

    box, *_, together = find_hand(room(), reads_what_is_close, never, gain=0.0, sure=0, hand=7)
    assert overlap(np.array(box), SQUARE) > 0.85
    assert together.argmax() == 3 and evidence(together) > 7


def test_what_a_glance_saw_is_not_read_again():
    read = []

    def counted(pictures):
        read.append(len(pictures))
        return likes_full_squares(pictures)

    seen = glance(room(), counted)
    found = places(room(), counted, map_of, seen)
    assert read[0] == 1 and sum(read) == len(found.logits)
    np.testing.assert_allclose(found.logits, places(room(), likes_full_squares, map_of).logits)


@pytest.mark.parametrize("moved", [(20, 0), (-20, 0), (0, 20), (0, -20)])
def test_a_hand_that_moved_a_little_is_followed_without_a_search(moved):
    last = tuple((SQUARE + np.array([*moved, *moved])).astype(int).tolist())
    box, _, logits, together = find_hand(room(), look, never, gain=1.0, last=last, hand=-9)
    assert overlap(np.array(box), SQUARE) > 0.8
    assert together.argmax() == logits.argmax() == 2


@pytest.mark.parametrize("last", [(0, 0, 64, 64), (-90, 0, -30, 60), (400, 400, 900, 900)])
def test_a_hand_that_is_gone_is_searched_for(last):
    gone = find_hand(room(), look, map_of, gain=1.0, last=last, hand=3)
    assert gone[0] == find_hand(room(), look, map_of, gain=1.0, hand=3)[0]


def test_a_last_place_beyond_the_picture_takes_no_memory():
    tracemalloc.start()
    find_hand(room(), likes(4, 9), never, gain=1.0, last=(-4000, -4000, 4000, 4000), hand=2)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_a_part_is_read_in_a_mirror_too_and_both_say_where_the_hand_is():
    read = []

    def counted(pictures):
        read.append(pictures)
        return look(pictures)

    found = look_at(room(), counted, around_square(0.2, 0.1, 2), mirrored=True)
    (pictures,) = read
    np.testing.assert_allclose(pictures[0], found.crops[0] / np.float32(255))
    np.testing.assert_allclose(pictures[1], pictures[0, :, ::-1])
    assert overlap(found.hands[0], SQUARE) > 0.9


@pytest.mark.parametrize("right, down, size", [(0, 0, 1), (0.2, -0.3, 3), (-0.4, 0.4, 2)])
def test_a_closer_look_is_at_the_hand(right, down, size):
    seen = look_at(room(), look, around_square(right, down, size))
    found, place = close_in(room(), look, seen, 0, 2)
    assert overlap(found.boxes[place], SQUARE) > 0.85


def test_where_another_digit_is_read_it_looks_no_closer():
    seen = look_at(room(), look, around_square(0, 0, 3))
    assert close_in(room(), look, seen, 0, 4) == (seen, 0)


def test_a_part_that_is_on_the_hand_needs_no_closer_look():
    seen = look_at(room(), look, around_square(0.05, 0, 1.2))
    assert close_in(room(), never, seen, 0, 2) == (seen, 0)


def test_a_network_that_does_not_tell_where_the_hand_is_keeps_what_it_found():
    assert (
        find_hand(room(), likes_full_squares, map_of, gain=1.0, hand=3)[0]
        == find_hand(room(), likes_full_squares, map_of, gain=1.0)[0]
    )


@pytest.mark.parametrize("hand, narrow", [(5, True), (20, False)])
def test_it_closes_in_where_there_is_a_hand(hand, narrow):
    def sure_of_it(pictures):
        answers = look(pictures)
        answers[:, :6] = np.eye(6)[4] * 10
        return answers

    box, crop, *_ = find_hand(room(), sure_of_it, map_of, gain=1.0, sure=7, hand=hand)
    assert (overlap(np.array(box), SQUARE) > 0.9) == narrow
    np.testing.assert_array_equal(crop, to_input(cut(room(), box)))
