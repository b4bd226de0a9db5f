"""Any picture that a person brings, made ready for the network."""

import io
import os
import threading
import warnings

import numpy as np
import pillow_heif
from PIL import Image, ImageFile, ImageOps

from model.network.stages import SIZE

pillow_heif.register_heif_opener()

# No other is opened; an MPO, of several pictures, opens as a JPEG.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
# Telephones take 108 megapixels as JPEG, which is reduced while it is decoded, and 50 as HEIF.
MOST_PIXELS = {"JPEG": 110_000_000, "MPO": 110_000_000, "HEIF": 50_000_000}
MOST_OTHERWISE = 40_000_000
LONGEST = 1024  # pixels; larger pictures are reduced, even a hand in a tenth of one is read from it
FRAMES = 20  # of an animation, at most, in which the first that shows something is looked for
FRAME_PIXELS = 40_000_000  # of all these frames together
_lenient = threading.Lock()  # held while Pillow takes what there is of a JPEG
TOO_LARGE = "{} has too many pixels to be read; make it smaller and try again."

Box = tuple[int, int, int, int]  # x0, y0, x1, y1 in pixels; may reach beyond the picture


def read_picture(source, longest: int | None = None) -> np.ndarray:
    """Turn whatever holds a picture into upright RGB.

    Args:
        source: a path, the bytes of a file, a PIL image, or an array [h, w] or [h, w, 1 to 4] of
            uint8, of 16-bit integers, or of floats in 0..1.
        longest: pixels; a picture with a longer side is reduced to it. None keeps its size.

    Returns:
        uint8 [h, w, 3]; transparency is laid on white, and what EXIF says of the turn is done.

    Raises:
        ValueError: one sentence, if there is no picture in it.
    """
    if source is None:
        raise ValueError("There is no picture yet: upload, film or draw a hand first.")
    if isinstance(source, np.ndarray):
        return _reduced(_upright_rgb(Image.fromarray(_bytes_of(source))), longest)
    name = os.path.basename(source) if isinstance(source, str | os.PathLike) else "This"
    try:
        if isinstance(source, Image.Image):
            return _reduced(_upright_rgb(source), longest)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # checked below
            file = io.BytesIO(source) if isinstance(source, bytes) else source
            opened = Image.open(file, formats=FORMATS)
            most = MOST_PIXELS.get(opened.format or "", MOST_OTHERWISE)
            if opened.width * opened.height <= most:
                try:
                    return _decoded(opened, longest)
                except OSError:
                    if opened.format not in ("JPEG", "MPO"):
                        raise
                    return _what_there_is(file, longest)
    except FileNotFoundError as error:
        raise ValueError(f"{name} is not there; check the path.") from error
    except (PermissionError, IsADirectoryError) as error:
        raise ValueError(f"{name} cannot be opened: {error.strerror}.") from error
    except Image.DecompressionBombError as error:
        raise ValueError(TOO_LARGE.format(name)) from error
    except Exception as error:  # damaged files make Pillow raise errors of every kind
        raise ValueError(
            f"{name} is not a picture that can be read, or it is damaged; "
            "try a JPEG, PNG or WebP file."
        ) from error
    raise ValueError(TOO_LARGE.format(name))


def _decoded(opened: Image.Image, longest: int | None) -> np.ndarray:
    if opened.format not in ("JPEG", "MPO") and getattr(opened, "is_animated", False):
        _seek_first_shown(opened)
    if longest:
        opened.draft(None, (longest, longest))  # no larger than needed, if a JPEG
        if opened.mode in ("P", "PA") or "transparency" in opened.info:
            opened = opened.convert("RGBA")  # colours, too, that stand for none
        if opened.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
            opened.thumbnail((longest, longest))  # before there are copies of it
    return _reduced(_upright_rgb(opened), longest)


def _seek_first_shown(animation: Image.Image) -> None:
    """Go to the first frame that is not of one colour; to the first of all if there is none."""
    affordable = max(1, FRAME_PIXELS // (animation.width * animation.height))
    for frame in range(min(getattr(animation, "n_frames", 1), FRAMES, affordable)):
        animation.seek(frame)
        extrema: tuple = animation.convert("RGB").getextrema()
        if any(low < high for low, high in extrema):
            return
    animation.seek(0)


def _what_there_is(file, longest: int | None) -> np.ndarray:
    """Decode a JPEG whose end is missing, as browsers do: what is missing is grey."""
    with _lenient:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            if isinstance(file, io.BytesIO):
                file.seek(0)
            return _decoded(Image.open(file, formats=FORMATS), longest)
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False


def _bytes_of(array: np.ndarray) -> np.ndarray:
    """uint8 [h, w] or [h, w, 2 to 4] of any array that can be meant as a picture."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    shaped = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (2, 3, 4))
    if not shaped or array.size == 0:
        raise ValueError(
            f"An array of shape {list(array.shape)} is not a picture; "
            "height, width and 1 to 4 channels are."
        )
    if array.dtype == np.uint8:
        return array
    if array.dtype == bool:
        return array.astype(np.uint8) * 255
    if np.issubdtype(array.dtype, np.floating):
        return (255 * np.clip(np.nan_to_num(array), 0, 1) + 0.5).astype(np.uint8)
    if (most := array.max(initial=0)) > 255:
        array = array // (257 if most > 4095 else 16)  # cameras keep 12 bits in 16
    return np.clip(array, 0, 255).astype(np.uint8)


def _reduced(image: Image.Image, longest: int | None) -> np.ndarray:
    if longest:
        image.thumbnail((longest, longest))
    return np.asarray(image)


def _upright_rgb(image: Image.Image) -> Image.Image:
    image = ImageOps.exif_transpose(image)
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        array = np.array(image)
        if image.mode == "F":
            top = array.max(initial=0, where=np.isfinite(array))
            np.nan_to_num(array, copy=False, posinf=top, neginf=0)
            if top > 1:
                array /= top
        return _upright_rgb(Image.fromarray(_bytes_of(array)))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def border_colour(picture: np.ndarray) -> np.ndarray:
    """Median colour of a picture's outermost pixels, uint8 [3]."""
    edges = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    return np.median(edges, axis=0).astype(np.uint8)


def cut(picture: np.ndarray, box) -> np.ndarray:
    """Cut out the square around a box; nothing is squashed.

    Args:
        picture: uint8 [h, w, 3].
        box: x0, y0, x1, y1 in pixels. The square has its centre and its longer side; beyond the
            picture's edges it is filled with the colour of the border.

    Returns:
        uint8 [s, s, 3].
    """
    x0, y0, x1, y1 = box
    side = max(1, round(max(x1 - x0, y1 - y0)))
    left, top = round((x0 + x1 - side) / 2), round((y0 + y1 - side) / 2)
    h, w = picture.shape[:2]
    if left >= 0 and top >= 0 and left + side <= w and top + side <= h:
        return picture[top : top + side, left : left + side]
    row = np.tile(border_colour(picture), side)  # whole rows are filled faster than pixels
    filled = np.tile(row, (side, 1)).reshape(side, side, 3)
    seen = picture[max(top, 0) : max(top + side, 0), max(left, 0) : max(left + side, 0)]
    filled[max(-top, 0) :, max(-left, 0) :][: seen.shape[0], : seen.shape[1]] = seen
    return filled


def in_percent(box: Box, picture: np.ndarray) -> dict[str, float]:
    """Where a box of a picture is, in percent of its width and height."""
    (x0, y0, x1, y1), (h, w) = box, picture.shape[:2]
    sides = {"left": x0 / w, "top": y0 / h, "width": (x1 - x0) / w, "height": (y1 - y0) / h}
    return {name: round(100 * side, 2) for name, side in sides.items()}


def cut_to(picture: np.ndarray, box, side: int) -> np.ndarray:
    """What `cut` gives, as large as it is to be shown: uint8 [side, side, 3]."""
    image = Image.fromarray(cut(picture, box))
    return np.asarray(image.resize((side, side), Image.Resampling.BICUBIC, reducing_gap=2))


def square(picture: np.ndarray) -> np.ndarray:
    """The whole picture in the middle of a square, uint8 [s, s, 3]."""
    h, w = picture.shape[:2]
    return cut(picture, (0, 0, w, h))


def to_input(picture: np.ndarray) -> np.ndarray:
    """What the network sees of a picture: uint8 [64, 64, 3]; its input is this / 255.

    Reduced with antialiasing, so that a large picture is averaged and not sampled.
    """
    image = Image.fromarray(square(picture))
    return np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BICUBIC, reducing_gap=3.0))
