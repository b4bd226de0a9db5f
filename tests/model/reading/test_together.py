"""Several pictures in one pass of the network."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model.network.resnet import tiny
from model.reading.classifier import Calibration, HandClassifier
from model.reading.together import Together, read_many


class Slow:
    """Doubles what it gets, but only once it may; keeps how many rows came each time."""

    def __init__(self):
        self.began, self.go, self.rows = threading.Event(), threading.Event(), []

    def __call__(self, pictures):
        self.began.set()
        self.go.wait(5)
        self.rows.append(len(pictures))
        return [2 * pictures[:, 0, 0]]


def in_line(together: Together, count: int) -> None:
    while len(together._line) < count:
        threading.Event().wait(0.001)


def pictures(value: float, rows: int = 1, side: int = 4) -> np.ndarray:
    return np.full((rows, side, side, 3), value, np.float32)


def test_those_who_come_while_it_runs_are_served_by_the_next_call_and_get_their_own_rows():
    run = Slow()
    together = Together(run, lanes=1)
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(together, pictures(7))
        assert run.began.wait(5)
        others = [threads.submit(together, pictures(value, 1 + value % 2)) for value in range(8)]
        in_line(together, 8)
        run.go.set()
        assert (first.result(5)[0] == 14).all()
        for value, other in enumerate(others):
            (rows,) = other.result(5)
            assert rows.shape == (1 + value % 2, 3) and (rows == 2 * value).all()
    assert run.rows == [1, 12]


def test_a_call_is_never_too_large_and_holds_pictures_of_one_size():
    run = Slow()
    together = Together(run, most=3, lanes=1)
    sizes = [4, 8, 4, 4, 8, 4]
    with ThreadPoolExecutor(7) as threads:
        threads.submit(together, pictures(0))
        assert run.began.wait(5)
        for count, side in enumerate(sizes, 1):
            threads.submit(together, pictures(1, 1, side))
            in_line(together, count)
        run.go.set()
    assert run.rows == [1, 3, 2, 1]
    assert len(together(pictures(1, rows=5))[0]) == 5  # more than the most, asked for at once
    assert run.rows[4:] == [3, 2]


def test_what_is_asked_is_shared_out_and_comes_back_in_order():
    meet = threading.Barrier(3, timeout=5)  # all calls are under way at a time

    def run(pictures):
        meet.wait()
        return [pictures[:, 0, 0, 0]]

    values = np.arange(7, dtype=np.float32)
    rows = np.broadcast_to(values[:, None, None, None], (7, 4, 4, 3))
    assert (Together(run, lanes=3)(rows)[0] == values).all()


def test_while_the_others_are_busy_one_lane_serves_all_who_wait():
    go = {value: threading.Event() for value in range(3)}
    calls = []

    def run(pictures):
        calls.append(len(pictures))
        assert go[int(pictures[0, 0, 0, 0])].wait(5)
        return [pictures[:, 0, 0]]

    together = Together(run, lanes=2)
    with ThreadPoolExecutor(8) as threads:
        for value in (0, 1):
            threads.submit(together, pictures(value))
            while len(calls) <= value:
                threading.Event().wait(0.001)
        for _ in range(6):
            threads.submit(together, pictures(2))
        in_line(together, 6)
        go[2].set()
        go[1].set()
        while len(calls) < 3:
            threading.Event().wait(0.001)
        go[0].set()
    assert calls == [1, 1, 6]


def test_every_array_of_a_call_is_shared_out():
    together = Together(lambda pictures, factors: [pictures[:, 0, 0, 0] * factors, -factors])
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(together, pictures(2), np.array([each])) for each in range(4)]
        for each, rows in enumerate(asked):
            assert [float(row[0]) for row in rows.result(5)] == [2 * each, -each]


def test_an_error_reaches_everyone_who_waited_and_the_next_is_served():
    broken = True

    def run(pictures):
        if broken:
            raise MemoryError("too much")
        return [pictures[:, 0, 0]]

    together = Together(run)
    with ThreadPoolExecutor(4) as threads:
        for answer in [threads.submit(together, pictures(1)) for _ in range(4)]:
            with pytest.raises(MemoryError):
                answer.result(5)
    broken = False
    assert (together(pictures(3))[0] == 3).all()


@pytest.mark.slow
def test_pictures_read_together_are_read_as_by_themselves(tmp_path):
    classifier = HandClassifier(tiny(), Calibration(hand=0.0))  # it looks for hands
    random = np.random.default_rng(0)
    sources = [
        random.integers(0, 255, (60 + 40 * (i % 3), 150, 3), dtype=np.uint8) for i in range(9)
    ]
    sources[4] = tmp_path / "missing.png"
    together = list(read_many(classifier, sources, at_once=4))
    assert len(together) == 9
    assert "missing.png is not there" in str(together[4])
    for source, read in zip(sources, together, strict=True):
        if isinstance(source, np.ndarray):
            alone = classifier.read(source)
            np.testing.assert_allclose(read.probabilities, alone.probabilities, atol=1e-5)
            assert read.box == alone.box
