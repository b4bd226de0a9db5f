import threading
import time

from model.reading import courtesy
from model.reading.courtesy import give_way, urgent


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
    try:
        with urgent():
            raise ValueError
    except ValueError:
        give_way()
