"""The network of somebody else that the page is opened with."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from model.reading.kernels import prepare_tensorflow

if TYPE_CHECKING:
    import numpy as np

    from explain.maps.stage_maps import StageExplainer
    from explain.network.architecture import NetworkSummary
    from model.reading.image_classifier import ImageClassifier


@dataclass(frozen=True)
class AnyNetwork:
    """What the page asks: the classifier, and what explains its readings.

    Attributes:
        classifier: reads pictures.
        explainer: explains readings.
        summary: its architecture as data.
    """

    classifier: ImageClassifier
    explainer: StageExplainer
    summary: NetworkSummary
    _forgets: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def names(self) -> list[str]:
        """Of its classes."""
        return self.classifier.names

    @cached_property
    def _forgetful(self) -> tuple[ImageClassifier, StageExplainer]:
        """The same network once more, which may forget."""
        from explain.maps.stage_maps import StageExplainer

        copy = self.classifier.copy()
        return copy, StageExplainer(copy)

    def forgotten(
        self, crop: np.ndarray, chosen: int, stage: str, seed: int
    ) -> Iterator[tuple[str, np.ndarray]]:
        """The map of a class at a stage while the network forgets.

        Args:
            crop: uint8 [size, size, 3].
            chosen: the number of the class.
            stage: whose map it is.
            seed: of what the weights become.

        Yields:
            what was forgotten last, and the map, float32 [h, w].
        """
        from explain.checks.forgetting import forgetting

        with self._forgets:
            copy, explainer = self._forgetful
            copy.model.set_weights(self.classifier.model.get_weights())
            for part in forgetting(copy.model, self.summary, seed):
                yield part, explainer.explain(crop, chosen).signed[stage]


def load_network(path: Path, labels: Path | None = None, scale: str | None = None) -> AnyNetwork:
    """Open a Keras file; see `model.reading.image_classifier.ImageClassifier.load`.

    Raises:
        ValueError: one sentence, if it cannot be drawn.
    """
    prepare_tensorflow(small_layers=False)
    from explain.maps.stage_maps import StageExplainer
    from explain.network.any_architecture import describe
    from model.reading.image_classifier import ImageClassifier

    classifier = ImageClassifier.load(path, labels, scale)
    explainer = StageExplainer(classifier)
    return AnyNetwork(classifier, explainer, describe(classifier.model))
