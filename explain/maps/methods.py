"""The methods that others know, through tf-keras-vis."""

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

from explain.maps.gradcam import stage_layers
from model.digits import DIGITS
from model.reading.classifier import HandClassifier


@dataclass(frozen=True)
class Method:
    """One way of explaining.

    Attributes:
        shows: what its map is, in a sentence.
        misleads: where not to believe it, in a sentence.
        layered: whether it explains a layer, in that layer's cells, rather than the pixels.
        slow: whether it takes seconds.
        run: makes the map from a model, a picture [1, 64, 64, 3], a digit and a layer's name.
    """

    shows: str
    misleads: str
    layered: bool
    slow: bool
    run: Callable[[keras.Model, np.ndarray, int, str], np.ndarray]


def class_activation(kind, model, picture, digit: int, layer: str, **more) -> np.ndarray:
    """A map of a layer's cells, as raw as tf-keras-vis gives it, float32 [1, h, w]."""
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
    np.random.seed(0)  # noqa: NPY002, tf-keras-vis draws its noise from there
    score = lambda logits: logits[:, digit]  # noqa: E731
    return Saliency(model, clone=False)(score, picture, normalize_map=False, **more)


METHODS = {
    "Grad-CAM": Method(
        "The channels of a stage, weighed by how much each one raises the digit on average.",
        "An average over all cells: a channel that helps here and hurts there counts for neither.",
        True,
        False,
        partial(class_activation, Gradcam),
    ),
    "Grad-CAM++": Method(
        "Grad-CAM with more weight for the cells where the gradient is positive.",
        "Evidence against the digit is thrown away first, so that other digits get similar maps.",
        True,
        False,
        partial(class_activation, GradcamPlusPlus),
    ),
    "Score-CAM": Method(
        "Each channel is laid over the picture as a mask, and weighed by what the digit then gets.",
        "The masked pictures are black outside, such as the network was never shown.",
        True,
        True,
        partial(class_activation, Scorecam),
    ),
    "Faster-Score-CAM": Method(
        "Score-CAM with the ten channels that vary most over the picture.",
        "What varies most need not be what the digit depends on.",
        True,
        False,
        partial(class_activation, Scorecam, max_N=10),
    ),
    "LayerCAM": Method(
        "Each cell of each channel, weighed by its own gradient where that is positive.",
        "It marks edges that are strong anyway, and never shows what speaks against the digit.",
        True,
        False,
        partial(class_activation, Layercam),
    ),
    "Saliency": Method(
        "How much the digit's logit would move if a single pixel moved a little.",
        "A steep place is not an important one: it is noise to the eye, and blind to what is sure.",
        False,
        False,
        saliency,
    ),
    "SmoothGrad": Method(
        "Saliency averaged over twenty noisy copies of the picture.",
        "It is smooth because it was smoothed, which does not make it truer.",
        False,
        True,
        partial(saliency, smooth_samples=20),
    ),
}


@lru_cache(maxsize=1)
def as_expected(classifier: HandClassifier) -> keras.Model:
    """The network as tf-keras-vis calls it: with lists of inputs, and predicting by itself."""
    model = keras.Model([classifier.model.input], classifier.model.output)

    def predict(pictures, batch_size: int) -> np.ndarray:  # Keras' own is slow, and prints
        pictures = pictures[0]
        cuts = range(batch_size, len(pictures), batch_size)
        return np.concatenate([classifier.logits(part) for part in np.split(pictures, cuts)])

    model.predict = predict
    return model


def explain_by(
    name: str, classifier: HandClassifier, crop: np.ndarray, digit: int, stage: str = "conv5"
) -> np.ndarray:
    """Explain by one of METHODS.

    Args:
        name: of the method.
        classifier: the reader.
        crop: uint8 [64, 64, 3].
        digit: the one to explain.
        stage: conv1 to conv5; methods that are not layered take no notice.

    Returns:
        float32 [h, w], zero or more, not normalised: the stage's cells, or the 64x64 pixels.

    Raises:
        ValueError: one sentence, if there is no such method, digit or stage.
    """
    layers = stage_layers(classifier.model)
    for asked, known in ((name, METHODS), (digit, range(DIGITS)), (stage, layers)):
        if asked not in known:
            raise ValueError(f"There is no {asked}; there are {', '.join(map(str, known))}.")
    picture = crop[None] / np.float32(255)
    found = METHODS[name].run(as_expected(classifier), picture, digit, layers[stage])
    return np.asarray(found, np.float32)[0]
