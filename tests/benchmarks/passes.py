"""What reading and explaining cost: `python -m tests.benchmarks.passes`, as ratios in one run.

The unit is one bare forward pass of the fastest form of the network: a frozen graph with BatchNorm
folded. Everything is timed in turn, round by round, so that a busy moment meets all alike.
`--record` keeps the result for README.md; `--torch` adds what pytorch-grad-cam takes.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from explain.experiments.switchboard import Switchboard
from explain.maps.gradcam import Explainer
from explain.maps.sharp import SharpExplainer
from model.files import write_json
from model.reading.classifier import HandClassifier
from model.records import RECORDED
from model.synthetic.rendered import render
from tests.benchmarks.elsewhere import answering

RECORD = RECORDED / "speed.json"
TORCH = Path(__file__).with_name("pytorch_gradcam.py")


def frozen(classifier: HandClassifier) -> Callable:
    """The folded network with its weights as constants."""
    shape = tf.TensorSpec((1, 64, 64, 3), tf.float32)
    graph = tf.function(lambda x: classifier.folded(x, training=False)).get_concrete_function(shape)
    return convert_variables_to_constants_v2(graph)


def tf_keras_vis(classifier: HandClassifier) -> Callable:
    """Grad-CAM of one stage by tf-keras-vis."""
    from tf_keras_vis.gradcam import Gradcam
    from tf_keras_vis.utils.scores import CategoricalScore

    visualizer = Gradcam(classifier.model, clone=False)
    return lambda picture: visualizer(
        CategoricalScore(3),
        picture,
        penultimate_layer="conv5_block3_out",
        seek_penultimate_conv_layer=False,
    )


@contextmanager
def pytorch_gradcam(python: str | None) -> Iterator[Callable[[], dict[str, float]]]:
    """What has a Grad-CAM made by pytorch-grad-cam, and tells the milliseconds that it took.

    Args:
        python: of an environment that has it; None for nothing.
    """
    if not python:
        yield dict
        return
    modules, packages = "pytorch_grad_cam, torch, torchvision", "torch torchvision grad-cam"
    with answering(python, TORCH, modules, packages) as ask:
        name = "Grad-CAM of one stage by pytorch-grad-cam, torchvision's ResNet-50"
        yield lambda: {name: ask("")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, help="other weights than the shipped ones")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--torch", metavar="PYTHON", help="of an environment with grad-cam")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.name}, too")
    flags = parser.parse_args()
    classifier = HandClassifier.load(flags.weights)
    explainer, board = Explainer(classifier), Switchboard(classifier)
    sharp, closed = SharpExplainer(explainer), board.gates(["conv4_block3"])[None]
    crop = render(3, np.random.default_rng(0), size=64).picture
    hand = render(3, np.random.default_rng(0), size=200).picture
    frame = np.random.default_rng(0).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    empty = frame.copy()
    frame[240:440, 400:600] = hand
    last = classifier.read(frame).box
    picture = crop[None] / np.float32(255)
    many = np.repeat(picture, 64, axis=0)
    constant, fast, vis = tf.constant(picture), frozen(classifier), tf_keras_vis(classifier)
    weights = np.concatenate([weight.ravel() for weight in classifier.folded.get_weights()])
    calls = {
        "reading all weights from memory, nothing else": weights.sum,
        "bare forward pass, frozen graph": lambda: fast(constant)[0].numpy(),
        "forward pass, as the page runs it": lambda: classifier.logits(picture),
        "the same, per picture in a batch of 64": lambda: classifier.logits(many),
        "Grad-CAM of all five stages, with the answer": lambda: explainer.explain(crop),
        "the same and the sharp map of one digit": lambda: sharp.explain_both(crop, 3),
        "the sharp map of one digit": lambda: sharp.explain(crop, digits=[3]),
        "the sharp maps of all six digits": lambda: sharp.explain(crop),
        "a block switched off: answer and heat map": lambda: board.read(picture, closed, "conv5"),
        "Grad-CAM of one stage by tf-keras-vis": lambda: vis(picture),
        "reading a picture that a hand fills": lambda: classifier.read(hand),
        "the same, and then both kinds of map": lambda: sharp.explain_both(
            classifier.read(hand).crop, 3
        ),
        "finding and reading the hand in a frame": lambda: classifier.read(frame),
        "the same, near to where it was in the frame before": lambda: classifier.read(
            frame, last=last
        ),
        "searching all of a frame in which there is no hand": lambda: classifier.read(empty),
    }
    times = {name: [] for name in calls}
    with pytorch_gradcam(flags.torch) as theirs:
        for _ in range(flags.rounds + 2):
            for name, call in calls.items():
                began = time.perf_counter()
                call()
                times[name].append(time.perf_counter() - began)
            for name, milliseconds in theirs().items():
                times.setdefault(name, []).append(milliseconds / 1000)
    times = {name: np.median(spent[2:]) for name, spent in times.items()}  # two rounds to warm up
    times["the same, per picture in a batch of 64"] /= 64
    unit = times["bare forward pass, frozen graph"]
    for name, spent in times.items():
        print(f"{1000 * spent:8.1f} ms {spent / unit:6.1f}  {name}")
    if flags.record:
        rows = {
            name: {"milliseconds": round(1000 * spent, 1), "passes": round(spent / unit, 1)}
            for name, spent in times.items()
        }
        write_json(RECORD, rows)


if __name__ == "__main__":
    main()
