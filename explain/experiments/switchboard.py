"""A network whose paths can be closed: blocks switched off or swapped, in one pass.

Source: Veit, Wilber and Belongie 2016, arXiv:1605.06431.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations

import numpy as np
import tensorflow as tf

from explain.maps.gradcam import gradcam
from explain.network.architecture import BlockSummary, shape_text, sources_of, summarize
from model.network.resnet import stage_layers
from model.reading.classifier import HandClassifier
from model.reading.images import SIZE

MAIN, SHORTCUT = 0, 1  # the columns of a block's two paths in the gates


@dataclass(frozen=True)
class Lesioned:
    """What a network reads with some of its paths closed; n is the number of variants.

    Attributes:
        logits: float32 [n, digits].
        probabilities: float32 [n, digits].
        ratios: float32 [n, blocks], norm of the main path over that of the shortcut where they
            meet, before the gates; NaN in a network without shortcuts.
        maps: float32 [n, h, w], Grad-CAM of a stage, zero or more, in units of the logit; None
            if no stage was asked for.
    """

    logits: np.ndarray
    probabilities: np.ndarray
    ratios: np.ndarray
    maps: np.ndarray | None


class Switchboard:
    """A network whose blocks have two gates each, one in the main path and one in the shortcut.

    A gate of one lets everything through, a gate of zero nothing. A block of a plain network has no
    shortcut: its second gate leads around the block, so that opening it drops the block.

    Args:
        classifier: the reader whose network it is; the weights are shared, not copied.

    Attributes:
        blocks: its blocks, in order.
    """

    def __init__(self, classifier: HandClassifier):
        self.model = model = classifier.folded
        self.probabilities = classifier.probabilities
        stages = summarize(classifier.model).stages
        self.blocks = tuple(block for stage in stages for block in stage.blocks)
        self._index = {block.name: i for i, block in enumerate(self.blocks)}
        self._weights = {
            layer.name: [tf.convert_to_tensor(weight.value) for weight in layer.weights]
            for layer in model.layers
            if layer.weights
        }
        self._stages = stage_layers(model)
        self._passes = cache(self._compiled)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Blocks that can be swapped: of one stage, and with the same shape in and out."""
        droppable = [block for block in self.blocks if can_drop(block)]
        return [(a.name, b.name) for a, b in combinations(droppable, 2) if a.shape == b.shape]

    def block(self, name: str) -> BlockSummary:
        """The block of that name.

        Raises:
            ValueError: if there is none.
        """
        if name not in self._index:
            first, last = self.blocks[0].name, self.blocks[-1].name
            raise ValueError(f"There is no block {name}; they are named {first} to {last}.")
        return self.blocks[self._index[name]]

    def gates(self, main_off: Iterable[str] = (), shortcut_off: Iterable[str] = ()) -> np.ndarray:
        """The gates of one variant.

        Args:
            main_off: names of blocks whose main path is closed, so that only the shortcut remains:
                the identity, or the projection in the first block of a stage. In a plain network
                the block is dropped.
            shortcut_off: names of blocks whose shortcut is closed, so that only the main path
                remains.

        Returns:
            float32 [blocks, 2] of zeros and ones.

        Raises:
            ValueError: if there is no such block, or if nothing would pass through one.
        """
        gates = np.ones((len(self.blocks), 2), np.float32)
        for i, block in enumerate(self.blocks):
            if block.kind == "plain":
                gates[i, SHORTCUT] = 0
        for name in shortcut_off:
            if self.block(name).kind == "plain":
                raise ValueError(f"{name} has no shortcut to switch off.")
            gates[self._index[name], SHORTCUT] = 0
        for name in main_off:
            block = self.block(name)
            gates[self._index[name], MAIN] = 0
            if block.kind == "plain" and can_drop(block):
                gates[self._index[name], SHORTCUT] = 1
            if not gates[self._index[name]].any():
                raise ValueError(why_not(block))
        return gates

    def read(
        self,
        pictures: np.ndarray,
        gates: np.ndarray | None = None,
        stage: str | None = None,
        digit: int | None = None,
        swapped: tuple[str, str] | None = None,
    ) -> Lesioned:
        """Read pictures through gates, all variants in one pass, with their heat maps.

        Args:
            pictures: float32 [n or 1, 64, 64, 3] in 0..1.
            gates: float32 [n or 1, blocks, 2]; None for the network as it is.
            stage: whose Grad-CAM is wanted, such as conv4.
            digit: the one that it explains; None for the one that each variant reads.
            swapped: names of two blocks that change places.

        Raises:
            ValueError: if the two cannot change places.
        """
        gates = self.gates()[None] if gates is None else gates
        n = max(len(pictures), len(gates))
        pictures = np.broadcast_to(pictures, (n, *pictures.shape[1:]))
        gates = np.broadcast_to(gates, (n, *gates.shape[1:]))
        weights = self._swapped(*swapped) if swapped else self._weights
        logits, ratios, *maps = self._passes(stage)(
            tf.constant(pictures, tf.float32),
            tf.constant(gates, tf.float32),
            tf.constant(-1 if digit is None else digit),
            weights,
        )
        logits = logits.numpy()
        probabilities = self.probabilities(logits)
        return Lesioned(logits, probabilities, ratios.numpy(), maps[0].numpy() if maps else None)

    def _swapped(self, one: str, other: str) -> dict[str, list[tf.Tensor]]:
        self.block(one), self.block(other)
        if (one, other) not in self.pairs and (other, one) not in self.pairs:
            raise ValueError(
                f"{one} and {other} cannot be swapped: only blocks of the same stage that keep the "
                "shape can."
            )
        moved = dict(self._weights)
        for name in moved:
            if name.startswith(f"{one}_"):
                twin = name.replace(one, other, 1)
                moved[name], moved[twin] = self._weights[twin], self._weights[name]
        return moved

    def _compiled(self, stage: str | None) -> tf.types.experimental.PolymorphicFunction:
        """The pass for a stage whose heat map is wanted, compiled once."""
        signature = [
            tf.TensorSpec((None, SIZE, SIZE, 3), tf.float32),
            tf.TensorSpec((None, len(self.blocks), 2), tf.float32),
            tf.TensorSpec((), tf.int32),
            tf.nest.map_structure(tf.TensorSpec.from_tensor, self._weights),
        ]
        return tf.function(partial(self._pass, stage), signature, autograph=False)

    def _pass(self, stage, pictures, gates, digit, weights):
        values, ratios, entrance = {}, [], None
        with tf.GradientTape() as tape:
            for layer in self.model.layers:
                sources = [values[source.name] for source in sources_of(layer)]
                block, _, place = layer.name.rpartition("_")
                if not sources:
                    value = pictures
                elif place == "add":
                    gate = gates[:, self._index[block], :, None, None, None]
                    shortcut, main = sources
                    ratios.append(norm(main) / norm(shortcut))
                    value = gate[:, SHORTCUT] * shortcut + gate[:, MAIN] * main
                elif layer.name in weights:
                    value, _ = layer.stateless_call(weights[layer.name], [], *sources)
                else:
                    value = layer(*sources)
                if place == "out" and self.blocks[self._index[block]].kind == "plain":
                    gate = gates[:, self._index[block], :, None, None, None]
                    value *= gate[:, MAIN]
                    if can_drop(self.blocks[self._index[block]]):
                        value += gate[:, SHORTCUT] * entrance
                if place in ("out", "pool"):
                    entrance = value  # of the next block
                if layer.name == self._stages.get(stage):
                    tape.watch(value)
                    activations = value
                values[layer.name] = value
            score = tf.gather(
                value, tf.where(digit < 0, tf.argmax(value, -1, tf.int32), digit), batch_dims=1
            )
        ratios = tf.stack(ratios, 1) if ratios else tf.fill(tf.shape(gates)[:2], np.nan)
        if stage is None:
            return value, ratios
        return value, ratios, tf.nn.relu(gradcam(activations, tape.gradient(score, activations)))


def norm(x):
    """Euclidean norm of each example; float32 [n]."""
    return tf.sqrt(tf.reduce_sum(x * x, axis=(1, 2, 3)))


def can_drop(block: BlockSummary) -> bool:
    """Whether a block can be left out: what comes in has the shape of what goes out."""
    return block.kind != "convolutional" and block.input_shape == block.shape


def why_not(block: BlockSummary) -> str:
    """Why a block cannot lose what was asked for."""
    if can_drop(block):
        return f"{block.name} needs its main path or its shortcut; leave one of them on."
    change = f"it turns {shape_text(block.input_shape)} into {shape_text(block.shape)}"
    if block.kind == "plain":
        return f"{block.name} cannot be dropped: {change}, and nothing else does that here."
    return (
        f"{block.name} cannot be dropped whole: {change}, which only its projection or its main "
        "path can do; switch off one of them."
    )
