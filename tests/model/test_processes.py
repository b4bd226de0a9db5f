"""Work that is shared among processes of this machine."""

import os
import signal

import pytest

from model import engine
from model.engine import map_here


def square(number: int) -> int:
    return number**2


def square_or_die(number: int) -> int:
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number**2


@pytest.mark.slow
def test_work_comes_back_in_order():
    numbers = range(50)
    assert [*map_here(2, square, numbers, 3)] == [*map(square, numbers)]


@pytest.mark.slow
def test_whoever_waits_for_a_process_that_was_killed_is_told(monkeypatch):
    monkeypatch.setattr(engine, "PATIENCE", 0.2)
    with pytest.raises(ChildProcessError, match="perhaps for want of memory"):
        [*map_here(2, square_or_die, range(50), 3)]
