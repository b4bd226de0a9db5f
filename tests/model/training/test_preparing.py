import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.collections import loading
from model.collections.catalogue import Row
from model.collections.readers import of_source
from model.digits import DIGITS
from model.engine import map_on_ray, processes
from model.synthetic.rendered import render
from model.training import preparing
from model.training.batches import batches
from model.training.mixture import Mixture, make_pool
from model.training.preparing import open_pool, prepare_all

FEW = Mixture(rendered_hands=12)


def test_what_the_pictures_depend_on_is_there():
    for pattern in (*preparing.RENDERED, *preparing.CUT_OUT, *preparing.RENDERED_PEOPLE):
        assert list(preparing.ROOM.glob(pattern)), pattern


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Two collections of rendered hands, one before a plain wall; a third that nobody can fetch."""
    rows = {
        "plain": Row("plain", "none", None, of_source("train"), plain=True),
        "room": Row("room", "none", None, of_source("train"), weight=2.0),
        "lost": Row("lost", "none", None, of_source("train")),
    }
    for name in ("plain", "room"):
        for digit in range(DIGITS):
            place = tmp_path / "data" / name / str(digit)
            place.mkdir(parents=True)
            made = render(digit, np.random.default_rng((digit, len(name))), "photo", 80)
            Image.fromarray(made.picture).save(place / f"{name}_{digit}_1.png")
    for module in (preparing, loading):
        monkeypatch.setattr(module, "COLLECTIONS", tuple(rows.values()))
    monkeypatch.setattr(loading, "find_row", rows.get)
    return str(tmp_path / "data")


@pytest.mark.slow
def test_what_is_kept_makes_the_same_batches(data, tmp_path):
    paths = prepare_all(data, mixture=FEW, cache=tmp_path / "cache")
    assert [path.name.split("-")[0] for path in paths] == ["rendered", "plain", "room"]
    expected = make_pool(loading.load_all("train", data), FEW).batch((1, 2), 9)
    for one, other in zip(open_pool(paths, FEW).batch((1, 2), 9), expected, strict=True):
        np.testing.assert_array_equal(one, other)
    made = batches(paths, FEW, seed=1, count=9, start=2, workers=1)
    np.testing.assert_array_equal(next(made)[0], expected[0])
    made.close()


@pytest.mark.slow
@pytest.mark.ray
def test_ray_prepares_the_same_files_to_the_byte(data, tmp_path):
    here = prepare_all(data, mixture=FEW, cache=tmp_path / "here")
    there = prepare_all(data, mixture=FEW, map_all=map_on_ray, cache=tmp_path / "there")
    assert [path.name for path in there] == [path.name for path in here]
    for one, other in zip(here, there, strict=True):
        for kind in (".index", ".pixels"):
            assert one.with_suffix(kind).read_bytes() == other.with_suffix(kind).read_bytes()


# A training that makes batches, and says which processes make them for it.
MAKER = """if __name__ == "__main__":
    import multiprocessing, signal, sys
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs behind a shell ignores it
    from pathlib import Path
    from model.training.batches import batches
    from model.training.mixture import Mixture
    made = batches([*map(Path, sys.argv[1:])], Mixture(rendered_hands=12), 1, 4, 0, 2)
    next(made)
    print(*(worker.pid for worker in multiprocessing.active_children()), flush=True)
    for _ in made:
        pass
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").exists(), reason="no /proc here")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_training_that_is_ended_leaves_no_worker_behind(data, tmp_path, number):
    paths = prepare_all(data, mixture=FEW, cache=tmp_path / "cache")
    training = subprocess.Popen(
        [sys.executable, "-c", MAKER, *map(str, paths)],
        cwd=Path(preparing.__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    workers = [Path(f"/proc/{each}/cmdline") for each in training.stdout.readline().split()]
    assert len(workers) == 2 and all(each.read_bytes() for each in workers)
    if number == signal.SIGINT:
        os.killpg(training.pid, number)  # as Ctrl-C does
    else:
        training.send_signal(number)
    training.communicate(timeout=30)
    last = time.monotonic() + 20
    while any(is_running(each) for each in workers) and time.monotonic() < last:
        time.sleep(0.1)
    assert not any(is_running(each) for each in workers)


@pytest.mark.slow
def test_ctrl_c_is_left_to_the_process_that_waits_for_the_workers():
    with processes(1) as pool:
        worker = pool.apply(os.getpid)
        os.kill(worker, signal.SIGINT)
        assert pool.apply(os.getpid) == worker


def is_running(command: Path) -> bool:
    """Whether a process is there, and is no zombie; by the file of its command line."""
    try:
        return bool(command.read_bytes())
    except OSError:
        return False


def test_everything_is_made_once_and_again_when_something_changes(data, tmp_path, capsys):
    cache = tmp_path / "cache"
    first = prepare_all(data, mixture=FEW, cache=cache)
    assert "rendering hands: 12 of 12" in capsys.readouterr().err
    assert prepare_all(data, mixture=FEW, cache=cache) == first
    assert capsys.readouterr().err == ""
    assert prepare_all(data, "room", FEW, cache=cache) == first[:2]
    more = prepare_all(data, mixture=Mixture(rendered_hands=13), cache=cache)
    assert more[0] != first[0] and more[1:] == first[1:]
    (tmp_path / "data/room/2/room_2_1.png").unlink()
    fewer = prepare_all(data, mixture=FEW, cache=cache)
    assert fewer[:2] == first[:2] and fewer[2] != first[2]


def test_progress_is_said_before_the_first_hand_is_made(data, tmp_path, capsys, monkeypatch):
    def interrupted(number):
        assert "rendering hands: 0 of 12" in capsys.readouterr().err
        raise KeyboardInterrupt

    monkeypatch.setattr(preparing, "rendered_photograph", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepare_all(data, mixture=FEW, cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
