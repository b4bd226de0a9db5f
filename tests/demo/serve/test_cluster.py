"""The page on Ray, with two readers and two pages, on this machine."""

import contextlib
import importlib
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from functools import partial
from pathlib import Path

import httpx
import numpy as np
import pytest
import yaml
from gradio_client import handle_file
from gradio_client.exceptions import AppError

from demo.kit.examples import example_pictures
from demo.serve.address import LOOPBACK
from model.reading.images import read_picture
from tests.demo.conftest import new_client, serve_on_ray, tiny_network

pytestmark = [pytest.mark.slow, pytest.mark.ray]

ROOT = Path(__file__).parents[3]
PATHS = [example.path for example in example_pictures()]
PICTURES = [read_picture(path, 1024) for path in PATHS]


@pytest.fixture(scope="module")
def cluster():
    """The address of two pages, with two readers."""
    with serve_on_ray(tiny_network, readers=2, pages=2) as address:
        yield address


@pytest.fixture(scope="module")
def reader(cluster):
    from ray import serve

    from demo.serve.cluster import ClusterReader

    return ClusterReader(serve.get_deployment_handle("Readers", "hands"))


def processes(deployment: str) -> list[int]:
    """The processes of a deployment that this one started."""
    import psutil

    ours = psutil.Process().children(recursive=True)
    return [each.pid for each in ours if f"hands:{deployment}" in "".join(each.cmdline())]


def eventually(holds: Callable[[], bool], seconds: float = 120) -> bool:
    """Whether something comes to hold in that time."""
    until = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.5)
    return held


def same(one, other) -> bool:
    """Whether two readings say the same."""
    for field in fields(one):
        np.testing.assert_allclose(
            getattr(one, field.name), getattr(other, field.name), atol=1e-5, err_msg=field.name
        )
    return True


def test_readers_answer_as_the_page_itself_does(reader, network):
    with ThreadPoolExecutor(8) as threads:
        readings = list(threads.map(reader.read, PICTURES))
    for picture, reading in zip(PICTURES, readings, strict=True):
        here = network.read(picture)
        assert same(reading, here)
        there, maps = reader.explain(here.crop, here.digit), network.explain(here.crop, here.digit)
        np.testing.assert_allclose(there.sharp, maps.sharp, atol=1e-5)
        for stage, signed in maps.explanation.signed.items():
            np.testing.assert_allclose(there.explanation.signed[stage], signed, atol=1e-5)
    last = network.read(PICTURES[0]).box
    for asked in ((False,), (True, (3, 4, 40, 50)), (True, None, last)):
        assert same(reader.read(PICTURES[0], *asked), network.read(PICTURES[0], *asked))


def test_a_reader_takes_as_many_pictures_at_a_time_as_its_options_say(cluster):
    import ray

    from demo.serve.cluster import Readers

    @ray.remote(num_cpus=0)
    def taken(together: int) -> list[int]:
        one = Readers.func_or_class(lambda: None, together)
        return [each._get_max_batch_size() for each in (one.read, one.explain)]

    assert ray.get([taken.remote(3), taken.remote(8)]) == [[3, 3], [8, 8]]


def test_a_mistake_of_the_caller_comes_back_as_its_sentence(reader):
    with pytest.raises(ValueError, match="9 cannot be explained"):
        reader.explain(np.zeros((64, 64, 3), np.uint8), 9)


def test_a_reader_that_is_killed_loses_no_answer_and_makes_none_wrong(reader, network):
    here = [network.read(picture) for picture in PICTURES]
    before = processes("Readers")
    assert len(before) == 2

    def ask(visitor: int) -> int:
        right = 0
        for picture in range(visitor, visitor + 6):
            which = picture % len(PICTURES)
            right += same(reader.read(PICTURES[which]), here[which])
        return right

    with ThreadPoolExecutor(32) as visitors:
        going = [visitors.submit(ask, visitor) for visitor in range(32)]
        time.sleep(0.5)
        os.kill(before[0], signal.SIGKILL)
        assert sum(each.result(timeout=240) for each in going) == 32 * 6
    assert eventually(lambda: len(set(processes("Readers")) - {before[0]}) == 2)


def test_where_too_many_pictures_wait_a_sentence_says_so(reader, network):
    from demo.serve.cluster import BUSY

    here = network.read(PICTURES[0])

    def ask(_: int) -> str:
        try:
            return "right" if same(reader.read(PICTURES[0]), here) else "wrong"
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(300) as crowd:
        assert set(crowd.map(ask, range(300))) == {"right", BUSY}


def test_a_visit_stays_with_its_page_until_that_is_killed(cluster, tmp_path):
    visitors = [new_client(cluster, tmp_path) for _ in range(12)]
    for visitor in visitors:
        visitor.predict(handle_file(PATHS[1]), api_name="/read")
    for _ in range(4):
        for visitor in visitors:
            assert visitor.predict({"how": "all"}, "conv5", 55, api_name="/read_part")[0]["word"]
    os.kill(processes("Pages")[0], signal.SIGKILL)
    kept = 0
    for visitor in visitors:
        with contextlib.suppress(AppError, httpx.HTTPError):
            visitor.predict({"how": "all"}, "conv5", 55, api_name="/read_part")
            kept += 1
    assert 0 < kept < len(visitors)

    def reads(visitor) -> bool:
        """Whether it reads a picture; it does not while it is led back to the page that is new."""
        with contextlib.suppress(AppError, httpx.HTTPError):
            return bool(visitor.predict(handle_file(PATHS[1]), api_name="/read")[0]["word"])
        return False

    for visitor in visitors:
        assert eventually(partial(reads, visitor))
        visitor.close()


def test_no_port_answers_other_machines_that_lack_the_token(cluster):
    import grpc
    import psutil

    outside = [
        (each.pid, connection.laddr.port)
        for each in psutil.Process().children(recursive=True)
        for connection in each.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
        and connection.laddr.ip not in (LOOPBACK, "::1", f"::ffff:{LOOPBACK}")
    ]
    assert {pid for pid, _ in outside} <= {*processes("Readers"), *processes("Pages")}
    for _, port in outside:
        with grpc.insecure_channel(f"{LOOPBACK}:{port}") as channel:
            ask = channel.unary_unary("/ray.serve.ASGIService/HandleRequest")
            with pytest.raises(grpc.RpcError) as refused:
                ask(b"", timeout=10)
        assert refused.value.code() == grpc.StatusCode.UNAUTHENTICATED


def settings(file: str) -> dict:
    return yaml.safe_load((ROOT / "cluster" / file).read_text("utf-8"))


def test_the_settings_of_a_cluster_are_understood():
    from ray.serve.schema import ServeDeploySchema

    read = ServeDeploySchema.model_validate(settings("serve.yaml"))
    (hands,) = read.applications
    module, _, name = hands.import_path.partition(":")
    built = getattr(importlib.import_module(module), name)(hands.args)
    assert {each.name for each in hands.deployments} == {"Pages", "Readers"}
    assert built._bound_deployment.name == "Pages"


def test_on_kubernetes_the_settings_are_the_same():
    there = settings("kuberay.yaml")["spec"]
    served = yaml.safe_load(there["serveConfigV2"])
    assert served.pop("http_options") == {"host": "0.0.0.0", "port": 8000}
    here = settings("serve.yaml")
    assert here.pop("http_options") == {"host": LOOPBACK, "port": 8000}
    assert served == here
    pinned = (ROOT / "requirements-cluster.txt").read_text("utf-8").strip().rpartition("==")[2]
    assert there["rayClusterConfig"]["rayVersion"] == pinned
