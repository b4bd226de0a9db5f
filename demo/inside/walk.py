"""A guided walk: the picture in hand on its way from pixels to logits, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from demo.inside.block_card import ENDS, block_words, finding
from demo.inside.blocks import channel_layer
from demo.kit.components import TemplateValue
from demo.kit.data_urls import data_url
from demo.kit.features import features_of
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture
from demo.kit.words import percent, signed
from model.digits import WORDS

SIDE = 256  # pixels, of a step's picture


@dataclass(frozen=True)
class Step(TemplateValue):
    """A stop of the walk.

    Attributes:
        name: of the block; empty for the two ends of the way.
        title: what is reached.
        shape: of what leaves it.
        words: what happens there.
        src: what the picture has become; empty for the logits.
    """

    name: str
    title: str
    shape: str
    words: str
    src: str = ""


@dataclass(frozen=True)
class Logit(TemplateValue):
    """What a digit gets at the end."""

    word: str
    shown: str


@dataclass(frozen=True)
class Walk(TemplateValue):
    """All steps, and the first of them as it is shown at first."""

    steps: tuple[Step, ...]
    logits: tuple[Logit, ...]


def walk(network: Network, hand: ReadPicture) -> Walk:
    """The way of the picture in hand through the network."""
    from explain.draw.heat_maps import glow
    from explain.network.architecture import shape_text

    summary = network.summary
    features = features_of(network, hand, hand.reading.digit)

    def enlarged(pixels: np.ndarray) -> str:
        shown = Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.NEAREST)
        return data_url(np.asarray(shown))

    steps = [
        Step(
            "",
            "The picture",
            shape_text(summary.input_shape),
            "The part that is read, as the network gets it: each pixel is three numbers, its red, "
            "green and blue.",
            enlarged(hand.crop),
        )
    ]
    for block in summary.walk[:-1]:
        found = features[channel_layer(network, block.name)]
        steps.append(
            Step(
                block.name,
                block.name,
                shape_text(block.shape),
                f"{block_words(network, block)} {finding(hand, block, found)}",
                enlarged(glow(found.activations.mean(-1))),
            )
        )
    logits, head = hand.explanation.logits, summary.walk[-1]
    best = int(logits.argmax())
    sure = percent(float(hand.explanation.probabilities[best]))
    whole = percent(float(hand.reading.probabilities[best]))
    words = (
        f"{ENDS['head']} The largest is for {WORDS[best]}; softmax, over logits divided by a "
        f"temperature that keeps it honest, turns it into {sure}."
    )
    if best != hand.reading.digit:
        words += f" The answer takes in more than this part: {WORDS[hand.reading.digit]}."
    elif whole != sure:
        words += f" The answer, {whole}, takes in more than this part."
    steps.append(
        Step(
            head.name,
            "The logits",
            f"{len(WORDS)} numbers",
            words,
        )
    )
    return Walk(
        tuple(steps),
        tuple(Logit(word, signed(float(x))) for word, x in zip(WORDS, logits, strict=True)),
    )
