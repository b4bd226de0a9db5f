"""Blocks switched off, swapped and measured, in one pass of the network as it is.

`python -m explain.experiments.blocks_off record` writes what that does to the
accuracy on the test pictures.

Source: Veit, Wilber and Belongie 2016, arXiv:1605.06431; Greff, Srivastava and Schmidhuber 2017,
arXiv:1612.07771.
"""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations
from pathlib import Path

import numpy as np
import tensorflow as tf

from explain.draw.picture import shape_text
from explain.experiments.depth import trained
from explain.maps.gradcam import gradcam, stage_layers
from explain.network.architecture import BlockSummary, sources_of, summarize
from model.collections import loading
from model.digits import DIGITS
from model.network.weights_file import weights_digest
from model.reading.classifier import HandClassifier
from model.reading.images import SIZE, to_input
from model.records import save_record
from model.synthetic.rendered import render

MAIN, SHORTCUT = 0, 1  # the places of a block's two paths in its row of gates


@dataclass(frozen=True)
class Lesioned:
    """What a network says with some of its paths closed; n is the number of variants.

    Attributes:
        logits: float32 [n, 6].
        probabilities: float32 [n, 6].
        ratios: float32 [n, blocks], norm of the main path over that of the shortcut where they
            meet, before the gates; NaN in a network without shortcuts.
        maps: float32 [n, h, w], Grad-CAM of a stage, zero or more, in units of the logit; None
            where no stage was asked for.
    """

    logits: np.ndarray
    probabilities: np.ndarray
    ratios: np.ndarray
    maps: np.ndarray | None


class Switchboard:
    """A network whose blocks have two gates each, one in the main path and one in the shortcut.

    A gate of one lets everything through, a gate of zero nothing. A block of the plain network has
    no shortcut; its second gate leads around the block, which is what dropping it means there.

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
        """Blocks that can be swapped: of one stage, from one shape to the same."""
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
                the identity, or the projection where a stage opens. In the plain network such a
                block is skipped.
            shortcut_off: names of blocks whose shortcut is closed, so that only the main path
                remains.

        Returns:
            float32 [blocks, 2] of zeros and ones.

        Raises:
            ValueError: if there is no such block, or if nothing would pass through one.
        """
        gates = np.tile(np.float32([1, 1]), (len(self.blocks), 1))
        for i, block in enumerate(self.blocks):
            if block.kind == "plain":
                gates[i, SHORTCUT] = 0
        for name in shortcut_off:
            if self.block(name).kind == "plain":
                raise ValueError(f"{name} has no shortcut that could be switched off.")
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
        """Read pictures with gates; all variants in one pass, with their heat maps.

        Args:
            pictures: float32 [n or 1, 64, 64, 3] in 0..1.
            gates: float32 [n or 1, blocks, 2]; None for all paths as they are.
            stage: whose Grad-CAM is wanted, conv1 to conv5.
            digit: that it explains; None for what each variant reads.
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
                f"{one} and {other} cannot be swapped; only blocks of one stage that leave the "
                "shape as it is can."
            )
        moved = dict(self._weights)
        for name in moved:
            if name.startswith(f"{one}_"):
                twin = name.replace(one, other, 1)
                moved[name], moved[twin] = self._weights[twin], self._weights[name]
        return moved

    def _compiled(self, stage: str | None) -> tf.types.experimental.PolymorphicFunction:
        """The pass, compiled once for each stage whose heat map is asked for."""
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
    """Why nothing would be left if this block lost what was asked for."""
    if can_drop(block):
        return f"{block.name} needs its main path or its shortcut; leave one of them on."
    change = f"it turns {shape_text(block.input_shape)} into {shape_text(block.shape)}"
    if block.kind == "plain":
        return f"{block.name} cannot be dropped: {change}, and nothing else here does."
    return (
        f"{block.name} cannot be dropped whole: {change}, which only its projection or its main "
        "path can do; switch off one of the two."
    )


@cache
def made_hands(count: int = 48, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """A fixed set of hands made from geometry, to count how many are still read right.

    Returns:
        float32 [count, 64, 64, 3] in 0..1 and int64 [count], their digits, each as often.
    """
    digits = np.arange(count) % DIGITS
    hands = [
        render(int(d), np.random.default_rng((seed, i)), "photo") for i, d in enumerate(digits)
    ]
    return np.stack([to_input(hand.picture) for hand in hands]) / np.float32(255), digits


def accuracy(board: Switchboard, pictures: np.ndarray, digits: np.ndarray, **lesion) -> float:
    """Share of pictures, float32 [n, 64, 64, 3] in 0..1, that a lesioned network reads right."""
    right = [
        board.read(pictures[i : i + 64], **lesion).logits.argmax(-1) == digits[i : i + 64]
        for i in range(0, len(pictures), 64)
    ]
    return float(np.concatenate(right).mean())


def record(board: Switchboard, pictures: np.ndarray, digits: np.ndarray) -> dict:
    """What each lesion does to the accuracy, 0..1, and what each block does to its input.

    Returns:
        `blocks`, their names, and `droppable`, of those that can be left out whole; `intact`; by
        block, `main_off` and `shortcut_off`; by pair `swapped`; and for each block,
        `ratios`: the 10th, 50th and 90th percentile over the pictures.
    """

    def score(**lesion) -> float:
        return accuracy(board, pictures, digits, **lesion)

    residual = [block.name for block in board.blocks if block.kind != "plain"]
    closable = [block.name for block in board.blocks if block.name in residual or can_drop(block)]
    found = {
        "blocks": [block.name for block in board.blocks],
        "droppable": [block.name for block in board.blocks if can_drop(block)],
        "intact": score(),
        "main_off": {b: score(gates=board.gates([b])[None]) for b in closable},
        "shortcut_off": {b: score(gates=board.gates((), [b])[None]) for b in residual},
        "swapped": {" ".join(pair): score(swapped=pair) for pair in board.pairs},
    }
    if residual:
        parts = np.array_split(pictures, -(-len(pictures) // 64))
        ratios = np.concatenate([board.read(part).ratios for part in parts])
        found["ratios"] = np.percentile(ratios, (10, 50, 90), axis=0).T
    return found


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m explain.experiments.blocks_off", description=__doc__.splitlines()[0]
    )
    parser.add_argument("command", choices=("record",))
    parser.add_argument(
        "--data", help="folder with the collections (default: $HANDS_DATA or the cache)"
    )
    parser.add_argument("--weights", type=Path, help="other weights than the shipped ones")
    parser.add_argument(
        "--twins", type=Path, nargs="*", default=[], metavar="FOLDER",
        help="plain and residual networks to compare, as explain.experiments.depth leaves them: "
        "its folders plain-26-1, residual-26-1 and so on",
    )  # fmt: skip
    flags = parser.parse_args(arguments)
    try:
        classifier = HandClassifier.load(flags.weights)
        twins = [trained(folder) for folder in flags.twins]
        pictures, digits = loading.hands("test", flags.data)
    except ValueError as error:
        sys.exit(str(error))
    found = {
        "pictures": len(pictures),
        "digest": weights_digest(classifier.model),
        "shipped": record(Switchboard(classifier), pictures, digits),
        "twins": [
            run.about | record(Switchboard(HandClassifier(model)), pictures, digits)
            for run, model in twins
        ],
    }
    print("Written to", save_record("blocks_off", found))


if __name__ == "__main__":
    main()
