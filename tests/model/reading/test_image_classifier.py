"""Any picture is read by an image classifier, with the names of its classes."""

import numpy as np
import pytest
from PIL import Image

from model.reading.image_classifier import ImageClassifier, read_names
from tests.any_models import small, tutorial


def test_a_picture_is_read_whole():
    reading = small().read(Image.new("RGB", (80, 40), "red"))
    assert reading.crop.shape == (28, 28, 3) and reading.picture.shape == (80, 80, 3)
    assert reading.best == reading.probabilities.argmax()
    np.testing.assert_allclose(reading.probabilities.sum(), 1, atol=1e-5)


def test_many_pictures_are_read_as_one_by_one():
    pictures = np.random.default_rng(0).random((70, 28, 28, 3), np.float32)
    one_by_one = np.concatenate([small().predict(each[None]) for each in pictures])
    np.testing.assert_allclose(small().predict(pictures), one_by_one, atol=1e-5)


def test_a_copy_has_weights_of_its_own():
    pictures = np.random.default_rng(0).random((1, 28, 28, 3), np.float32)
    before, copy = small().logits(pictures), small().copy()
    np.testing.assert_allclose(copy.logits(pictures), before, atol=1e-6)
    copy.model.set_weights([0 * each for each in copy.model.get_weights()])
    np.testing.assert_array_equal(small().logits(pictures), before)


def test_a_file_is_opened_with_its_names(tmp_path):
    tutorial().save(tmp_path / "it.keras")
    (tmp_path / "names.txt").write_text("cat\ndog\n\nfox \nowl\n")
    loaded = ImageClassifier.load(tmp_path / "it.keras", tmp_path / "names.txt")
    assert loaded.names == ["cat", "dog", "fox", "owl"]
    assert ImageClassifier.load(tmp_path / "it.keras").names[3] == "class 3"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b"cat\ndog\n", "has 2 names, and the network 4 classes"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
    ],
)
def test_wrong_names_are_refused(tmp_path, written, says):
    (tmp_path / "names.txt").write_bytes(written)
    with pytest.raises(ValueError, match=says):
        read_names(tmp_path / "names.txt", 4)
    with pytest.raises(ValueError, match="cannot be opened"):
        read_names(tmp_path / "none.txt", 4)
