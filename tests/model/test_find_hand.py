import numpy as np
import pytest

from model.find_hand import LEAST, evidence, find_hand, near, overlap, windows
from model.images import SIZE


def room(side: int = 320) -> np.ndarray:
    """A black picture with a white square, a quarter of its side, at the lower right."""
    picture = np.zeros((side, side, 3), np.uint8)
    picture[side // 2 : 3 * side // 4, side // 2 : 3 * side // 4] = 255
    return picture


def likes_full_squares(pictures: np.ndarray) -> np.ndarray:
    """Evidence for windows that hold all of the square and little else."""
    mean, rim = pictures.mean((1, 2, 3)), pictures[:, [0, -1]].mean((1, 2, 3))
    logits = np.zeros((len(pictures), 6), np.float32)
    logits[:, 2] = 20 * mean - 40 * rim
    return logits


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
    box, crop, logits = find_hand(room(), likes_full_squares, map_of, gain=1.0)
    x0, y0, x1, y1 = box
    assert x0 <= 160 and y0 <= 160 and x1 >= 240 and y1 >= 240 and x1 - x0 < 1.7 * 80
    np.testing.assert_allclose(logits, likes_full_squares(crop[None] / np.float32(255))[0])


def test_a_part_that_is_hardly_better_than_the_whole_leaves_it_whole():
    box, *_ = find_hand(room(), likes_full_squares, map_of, gain=1000.0)
    assert box == (0, 0, 320, 320)


def test_no_window_is_smaller_than_can_be_read():
    boxes, scores = windows(room(100), map_of)
    assert len(boxes) == len(scores) > 0
    assert (boxes[:, 2] - boxes[:, 0]).min() > 0.8 * LEAST
    box, *_ = find_hand(room(48), likes_full_squares, map_of, gain=0.0)
    assert box == (0, 0, 48, 48)


def test_windows_of_any_size_lie_inside_the_picture():
    boxes, _ = windows(np.zeros((200, 333, 3), np.uint8), map_of)
    assert boxes.min() >= 0 and boxes[:, 2].max() <= 333.01 and boxes[:, 3].max() <= 200.01


def test_evidence_and_overlap_by_hand():
    assert evidence(np.float32([0] * 6)) == pytest.approx(np.log(6))
    assert overlap(np.array([0, 0, 2, 2]), np.array([1, 0, 3, 2])) == pytest.approx(1 / 3)
    np.testing.assert_allclose(near(np.array([0, 0, 4, 4]), 0.25, 0, 0.5), [2, 1, 4, 3])
