"""Blocks switched off and swapped: what that does to the accuracy.

`python -m explain.experiments.blocks_off record` measures it on the test pictures.

Source: Veit, Wilber and Belongie 2016, arXiv:1605.06431; Greff, Srivastava and Schmidhuber 2017,
arXiv:1612.07771.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from explain.experiments.depth import trained
from explain.experiments.switchboard import Switchboard, can_drop
from model.collections import loading
from model.network.weights_file import weights_digest
from model.reading.classifier import HandClassifier
from model.records import load_record, save_record


def accuracy(board: Switchboard, pictures: np.ndarray, digits: np.ndarray, **lesion) -> float:
    """Share of pictures, float32 [n, 64, 64, 3] in 0..1, that a lesioned network reads right."""
    right = [
        board.read(pictures[i : i + 64], **lesion).logits.argmax(-1) == digits[i : i + 64]
        for i in range(0, len(pictures), 64)
    ]
    return float(np.concatenate(right).mean())


def measure_lesions(board: Switchboard, pictures: np.ndarray, digits: np.ndarray) -> dict:
    """Measure what each lesion does to the accuracy, 0..1, and each block to its input.

    Returns:
        `pictures`, how many; `blocks`, their names; `droppable`, the names of those that can be
        left out; `intact`, the accuracy of the whole network; `main_off` and `shortcut_off`, by
        block; `swapped`, by pair; and `ratios`, the 10th, 50th and 90th percentile over the
        pictures, for each block.
    """

    def score(**lesion) -> float:
        return accuracy(board, pictures, digits, **lesion)

    residual = [block.name for block in board.blocks if block.kind != "plain"]
    closable = [block.name for block in board.blocks if block.name in residual or can_drop(block)]
    found = {
        "pictures": len(pictures),
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
        "--data", help="folder of the collections (default: $HANDS_DATA or the cache)"
    )
    parser.add_argument("--weights", type=Path, help="weights other than the shipped ones")
    parser.add_argument(
        "--twins", type=Path, nargs="*", default=[], metavar="FOLDER",
        help="plain and residual networks to compare: folders that explain.experiments.depth "
        "wrote, such as plain-26-1 and residual-26-1 (default: those of the last record stay)",
    )  # fmt: skip
    flags = parser.parse_args(arguments)
    try:
        classifier = HandClassifier.load(flags.weights)
        twins = [trained(folder) for folder in flags.twins]
        pictures, digits = loading.hands("test", flags.data)
        before = {} if twins else load_record("blocks_off") or {}
    except ValueError as error:
        sys.exit(str(error))
    measured = [
        run.about | measure_lesions(Switchboard(HandClassifier(model)), pictures, digits)
        for run, model in twins
    ]
    found = {
        "digest": weights_digest(classifier.model),
        "shipped": measure_lesions(Switchboard(classifier), pictures, digits),
        "twins": measured or before.get("twins", []),
    }
    print("Written to", save_record("blocks_off", found))


if __name__ == "__main__":
    main()
