"""Work that Ray spreads over processes, and machines."""

import os
import signal
from functools import partial
from pathlib import Path

import pytest

from model.engine import joined, map_on_ray

pytestmark = [pytest.mark.slow, pytest.mark.ray]


@pytest.fixture(scope="module", autouse=True)
def cluster():
    with joined():
        yield


def square_or_die(folder: Path, number: int) -> int:
    """The square of a number; whoever is asked for seven first is killed."""
    if number == 7 and not (folder / "died").exists():
        (folder / "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number**2


def refuse(number: int) -> int:
    raise ValueError(f"{number} is too much.")


def test_work_comes_back_in_order_though_a_worker_is_killed(tmp_path):
    done = list(map_on_ray(partial(square_or_die, tmp_path), range(50), at_a_time=3))
    assert done == [number**2 for number in range(50)]
    assert (tmp_path / "died").exists()


def test_a_mistake_is_the_sentence_that_it_was():
    with pytest.raises(ValueError, match=r"^0 is too much\.$"):
        list(map_on_ray(refuse, range(3)))
