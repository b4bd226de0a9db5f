import keras
import numpy as np
import pytest

from model.network.resnet import tiny
from model.reading.box_head import box_head, stage_output
from model.reading.box_regression import ARRAYS, boxes_of, inside, load_boxes, save_boxes
from model.reading.classifier import HandClassifier
from model.reading.images import SIZE


def random_head(model: keras.Model) -> keras.Model:
    head = box_head(stage_output(model).shape[-1])
    rng = np.random.default_rng(0)
    head.set_weights([rng.normal(0, 0.1, each.shape) for each in head.get_weights()])
    return head


def test_the_hand_in_a_window_by_hand():
    window = np.array([100.0, 50, 300, 250])
    np.testing.assert_allclose(inside(window, np.float32([0, 0, 0])), window)
    found = inside(window, np.float32([0.25, -0.1, np.log(0.5)]))
    np.testing.assert_allclose(found, [200, 80, 300, 180])


def test_a_part_that_is_no_square_is_seen_as_the_square_around_it():
    found = inside(np.array([0.0, 0, 400, 200]), np.float32([0, 0, 0]))
    np.testing.assert_allclose(found, [0, -100, 400, 300])


def test_what_is_written_is_read_and_what_is_missing_is_none(tmp_path):
    path = boxes_of(tmp_path / "mine.npz")
    assert load_boxes(path) is None
    written = random_head(tiny()).get_weights()
    assert len(written) == ARRAYS
    save_boxes(written, path, "a1b2")
    for sha256 in ("a1b2", None):
        for read, array in zip(load_boxes(path, sha256), written, strict=True):
            assert read.dtype == np.float32
            np.testing.assert_allclose(read, array, atol=1e-3)
    with pytest.raises(
        ValueError, match=r"mine-boxes.npz was trained for other weights; train it.*--weights"
    ):
        load_boxes(path, "c3d4")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04"])
def test_what_is_damaged_is_said_so(tmp_path, content):
    path = tmp_path / "mine-boxes.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"mine-boxes.npz is damaged; train it again"):
        load_boxes(path)


@pytest.mark.parametrize("name", ["mine.npz", "mine.weights.h5", "mine.keras", "mine.h5"])
def test_boxes_lie_beside_their_weights(tmp_path, name):
    assert boxes_of(tmp_path / name) == tmp_path / "mine-boxes.npz"


def test_the_reader_tells_what_the_head_makes_of_the_fourth_stage():
    model = tiny()
    head = random_head(model)
    reader = HandClassifier(model, boxes=head.get_weights())
    pictures = np.random.default_rng(1).random((3, SIZE, SIZE, 3)).astype(np.float32)
    answers = reader.look(pictures)
    plain = HandClassifier(model)
    np.testing.assert_allclose(answers[:, :6], plain.logits(pictures), atol=1e-4)
    assert plain.look(pictures).shape == (3, 6)
    stage = keras.Model(model.input, model.get_layer("conv4_block1_out").output)
    assert stage.output.shape[1:3] == (4, 4)
    expected = head(stage(pictures, training=False), training=False)
    np.testing.assert_allclose(answers[:, 6:], expected, atol=1e-3)
