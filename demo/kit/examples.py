"""The example pictures, and the one that is looked at until a visitor brings another."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from demo.kit.network import Network, Waking
from demo.kit.read_picture import ReadPicture, explain_reading

EXAMPLES = Path(__file__).parent.parent / "examples"


@cache
def example_read(network: Network) -> ReadPicture:
    """What is looked at until a visitor brings a hand."""
    return explain_reading(network, network.classifier.read(EXAMPLES / "3_photo.jpg"))


def or_example(waking: Waking, hand: ReadPicture | None) -> ReadPicture:
    """The visitor's picture, or the example."""
    return hand or example_read(waking.network())
