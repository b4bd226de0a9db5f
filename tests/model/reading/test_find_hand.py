import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from model.reading.find_hand import (
    LEAST,
    MARGIN,
    PLACES,
    RIM,
    SHARES,
    close_in,
    evidence,
    find_hand,
    glance,
    is_enough,
    likeliest,
    look_again,
    look_at,
    mean_odds,
    overlap,
    read_closely,
    scanned,
    search,
    square,
    windows,
)
from model.reading.images import SIZE, cut, to_input


def room(side: int = 320) -> np.ndarray:
    """A black picture with a white square, a fifth of its side, at the lower right; not quite
    blank."""
    picture = np.zeros((side, side, 3), np.uint8)
    picture[3 * side // 5 : 4 * side // 5, 3 * side // 5 : 4 * side // 5] = 255
    picture[7 * side // 10, 7 * side // 10] = 200
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


def over_all(read):
    """The same of every window of 64 pixels, 32 apart, as the network gives it."""

    def scan(picture: np.ndarray) -> np.ndarray:
        rows, columns = (side // 32 - 1 for side in picture.shape[1:3])
        parts = [
            picture[0, 32 * r : 32 * r + SIZE, 32 * c : 32 * c + SIZE]
            for r in range(rows)
            for c in range(columns)
        ]
        return read(np.stack(parts)).reshape(rows, columns, -1)

    return scan


def test_the_square_is_found():
    box, _ = find_hand(room(), likes_full_squares, over_all(likes_full_squares))
    x0, y0, x1, y1 = box
    assert x0 <= 192 and y0 <= 192 and x1 >= 256 and y1 >= 256 and x1 - x0 < 1.7 * 64


def odds(*rows: list[float]) -> np.ndarray:
    """Logits with these odds of the first few digits."""
    return np.log(np.pad(np.float32(rows), [(0, 0), (0, 6 - len(rows[0]))], constant_values=1e-9))


def test_odds_are_averaged():
    """Two views that read a one outweigh a louder one that reads a zero."""
    together = mean_odds(*odds([9, 1, 1], [2, 7, 1], [2, 8, 5]))
    np.testing.assert_allclose(3 * np.exp(together[:3]), [13, 16, 7], rtol=1e-5)


def test_windows_that_mean_the_same_place_speak_for_it_together():
    """Two windows that are hardly sure outweigh a third; a fourth says nothing."""
    hands = np.stack([around_square(*moved) for moved in [(0, 0, 1), (-3, 0, 1), (0.2, 0, 1)]])
    places, said = likeliest(odds([1, 3], [5, 1], [2, 3]), hands)
    np.testing.assert_array_equal(places, hands[[2, 1]])  # the louder of the two stands for both
    np.testing.assert_allclose(np.exp(said), [9, 6], rtol=1e-5)


def test_few_places_are_looked_at():
    hands = np.stack([around_square(2 * step, 0, 1) for step in range(9)])
    places, said = likeliest(odds(*[[1 + step] for step in range(9)]), hands)
    np.testing.assert_array_equal(places, hands[: -PLACES - 1 : -1])
    assert len(said) == PLACES


def test_what_is_found_is_read_closely(monkeypatch):
    asked = []
    monkeypatch.setattr("model.reading.find_hand.read_closely", lambda *of: asked.append(of) or of)
    whole = glance(room(), look)
    assert search(room(), look, over_all(look), whole) is asked[0]
    _, _, found, beside = asked[0]
    assert overlap(found.hand, SQUARE) > 0.85 and beside is whole


def test_a_part_and_the_hand_in_it_are_read_with_a_margin_and_in_a_mirror():
    """The odds of the eight views are averaged; the whole weighs as much as four of them."""
    read = []

    def counts_white(pictures):
        read.append(pictures)
        answers = look(pictures)
        answers[:, :6] = (
            np.log([1, 1, 1, 1, 1, 2]) + 9 * pictures[:, :, :32].mean((1, 2, 3))[:, None]
        )
        return answers

    whole = glance(room(), counts_white)
    (seen,) = look_at(room(), counts_white, around_square(0.4, 0.1, 2))
    hand, together = read_closely(room(), counts_white, seen, whole)
    pictures = read[-1]
    crops = [
        to_input(cut(room(), square(box, scaling)))
        for box in (seen.box, seen.hand)
        for scaling in (1, MARGIN)
    ]
    views = np.stack([view for crop in crops for view in (crop, crop[:, ::-1])]) / np.float32(255)
    assert len(pictures) == len(views) == 8
    assert all((pictures == view).all((1, 2, 3)).any() for view in views)
    odds_of_each = np.exp([*counts_white(views)[:, :6], *[whole.logits] * 4])
    np.testing.assert_allclose(np.exp(together), odds_of_each.mean(0), rtol=1e-4)
    assert overlap(hand, square(SQUARE, RIM)) > 0.95


def test_the_box_is_where_the_views_of_the_hand_say_it_is_on_average():
    """A mirror image says of what lies to the right that it lies to the left."""
    answers = np.zeros((8, 9), np.float32)  # the part and the hand, with a margin; in a mirror
    answers[:2, 6:] = answers[4:6, 6:] = 0.4, 0.4, -2  # what views of the part say is not asked
    answers[[2, 3], 6], answers[[6, 7], 6] = (0.3, 0.1), (-0.1, -0.1)
    seen, whole = look_at(room(), look, np.float64([0, 0, 99, 99]), np.float64([0, 0, 320, 320]))
    hand, _ = read_closely(room(), lambda _: answers.copy(), replace(seen, hand=SQUARE), whole)
    right = np.mean([0.3, 0.1 * MARGIN, 0.1, 0.1 * MARGIN])
    mean = around_square(right, 0, RIM * (1 + MARGIN) / 2)
    np.testing.assert_allclose(hand, mean, rtol=1e-6)


def test_a_hand_that_fills_the_picture_is_read_with_a_margin_too():
    picture = np.zeros((40, 60, 3), np.uint8)
    picture[1:-1, 1:-1] = 255

    def likes_a_dark_rim(pictures):
        logits = np.zeros((len(pictures), 6), np.float32)
        logits[:, 2] = 9 - 9 * pictures[:, :, :4].mean((1, 2, 3))
        return logits

    box, _ = find_hand(picture, likes_a_dark_rim, over_all(likes_a_dark_rim))
    assert box == (-9, -19, 69, 59) and not to_input(cut(picture, box))[:, :4].any()


def test_no_window_is_smaller_than_can_be_read():
    assert len(windows(100, 100, 0.55)[1]) and not len(windows(100, 100, 0.3)[1])
    logits, hands = scanned(room(320), over_all(likes_full_squares), 0.3)
    assert len(logits) == len(hands) > 0
    assert (hands[:, 2] - hands[:, 0]).min() > 0.8 * LEAST
    logits, hands = scanned(room(48), never, 0.3)
    assert logits.shape == (0, 6) and hands.shape == (0, 4)
    box, _ = find_hand(room(48), likes_full_squares, never)
    assert box == (0, 0, 48, 48)


def test_windows_of_any_size_lie_inside_the_picture():
    (wide, high), boxes = windows(333, 200, 0.55)
    assert (wide, high) == (6, 4) and len(boxes) == 5 * 3
    assert boxes.min() >= 0 and boxes[:, 2].max() <= 333.01 and boxes[:, 3].max() <= 200.01


@pytest.mark.parametrize("share, side", [*zip(SHARES, (2 / 7, 1 / 2, 2 / 3), strict=True)])
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
    assert is_enough(seen.logits, sure=7) == enough


def test_after_a_glance_that_is_enough_nothing_more_is_read():
    box, together = find_hand(room(), likes(4, 9), never, sure=7, hand=2)
    assert box == (0, 0, 320, 320) and together.argmax() == 4


def small_hand(pictures):
    """Sees a four, but certainly only where the hand fills what is read."""
    answers = look(pictures)
    answers[:, :6] = np.eye(6)[4] * 12 * (pictures.mean((1, 2, 3)) > 0.5)[:, None]
    return answers


def test_a_hand_that_is_certain_in_a_closer_look_is_not_searched_for():
    box, together = find_hand(room(), small_hand, never, sure=7, hand=2)
    np.testing.assert_allclose(box, square(SQUARE, RIM), atol=1)
    assert together.argmax() == 4


@pytest.mark.parametrize("sure, hand", [(99, 2), (2, 99)], ids=["not sure", "hardly a hand"])
def test_what_is_not_certain_is_searched_for(sure, hand, monkeypatch):
    found = SQUARE, odds([1, 2])[0]
    monkeypatch.setattr("model.reading.find_hand.search", lambda *_: found)
    _, together = find_hand(room(), likes(4, 9), never, sure=sure, hand=hand)
    np.testing.assert_array_equal(together, found[1])


def test_where_a_hand_is_unlikely_it_looks_no_closer(monkeypatch):
    monkeypatch.setattr("model.reading.find_hand.read_closely", never)
    dark = likes(4, -9, -9)
    _, together = find_hand(room(), dark, over_all(dark), hand=2)
    assert together.argmax() == 0 and evidence(together) < -5


def test_a_closer_look_that_is_not_on_the_hand_is_not_enough():
    """What is beside it, further to the right at each look, may look certain."""

    def points_right(pictures):
        answers = np.zeros((len(pictures), 9), np.float32)
        answers[:, 3] = 9
        answers[:, 6:] = 0.4, 0, -1
        return answers

    assert look_again(room(), points_right, glance(room(), points_right), sure=2) is None


def test_what_is_no_hand_at_first_may_be_one_where_it_is_looked_at_closely():
    def reads_what_is_close(pictures):
        answers = look(pictures)
        answers[:, :6] = 0
        answers[:, 3] = 9 * (pictures.mean((1, 2, 3)) > 0.5)
        return answers

    box, together = find_hand(room(), reads_what_is_close, never, sure=0, hand=7)
    assert overlap(np.array(box), SQUARE) > 0.85
    assert together.argmax() == 3 and evidence(together) > 7


def test_what_a_glance_saw_is_not_read_again():
    read = []

    def counted(pictures):
        read.append(pictures)
        return likes_full_squares(pictures)

    whole = glance(room(), counted)
    search(room(), counted, over_all(likes_full_squares), whole)
    views = np.concatenate(read)
    seen = to_input(cut(room(), whole.box)) / np.float32(255)
    assert (views == seen).all((1, 2, 3)).sum() == 1


@pytest.mark.parametrize("moved", [(20, 0), (-20, 0), (0, 20), (0, -20)])
def test_a_hand_that_moved_a_little_is_followed_without_a_search(moved):
    last = tuple((SQUARE + np.array([*moved, *moved])).astype(int).tolist())
    box, together = find_hand(room(), look, never, last=last, hand=-9)
    assert overlap(np.array(box), SQUARE) > 0.8
    assert together.argmax() == 2


@pytest.mark.parametrize("last", [(0, 0, 64, 64), (-90, 0, -30, 60), (400, 400, 900, 900)])
def test_a_hand_that_is_gone_is_searched_for(last):
    gone = find_hand(room(), look, over_all(look), last=last, hand=3)
    assert gone[0] == find_hand(room(), look, over_all(look), hand=3)[0]


def test_a_last_place_beyond_the_picture_takes_no_memory():
    tracemalloc.start()
    find_hand(room(), likes(4, 9), never, last=(-4000, -4000, 4000, 4000), hand=2)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("right, down, size", [(0, 0, 1), (0.2, -0.3, 3), (-0.4, 0.4, 2)])
def test_a_closer_look_is_at_the_hand(right, down, size):
    (seen,) = look_at(room(), look, around_square(right, down, size))
    assert overlap(close_in(room(), look, seen, 2).hand, SQUARE) > 0.85


def test_where_another_digit_is_read_it_looks_no_closer():
    (seen,) = look_at(room(), look, around_square(0, 0, 3))
    assert close_in(room(), look, seen, 4) is seen


def test_a_part_that_is_on_the_hand_needs_no_closer_look():
    (seen,) = look_at(room(), look, around_square(0.05, 0, 1.2))
    assert close_in(room(), never, seen, 2) is seen


def test_a_network_that_does_not_tell_where_the_hand_is_means_the_whole_window():
    seen = look_at(room(), likes_full_squares, SQUARE, around_square(0, 0, 2))
    for view in seen:
        np.testing.assert_array_equal(view.hand, view.box)


@pytest.mark.parametrize("colour", [200, (250, 240, 200)], ids=["grey", "beige"])
def test_blank_paper_is_shown_whole(colour):
    def points_to_a_corner(pictures):
        answers = np.zeros((len(pictures), 9), np.float32)
        answers[:, 6:] = 0.3, 0.3, -1
        return answers

    paper = np.full((120, 160, 3), colour, np.uint8)
    box, _ = find_hand(paper, points_to_a_corner, over_all(points_to_a_corner))
    assert box == (0, 0, 160, 120)


def test_a_hand_that_is_said_to_be_far_away_or_huge_takes_no_memory():
    def points_far_away(pictures):
        answers = np.zeros((len(pictures), 9), np.float32)
        answers[:, 3], answers[:, 6:] = 9, 99
        return answers

    tracemalloc.start()
    for sure in (7, np.inf):
        find_hand(room(), points_far_away, over_all(points_far_away), sure, hand=2)
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("sure", [7, np.inf])
def test_it_closes_in_where_there_is_a_hand(sure):
    def sure_of_it(pictures):
        answers = look(pictures)
        answers[:, :6] = np.eye(6)[4] * 10 * (pictures.max((1, 2, 3)) > 0)[:, None]
        return answers

    box, _ = find_hand(room(), sure_of_it, over_all(sure_of_it), sure=sure, hand=5)
    assert overlap(np.array(box), SQUARE) > 0.9
