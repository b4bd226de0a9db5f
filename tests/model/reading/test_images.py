import io

import numpy as np
import pytest
from PIL import Image

from model.reading.images import FORMATS, border_colour, cut, read_picture, square, to_input


def encoded(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


RED = Image.new("RGB", (4, 2), (255, 0, 0))


@pytest.mark.parametrize(
    "source",
    [
        RED,
        encoded(RED),
        np.asarray(RED),
        np.asarray(RED) / 255.0,
        RED.convert("P"),
        RED.convert("RGBA"),
        encoded(RED.convert("CMYK"), "TIFF"),
    ],
    ids=["PIL", "bytes", "array", "floats", "palette", "RGBA", "CMYK"],
)
def test_every_kind_of_picture_becomes_rgb(source):
    picture = read_picture(source)
    assert picture.shape == (2, 4, 3) and picture.dtype == np.uint8
    np.testing.assert_allclose(picture[0, 0], (255, 0, 0), atol=2)


def test_a_path_is_read(tmp_path):
    path = tmp_path / "hand.png"
    RED.save(path)
    assert read_picture(path).shape == read_picture(str(path)).shape == (2, 4, 3)


def test_grey_and_sixteen_bits():
    assert (read_picture(np.full((3, 5), 77, np.uint8)) == 77).all()
    deep = Image.fromarray(np.full((3, 5), 257 * 200, np.uint16))
    assert (read_picture(encoded(deep)) == 200).all()


def test_transparency_is_laid_on_white():
    clear = Image.new("RGBA", (3, 3), (0, 0, 0, 0))
    assert (read_picture(clear) == 255).all()


def test_reducing_first_changes_nothing_but_the_size():
    clear = np.zeros((40, 60, 4), np.uint8)
    clear[..., :3], clear[:, :30, 3] = (200, 30, 90), 255
    found = read_picture(encoded(Image.fromarray(clear)), longest=30)
    assert found.shape == (20, 30, 3)
    assert (found[:, :13] == (200, 30, 90)).all() and (found[:, 17:] == 255).all()


def test_a_colour_that_stands_for_none_is_white_before_it_is_reduced():
    stripes = np.full((40, 60, 3), 255, np.uint8)
    stripes[::2] = 0
    keyed = encoded(Image.fromarray(stripes), transparency=(0, 0, 0))
    assert (read_picture(keyed) == 255).all()
    assert (read_picture(keyed, longest=30) == 255).all()
    palette = encoded(Image.fromarray(stripes).convert("P", colors=2))
    assert read_picture(palette, longest=30).shape == (20, 30, 3)


def test_a_damaged_picture_that_is_opened_already():
    opened = Image.open(io.BytesIO(encoded(Image.new("RGB", (64, 64)), "BMP")[:99]))
    with pytest.raises(ValueError, match="damaged"):
        read_picture(opened)


def test_exif_turns_the_picture():
    picture = np.zeros((2, 4, 3), np.uint8)
    picture[:, 0] = 255  # white on the left
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise: left becomes top
    turned = read_picture(encoded(Image.fromarray(picture), exif=exif))
    assert turned.shape == (4, 2, 3)
    assert (turned[0] == 255).all() and (turned[1:] == 0).all()


def test_one_pixel_is_a_picture():
    assert to_input(read_picture(np.full((1, 1, 3), 9, np.uint8))).shape == (64, 64, 3)


@pytest.mark.parametrize(
    "source, words",
    [
        (None, "no picture yet"),
        (b"", "not a picture"),
        (b"this is text", "not a picture"),
        (encoded(Image.new("RGB", (64, 64)))[:60], "not a picture"),
        (b"P6 three 3 255 ", "not a picture"),
        (np.zeros((0, 4, 3), np.uint8), "not a picture"),
        (np.zeros((4, 4, 7), np.uint8), "not a picture"),
        ("/nowhere/hand.png", "hand.png is not there"),
    ],
)
def test_what_is_no_picture_gets_one_sentence(source, words):
    with pytest.raises(ValueError, match=words) as caught:
        read_picture(source)
    assert "\n" not in str(caught.value)


def test_a_text_file_named_png(tmp_path):
    path = tmp_path / "hand.png"
    path.write_text("not a hand")
    with pytest.raises(ValueError, match="hand.png is not a picture"):
        read_picture(path)


@pytest.mark.parametrize("format, most", [("PNG", 11), ("JPEG", 12)])
def test_a_picture_that_is_too_large(monkeypatch, format, most):
    monkeypatch.setattr("model.reading.images.MOST_OTHERWISE", 11)
    monkeypatch.setattr("model.reading.images.MOST_PIXELS", {"JPEG": 12})
    read_picture(encoded(Image.new("RGB", (1, most)), format))
    with pytest.raises(ValueError, match="too many pixels"):
        read_picture(encoded(Image.new("RGB", (1, most + 1)), format))


@pytest.mark.parametrize("format", ["EPS", "ICO", "JPEG2000", "PPM", "TGA", "PCX", "SGI"])
def test_only_formats_that_people_bring_are_opened(format):
    with pytest.raises(ValueError, match="not a picture that can be read"):
        read_picture(encoded(Image.new("RGB", (32, 32)), format))


@pytest.mark.parametrize("format", [*FORMATS, "MPO"])
def test_every_format_that_people_bring_is_read(format):
    picture = np.full((64, 48, 3), (200, 60, 40), np.uint8)
    picture[:32] = 30
    read = read_picture(encoded(Image.fromarray(picture), format)).astype(int)
    assert read.shape == picture.shape
    assert abs(read[60, 24] - (200, 60, 40)).max() < 12 and abs(read[4, 4] - 30).max() < 12


def test_of_a_jpeg_whose_end_is_missing_what_there_is_is_read():
    picture = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    whole = encoded(Image.fromarray(picture), "JPEG")
    read = read_picture(whole[: len(whole) // 2])
    np.testing.assert_array_equal(read[:8], read_picture(whole)[:8])
    with pytest.raises(ValueError, match="damaged"):  # of other formats nothing is made up
        read_picture(encoded(Image.fromarray(picture), "PNG")[:-900])


def test_the_first_frame_that_shows_something_is_read(monkeypatch):
    frames = [Image.new("RGB", (8, 8), "white") for _ in range(3)]
    frames[1].paste("red", (0, 0, 4, 8))
    for format in ("GIF", "WEBP", "PNG"):
        file = io.BytesIO()
        frames[0].save(file, format, save_all=True, append_images=frames[1:], lossless=True)
        assert read_picture(file.getvalue())[0, 0].tolist() == [255, 0, 0], format
    monkeypatch.setattr("model.reading.images.FRAME_PIXELS", 64)  # no more than the first
    assert read_picture(file.getvalue())[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize("odd, shown", [(np.nan, 0), (np.inf, 255), (-np.inf, 0)])
def test_one_odd_pixel_of_a_float_picture_changes_only_itself(odd, shown):
    picture = np.full((4, 4), 500, np.float32)
    picture[1:] = 1000
    picture[3, 3] = odd
    read = read_picture(encoded(Image.fromarray(picture), "TIFF"))[..., 0]
    assert read[0].tolist() == [128] * 4 and read[1, 1] == 255 and read[3, 3] == shown


def test_a_picture_that_pillow_will_not_open(monkeypatch):
    monkeypatch.setattr("PIL.Image.MAX_IMAGE_PIXELS", 3)  # it refuses twice as many
    with pytest.raises(ValueError, match="too many pixels"):
        read_picture(encoded(RED))


def test_twelve_bits_in_sixteen():
    np.testing.assert_array_equal(
        read_picture(np.array([[0, 2048, 4095]], np.uint16))[0, :, 0], [0, 128, 255]
    )


@pytest.mark.parametrize("top", [1.0, 1000.0])
def test_a_picture_of_floats(top):
    image = Image.fromarray(np.array([[0, 0.5 * top, top]], np.float32))
    np.testing.assert_array_equal(read_picture(image)[0, :, 0], [0, 128, 255])


@pytest.mark.parametrize("box", [(-90, 0, -50, 40), (0, -90, 40, -50), (99, 99, 120, 120)])
def test_beside_the_picture_there_is_only_its_border_colour(box):
    picture = np.full((60, 80, 3), 7, np.uint8)
    picture[20:40, 20:40] = 200
    assert (cut(picture, box) == 7).all()


def test_square_keeps_all_and_adds_the_border_colour():
    picture = np.full((10, 4, 3), 50, np.uint8)
    picture[3:7, 1:3] = 200
    made = square(picture)
    assert made.shape == (10, 10, 3)
    np.testing.assert_array_equal(made[:, 3:7], picture)
    assert (made[:, :3] == 50).all() and (made[:, 7:] == 50).all()


def test_cut_is_centred_on_the_box():
    picture = np.zeros((20, 20, 3), np.uint8)
    picture[..., 0] = np.arange(20)
    assert (cut(picture, (8, 5, 12, 9))[..., 0] == [8, 9, 10, 11]).all()
    assert cut(picture, (8, 5, 10, 11)).shape == (6, 6, 3)


def test_a_box_beyond_the_edge_is_filled():
    picture = np.full((8, 8, 3), 90, np.uint8)
    picture[2:6, 2:6] = 10
    made = cut(picture, (-4, -4, 4, 4))
    assert made.shape == (8, 8, 3)
    assert (made[:4] == 90).all() and (made[6:, 6:] == 10).all()


def test_border_colour_is_the_median():
    picture = np.full((5, 5, 3), 30, np.uint8)
    picture[0, 0] = 255
    assert tuple(border_colour(picture)) == (30, 30, 30)


def test_to_input_averages_and_does_not_sample():
    stripes = np.zeros((640, 640, 3), np.uint8)
    stripes[::2] = 255
    assert abs(to_input(stripes).astype(int) - 127).max() < 20
