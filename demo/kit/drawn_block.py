"""A block, the stem or the head, drawn, with the picture in hand at each place inside it."""

from __future__ import annotations

from dataclasses import dataclass

from demo.kit.components import TemplateValue
from demo.kit.data_urls import data_url
from demo.kit.figures import part_buttons
from demo.kit.glossary import term
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture

PLACES = {
    "in": ("What comes in", "Its strongest channels."),
    "1": ("Squeezed", "After the first 1×1 convolution and ReLU: few channels."),
    "2": ("Looked at together", "After the 3×3 convolution, which combines neighbours, and ReLU."),
    "3": ("What the main path adds", "After the last 1×1 convolution: above or below zero."),
    "0": ("The projection", "The input, brought to the new size and number of channels."),
    "add": ("The sum", "Shortcut plus main path."),
    "out": ("What leaves", "The sum, with everything below zero cut off."),
    "picture": ("What comes in", "Its red, green and blue."),
    "conv1_conv": ("Edges and colours", "After the 7×7 convolution: above or below zero."),
    "conv1_relu": ("What is there", "The same channels, with everything below zero cut off."),
    "pool1_pool": ("What leaves", "The largest of each 3×3 window: the exact place is lost."),
    "avg_pool": ("Averaged", "The same channels, each now one number."),
    "predictions": ("The logits", "For each digit a weighted sum of the averages, plus a bias."),
}
IN_IDENTITY = "The channels that the block changes most."
EQUATIONS = {
    "identity": "y = ReLU(x + W₃ ∗ ReLU(W₂ ∗ ReLU(W₁ ∗ x)))",
    "convolutional": "y = ReLU(W₀ ∗ x + W₃ ∗ ReLU(W₂ ∗ ReLU(W₁ ∗ x)))",
    "stem": "y = max pooling(ReLU(W₁ ∗ x))",
    "head": "y = W x̄ + b: x̄ is the average over the cells, W and b are the dense layer's",
}


@dataclass(frozen=True)
class Place(TemplateValue):
    """A place inside a block, and nine channels of the picture in hand there."""

    place: str
    first: bool
    title: str
    words: str
    shape: str
    src: str


@dataclass(frozen=True)
class DrawnBlock(TemplateValue):
    """A block as SVG, the places inside it, and its equation as HTML."""

    svg: str
    places: tuple[Place, ...]
    equation: str


def drawn_block(network: Network, hand: ReadPicture, name: str) -> DrawnBlock:
    """Draw a block, the stem or the head, and show the picture in hand at each place inside it."""
    from explain.draw.diagrams import block_svg
    from explain.draw.heat_maps import tiles
    from explain.network.architecture import shape_text
    from explain.network.inside_block import look_inside, pick_channels

    views = look_inside(network.classifier, name, hand.crop)
    shown = pick_channels(views)
    block = next(block for block in network.summary.walk if block.name == name)
    is_identity = block.kind == "identity"
    return DrawnBlock(
        part_buttons(block_svg(block)),
        tuple(
            Place(
                place,
                first=place == next(iter(shown)),
                title=PLACES[place][0],
                words=IN_IDENTITY if is_identity and place == "in" else PLACES[place][1],
                shape=shape_text(views[place].shape),
                src=data_url(tiles(channels)),
            )
            for place, channels in shown.items()
        ),
        f"<p>{EQUATIONS[block.kind]}</p><p class='quiet'>x comes in and y goes out; "
        f"each W is a convolution with its {term('BatchNorm')}, and ∗ applies it.</p>",
    )
