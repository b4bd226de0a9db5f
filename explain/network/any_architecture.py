"""The architecture of any image classifier: its stages, found where its resolution changes."""

import re
from itertools import groupby

import keras
from keras import layers

from explain.network.architecture import (
    POOLINGS,
    BlockSummary,
    LayerSummary,
    NetworkSummary,
    StageSummary,
    kind,
    multiply_adds,
    sources_of,
    window,
)
from model.network.any_model import GREY, PICTURE, SCALED, SCALING

ADDED = (PICTURE, SCALED, GREY)
BLOCK = re.compile(r"(.*?block_?\d+[a-z]?)_")  # how layers of one block are named in Keras
POOLED = (layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D, layers.Flatten)
PREPARES = (*POOLINGS, *SCALING, layers.ZeroPadding2D)  # belongs to what comes after it
KEEPS_PLACES = (layers.ZeroPadding2D, layers.Dropout, layers.SpatialDropout2D)


def waists(model: keras.Model) -> list[str]:
    """The layers through which all goes on the way from the picture to the logits, in order.

    What a branch alone answers tells only part of what the network sees there.
    """
    last_use, order = {}, {layer.name: i for i, layer in enumerate(model.operations)}
    for layer in model.operations:
        for source in sources_of(layer):
            last_use[source.name] = order[layer.name]
    found, open_until = [], -1
    for name, here in order.items():
        if open_until <= here:
            found.append(name)
        open_until = max(open_until, last_use.get(name, here))
    return found


def reaches(model: keras.Model) -> dict[str, tuple[int, int]]:
    """Receptive field and step from cell to cell of each layer's output, in pixels."""
    found = {}
    for layer in model.operations:
        field, step = max((found[x.name] for x in sources_of(layer)), default=(1, 1))
        size, stride = window(layer)
        if isinstance(layer, POOLED) and len(layer.input.shape) == 4:
            size = layer.input.shape[1]
        found[layer.name] = field + (size - 1) * step, step * stride
    return found


def stage_ends(model: keras.Model) -> dict[str, str]:
    """The stages of a network, and the layer that each ends with.

    A stage is what lies between two steps down in resolution, once cells see more than one pixel.
    It ends with the last layer through which all goes.

    Args:
        model: a flat network, as `model.network.any_model` opens it.

    Returns:
        From `stage 1` on, the name of a layer of more than one cell.

    Raises:
        ValueError: one sentence, if no layer answers in cells.
    """
    reach, found, ends = reaches(model), {x.name: x for x in model.layers}, {}
    for name in waists(model):
        layer = found.get(name)
        if layer is None or isinstance(layer, KEEPS_PLACES) or len(layer.output.shape) != 4:
            continue
        field, step = reach[name]
        if layer.output.shape[1] > 1 and field > 1:
            ends[step] = name
    if not ends:
        raise ValueError(
            f"{model.name} has no layer that answers place by place, so there is nothing to map."
        )
    return {f"stage {number}": name for number, name in enumerate(ends.values(), 1)}


def describe(model: keras.Model) -> NetworkSummary:
    """Read the architecture from a flat network: stages of blocks, and the head after them.

    Layers are of one block where their names say so; else those of one resolution are.
    """
    reach, ends = reaches(model), stage_ends(model)
    order = [layer for layer in model.operations if layer.name not in ADDED]
    last = [layer.name for layer in order].index([*ends.values()][-1])
    blocks: dict[str, list] = {}
    of_block = block_names(order[: last + 1], reach)
    for layer in order[: last + 1]:
        blocks.setdefault(of_block[layer.name], []).append(layer)
    steps = [reach[name][1] for name in ends.values()]

    def stage(item) -> int:
        """The last stage whose cells are as fine as those of a block's output, or finer."""
        step = reach[item[1][-1].name][1]
        return max(sum(each <= step for each in steps), 1)

    def summary(layer) -> LayerSummary:
        return LayerSummary(
            layer.name,
            kind(layer),
            tuple(layer.output.shape[1:]),
            layer.count_params() if isinstance(layer, layers.Layer) else 0,
            multiply_adds(layer),
            reach[layer.name][0],
        )

    def block(name: str, members: list) -> BlockSummary:
        main, shortcut, join = parts_of(members)
        joined = any(isinstance(layer, layers.Add) for layer in join)
        return BlockSummary(
            named_after(members) if name.startswith("step ") else name,
            "convolutional" if shortcut else "identity" if joined else "plain",
            shape_into(members[0]),
            *(tuple(map(summary, part)) for part in (main, shortcut, join)),
        )

    def shape_into(layer) -> tuple[int, ...]:
        first, *_ = layer.input if isinstance(layer.input, list) else [layer.input]
        return tuple(first.shape[1:])

    stages = []
    for number, group in groupby(sorted(blocks.items(), key=stage), stage):
        made = tuple(block(name, members) for name, members in group)
        stages.append(
            StageSummary(f"stage {number}", made, tuple(x for each in made for x in each.layers))
        )
    return NetworkSummary(
        model.name,
        tuple(order[0].input.shape[1:]),
        tuple(stages),
        tuple(map(summary, order[last + 1 :])),
    )


def named_after(members: list) -> str:
    """The layer that lends its name to a block without one: its first that has learned weights."""
    learned = (x for x in members if getattr(x, "weights", ()) and not isinstance(x, SCALING))
    return next(learned, members[0]).name


def block_names(order: list, reach: dict[str, tuple[int, int]]) -> dict[str, str]:
    """The block of each layer, by its name or else by the step of its cells."""
    found: dict[str, str] = {}
    after: dict[str, str] = {}
    sums: list = [layer for layer in order if isinstance(layer, layers.Add)]
    joined = {source.name for layer in sums for source in sources_of(layer)}
    for layer in reversed(order):
        named = BLOCK.match(layer.name)
        name = named[1] if named else f"step {reach[layer.name][1]}"
        if isinstance(layer, PREPARES):
            follows = after.get(layer.name, f"step {reach[layer.name][1]}")
            # A pooling begins the block after it, even if it is called after the one before, unless
            # it ends a branch of it.
            begins = type(layer) in POOLINGS and layer.name not in joined
            if not named or begins:
                name = follows
        found[layer.name] = name
        after |= {source.name: name for source in sources_of(layer)}
    return found


def parts_of(members: list) -> tuple[list, list, list]:
    """The main path, the shortcut and the join of a block's layers; no shortcut if it is bare."""
    additions = [i for i, layer in enumerate(members) if isinstance(layer, layers.Add)]
    if not additions:
        return members[:-1], [], members[-1:]
    at = additions[-1]
    before: dict[str, set[str]] = {}  # each layer of the block with those that lead to it
    for layer in members[:at]:
        leading = (before.get(source.name, set()) for source in sources_of(layer))
        before[layer.name] = {layer.name}.union(*leading)
    one, other = (before.get(source.name, set()) for source in sources_of(members[at])[:2])
    shortcut = min(one - other, other - one, key=len)
    main = [layer for layer in members[:at] if layer.name not in shortcut]
    return main, [layer for layer in members[:at] if layer.name in shortcut], members[at:]
