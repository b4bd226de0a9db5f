"""The example pictures, and the one that stands in until a visitor brings a picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import gradio as gr
from PIL import Image

from demo.kit.data_urls import thumbnail
from demo.kit.network import Network, Waking
from demo.kit.read_picture import ERASED_WORDS, Erased, ReadPicture, explain_reading
from demo.kit.theme import EXAMPLES
from model.reading.images import LONGEST, read_picture
from model.records import RECORDED, load_record


@dataclass(frozen=True)
class ExamplePicture:
    """One of the example pictures.

    Attributes:
        path: of its file.
        src: a thumbnail, as data URL.
        name: what it shows and how, such as `3 render`.
    """

    path: str
    src: str
    name: str


def example_pictures() -> list[ExamplePicture]:
    """The examples in the order of their names, which is that of their digits; a hard one last.

    None of them is a photograph: a script rendered them all. The hard one is the first that was
    misread when `model.scoring.failures` read hands that were not trained on.
    """
    found = [
        example_picture(path, path.stem.replace("photo", "render").replace("_", " "))
        for path in sorted(EXAMPLES.glob("*.jpg"))
    ]
    misread = load_record("misread")
    if misread:
        found.append(example_picture(RECORDED / "misread.webp", f"{misread['digit']} hard"))
    return found


def example_picture(path: Path, name: str) -> ExamplePicture:
    with Image.open(path) as picture:
        return ExamplePicture(str(path), thumbnail(picture), name)


@cache
def example_read(network: Network) -> ReadPicture:
    """The example that stands in until a visitor brings a picture, read once for all visits.

    It is the first of them, so that nobody need wonder whether it was chosen to look good.
    """
    first = example_pictures()[0]
    reading = network.reader.read(read_picture(first.path, LONGEST))
    return explain_reading(network, reading, example=first.name)


def or_example(waking: Waking, hand: ReadPicture | Erased | None) -> ReadPicture:
    """The visitor's picture, or the example until there is one.

    Raises:
        gr.Error: if there was one, which is gone: the example must not stand in its place.
    """
    if isinstance(hand, Erased):
        raise gr.Error(ERASED_WORDS, print_exception=False)
    return hand or example_read(waking.network())
