"""Makes awkward files: huge, damaged, odd or of no use, of every kind that a page is sent.

    python -m tests.awkward FOLDER

writes them all, to be tried by hand.
"""

from __future__ import annotations

import io
import struct
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()
LARGE = (8000, 5000)  # pixels: all that formats other than JPEG may have
SEED = 2026


@dataclass(frozen=True)
class Awkward:
    """A file and what is to become of it.

    Attributes:
        name: of the file.
        data: its bytes.
        read: whether it is to be read; False if it is to be refused in a sentence, None if either.
    """

    name: str
    data: bytes
    read: bool | None


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def hand(size: tuple[int, int] = (240, 320)) -> Image.Image:
    """Something that is no plain surface."""
    picture = Image.new("RGB", size, (224, 205, 190))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((60, 140, 180, 300), fill=(120, 70, 50))
    draw.rounded_rectangle((105, 20, 130, 180), 12, fill=(120, 70, 50))
    return picture


def telephones() -> Iterator[Awkward]:
    """What people really send."""
    turned = Image.Exif()
    turned[0x0112] = 6
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF"):
        yield Awkward(f"hand.{kind.lower()}", encoded(hand(), kind), True)
    yield Awkward("turned.jpg", encoded(hand(), "JPEG", exif=turned), True)
    whole = encoded(hand(), "JPEG")
    yield Awkward("end-missing.jpg", whole[: len(whole) * 2 // 3], True)
    yield Awkward(
        "two-pictures.mpo", encoded(hand(), "MPO", save_all=True, append_images=[hand()]), True
    )
    blank = Image.new("RGB", hand().size, "white")
    yield Awkward(
        "blank-first.gif", encoded(blank, "GIF", save_all=True, append_images=[hand()]), True
    )
    floats = np.asarray(hand().convert("F")) * 3
    floats[5, 5], floats[6, 6] = np.nan, np.inf
    yield Awkward("odd-floats.tiff", encoded(Image.fromarray(floats), "TIFF"), True)
    yield Awkward("cmyk.jpg", encoded(hand().convert("CMYK"), "JPEG"), True)
    deep = np.asarray(hand().convert("L")).astype(np.uint16) * 257
    yield Awkward("sixteen-bits.png", encoded(Image.fromarray(deep), "PNG"), True)
    yield Awkward("one-pixel.png", encoded(Image.new("RGB", (1, 1)), "PNG"), True)
    yield Awkward("line.png", encoded(Image.new("RGB", (5000, 1)), "PNG"), True)


def bombs() -> Iterator[Awkward]:
    """Small files that become large: all that is allowed, and more."""
    colour = (200, 60, 40)
    yield Awkward(
        "108-megapixels.jpg", encoded(Image.new("RGB", (12000, 9000), colour), "JPEG"), True
    )
    progressive = encoded(Image.new("RGB", (12000, 9000), colour), "JPEG", progressive=True)
    yield Awkward("108-megapixels-progressive.jpg", progressive, None)
    for mode in ("RGB", "RGBA", "P", "L", "1"):
        yield Awkward(f"large-{mode}.png", encoded(Image.new(mode, LARGE), "PNG"), None)
    deep = Image.fromarray(np.full(LARGE[::-1], 30000, np.uint16))
    yield Awkward("large-16-bits.png", encoded(deep, "PNG"), None)
    yield Awkward("large.gif", encoded(Image.new("P", LARGE), "GIF"), None)
    yield Awkward("large.webp", encoded(Image.new("RGB", LARGE), "WEBP", method=0), None)
    for mode in ("F", "I", "CMYK", "LAB", "RGB"):
        packed = encoded(Image.new(mode, LARGE), "TIFF", compression="tiff_lzw")
        yield Awkward(f"large-{mode}.tiff", packed, None)
    yield Awkward("large.avif", encoded(Image.new("RGB", LARGE), "AVIF", speed=10), None)
    large = Image.new("RGB", (8160, 6120), colour)
    yield Awkward("50-megapixels.heic", encoded(large, "HEIF", quality=10), None)
    yield Awkward("too-large.png", png_that_claims(30000, 30000), False)
    yield Awkward("too-large.webp", webp_that_claims(16383, 16383), False)
    yield Awkward("too-large.gif", b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0), False)
    frames = [Image.new("L", (3000, 3000), 255) for _ in range(25)]
    many = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    yield Awkward("many-blank-frames.gif", many, None)


def no_pictures() -> Iterator[Awkward]:
    """What is no picture, or none that people bring."""
    yield Awkward("empty.png", b"", False)
    yield Awkward("letter.jpg", b"Dear network,\n", False)
    yield Awkward("noise.png", np.random.default_rng(SEED).bytes(5000), False)
    for kind in ("EPS", "ICO", "JPEG2000", "PPM", "TGA", "PDF"):
        yield Awkward(f"other.{kind.lower()}", encoded(hand(), kind), False)
    loop = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\n{} loop\n%%EOF\n"
    yield Awkward("endless.png", loop, False)
    yield Awkward("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', False)


def damaged(count: int = 40) -> Iterator[Awkward]:
    """Files of every format with bytes changed, and cut; a seed makes them the same each time."""
    rng = np.random.default_rng(SEED)
    kinds = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
    wholes = {kind: encoded(hand(), kind) for kind in kinds}
    for number in range(count):
        kind = kinds[number % len(kinds)]
        data = bytearray(wholes[kind])
        for place in rng.integers(0, len(data), 1 + number // len(kinds)):
            data[place] = rng.integers(256)
        end = rng.integers(1, len(data)) if number % 3 == 0 else len(data)
        yield Awkward(f"damaged-{number}.{kind.lower()}", bytes(data[:end]), None)


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0" * 99)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def webp_that_claims(width: int, height: int) -> bytes:
    """A WebP of 34 bytes that says it is large."""
    bits = 0x2F | (width - 1) << 8 | (height - 1) << 22
    body = b"WEBPVP8L" + struct.pack("<I", 13) + bits.to_bytes(5, "little") + b"\0" * 9
    return b"RIFF" + struct.pack("<I", len(body)) + body


def awkward_files() -> Iterator[Awkward]:
    """All of them."""
    for kind in (telephones, no_pictures, damaged, bombs):
        yield from kind()


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for each in awkward_files():
        (folder / each.name).write_bytes(each.data)


if __name__ == "__main__":
    main()
