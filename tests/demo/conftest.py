"""A running page with a tiny network of random weights behind it."""

import itertools
import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from gradio_client import Client

from demo.interface import build
from demo.kit import glossary
from demo.kit.examples import example_read
from demo.kit.network import Network
from demo.kit.theme import launch_settings
from demo.serve.address import LOOPBACK, find_port, own_folder
from demo.serve.health import watched


def tiny_network() -> Network:
    import keras

    from explain.maps.gradcam import Explainer
    from model.network.resnet import tiny
    from model.reading.classifier import Calibration, HandClassifier

    keras.utils.set_random_seed(0)
    classifier = HandClassifier(tiny(), Calibration(hand=0.0))  # it looks for hands
    return Network(classifier, Explainer(classifier))


@pytest.fixture(autouse=True)
def equal_terms(monkeypatch):
    """Terms are numbered on the page, so that each opens its own meaning; here they compare."""
    monkeypatch.setattr(glossary, "NUMBERS", itertools.repeat(0))


@pytest.fixture(scope="module")
def network():
    return tiny_network()


@pytest.fixture(scope="module")
def hand(network):
    return example_read(network)


@pytest.fixture(scope="session")
def address():
    page, waking = build(tiny_network)
    watching = watched(page, waking, metrics=True)
    _, address, _ = page.launch(
        prevent_thread_lock=True, quiet=True, mcp_server=True, **watching, **launch_settings()
    )
    yield address
    page.close(verbose=False)


@contextmanager
def serve_on_ray(load: Callable[[], Network], **options) -> Iterator[str]:
    """The address of a page, with a cluster of this machine's own behind it."""
    from demo.serve.cluster import Options, application, close_cluster, open_cluster

    app = application(build, load, Options(**options))
    with own_folder():
        yield open_cluster(app, LOOPBACK, find_port(LOOPBACK, None))
        close_cluster()


def new_client(address: str, folder) -> Client:
    """A client that knows the page's own wiring too, and what its controls are set to."""
    client = Client(address, verbose=False, download_files=folder)
    with urllib.request.urlopen(f"{address}gradio_api/info?all_endpoints=true") as answer:
        listed = json.load(answer)
    for end_point in client.endpoints.values():
        end_point._info = listed
        end_point.parameters_info = end_point._get_parameters_info()
    return client


@pytest.fixture(scope="session")
def client(address, tmp_path_factory):
    client = new_client(address, tmp_path_factory.mktemp("downloads"))
    yield client
    client.close()
