import keras
import numpy as np
import pytest

from model.network.resnet import tiny
from model.reading.box_regression import BoxRegression, boxes_of, inside, load_boxes, save_boxes
from model.reading.classifier import HandClassifier
from model.reading.images import SIZE


def random_boxes(channels: int) -> BoxRegression:
    rng = np.random.default_rng(0)
    return BoxRegression(
        rng.normal(0, 0.1, (2, 2, channels, 3)).astype(np.float32), np.float32([0.1, -0.1, -0.5])
    )


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
    boxes = random_boxes(16)
    save_boxes(boxes, path)
    read = load_boxes(path)
    np.testing.assert_allclose(read.kernel, boxes.kernel, atol=1e-3)
    np.testing.assert_allclose(read.bias, boxes.bias, atol=1e-3)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04"])
def test_what_is_damaged_is_said_so(tmp_path, content):
    path = tmp_path / "mine-boxes.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"mine-boxes.npz is damaged; fit it again"):
        load_boxes(path)


@pytest.mark.parametrize("name", ["mine.npz", "mine.weights.h5", "mine.keras", "mine.h5"])
def test_boxes_lie_beside_their_weights(tmp_path, name):
    assert boxes_of(tmp_path / name) == tmp_path / "mine-boxes.npz"


def test_the_reader_tells_what_the_linear_map_makes_of_the_last_stage():
    model = tiny()
    boxes = random_boxes(model.get_layer("avg_pool").input.shape[-1])
    reader = HandClassifier(model, boxes=boxes)
    pictures = np.random.default_rng(1).random((3, SIZE, SIZE, 3)).astype(np.float32)
    answers = reader.look(pictures)
    plain = HandClassifier(model)
    np.testing.assert_allclose(answers[:, :6], plain.logits(pictures), atol=1e-4)
    assert plain.look(pictures).shape == (3, 6)
    last = keras.Model(model.input, model.get_layer("avg_pool").input)
    cells = np.asarray(last(pictures, training=False)).reshape(3, -1)
    expected = cells @ boxes.kernel.reshape(-1, 3) + boxes.bias
    np.testing.assert_allclose(answers[:, 6:], expected, atol=1e-3)
