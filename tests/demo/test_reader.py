"""What the page asks to read and explain pictures."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from demo.kit.examples import example_pictures
from demo.kit.network import Waking
from demo.try_it.handlers import TryIt
from demo.try_it.request import MapLook

pytestmark = pytest.mark.slow  # most of these run a network

LOOK = MapLook("sharp", 70, raw=False, own=False)


@pytest.mark.slow
def test_pictures_that_are_read_at_a_time_are_read_as_each_alone(network):
    handlers = TryIt(Waking(lambda: network), example_pictures())
    paths = [example.path for example in handlers.shelf[:8]]
    alone = [handlers.read(path, LOOK).hand for path in paths]
    with ThreadPoolExecutor(len(paths)) as threads:
        together = [
            answered.hand for answered in threads.map(lambda p: handlers.read(p, LOOK), paths)
        ]
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(
            other.reading.probabilities, one.reading.probabilities, atol=1e-5
        )
        np.testing.assert_allclose(other.maps.sharp, one.maps.sharp, atol=1e-5)


def test_another_reader_reads_and_explains_in_place_of_the_network(network):
    class Remembering:
        def __init__(self):
            self.asked = []

        def read(self, *asked):
            self.asked.append("read")
            return network.read(*asked)

        def explain(self, *asked):
            self.asked.append("explain")
            return network.explain(*asked)

    others = Remembering()
    handlers = TryIt(Waking(lambda: replace(network, others=others)), example_pictures())
    answered = handlers.read(handlers.shelf[0].path, LOOK)
    handlers.explain(answered.hand, 4, LOOK)
    assert others.asked == ["read", "explain", "explain"]
