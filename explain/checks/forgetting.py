"""Whether a map depends on what any image classifier learned: its weights are mixed up."""

from collections.abc import Iterator

import keras
import numpy as np

from explain.network.architecture import NetworkSummary


def forgetting(model: keras.Model, summary: NetworkSummary, seed: int = 0) -> Iterator[str]:
    """Put the weights of a network in random order, in place, from the head down.

    Each array keeps its values, and so its scale: nothing overflows, and variances stay positive.

    Args:
        model: a flat network.
        summary: of it.
        seed: of the orders.

    Yields:
        What was mixed up last: `head`, then each stage from the last to the first.

    Source: Adebayo et al. 2018, arXiv:1810.03292, section 3.
    """
    rng = np.random.default_rng(seed)
    parts = {"head": summary.head} | {x.name: x.layers for x in reversed(summary.stages)}
    for name, part in parts.items():
        for layer in (model.get_layer(each.name) for each in part if each.parameters):
            layer.set_weights(
                [rng.permutation(w.ravel()).reshape(w.shape) for w in layer.get_weights()]
            )
        yield name
