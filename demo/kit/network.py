"""The network behind the page: loaded beside it, while the page is already up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from demo.kit.importing import importing
from demo.kit.reader import Maps, Reader
from model.reading.decoder import Decoders
from model.reading.kernels import prepare_tensorflow

if TYPE_CHECKING:
    from explain.maps.gradcam import Explainer
    from explain.maps.sharp import SharpExplainer
    from explain.network.architecture import NetworkSummary
    from explain.network.channels import Features
    from model.reading.classifier import HandClassifier, Reading
    from model.reading.images import Box


@dataclass(frozen=True)
class Network:
    """What the page asks: the classifier, and what explains its readings.

    Attributes:
        classifier: reads pictures.
        explainer: explains readings.
        shipped: whether its weights are those that come with the project.
        others: who reads visitors' pictures in its place; None for nobody.
    """

    classifier: HandClassifier
    explainer: Explainer
    shipped: bool = False
    others: Reader | None = None

    @property
    def reader(self) -> Reader:
        """Who reads visitors' pictures and explains them."""
        return self.others or self

    def read(
        self,
        picture: np.ndarray,
        find: bool = True,
        box: Box | None = None,
        last: Box | None = None,
    ) -> Reading:
        """Read a picture; see `Reader`."""
        return self.classifier.read(picture, find, box, last)

    def explain(self, crop: np.ndarray, digit: int) -> Maps:
        """See where the network looks for a digit; see `Reader`."""
        return Maps(*self.sharp.explain_both(crop, digit))

    @cached_property
    def sharp(self) -> SharpExplainer:
        """What makes the sharp maps."""
        from explain.maps.sharp import SharpExplainer

        return SharpExplainer(self.explainer)

    @cached_property
    def summary(self) -> NetworkSummary:
        """Its architecture as data."""
        from explain.network.architecture import summarize

        return summarize(self.classifier.model)

    @cached_property
    def digest(self) -> str:
        """What tells its weights from all others; hashing them takes a while, so once."""
        from model.network.weights_file import weights_digest

        return weights_digest(self.classifier.model)

    @cached_property
    def features(self) -> Features:
        """What finds out what every block answers."""
        from explain.network.channels import Features

        return Features(self.explainer.passes)


def load_network(weights: Path | None = None) -> Network:
    """Load weights, by default the shipped ones, and run once: so the first visitor needn't wait.

    Raises:
        ValueError: if the weights are missing or broken.
    """
    prepare_tensorflow()
    with importing:  # with these comes TensorFlow: seconds that the page needn't wait
        from explain.draw import heat_maps  # noqa: F401
        from explain.maps.gradcam import Explainer
        from model.reading.classifier import HandClassifier
        from model.reading.images import SIZE

    classifier = HandClassifier.load(weights)
    network = Network(classifier, Explainer(classifier), shipped=weights is None)
    blank = np.zeros((SIZE, SIZE, 3), np.uint8)
    reading = network.read(blank)
    network.explain(reading.crop, reading.digit)
    return network


class Waking:
    """A network that loads in the background; whoever asks for it waits until it is there.

    Attributes:
        decoders: what opens the pictures that are brought to it.
    """

    def __init__(self, load: Callable[[], Network]):
        self.decoders = Decoders()
        self._load = load
        self._network: Future[Network] = Future()
        self._started = threading.Lock()

    def start(self) -> None:
        """Begin to load; a second call does nothing."""
        if self._started.acquire(blocking=False):
            threading.Thread(target=self._run, name="waking", daemon=True).start()

    def _run(self) -> None:
        try:
            network = self._load()
        except Exception as error:  # whoever waits must hear of it, whatever it was
            self.give_up(error)
        else:
            with suppress(InvalidStateError):
                self._network.set_result(network)

    def give_up(self, error: Exception) -> None:
        """Let nobody wait any longer: they get an error, unless the network is there already."""
        with suppress(InvalidStateError):
            self._network.set_exception(error)

    @property
    def ready(self) -> bool:
        """Whether the network is there."""
        return self._network.done() and self._network.exception() is None

    def network(self) -> Network:
        """Wait for the network; raises whatever `load` raised."""
        self.start()
        return self._network.result()
