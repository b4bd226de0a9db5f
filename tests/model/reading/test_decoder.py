"""Pictures decoded in processes of their own."""

import io
import threading
import time

import numpy as np
import pytest
from PIL import Image

from model.reading.decoder import TOO_MUCH, TOO_SLOW, Decoders
from model.reading.images import read_picture
from tests.awkward import damaged

pytestmark = pytest.mark.slow  # processes are started


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (200, 60, 40)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def decoders():
    return Decoders(1)


def test_a_picture_is_decoded_as_it_would_be_here(decoders, tmp_path):
    small = png(40, 30)
    path = tmp_path / "hand.png"
    path.write_bytes(small)
    np.testing.assert_array_equal(decoders.read(small), read_picture(small))
    np.testing.assert_array_equal(decoders.read(path, 20), read_picture(path, 20))


def test_what_is_no_picture_gets_the_sentence_that_it_would_get_here(decoders, tmp_path):
    path = tmp_path / "letter.png"
    path.write_text("Dear network,")
    with pytest.raises(ValueError, match=r"letter\.png is not a picture that can be read"):
        decoders.read(path)
    with pytest.raises(ValueError, match="is not there"):
        decoders.read(tmp_path / "nothing.png")


def test_a_picture_that_takes_too_long_is_given_up_and_the_next_is_read():
    decoders = Decoders(1, seconds=0.2)
    decoders.start()
    large = png(6000, 6000)
    began = time.monotonic()
    with pytest.raises(ValueError, match=TOO_SLOW[:30]):
        decoders.read(large, 100)
    assert time.monotonic() - began < 3
    decoders._idle.queue[0]._seconds = 15
    assert decoders.read(png(4, 3)).shape == (3, 4, 3)


def test_whoever_waits_too_long_for_a_decoder_is_told():
    decoders = Decoders(1, seconds=0.05)
    decoders._idle.get()  # another picture takes it
    with pytest.raises(ValueError, match="Too many pictures are being opened"):
        decoders.read(png(4, 3))


def test_a_picture_that_takes_too_much_memory_is_given_up_and_the_next_is_read():
    decoders = Decoders(1, memory=60_000_000)
    with pytest.raises(ValueError, match=TOO_MUCH[:30]):
        decoders.read(png(5000, 5000))
    assert decoders.read(png(4, 3)).shape == (3, 4, 3)


def test_a_process_that_died_is_replaced(decoders):
    decoder = decoders._idle.queue[0]
    decoder.start()
    decoder._process.kill()
    decoder._process.join()
    assert decoders.read(png(4, 3)).shape == (3, 4, 3)


def test_a_process_that_cannot_start_is_not_lost(monkeypatch):
    def fails(self):
        raise OSError("no more processes")

    decoders = Decoders(1)
    with monkeypatch.context() as patch:
        patch.setattr("model.reading.decoder.Decoder.start", fails)
        with pytest.raises(OSError, match="no more"):
            decoders.start()
    assert decoders.read(png(4, 3)).shape == (3, 4, 3)


def test_one_slow_picture_does_not_keep_another_waiting():
    decoders = Decoders(2, seconds=30)
    for decoder in list(decoders._idle.queue):
        decoder.start()
    slow = threading.Thread(target=decoders.read, args=(png(6300, 6300), 100))
    slow.start()
    time.sleep(0.05)
    assert decoders.read(png(4, 3)).shape == (3, 4, 3)
    assert slow.is_alive()
    slow.join()


def test_thousands_of_damaged_files_are_read_or_refused_in_a_sentence(decoders):
    read = 0
    for file in damaged(5000):
        try:
            picture = decoders.read(file.data, 256)
        except ValueError as error:
            sentence = str(error)
            assert sentence.endswith(".") and "\n" not in sentence, (file.name, sentence)
        else:
            read += 1
            assert picture.dtype == np.uint8 and picture.shape[2:] == (3,), file.name
            assert min(picture.shape) > 0 and max(picture.shape) <= 256, file.name
    assert 500 < read < 4500
