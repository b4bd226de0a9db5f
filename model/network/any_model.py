"""Any image classifier that Keras saved, opened as one flat network from pictures to logits."""

import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np
from keras import layers

from model.network.batch_norm import BatchNormalization
from model.network.weights_file import BROKEN

SCALES = {  # what a network takes in place of 0..1: factor and offset
    "0..1": (1.0, 0.0),
    "-1..1": (2.0, -1.0),
    "0..255": (255.0, 0.0),
}
PICTURE, SCALED, GREY = "picture", "scaled", "grey"  # layers that are put before the network's own
LUMA = np.array([[0.299], [0.587], [0.114]], np.float32)  # of red, green and blue
OURS = {"BatchNormalization": BatchNormalization}  # a layer of this project's own network
SCALING = (layers.Rescaling, layers.Normalization)
LINEAR = ("linear", "softmax")  # ways in which a classifier of one class among several ends


def open_model(path: Path, scale: str | None = None) -> keras.Model:
    """Open an image classifier.

    Args:
        path: a .keras or .h5 file that holds the whole network, not its weights alone.
        scale: what the network takes, one of SCALES; None if it scales pictures itself.

    Returns:
        A flat functional model from pictures, float32 [n, size, size, 3] in 0..1, to logits,
        float32 [n, classes].

    Raises:
        ValueError: one sentence, if it cannot be opened or is no classifier that can be drawn.
    """
    path = Path(path)
    return classifier_of(load(path), path.name, scale)


def load(path: Path) -> keras.Model:
    """What Keras saved there."""
    if not path.is_file():
        raise ValueError(f"There is no file {path}.")
    if not (zipfile.is_zipfile(path) or h5py.is_hdf5(path)):
        raise ValueError(f"{path} is damaged, or not a .keras or .h5 file.")
    try:
        return keras.saving.load_model(path, custom_objects=OURS, compile=False)
    except BROKEN as error:
        said = str(error)
        if "Lambda" in said or "Could not locate" in said or "Unknown layer" in said:
            raise ValueError(
                f"{path} needs Python code that is not in the file, such as a layer of its own "
                "or a Lambda layer; only networks of Keras' own layers can be opened."
            ) from error
        raise ValueError(
            f"{path} is damaged or holds no whole network; save it with `model.save`."
        ) from error


def classifier_of(model: keras.Model, name: str, scale: str | None = None) -> keras.Model:
    """The flat network of a classifier; `name` is what errors call it, the rest as `open_model`."""
    if not hasattr(graph_of(model), "_run_through_graph"):
        raise ValueError(
            f"{name} is a subclassed network, whose layers cannot be traced; rebuild it as a "
            "functional or sequential one."
        )
    size, channels = picture_of(model, name)
    picture = keras.Input((size, size, 3), name=PICTURE)
    if scale is None and not scales_itself(model):
        raise ValueError(f"{name} does not scale its pictures; say --scale 0..1, -1..1 or 0..255.")
    factor, offset = SCALES[scale or "0..255"]
    x = layers.Rescaling(factor, offset, name=SCALED)(picture)
    if channels == 1:
        x = layers.Dense(1, use_bias=False, trainable=False, name=GREY)(x)
    logits = unsoftened(unrolled(model, x), name)
    try:
        flat = keras.Model(picture, logits, name=model.name)
    except ValueError as error:  # as each use of a layer has become a layer of its name
        said = f"{name} uses a layer twice, or one name for two layers; use each once."
        raise ValueError(said) from error
    if channels == 1:
        flat.get_layer(GREY).set_weights([LUMA])
    return flat


def graph_of(model: keras.Model):
    """What knows how the layers of a network are connected, if anything does."""
    return model._functional if isinstance(model, keras.Sequential) else model


def picture_of(model: keras.Model, name: str) -> tuple[int, int]:
    """The side and the channels of the pictures that a classifier takes."""
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ValueError(
            f"{name} has several inputs or outputs; it must take one picture and give one answer."
        )
    taken, given = model.inputs[0].shape, model.outputs[0].shape
    if len(taken) != 4 or taken[3] not in (1, 3) or taken[1] is None or taken[1] != taken[2]:
        raise ValueError(
            f"{name} takes {shape_words(taken)}; it must take a square picture of a fixed size "
            "in grey or RGB, channels last."
        )
    if len(given) != 2 or (given[1] or 0) < 2:
        raise ValueError(
            f"{name} gives {shape_words(given)}; a classifier gives a number for each of two or "
            "more classes."
        )
    return taken[1], taken[3]


def shape_words(shape: tuple) -> str:
    sides = (str(side or "any") for side in shape[1:])
    return "×".join(sides) or "a single number"


def parts(model: keras.Model) -> list:
    """The layers of a network, those of networks in it included."""
    found = []
    for layer in model.layers:
        found += parts(layer) if isinstance(layer, keras.Model) else [layer]
    return found


def scales_itself(model: keras.Model) -> bool:
    """Whether a network scales its pictures, which then come as 0..255, before it convolves."""
    for layer in parts(model):
        if isinstance(layer, SCALING):
            return True
        if layer.weights:
            break
    return False


def unrolled(model: keras.Model, x):
    """Run a copy of a network on a tensor, layer by layer, through the networks in it too."""
    copies = []

    def copied(layer):
        if isinstance(layer, keras.Model):
            return layer
        copy = layer.__class__.from_config(layer.get_config())
        if isinstance(layer, layers.Layer):
            copies.append((layer, copy))
        return copy

    def called(layer, *given, **settings):
        settings.pop("training", None)
        if isinstance(layer, keras.Model):
            return unrolled(layer, given[0])
        if is_sum(layer) and all(map(keras.backend.is_keras_tensor, given)):
            return layers.Add()(given)  # so that blocks end in layers, with names
        return layer(*given, **settings)

    result = graph_of(model)._run_through_graph(x, operation_fn=copied, call_fn=called)
    for layer, copy in copies:
        copy.set_weights(layer.get_weights())
    return result[0] if isinstance(result, list) else result


def is_sum(operation) -> bool:
    """Whether an operation is `x + y`, as written in Python."""
    return type(operation).__name__ == "Add" and not isinstance(operation, layers.Layer)


def unsoftened(probabilities, name: str):
    """The logits behind a classifier's probabilities; logits as they are."""
    last = probabilities._keras_history.operation
    if type(last).__name__ == "Softmax" or (is_softmax(last) and not last.weights):
        return last._inbound_nodes[0].input_tensors[0]
    activation = getattr(getattr(last, "activation", None), "__name__", "linear")
    if activation not in LINEAR:
        raise ValueError(
            f"{name} ends in {activation}; only logits, or softmax of them, name one class."
        )
    if is_softmax(last):
        last.activation = keras.activations.linear
    return probabilities


def is_softmax(layer) -> bool:
    return getattr(getattr(layer, "activation", None), "__name__", "") == "softmax"
