import keras
import numpy as np
import pytest

from explain.experiments.switchboard import Switchboard
from explain.maps.gradcam import Explainer
from model.reading.classifier import HandClassifier
from tests.explain.experiments.conftest import build, pictures

pytestmark = pytest.mark.slow  # most of these run a network


def same(one, other):
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["residual", "plain"])
def test_with_all_gates_open_it_is_the_network(kind, request):
    classifier = request.getfixturevalue(kind)
    found = Switchboard(classifier).read(pictures())
    same(found.logits, classifier.logits(pictures()))
    np.testing.assert_allclose(found.probabilities.sum(-1), 1, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["residual", "plain"])
def test_a_dropped_block_equals_a_network_built_without_it(kind, request):
    classifier = request.getfixturevalue(kind)
    board = Switchboard(classifier)
    without = HandClassifier(build(kind == "residual", 2, like=classifier.model))
    found = board.read(pictures(), board.gates(["conv3_block2"])[None])
    same(found.logits, without.logits(pictures()))
    assert np.abs(found.logits - classifier.logits(pictures())).max() > 0.01


@pytest.mark.parametrize("name", ["conv3_block3", "conv4_block1"])
@pytest.mark.parametrize("which", ["main path", "shortcut"])
def test_a_closed_path_equals_a_network_in_which_it_is_zero(residual, board, name, which):
    """By hand: the block's end from the folded network's own layers, and the rest after it."""
    fold = residual.folded
    shortcut, main = (
        keras.Model(fold.input, source)(pictures())
        for source in fold.get_layer(f"{name}_add").input
    )
    rest = keras.Model(fold.get_layer(f"{name}_add").output, fold.output)
    if which == "main path":
        expected, gates = rest(shortcut), board.gates([name])
    else:
        expected, gates = rest(main), board.gates([], [name])
    same(board.read(pictures(), gates[None]).logits, expected)


def test_many_variants_in_one_batch_are_each_as_alone(board):
    variants = np.stack([board.gates(), *(board.gates([block.name]) for block in board.blocks)])
    picture = pictures(1)
    together = board.read(picture, variants, "conv4", digit=2)
    for i, gates in enumerate(variants):
        alone = board.read(picture, gates[None], "conv4", digit=2)
        same(together.logits[i], alone.logits[0])
        same(together.maps[i], alone.maps[0])


@pytest.mark.slow
def test_the_heat_map_of_the_whole_network_is_the_explainers(residual, board):
    crop = np.random.default_rng(3).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    explanation = Explainer(residual).explain(crop)
    for stage, expected in explanation.maps.items():
        same(board.read(crop[None] / np.float32(255), stage=stage).maps[0], expected)


@pytest.mark.slow
def test_the_heat_map_of_a_lesioned_network_is_that_of_one_built_without_the_block(residual, board):
    without = HandClassifier(build(True, 2, like=residual.model))
    crop = np.random.default_rng(3).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    expected = Explainer(without).explain(crop, 4).maps["conv3"]
    gates = board.gates(["conv3_block2"])[None]
    same(board.read(crop[None] / np.float32(255), gates, "conv3", 4).maps[0], expected)


@pytest.mark.slow
def test_swapped_blocks_equal_a_network_with_their_weights_exchanged(residual, board):
    other = build(like=residual.model)
    for layer in other.layers:
        if layer.weights and "conv3_block" in layer.name and "block1" not in layer.name:
            number = {"2": "3", "3": "2"}[layer.name[len("conv3_block")]]
            twin = f"conv3_block{number}{layer.name[len('conv3_block2') :]}"
            layer.set_weights(residual.model.get_layer(twin).get_weights())
    expected = HandClassifier(other).logits(pictures())
    found = board.read(pictures(), swapped=("conv3_block2", "conv3_block3"))
    same(found.logits, expected)
    same(board.read(pictures()).logits, residual.logits(pictures()))  # and back again


def test_the_ratio_by_hand(residual, board):
    """Norm of what the main path adds over the norm of what it is added to."""
    ends = residual.model.get_layer("conv3_block2_add").input
    shortcut, main = (
        keras.Model(residual.model.input, end)(pictures(), training=False).numpy() for end in ends
    )
    expected = [np.sqrt((m**2).sum() / (s**2).sum()) for m, s in zip(main, shortcut, strict=True)]
    same(board.read(pictures()).ratios[:, 2], expected)


def test_the_plain_network_has_no_ratios(plain):
    assert np.isnan(Switchboard(plain).read(pictures()).ratios).all()


@pytest.mark.parametrize(
    "off, sentence",
    [
        (
            (["conv4_block1"], ["conv4_block1"]),
            "cannot be dropped whole: it turns 8×8×16 into 4×4×24",
        ),
        ((["conv3_block2"], ["conv3_block2"]), "needs its main path or its shortcut"),
        ((["conv9_block2"], []), "There is no block conv9_block2; they are named conv2_block1 to"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(board, off, sentence):
    with pytest.raises(ValueError, match=sentence):
        board.gates(*off)


def test_the_plain_network_loses_no_block_that_changes_the_shape(plain):
    board = Switchboard(plain)
    with pytest.raises(ValueError, match="conv4_block1 cannot be dropped: it turns 8×8×16 into"):
        board.gates(["conv4_block1"])
    with pytest.raises(ValueError, match="conv3_block2 has no shortcut"):
        board.gates([], ["conv3_block2"])


def test_blocks_of_other_shapes_are_not_swapped(board):
    assert board.pairs == [("conv3_block2", "conv3_block3")]
    with pytest.raises(ValueError, match="conv3_block1 and conv3_block2 cannot be swapped"):
        board.read(pictures(), swapped=("conv3_block1", "conv3_block2"))
