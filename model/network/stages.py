"""The stages of the network as a table: what can be known of it before it is built.

Source: He, Zhang, Ren and Sun 2015, arXiv:1512.03385, table 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SIZE = 64  # pixels, height and width of what the network sees


@dataclass(frozen=True)
class Stage:
    """One row of the network's table: blocks of the same resolution.

    Attributes:
        name: prefix of the names of its layers, `conv2` to `conv5`.
        blocks: number of bottleneck blocks; the first is a convolutional block.
        filters: channels after the 1x1, the 3x3 and the last 1x1 convolution.
        stride: of the first block; 2 halves height and width.
    """

    name: str
    blocks: int
    filters: tuple[int, int, int]
    stride: int


STAGES = (
    Stage("conv2", 3, (64, 64, 256), 1),
    Stage("conv3", 4, (128, 128, 512), 2),
    Stage("conv4", 6, (256, 256, 1024), 2),
    Stage("conv5", 3, (512, 512, 2048), 2),
)

TINY_STAGES = (
    Stage("conv2", 1, (8, 8, 16), 1),
    Stage("conv3", 2, (8, 8, 16), 2),
    Stage("conv4", 1, (8, 8, 16), 2),
    Stage("conv5", 1, (8, 8, 16), 2),
)


def cells(stages: Sequence[Stage] = STAGES, size: int = SIZE) -> dict[str, int]:
    """How many cells a side the output of each stage has, from `conv1` on.

    Args:
        stages: the table.
        size: pixels a side of the picture.
    """
    side = -(-size // 2)  # conv1 goes two pixels a step
    found = {"conv1": side}
    side = (side - 3) // 2 + 1  # the largest of each 3x3, two cells a step, none beyond the rim
    for stage in stages:
        side = -(-side // stage.stride)
        found[stage.name] = side
    return found
