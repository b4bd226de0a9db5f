"""What a picture looks like at each place inside a block."""

import keras
import numpy as np

from explain.architecture import sources_of
from model.classifier import HandClassifier

PLACES = ("in", "1", "2", "3", "0", "add", "out")  # of a block, in the order of the drawing


def place_layers(model: keras.Model, block: str) -> dict[str, str]:
    """The layers whose outputs are shown, by place: the input, the three convolutions (the first
    two after their ReLU), the projection if there is one, the sum and what leaves the block.
    """
    names = {layer.name for layer in model.layers}
    found = {
        "in": sources_of(model.get_layer(f"{block}_1_conv"))[0].name,
        "1": f"{block}_1_relu",
        "2": f"{block}_2_relu",
        "3": f"{block}_3_conv",
        "0": f"{block}_0_conv",
        "add": f"{block}_add",
        "out": f"{block}_out",
    }
    return {place: name for place, name in found.items() if name in names}


def look_inside(classifier: HandClassifier, block: str, crop: np.ndarray) -> dict[str, np.ndarray]:
    """What a picture has become at each place of a block.

    Args:
        classifier: the reader whose network it is.
        block: such as `conv4_block2`.
        crop: uint8 [64, 64, 3].

    Returns:
        By place of PLACES, float32 [h, w, channels].

    Raises:
        ValueError: if there is no such block.
    """
    model = classifier.folded
    blocks = [x.name.removesuffix("_out") for x in model.layers if x.name.endswith("_out")]
    if block not in blocks:
        raise ValueError(f"There is no block {block}; they are named {blocks[0]} to {blocks[-1]}.")
    layers = place_layers(model, block)
    staged = keras.Model(model.input, [model.get_layer(name).output for name in layers.values()])
    outputs = staged(crop[None] / np.float32(255), training=False)
    return {place: output.numpy()[0] for place, output in zip(layers, outputs, strict=True)}


def telling_channels(views: dict[str, np.ndarray], count: int = 9) -> dict[str, np.ndarray]:
    """A few channels of each place, each divided by its largest absolute value.

    Where a channel goes on to be the same one of the block's output, the channels are those that
    the main path changes most, the same everywhere and divided by the same value, so that one sees
    the addition happen; elsewhere they are the strongest.

    Args:
        views: as of `look_inside`.
        count: number of channels.

    Returns:
        By place, float32 [h, w, count] in -1..1.
    """
    together = [place for place in ("3", "0", "add", "out") if place in views]
    if "0" not in views and views["in"].shape == views["out"].shape:
        together.append("in")
    changed = strongest(views["3"], count)
    top = np.max([np.abs(views[place][..., changed]).max((0, 1)) for place in together], axis=0)
    found = {}
    for place, view in views.items():
        shown = view[..., changed if place in together else strongest(view, count)]
        scale = top if place in together else np.abs(shown).max((0, 1))
        found[place] = shown / np.maximum(scale, 1e-9)
    return found


def strongest(view: np.ndarray, count: int) -> np.ndarray:
    """The channels of largest mean absolute value, the strongest first; int [count]."""
    return np.abs(view).mean((0, 1)).argsort()[::-1][:count]
