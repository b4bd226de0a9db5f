import keras
import numpy as np
import pytest

from explain.experiments.blocks_off import Switchboard, accuracy, made_hands, measure_lesions
from explain.maps.gradcam import Explainer
from model.network.resnet import Stage, network
from model.reading.classifier import HandClassifier

STAGES = (
    Stage("conv2", 1, (8, 8, 16), 1),
    Stage("conv3", 3, (8, 8, 16), 2),
    Stage("conv4", 2, (8, 8, 24), 2),
)


def build(shortcuts=True, blocks=3, like=None):
    """A network of random weights and statistics, conv3 with as many blocks; or those of another.

    A block that is missing is the second of the three.
    """
    keras.utils.set_random_seed(5)
    stages = (STAGES[0], Stage("conv3", blocks, (8, 8, 16), 2), STAGES[2])
    model = network(stages, stem=8, shortcuts=shortcuts, name="small")
    rng = np.random.default_rng(0)
    for variable in model.weights:
        if "kernel" not in variable.path:
            variable.assign(rng.uniform(0.5, 1.5, variable.shape))
    for layer in model.layers if like else ():
        kept = "conv3_block3" if blocks == 2 and "conv3_block2" in layer.name else "conv3_block2"
        layer.set_weights(like.get_layer(layer.name.replace("conv3_block2", kept)).get_weights())
    return model


@pytest.fixture(scope="module")
def residual():
    return HandClassifier(build())


@pytest.fixture(scope="module")
def plain():
    return HandClassifier(build(shortcuts=False))


@pytest.fixture(scope="module")
def board(residual):
    return Switchboard(residual)


def pictures(count=3, seed=0):
    return np.random.default_rng(seed).random((count, 64, 64, 3), np.float32)


def same(one, other):
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", ["residual", "plain"])
def test_with_all_gates_open_it_is_the_network(kind, request):
    classifier = request.getfixturevalue(kind)
    found = Switchboard(classifier).read(pictures())
    same(found.logits, classifier.logits(pictures()))
    np.testing.assert_allclose(found.probabilities.sum(-1), 1, rtol=1e-5)


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


def test_the_heat_map_of_the_whole_network_is_the_explainers(residual, board):
    crop = np.random.default_rng(3).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    explanation = Explainer(residual).explain(crop)
    for stage, expected in explanation.maps.items():
        same(board.read(crop[None] / np.float32(255), stage=stage).maps[0], expected)


def test_the_heat_map_of_a_lesioned_network_is_that_of_one_built_without_the_block(residual, board):
    without = HandClassifier(build(True, 2, like=residual.model))
    crop = np.random.default_rng(3).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    expected = Explainer(without).explain(crop, 4).maps["conv3"]
    gates = board.gates(["conv3_block2"])[None]
    same(board.read(crop[None] / np.float32(255), gates, "conv3", 4).maps[0], expected)


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


def test_made_hands_are_the_same_each_time_and_every_digit_as_often():
    hands, digits = made_hands(12, 3)
    assert hands.shape == (12, 64, 64, 3) and 0 <= hands.min() < hands.max() <= 1
    np.testing.assert_array_equal(np.bincount(digits), [2] * 6)
    np.testing.assert_array_equal(made_hands.__wrapped__(12, 3)[0], hands)


def test_a_record_counts_what_is_read_right(residual, board):
    digits = residual.logits(pictures(70)).argmax(-1)  # the network's own answers
    assert accuracy(board, pictures(70), digits) == 1
    found = measure_lesions(board, pictures(70), digits)
    assert found["intact"] == 1 and list(found["swapped"]) == ["conv3_block2 conv3_block3"]
    assert set(found["main_off"]) == set(found["shortcut_off"]) == {b.name for b in board.blocks}
    assert found["ratios"].shape == (6, 3) and (np.diff(found["ratios"], axis=1) >= 0).all()
