"""Other methods of explaining, through tf-keras-vis: METHODS has a row for each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import keras
import numpy as np
from tf_keras_vis.gradcam import Gradcam
from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus
from tf_keras_vis.layercam import Layercam
from tf_keras_vis.saliency import Saliency
from tf_keras_vis.scorecam import Scorecam

from model.digits import DIGITS
from model.network.resnet import stage_layers
from model.reading.classifier import HandClassifier
from model.reading.courtesy import by_parts, give_way


@dataclass(frozen=True)
class Method:
    """One way of explaining.

    Attributes:
        shows: what its map shows, in a sentence.
        misleads: how it can mislead, in a sentence.
        layered: whether its map has the cells of a layer, rather than the pixels of the picture.
        slow: whether it takes seconds.
        run: makes the map from a model, a picture [1, 64, 64, 3], a digit and a layer's name.
    """

    shows: str
    misleads: str
    layered: bool
    slow: bool
    run: Callable[[keras.Model, np.ndarray, int, str], np.ndarray]


def class_activation(kind, model, picture, digit: int, layer: str, **more) -> np.ndarray:
    """A map of a layer's cells as tf-keras-vis computes it, float32 [1, h, w]."""
    return kind(model, clone=False)(
        lambda logits: logits[:, digit],
        picture,
        penultimate_layer=layer,
        seek_penultimate_conv_layer=False,  # else it silently takes another layer
        expand_cam=False,
        normalize_cam=False,  # else every map looks equally hot
        **more,
    )


def saliency(model, picture, digit: int, layer: str, **more) -> np.ndarray:
    """A map of the pixels, float32 [1, 64, 64]."""
    if more.get("smooth_samples"):
        np.random.seed(0)  # noqa: NPY002, tf-keras-vis draws its noise from there

    def size(gradients):  # of each noisy copy of the picture
        give_way()
        return abs(gradients)

    return Saliency(model, clone=False)(
        lambda logits: logits[:, digit],
        picture,
        normalize_map=False,
        gradient_modifier=size,
        **more,
    )


METHODS = {
    "Grad-CAM": Method(
        "The channels of a stage, weighted by how much each raises the digit's logit on average.",
        "It averages over all cells: a channel that helps here and hurts there counts for nothing.",
        True,
        False,
        partial(class_activation, Gradcam),
    ),
    "Grad-CAM++": Method(
        "Grad-CAM with more weight for the cells where the gradient is positive.",
        "It discards evidence against the digit at once, so maps of different digits look alike.",
        True,
        False,
        partial(class_activation, GradcamPlusPlus),
    ),
    "Score-CAM": Method(
        "Each channel masks the picture in turn, and is weighted by the score the digit then gets.",
        "Masked pictures are black outside the mask, unlike any the network was trained on.",
        True,
        True,
        partial(class_activation, Scorecam),
    ),
    "Faster-Score-CAM": Method(
        "Score-CAM with only the ten channels that vary most over the picture.",
        "What varies most need not be what the digit depends on.",
        True,
        False,
        partial(class_activation, Scorecam, max_N=10),
    ),
    "LayerCAM": Method(
        "Each cell of each channel, weighted by its own gradient where that is positive.",
        "It marks strong edges whatever the digit, and never shows what speaks against it.",
        True,
        False,
        partial(class_activation, Layercam),
    ),
    "Saliency": Method(
        "How much the digit's logit would change if a single pixel changed a little.",
        "It sees only tiny changes: the map looks like noise, and is blank where only a large "
        "change would count.",
        False,
        False,
        saliency,
    ),
    "SmoothGrad": Method(
        "Saliency averaged over twenty noisy copies of the picture.",
        "It is smooth because it was averaged, which does not make it truer.",
        False,
        True,
        partial(saliency, smooth_samples=20),
    ),
}


@lru_cache(maxsize=1)
def as_expected(classifier) -> keras.Model:
    """The network as tf-keras-vis needs it: with a list of inputs, and its own `predict`."""
    model = keras.Model([classifier.model.input], classifier.model.output)

    def predict(pictures, batch_size: int) -> np.ndarray:  # Keras's own is slow and prints
        return by_parts(classifier.logits, pictures[0])

    model.predict = predict
    return model


def explain_by(
    name: str, classifier: HandClassifier, crop: np.ndarray, digit: int, stage: str | None = None
) -> np.ndarray:
    """Explain by one of METHODS.

    Args:
        name: of the method.
        classifier: the reader.
        crop: uint8 [64, 64, 3].
        digit: the one to explain.
        stage: such as conv4, the last if None; methods that are not layered ignore it.

    Returns:
        float32 [h, w], zero or more, not normalised: the stage's cells, or the 64x64 pixels.

    Raises:
        ValueError: one sentence, if there is no such method, digit or stage.
    """
    layers = stage_layers(classifier.model)
    stage = stage or [*layers][-1]
    for asked, known in ((name, METHODS), (digit, range(DIGITS)), (stage, layers)):
        if asked not in known:
            raise ValueError(f"There is no {asked}; there are {', '.join(map(str, known))}.")
    return map_by(name, classifier, crop, digit, layers[stage])


def map_by(name: str, classifier, crop: np.ndarray, digit: int, layer: str) -> np.ndarray:
    """The map of one of METHODS at a layer; for the rest see `explain_by`.

    Args:
        classifier: has a `model` from pictures to logits, and runs it as `logits`.
    """
    picture = crop[None] / np.float32(255)
    found = METHODS[name].run(as_expected(classifier), picture, digit, layer)
    return np.asarray(found, np.float32)[0]
