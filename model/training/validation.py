"""How well a network reads the validation splits."""

import keras
import numpy as np

from model.collections import loading
from model.training.devices import predict
from model.training.settings import Settings


class Validation:
    """The validation splits, made ready once."""

    def __init__(self, settings: Settings, data: str | None):
        collections = loading.load_all("validation", data)
        if settings.leave_out:
            kept = [c for c in collections if c.name != settings.leave_out]
            collections = kept + [
                loading.load(settings.leave_out, split, data) for split in ("train", "validation")
            ]
        self.parts = [(c.name, loading.inputs(c), c.digits) for c in collections if c.has_hands]

    def accuracies(self, model: keras.Model) -> dict[str, float]:
        """Accuracy of each collection's validation split, 0..1, and their plain mean."""
        right = {}
        for name, pictures, digits in self.parts:
            right.setdefault(name, []).extend(predict(model, pictures).argmax(-1) == digits)
        accuracies = {name: float(np.mean(values)) for name, values in right.items()}
        return accuracies | {"mean": float(np.mean(list(accuracies.values())))}
