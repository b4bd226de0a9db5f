"""What a picture becomes at each place inside a block, in the stem and in the head."""

import keras
import numpy as np

from explain.network.architecture import sources_of
from model.reading.classifier import HandClassifier

STEM = ("picture", "conv1_conv", "conv1_relu", "pool1_pool")


def place_layers(model: keras.Model, block: str) -> dict[str, str]:
    """The layers whose outputs are shown, by place, in the order of the diagram.

    In a block: the input, the three convolutions (the first two after their ReLU), the projection
    if there is one, the sum and the output. In the stem and the head: the input and each layer.
    """
    if block == "stem":
        return {name: name for name in STEM}
    if block == "head":
        last = sources_of(model.get_layer("avg_pool"))[0].name
        return {"in": last, "avg_pool": "avg_pool", "predictions": "predictions"}
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
    """Find what a picture becomes at each place of a block.

    Args:
        classifier: the reader whose network it is.
        block: such as `conv4_block2`; `stem` or `head`.
        crop: uint8 [64, 64, 3].

    Returns:
        By place, float32 [h, w, channels]; from the average pooling on, one cell.

    Raises:
        ValueError: if there is no such block.
    """
    model = classifier.folded
    blocks = [x.name.removesuffix("_out") for x in model.layers if x.name.endswith("_out")]
    if block not in ("stem", *blocks, "head"):
        raise ValueError(f"There is no block {block}; they are named {blocks[0]} to {blocks[-1]}.")
    layers = place_layers(model, block)
    staged = keras.Model(model.input, [model.get_layer(name).output for name in layers.values()])
    outputs = staged(crop[None] / np.float32(255), training=False)
    return {
        place: output.numpy()[0] if output.shape.rank == 4 else output.numpy()[None]
        for place, output in zip(layers, outputs, strict=True)
    }


def pick_channels(views: dict[str, np.ndarray], count: int = 9) -> dict[str, np.ndarray]:
    """Pick a few channels of each place, each divided by its largest absolute value.

    Places that have the same channels (see `same_channels`) show the same ones, divided by the
    same values, so that one can follow what happens to them: in a block those that the main path
    changes most; in the stem and the head those that are strongest after the pooling. Other places
    show their strongest channels.

    Args:
        views: from `look_inside`.
        count: number of channels.

    Returns:
        By place, float32 [h, w, count or fewer] in -1..1.
    """
    together = same_channels(views)
    shared = strongest(views[together[0]], count)
    top = np.max([np.abs(views[place][..., shared]).max((0, 1)) for place in together], axis=0)
    found = {}
    for place, view in views.items():
        shown = view[..., shared if place in together else strongest(view, count)]
        scale = top if place in together else np.abs(shown).max((0, 1))
        found[place] = shown / np.maximum(scale, 1e-9)
    return found


def same_channels(views: dict[str, np.ndarray]) -> list[str]:
    """The places that have the same channels; the strongest at the first place are shown."""
    if "pool1_pool" in views:
        return [*STEM[:0:-1]]
    if "avg_pool" in views:
        return ["avg_pool", "in"]
    together: list[str] = [place for place in ("3", "0", "add", "out") if place in views]
    if "0" not in views and views["in"].shape == views["out"].shape:
        together.append("in")
    return together


def strongest(view: np.ndarray, count: int) -> np.ndarray:
    """The channels of largest mean absolute value, the strongest first; int [count].

    If there are no more than `count`, all of them in their own order.
    """
    if view.shape[-1] <= count:
        return np.arange(view.shape[-1])
    return np.abs(view).mean((0, 1)).argsort()[::-1][:count]
