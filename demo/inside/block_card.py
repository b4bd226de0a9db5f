"""What a block is, and what it did to the picture in hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.inside.blocks import channel_layer, find_block
from demo.inside.network_map import bytes_text
from demo.kit.components import TemplateValue
from demo.kit.features import features_of
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import count_word, signed
from model.digits import DIGITS, WORDS
from model.reading.images import SIZE

if TYPE_CHECKING:
    from explain.network.architecture import BlockSummary
    from explain.network.channels import BlockFeatures

ENDS = {  # the parts of the network that are no residual blocks
    "stem": "One wide convolution looks for edges and colours; the pooling keeps the strongest.",
    "head": "The cells are averaged; one dense layer makes weighted sums of them: the "
    f"{count_word(DIGITS)} logits.",
}
CHANGES = {  # what a block does whose main path adds less than this share of the input
    0.4: "mostly passes on what came in",
    0.8: "changes part of what came in",
    float("inf"): "changes most of what came in",
}
TIMES = {1: "the same number of channels", 2: "twice the channels"}


@dataclass(frozen=True)
class Fact(TemplateValue):
    """A property of a block and its value."""

    name: str
    value: str


@dataclass(frozen=True)
class BlockCard(TemplateValue):
    """What a block is, and what it did to the picture in hand."""

    name: str
    kind: str
    words: str
    facts: tuple[Fact, ...]
    finding: str


def block_card(network: Network, hand: ReadPicture, name: str) -> BlockCard:
    """What a block, the stem or the head is, and what it did to the picture in hand."""
    block = find_block(network, name)
    features = features_of(network, hand, hand.reading.digit)[channel_layer(network, name)]
    return BlockCard(
        name,
        kind="" if name in ENDS else f"{block.kind} block",
        words=block_words(network, block),
        facts=facts_of(block, SIZE, "the whole picture"),
        finding=finding(hand, block, features),
    )


def facts_of(block: BlockSummary, size: int, everything: str) -> tuple[Fact, ...]:
    """What a block is made of and costs.

    Args:
        block: of the network.
        size: of its pictures, in pixels.
        everything: what a cell sees whose view is as wide as the picture.
    """
    from explain.draw.numbers import count_text
    from explain.network.architecture import macs, memory, parameters, shape_text

    field = block.receptive_field
    facts = {
        "in": shape_text(block.input_shape),
        "out": shape_text(block.shape),
        "parameters": count_text(parameters([block])),
        "multiply-adds": count_text(macs([block])),
        "activation memory": bytes_text(memory([block])),
        "a cell sees": f"{field}×{field} pixels" if field < size else everything,
    }
    return tuple(Fact(title, value) for title, value in facts.items())


def block_words(network: Network, block: BlockSummary) -> str:
    """What a block, the stem or the head is there for."""
    if block.name in ENDS:
        return ENDS[block.name]
    stage = block.name.split("_")[0]
    if block.kind == "identity":
        return f"Within {stage}, the shortcut hands the input on, and the main path adds to it."
    projected = " The shape changes here, so the shortcut is a 1×1 convolution: a projection."
    return stage_words(network, stage) + (projected if block.kind == "convolutional" else "")


def stage_words(network: Network, name: str) -> str:
    """What a stage of blocks is like, beside the one before it."""
    _, *stages = network.summary.stages
    at = [stage.name for stage in stages].index(name)
    stage, side = stages[at], stages[at].shape[0]
    if at == 0:
        share = round(network.summary.input_shape[0] / side)
        return f"The first residual blocks, at 1/{share} of the picture's resolution."
    before = stages[at - 1].shape
    times = stage.shape[-1] // before[-1]
    resolution = "Half the resolution of" if side < before[0] else "The same resolution as"
    channels = TIMES.get(times, f"{times} times the channels")
    words = f"{resolution} {stages[at - 1].name}, {channels}."
    if len(stage.blocks) > max(len(other.blocks) for other in stages if other is not stage):
        words += f" The stage with the most blocks: {count_word(len(stage.blocks))}."
    if stage is stages[-1]:
        words += f" These last {side}×{side} cells each have the whole picture in view."
    return words


def finding(hand: ReadPicture, block: BlockSummary, features: BlockFeatures) -> str:
    """What a block did to the picture in hand, in a sentence."""
    if block.name == "head":
        logits = hand.explanation.logits
        return f"The largest logit is that of {WORDS[logits.argmax()]}: {signed(logits.max())}."
    if features.change is None:
        active = round(100 * float((features.activations > 0).mean()))
        return f"For this picture, {active} % of the activations are above zero after the ReLU."
    change = features.change
    does = next(words for below, words in CHANGES.items() if change < below)
    verdict = f": the block {does}." if block.kind == "identity" else "."
    return (
        f"For this picture, what the main path adds is {round(100 * change)} % as large as what "
        f"the shortcut carries, by their norms{verdict}"
    )
