"""The map of the network: its blocks from left to right, coloured by what they cost or answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from demo.inside.blocks import channel_layer, first_opened
from demo.kit.components import TemplateValue
from demo.kit.data_urls import data_url
from demo.kit.features import features_of
from demo.kit.figures import buttons
from demo.kit.glossary import term
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import count_word
from model.reading.images import SIZE


@dataclass(frozen=True)
class Measure:
    """What the map can be coloured by.

    Attributes:
        name: in the page's style sheet.
        label: of its button.
        words: what its scale says.
    """

    name: str
    label: str
    words: str


MEASURES = (
    Measure(
        "parameters",
        "parameters",
        "The block's numbers: its weights, and what BatchNorm keeps. The scale is logarithmic.",
    ),
    Measure("macs", "multiply-adds", "Pairs of a multiplication and an addition, for one picture."),
    Measure(
        "memory",
        "activation memory",
        "The outputs of all layers of the block for one picture, as float32.",
    ),
    Measure(
        "excited",
        "the picture",
        "How strongly the block's output responds to your picture, on average; the head has none.",
    ),
)


def bytes_text(number: float) -> str:
    from explain.draw.numbers import count_text

    text = count_text(round(number))
    return f"{text}B" if text[-1].isalpha() else f"{text} B"


def measure_blocks(network: Network, hand: ReadPicture) -> dict[str, dict[str, float]]:
    """Each of MEASURES, by its name and by block."""
    from explain.network.architecture import macs, memory, parameters

    walk = network.summary.walk
    features = features_of(network, hand, hand.reading.digit)
    costs = {"parameters": parameters, "macs": macs, "memory": memory}
    found: dict[str, dict[str, float]] = {
        name: {x.name: cost([x]) for x in walk} for name, cost in costs.items()
    }
    found["excited"] = {
        x.name: float(features[channel_layer(network, x.name)].activations.mean())
        for x in walk[:-1]
    }
    return found


@dataclass(frozen=True)
class DrawnStage(TemplateValue):
    """A stage, the stem or the head: its blocks as SVG, and the shape of what leaves it."""

    name: str
    shape: str
    svg: str


@dataclass(frozen=True)
class Legend(TemplateValue):
    """What the shades of a measure say, and its values at their two ends and in the middle."""

    by: str
    words: str
    low: str
    middle: str
    high: str


@dataclass(frozen=True)
class NetworkMap(TemplateValue):
    """The network from left to right, and the block that is open at first."""

    chosen: str
    src: str
    input: str
    stages: tuple[DrawnStage, ...]
    legends: tuple[Legend, ...]


def network_map(network: Network, hand: ReadPicture) -> NetworkMap:
    """The network from left to right, with the shades of each measure."""
    from explain.draw.diagrams import shades, stage_svg
    from explain.draw.numbers import count_text
    from explain.network.architecture import shape_text

    summary = network.summary
    texts = {"memory": bytes_text, "excited": "{:.2g}".format}
    scales = {
        name: shades(found, name == "parameters")
        for name, found in measure_blocks(network, hand).items()
    }
    stem, *_, head = summary.walk
    stages = [("stem", [stem]), *((x.name, x.blocks) for x in summary.stages[1:]), ("head", [head])]
    stops = {
        x.name: stop(
            x.name,
            {name: s.shades[x.name] for name, s in scales.items() if x.name in s.shades},
        )
        for x in summary.walk
    }
    return NetworkMap(
        first_opened(network),
        src=data_url(hand.crop),
        input=shape_text(summary.input_shape),
        stages=tuple(
            DrawnStage(name, shape_text(blocks[-1].shape), buttons(stage_svg(name, blocks), stops))
            for name, blocks in stages
        ),
        legends=tuple(
            Legend(
                measure.name,
                measure.words,
                **{
                    end: texts.get(measure.name, count_text)(getattr(scales[measure.name], end))
                    for end in ("low", "middle", "high")
                },
            )
            for measure in MEASURES
        ),
    )


def stop(block: str, shades: Mapping[str, float]) -> dict[str, str]:
    """The attributes of a block's button on the map, with its shade by each measure, 0..1."""
    return {
        "class": "stop",
        "data-block": block,
        "tabindex": "-1",
        "aria-pressed": "false",
        "style": "".join(f"--{name}:{100 * shade:.1f}%;" for name, shade in shades.items()),
    }


def size_line(network: Network) -> str:
    """How large the network is, in a line."""
    from explain.draw.numbers import count_text
    from explain.network.architecture import macs, parameters

    walk = network.summary.walk
    return (
        f"A stem, {len(walk) - 2} residual blocks and a head: {parameters(walk):,} "
        f"parameters, {count_text(macs(walk))} multiply-adds per picture. Choose a block to see "
        "inside it."
    )


def words_line(network: Network) -> str:
    """The words stage, block, weighted layer and layer, tied together by their numbers."""
    summary = network.summary
    stages = summary.stages[1:]
    blocks = [block for stage in stages for block in stage.blocks]
    weighted = [
        layer
        for layer in (*summary.walk[0].main_path, *(x for b in blocks for x in b.main_path))
        if layer.name.endswith("_conv")
    ]
    each = round((len(weighted) - 1) / len(blocks))
    return (
        f"The network has {count_word(len(summary.stages))} stages. The first, the stem, is one "
        f"convolution and a pooling. The others, {stages[0].name} to {stages[-1].name}, hold "
        f"{' + '.join(str(len(stage.blocks)) for stage in stages)} = {len(blocks)} residual "
        f"blocks, each with {count_word(each)} convolutions on its main path. With the first "
        f"convolution and the last dense layer, that makes 1 + {each} × {len(blocks)} + 1 = "
        f"{len(weighted) + 1} layers with weights, the number in the name of such networks. "
        "(Projections on shortcuts aren't counted.) The deeper a cell lies, the more of the "
        f"picture it sees: its {term('receptive field')}."
    )


def view_line(network: Network) -> str:
    """How much of the picture a cell sees, from edges to shapes, in a line."""
    stem, first, *_, last = network.summary.stages
    edge, tip = stem.receptive_field, first.receptive_field
    words = (
        f"From edges to shapes: a cell of the first convolution sees {edge}×{edge} pixels, "
        f"enough for an edge or a colour. At the end of {first.name} it sees {tip}×{tip}, enough "
        "for whole fingers."
    )
    words += f" That part of the picture is the cell's {term('receptive field')}."
    wide = [stage.name for stage in network.summary.stages if stage.receptive_field >= SIZE]
    if wide:
        words += (
            f" In {wide[0]} the view grows wider than the picture, so that {last.name} can respond "
            "to a whole shape."
        )
    return words
