import threading
import time

import numpy as np
import pytest

from model.reading import courtesy
from model.reading.courtesy import AT_ONCE, by_parts, give_way, urgent


def test_slow_work_waits_for_what_is_urgent(monkeypatch):
    monkeypatch.setattr(courtesy, "LONGEST", 60)
    order = []

    def slow() -> None:
        give_way()
        order.append("slow")

    with urgent():
        with urgent():
            work = threading.Thread(target=slow)
            work.start()
        time.sleep(0.05)
        order.append("urgent")
    work.join(10)
    assert order == ["urgent", "slow"]


def test_slow_work_is_not_kept_for_ever(monkeypatch):
    monkeypatch.setattr(courtesy, "LONGEST", 0.05)
    with urgent():
        give_way()


def test_an_error_does_not_leave_anything_under_way(monkeypatch):
    monkeypatch.setattr(courtesy, "LONGEST", 60)
    with pytest.raises(ValueError, match="broken"), urgent():
        raise ValueError("broken")
    began = time.monotonic()
    give_way()
    assert time.monotonic() - began < 30


def test_many_pictures_give_way_before_each_few(monkeypatch):
    gave_way, sizes = [], []
    monkeypatch.setattr(courtesy, "give_way", lambda: gave_way.append(len(sizes)))

    def run(pictures):
        sizes.append(len(pictures))
        return 2 * pictures

    pictures = np.arange(2 * AT_ONCE + 3)
    np.testing.assert_array_equal(by_parts(run, pictures), 2 * pictures)
    assert sizes == [AT_ONCE, AT_ONCE, 3] and gave_way == [0, 1, 2]
