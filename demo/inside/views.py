"""What the tab “Inside” shows of a network and a picture, for the templates."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from demo.kit.data_urls import data_url
from demo.kit.figures import buttons
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import signed
from model.digits import WORDS

if TYPE_CHECKING:
    from explain.network.architecture import BlockSummary, LayerSummary
    from explain.network.channels import BlockFeatures

STAGES = {
    "stem": "One wide convolution looks for edges and colours; the pooling keeps the strongest.",
    "conv2": "The first residual blocks, on a quarter of the resolution.",
    "conv3": "Half the resolution, twice the channels.",
    "conv4": "Halved and doubled again; the deepest stage.",
    "conv5": "The last 2×2 cells; each has the whole picture in view.",
    "head": "The cells are averaged; one dense layer weighs them into six logits.",
}
MEASURES = {  # by which the map is coloured, and what its scale says
    "parameters": "Weights of the block. The scale is logarithmic.",
    "macs": "Multiply-adds for one picture.",
    "memory": "Outputs of all layers of the block for one picture, as float32.",
    "excited": "Mean activation of the block's output for the picture in hand; the head has none.",
}
TILES = 24


def part(network: Network, name: str) -> BlockSummary:
    """A block, the stem or the head.

    Raises:
        ValueError: if there is none of that name.
    """
    for block in network.summary.walk:
        if block.name == name:
            return block
    raise ValueError(f"There is no block {name}.")


def first_part(network: Network) -> str:
    """The block that is open at first: the last one of the first stage."""
    return network.summary.stages[1].blocks[-1].name


def layer(network: Network, name: str) -> str:
    """The layer whose channels are shown of a part; the head's are those that it weighs."""
    if name == "stem":
        return "conv1_relu"
    return f"{network.summary.walk[-2].name if name == 'head' else name}_out"


@lru_cache(maxsize=8)
def measured(network: Network, crop: bytes, digit: int) -> dict[str, BlockFeatures]:
    return network.features.features(np.frombuffer(crop, np.uint8).reshape(64, 64, 3), digit)


def features(network: Network, hand: ReadPicture, digit: int) -> dict[str, BlockFeatures]:
    """What each block answers to the picture in hand."""
    return measured(network, hand.crop.tobytes(), digit)


def bytes_text(number: float) -> str:
    from explain.draw.numbers import count_text

    text = count_text(round(number))
    return f"{text}B" if text[-1].isalpha() else f"{text} B"


def network_map(network: Network, hand: ReadPicture) -> dict:
    """The network from left to right, with the shades of each measure."""
    from explain.draw.diagrams import shades, stage_svg
    from explain.draw.numbers import count_text
    from explain.network.architecture import macs, memory, parameters, shape_text

    summary = network.summary
    answers = features(network, hand, hand.reading.digit)
    values = {
        "parameters": {x.name: parameters([x]) for x in summary.walk},
        "macs": {x.name: macs([x]) for x in summary.walk},
        "memory": {x.name: memory([x]) for x in summary.walk},
        "excited": {
            x.name: float(answers[layer(network, x.name)].activations.mean())
            for x in summary.walk[:-1]
        },
    }
    texts = {"memory": bytes_text, "excited": "{:.2g}".format}
    scales = {by: shades(found, by == "parameters") for by, found in values.items()}
    stem, *_, head = summary.walk
    stages = [("stem", [stem]), *((x.name, x.blocks) for x in summary.stages[1:]), ("head", [head])]
    stops = {
        x.name: {
            "class": "stop",
            "data-block": x.name,
            "tabindex": "-1",
            "aria-pressed": "false",
            "style": "".join(
                f"--{by}:{100 * scale.shades[x.name]:.1f}%;"
                for by, scale in scales.items()
                if x.name in scale.shades
            ),
        }
        for x in summary.walk
    }
    return {
        "chosen": first_part(network),
        "src": data_url(hand.crop),
        "input": shape_text(summary.input_shape),
        "stages": [
            {
                "name": name,
                "shape": shape_text(blocks[-1].shape),
                "svg": buttons(stage_svg(name, blocks), stops),
            }
            for name, blocks in stages
        ],
        "legends": [
            {
                "by": by,
                "words": words,
                **{
                    end: texts.get(by, count_text)(getattr(scales[by], end))
                    for end in ("low", "middle", "high")
                },
            }
            for by, words in MEASURES.items()
        ],
    }


def layer_table(network: Network) -> dict:
    """Every layer, with its shape and costs."""
    from explain.network.architecture import shape_text

    def row(number: int, found: LayerSummary) -> dict:
        field = found.receptive_field
        return {
            "number": number,
            "name": found.name,
            "kind": found.kind,
            "shape": shape_text(found.shape),
            "parameters": found.parameters,
            "macs": found.macs,
            "receptive_field": field,
            "shown": {
                "parameters": f"{found.parameters:,}",
                "macs": f"{found.macs:,}",
                "receptive_field": f"{field}×{field}",
            },
        }

    titles = {
        "number": "#",
        "name": "layer",
        "kind": "what it does",
        "shape": "out",
        "parameters": "parameters",
        "macs": "multiply-adds",
        "receptive_field": "sees, pixels",
    }
    return {
        "name": network.summary.name,
        "columns": [
            {"key": key, "title": title, "sort": "ascending" if key == "number" else "none"}
            for key, title in titles.items()
        ],
        "rows": [row(number, found) for number, found in enumerate(network.summary.layers, 1)],
    }


def opened(network: Network, hand: ReadPicture, name: str) -> dict:
    """What a block, the stem or the head is, and what it did to the picture in hand."""
    from explain.draw.numbers import count_text
    from explain.network.architecture import macs, memory, parameters, shape_text

    block = part(network, name)
    answer = features(network, hand, hand.reading.digit)[layer(network, name)]
    field = block.receptive_field
    facts = {
        "in": shape_text(block.input_shape),
        "out": shape_text(block.shape),
        "parameters": count_text(parameters([block])),
        "multiply-adds": count_text(macs([block])),
        "activation memory": bytes_text(memory([block])),
        "a cell sees": f"{field}×{field} pixels" if field < 64 else "the whole picture",
    }
    return {
        "name": name,
        "kind": "" if name in STAGES else f"{block.kind} block",
        "words": STAGES[name.split("_")[0]],
        "facts": [{"name": title, "value": value} for title, value in facts.items()],
        "finding": finding(hand, name, answer),
    }


def finding(hand: ReadPicture, name: str, answer: BlockFeatures) -> str:
    """What a part did to the picture in hand, in a sentence."""
    if name == "head":
        logits = hand.reading.logits
        return f"The largest logit is that of {WORDS[logits.argmax()]}: {signed(logits.max())}."
    if answer.change is None:
        active = round(100 * float((answer.activations > 0).mean()))
        return f"After its ReLU, {active} % of the activations are above zero for this picture."
    mostly = "mostly hands on what came in" if answer.change < 0.5 else "rewrites much of it"
    return (
        f"What the main path adds here has {round(100 * answer.change)} % of the norm of what the "
        f"shortcut brings: for this picture the block {mostly}."
    )


def totals(network: Network) -> str:
    """How large the network is, in a line."""
    from explain.draw.numbers import count_text
    from explain.network.architecture import macs, parameters

    walk = network.summary.walk
    return (
        f"A stem, {len(walk) - 2} residual blocks and a head: {parameters(walk):,} parameters, "
        f"{count_text(macs(walk))} multiply-adds a picture. Choose a block to see inside it."
    )


def walked(network: Network) -> str:
    """From edges to shapes, in a line."""
    stem, *stages = network.summary.stages
    early = stages[0].receptive_field
    wide = next(stage.name for stage in stages if stage.receptive_field >= 64)
    return (
        f"From edges to shapes: a cell of conv1 sees {stem.receptive_field}×{stem.receptive_field} "
        f"pixels, enough for an edge or a colour, one at the end of conv2 {early}×{early}, enough "
        f"for a bend or a tip; in {wide} the view grows wider than the picture, and conv5 can "
        "answer to a whole shape."
    )


def mosaic(network: Network, hand: ReadPicture, name: str, digit: int) -> dict:
    """The channels of a part that add most to a digit, and the first of them chosen."""
    from explain.draw.heat_maps import glow

    answer = features(network, hand, digit)[layer(network, name)]
    shown = answer.strongest[:TILES].tolist()
    exact = "exactly" if layer(network, name) == layer(network, "head") else "to first order"
    return {
        "block": name,
        "words": f"The {len(shown)} of {len(answer.adds)} channels that add most to the logit of "
        f"{WORDS[digit]}, {exact}: activation times gradient. Each has a scale of its own.",
        "tiles": [
            {
                "channel": channel,
                "adds": signed(float(answer.adds[channel]), 3),
                "tone": "for" if answer.adds[channel] > 0 else "against",
                "pressed": str(i == 0).lower(),
                "src": data_url(glow(answer.activations[..., channel])),
            }
            for i, channel in enumerate(shown)
        ],
    }


def channel_view(network: Network, hand: ReadPicture, name: str, digit: int, channel: int) -> dict:
    """A channel, large: where it is active, and what it looks for if that is known."""
    from explain.draw.heat_maps import overlay
    from explain.maps.cells import lay

    block = layer(network, name)
    answer = features(network, hand, digit)[block]
    activations = answer.activations[..., channel]
    centres = network.explainer.centres[block.split("_")[0]]
    picture = np.asarray(Image.fromarray(hand.shown).resize((360, 360), Image.Resampling.BOX))
    return {
        "channel": channel,
        "src": data_url(overlay(picture, lay(activations, centres))),
        "looks": looks(network, block, channel),
        "words": f"Of {block.removesuffix('_out')}. It adds "
        f"{signed(float(answer.adds[channel]), 3)} to the logit of {WORDS[digit]}; its activation "
        f"is {activations.mean():.2f} on average and {activations.max():.2f} at most.",
    }


@cache
def kept(network: Network) -> dict[str, dict[int, np.ndarray]]:
    """The pictures of what channels look for that were recorded of these weights."""
    from explain.network.channels import stored
    from model.network.weights_file import weights_digest

    return stored(weights_digest(network.classifier.model))


@cache
def made(network: Network) -> dict[tuple[str, int], str]:
    """Those that were made since, as data URLs."""
    return {}


def looks(network: Network, block: str, channel: int) -> str:
    """What a channel looks for, as data URL; empty if that is not known yet."""
    recorded = kept(network).get(block, {}).get(channel)
    if recorded is not None:
        return enlarged(recorded)
    return made(network).get((block, channel), "")


def enlarged(picture: np.ndarray) -> str:
    return data_url(
        np.asarray(Image.fromarray(picture).resize((256, 256), Image.Resampling.BICUBIC))
    )


def climbing(network: Network, name: str, channel: int) -> Iterator[dict]:
    """Find what a channel looks for, and show how far that is."""
    from explain.network.channels import STEPS, climb

    block = layer(network, name)
    yield {"climbing": True, "done": 0}
    for done, (picture,) in climb(network.classifier, block, [channel]):
        found = enlarged(picture)
        yield {"climbing": done < STEPS, "done": round(100 * done / STEPS), "looks": found}
    made(network)[block, channel] = found
