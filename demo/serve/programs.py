"""What programs and agents call: few endpoints, each by itself, with every value described.

They keep nothing between two calls. `docs/api.md` shows how to call them; with `--mcp` each is a
tool.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np
from gradio.components.api_component import Api

from demo.kit.events import READING, UNLIMITED, EndPoint, connect
from demo.kit.network import Waking
from demo.kit.uploads import uploaded
from demo.serve.arguments import Refused, choice
from model.digits import DIGITS, NO_HAND, WORDS
from model.network.stages import cells
from model.reading.images import LONGEST

if TYPE_CHECKING:
    from explain.network.architecture import BlockSummary, LayerSummary
    from model.reading.classifier import Reading

NO_PICTURE = "There is no picture: upload one and send its path, as docs/api.md shows."


def number(says: str, **limits: Any) -> dict[str, Any]:
    return {"type": "number", "description": says, **limits}


def record(says: str, **fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": says,
        "properties": fields,
        "required": list(fields),
    }


PERCENT = number("in percent of the picture; below 0 or above 100 beyond its edge")
WHAT_IS_READ = record(
    "what the network reads",
    digit={
        "oneOf": [{"type": "integer"}, {"type": "null"}],
        "description": f"0 to {DIGITS - 1}; null where no hand is seen",
    },
    word={"type": "string", "description": f"{', '.join(WORDS)}, or no hand"},
    probability=number("of the most probable digit", minimum=0, maximum=1),
    probabilities={
        "type": "array",
        "description": "of each digit, summing to 1",
        "items": {"type": "number"},
    },
    evidence=number("for a hand of any digit, in logits; below the threshold there is no hand"),
    threshold=number("the least evidence of a hand, in logits"),
    box=record(
        "where the hand is, or what comes closest to one",
        **dict.fromkeys(("left", "top", "width", "height"), PERCENT),
    ),
)
DIGIT = {
    "type": "integer",
    "description": f"the digit to explain, 0 to {DIGITS - 1}; {NO_HAND} for the one that is read",
    "minimum": NO_HAND,
    "maximum": DIGITS - 1,
}
STAGE = {
    "type": "string",
    "description": "sharp, or the stage whose Grad-CAM is drawn",
    "enum": ["sharp", *cells()],
}
BLOCK = {"type": "string", "description": "stem, head, or a block such as conv4_block2"}
NAME = {"type": "string", "description": "such as conv4_block2"}
SHAPE = {"type": "array", "description": "height, width, channels", "items": {"type": "integer"}}
PARAMETERS = {"type": "integer", "description": "weights, BatchNorm's statistics included"}
MULTIPLY_ADDS = {"type": "integer", "description": "for one picture"}
FIELD = {
    "type": "integer",
    "description": "side in pixels of the part of the input that one cell can depend on",
}
PART = record(
    "a part of the network",
    name=NAME,
    kind={"type": "string", "description": "convolutional, identity, stem or head"},
    input_shape=SHAPE,
    output_shape=SHAPE,
    parameters=PARAMETERS,
    multiply_adds=MULTIPLY_ADDS,
    receptive_field=FIELD,
)
LAYER = record(
    "a layer",
    name={"type": "string", "description": "in Keras"},
    kind={"type": "string", "description": "such as 3×3 convolution, stride 2"},
    output_shape=SHAPE,
    parameters=PARAMETERS,
    multiply_adds=MULTIPLY_ADDS,
    receptive_field=FIELD,
)
LAYERS = {"type": "array", "description": "its layers in order", "items": LAYER}
WHOLE_PART = record("a part of the network", **PART["properties"], layers=LAYERS)
BLOCKS = {"type": "array", "description": "its parts in order", "items": PART}


@dataclass(frozen=True)
class Programs:
    """The endpoints.

    Attributes:
        waking: the network.
    """

    waking: Waking

    def read_hand(self, picture: str | None) -> dict[str, Any]:
        """Read a picture.

        Args:
            picture: of one hand: JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC, 40 MB at most
        """
        return self._read(picture)[1]

    def explain_digit(
        self, picture: str | None, digit: int = NO_HAND, stage: str = "sharp"
    ) -> np.ndarray:
        """Explain a picture.

        Args:
            picture: of one hand, as for read_hand
            digit: 0 to 5; -1 for the one that is read
            stage: sharp, or conv1 to conv5
        """
        from explain.draw.map_file import map_of_reading

        chosen = choice("digit", range(NO_HAND, DIGITS), digit)
        stage = choice("stage", STAGE["enum"], stage)
        reading, _ = self._read(picture)
        network = self.waking.network()
        shown = reading.digit if chosen == NO_HAND else chosen
        signed = network.reader.explain(reading.crop, shown).signed(stage)
        centres = network.explainer.centres.get(stage)
        return np.asarray(map_of_reading(reading, shown, stage, signed, centres))

    def describe_network(self) -> list[dict[str, Any]]:
        """Describe the network."""
        return [part_of(block) for block in self.waking.network().summary.walk]

    def describe_block(self, block: str) -> dict[str, Any]:
        """Describe a block.

        Args:
            block: stem, head, or a block such as conv4_block2; describe_network lists them
        """
        walk = {each.name: each for each in self.waking.network().summary.walk}
        chosen = walk[choice("block", list(walk), block)]
        return part_of(chosen) | {"layers": [layer_of(layer) for layer in chosen.layers]}

    def _read(self, picture: str | None) -> tuple[Reading, dict[str, Any]]:
        from model.reading.readings import plain_reading

        if picture is None:
            raise Refused(NO_PICTURE)
        network = self.waking.network()
        try:
            reading = network.reader.read(self.waking.decoders.read(Path(picture), LONGEST))
        except ValueError as error:
            raise Refused(str(error)) from error
        word = WORDS[reading.digit] if reading.is_hand else "no hand"
        threshold = float(network.classifier.calibration.hand)
        said = {"word": word, "threshold": threshold if np.isfinite(threshold) else None}
        return reading, said | asdict(plain_reading(reading))


def part_of(block: BlockSummary) -> dict[str, Any]:
    """A block as plain data."""
    from explain.network.architecture import macs, parameters

    return {
        "name": block.name,
        "kind": block.kind,
        "input_shape": block.input_shape,
        "output_shape": block.shape,
        "parameters": parameters([block]),
        "multiply_adds": macs([block]),
        "receptive_field": block.receptive_field,
    }


def layer_of(layer: LayerSummary) -> dict[str, Any]:
    """A layer as plain data."""
    return {
        "name": layer.name,
        "kind": layer.kind,
        "output_shape": layer.shape,
        "parameters": layer.parameters,
        "multiply_adds": layer.macs,
        "receptive_field": layer.receptive_field,
    }


def programs(waking: Waking) -> None:
    """Add the endpoints to the page; none of it is shown.

    Args:
        waking: the network.
    """
    handlers = Programs(waking)
    with gr.Row(visible=False):
        picture = gr.Image(type="filepath", label="picture")
        picture.preprocess = uploaded  # type: ignore[method-assign, assignment]
        image = gr.Image(label="heat map over the part in the box, with its scale", format="png")
        reading = Api(None, WHAT_IS_READ, "reading")  # type: ignore[arg-type]
        called = gr.Button().click
        connect(
            called,
            handlers.read_hand,
            [picture],
            reading,
            READING,
            end_point=EndPoint(
                "read_hand",
                "Read the digit, zero to five, that a hand shows in a picture: the number of open "
                "fingers. Finds the hand by itself, and says so when it sees none.",
                shown=True,
            ),
        )
        connect(
            called,
            handlers.explain_digit,
            [picture, Api(NO_HAND, DIGIT, "digit"), Api("sharp", STAGE, "stage")],  # type: ignore[arg-type]
            image,
            READING,
            end_point=EndPoint(
                "explain_digit",
                "Show where the network looked in a picture of a hand: a heat map in which orange "
                "speaks for a digit and violet against it, with its scale in logits. Ask for "
                "another digit to see why it was not read.",
                shown=True,
            ),
        )
        connect(
            called,
            handlers.describe_network,
            [],
            Api(None, BLOCKS, "blocks"),  # type: ignore[arg-type]
            UNLIMITED,
            end_point=EndPoint(
                "describe_network",
                "List the blocks of the network from the stem to the head: shapes, parameters, "
                "multiply-adds and receptive fields.",
                shown=True,
            ),
        )
        connect(
            called,
            handlers.describe_block,
            [Api("conv4_block2", BLOCK, "block")],  # type: ignore[arg-type]
            Api(None, WHOLE_PART, "block"),  # type: ignore[arg-type]
            UNLIMITED,
            end_point=EndPoint(
                "describe_block",
                "Describe one block of the network and each of its layers.",
                shown=True,
            ),
        )
