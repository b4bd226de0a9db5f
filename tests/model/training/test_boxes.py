import numpy as np
import pytest

from model.collections import loading
from model.collections.loading import Collection
from model.network.resnet import tiny
from model.reading.box_regression import inside
from model.reading.images import SIZE
from model.training import boxes


def frames(count: int) -> Collection:
    """Grey frames, each with a white hand at random, twice in the last."""
    rng = np.random.default_rng(0)
    pictures, places = [], []
    for _ in range(count):
        picture = np.full((120, 160, 3), 90, np.uint8)
        x, y = rng.integers(0, 120), rng.integers(0, 80)
        picture[y : y + 40, x : x + 40] = 255
        pictures.append(picture)
        places.append((x, y, x + 40, y + 40))
    pictures.append(pictures[-1])
    places.append(places[-1])
    n = len(pictures)
    return Collection(
        "hands", "train", "none", pictures, np.zeros(n, int), np.full(n, ""), np.array(places),
        whole_frames=True,
    )  # fmt: skip


@pytest.fixture
def data(monkeypatch):
    monkeypatch.setattr(loading, "load", lambda *_: frames(5))
    monkeypatch.setattr(boxes, "RENDERED", 5)


def test_only_frames_of_one_hand_tell_where_it_is(data):
    hands, rendered = boxes.placed_hands("train", None, ["hands"])
    assert len(rendered) == boxes.RENDERED
    assert len(hands) == 4 and all((box[2:] - box[:2] == 40).all() for _, box in hands)
    assert not boxes.placed_hands("train", None, ["hand-patches", "gesture-digits"])


def test_a_rendered_hand_lies_in_its_box():
    for number in range(10):
        picture, (left, top, right, bottom) = boxes.rendered_hand(number)
        assert 0 <= left < right <= picture.shape[1] and 0 <= top < bottom <= picture.shape[0]
        assert max(right - left, bottom - top) > 0.3 * len(picture)


def test_the_offsets_of_a_window_say_where_its_hand_is(data):
    rng = np.random.default_rng(2)
    ((picture, hand), *_), *_ = boxes.placed_hands("train", None, ["hands"])
    for _ in range(30):
        crop, offsets = boxes.window_around(picture, hand, rng)
        box = inside(np.array([0.0, 0, SIZE, SIZE]), offsets).round().astype(int)
        left, top, right, bottom = np.clip(box, 0, SIZE)
        white = crop[..., 0] > 200
        assert white[top + 1 : bottom - 1, left + 1 : right - 1].mean() > 0.9
        if left > 0 and top > 0 and right < SIZE and bottom < SIZE:
            assert white.sum() < 1.3 * (right - left) * (bottom - top)


def test_where_the_bright_cells_are_is_learned():
    rng = np.random.default_rng(0)
    places = rng.integers(0, 4, (600, 2))
    cells = np.zeros((600, 4, 4, 5), np.float16)
    cells[np.arange(600), places[:, 1], places[:, 0]] = 1
    offsets = np.column_stack([(places - 1.5) / 4, np.full(600, -1.0)])
    head = boxes.fit(cells, offsets, epochs=60)
    assert boxes.found(head, cells, offsets) > 0.8
    assert boxes.found(head, cells, offsets + np.array([1, 0, 0])) < 0.2


@pytest.mark.slow
def test_it_is_trained_on_the_windows_of_a_network(data):
    weights = boxes.fit_boxes(tiny(), None, ["hands"], count=200, epochs=1)
    assert [each.shape for each in weights[::2]] == [(3, 3, 16, 64), (1024, 128), (128, 3)]
    assert boxes.fit_boxes(tiny(), None, ["hand-patches"]) is None
