"""The example pictures, and the one that stands in until a visitor brings a picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

from demo.kit.data_urls import thumbnail
from demo.kit.network import Network, Waking
from demo.kit.read_picture import ReadPicture, explain_reading

EXAMPLES = Path(__file__).parent.parent / "examples"


@cache
def example_read(network: Network) -> ReadPicture:
    """The example that stands in until a visitor brings a picture, read once."""
    return explain_reading(network, network.classifier.read(EXAMPLES / "3_photo.jpg"))


def or_example(waking: Waking, hand: ReadPicture | None) -> ReadPicture:
    """The visitor's picture, or the example until there is one."""
    return hand or example_read(waking.network())


@dataclass(frozen=True)
class ExamplePicture:
    """One of the example pictures.

    Attributes:
        path: of its file.
        src: a thumbnail, as data URL.
        name: what it shows and how, such as `3 photo`.
    """

    path: str
    src: str
    name: str


def example_pictures() -> list[ExamplePicture]:
    found = []
    for path in sorted(EXAMPLES.glob("*.jpg")):
        with Image.open(path) as picture:
            source = thumbnail(picture)
        found.append(ExamplePicture(str(path), source, path.stem.replace("_", " ")))
    return found
