"""What a visitor asks: which picture and which part of it is to be read, and how the map looks.

Every picture takes this road: uploaded, drawn, filmed, boxed or remedied, it becomes a `Request`,
and `demo.try_it.handlers.TryIt.answer` answers it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from demo.kit.components import TemplateValue
from demo.kit.examples import ExamplePicture
from demo.kit.network import Network, Waking
from demo.kit.read_picture import KeptReading, ReadPicture
from demo.kit.words import ALL, FOUND, YOURS
from model.digits import DIGITS
from model.reading.images import LONGEST

if TYPE_CHECKING:
    from explain.checks.remedies import Remedy
    from model.reading.classifier import Reading
    from model.reading.images import Box

MOST_LETTERS = 10_000_000  # of a drawing or a frame that comes as text
FARTHEST = 4000  # pixels from a picture's corner, of a box
MOST = 1.5  # times a picture's side, of a box and how far from the corner it begins
BEFORE = "Send the reading of the previous frame back unchanged, or leave it out."


@dataclass(frozen=True)
class MapLook:
    """How the heat map is to look.

    Attributes:
        stage: `conv1` to `conv5`, or `sharp`.
        strength: of the overlay, 0..100.
        raw: whether the cells are shown as they are, unsmoothed.
        own: whether the map has a scale of its own.
    """

    stage: str
    strength: float
    raw: bool
    own: bool


@dataclass(frozen=True)
class Before(TemplateValue):
    """What was read of a frame in which there is a hand, as the browser keeps it for the next.

    Attributes:
        box: where the hand was, in pixels.
        probabilities: of each digit.
        evidence: for a hand.
    """

    box: Box
    probabilities: list[float]
    evidence: float


@dataclass(frozen=True)
class ToRead:
    """A picture, ready to be read.

    Attributes:
        picture: the path or the bytes of a file, or uint8 [h, w, 3].
        how: the part that is read: FOUND by the network, ALL of it, YOURS, or the name of the
            remedy that made it.
        box: the part, in pixels; None if there is no box.
        origin: what was read before a remedy; None if none was used.
        example: the name of the example that it is; empty for a visitor's own.
        before: what was read of the frame before, of a film; None if no hand was.
    """

    picture: Path | bytes | np.ndarray
    how: str = FOUND
    box: Box | None = None
    origin: KeptReading | None = None
    example: str = ""
    before: Before | None = None


class Source(Protocol):
    """Where a picture comes from."""

    @property
    def new(self) -> bool:
        """Whether it takes the place of the picture in hand, even if it cannot be read."""
        ...

    def to_read(self, waking: Waking) -> ToRead | None:
        """The picture; None if there is none.

        Raises:
            ValueError: if what was asked makes no sense.
        """
        ...


@dataclass(frozen=True)
class Uploaded:
    """A file."""

    path: str | None
    new = True

    def to_read(self, waking: Waking) -> ToRead | None:
        return ToRead(Path(self.path)) if self.path else None


@dataclass(frozen=True)
class Shelved:
    """An example."""

    example: ExamplePicture
    new = True

    def to_read(self, waking: Waking) -> ToRead:
        return ToRead(Path(self.example.path), example=self.example.name)


@dataclass(frozen=True)
class Sent:
    """A drawing, or a frame of the camera, as data URL; `before` is what `before_of` takes."""

    data_url: str | None
    before: Any = None
    new = True

    def to_read(self, waking: Waking) -> ToRead | None:
        data = bytes_of(self.data_url)
        return ToRead(data, before=before_of(self.before)) if data is not None else None


@dataclass(frozen=True)
class Part:
    """A part of the picture in hand, chosen as `{"how": …}` says; see `box_of`.

    A box of the visitor's own is cut from the picture as a remedy left it, all else from the
    picture as it came.
    """

    hand: ReadPicture
    chosen: dict[str, Any]
    new = False

    def to_read(self, waking: Waking) -> ToRead:
        how = str(self.chosen.get("how"))
        changed = how == YOURS and self.hand.changed
        picture = (self.hand.reading if changed else self.hand.origin).picture
        origin = self.hand.origin if changed else None
        return ToRead(picture, how, box_of(self.chosen, picture), origin, self.hand.example)


@dataclass(frozen=True)
class Remedied:
    """The picture in hand after a remedy proposed for a digit; after none, as it came."""

    hand: ReadPicture
    digit: Any  # what a program sent: maybe none
    remedy: Any
    new = False

    def to_read(self, waking: Waking) -> ToRead:
        if self.remedy == "":
            return ToRead(self.hand.origin.picture, example=self.hand.example)
        for remedy in remedies_for(waking, self.hand, self.digit):
            if remedy.name == self.remedy:
                origin, name = self.hand.origin, self.hand.example
                return ToRead(remedy.picture, remedy.name, remedy.box, origin, name)
        raise ValueError("There is no such remedy; ask for the remedies again.")


@dataclass(frozen=True)
class Request:
    """A picture to read, and how its heat map is to look."""

    source: Source
    look: MapLook


def remedies_for(waking: Waking, hand: ReadPicture, digit: Any) -> list[Remedy]:
    """What may help if a picture really shows a digit, the most helpful first.

    Raises:
        ValueError: if it is no digit.
    """
    from explain.checks.remedies import remedies

    return remedies(waking.network().classifier, hand.origin.whole(), digit)


def read(waking: Waking, picture: ToRead) -> tuple[Network, Reading]:
    """Read a picture; a frame of a film first of all where the hand was, and with what it was.

    Raises:
        ValueError: one sentence, if it cannot be read.
    """
    pixels, before = picture.picture, picture.before
    if not isinstance(pixels, np.ndarray):
        pixels = waking.decoders.read(pixels, LONGEST)
    network = waking.network()
    reading = network.reader.read(
        pixels, picture.how == FOUND, picture.box, before.box if before else None
    )
    if before:
        from model.reading.film import steadied

        chances = np.array(before.probabilities, np.float32)
        hand = network.classifier.calibration.hand
        reading = steadied(reading, chances, before.evidence, hand)
    return network, reading


def before_of(told: Any) -> Before | None:
    """What the browser kept of the frame before; None if that was nothing.

    Raises:
        ValueError: if it isn't what the page gave it.
    """
    if told is None:
        return None
    try:
        left, top, right, bottom = (int(side) for side in told["box"])
        chances = [float(each) for each in told["probabilities"]]
        evidence = float(told["evidence"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(BEFORE) from error
    within = max(map(abs, (left, top, right, bottom))) <= FARTHEST and left < right and top < bottom
    if not within or len(chances) != DIGITS or not np.isfinite([*chances, evidence]).all():
        raise ValueError(BEFORE)
    return Before((left, top, right, bottom), chances, evidence)


def bytes_of(data_url: str | None) -> bytes | None:
    """The bytes of a picture that comes as a data URL; None if it is empty.

    Raises:
        ValueError: if it isn't a data URL.
    """
    if not data_url:
        return None
    if len(str(data_url)) > MOST_LETTERS:
        raise ValueError("That drawing is too large to read; make it smaller and try again.")
    try:
        return base64.b64decode(str(data_url).partition("base64,")[2] or "-", validate=True)
    except ValueError as error:
        raise ValueError("A drawing is sent as a data URL: data:image/png;base64,…") from error


def box_of(chosen: dict[str, Any], picture: np.ndarray) -> Box | None:
    """The visitor's own box in pixels of the picture; None if it isn't theirs.

    Args:
        chosen: `how` the part is chosen, and if it is `yours`, `left`, `top`, `width` and `height`
            in percent of the picture.
        picture: uint8 [h, w, 3].

    Raises:
        ValueError: if it isn't a box, or nothing says how the part is chosen.
    """
    if chosen.get("how") not in (FOUND, ALL, YOURS):
        raise ValueError("Say how the part is chosen: found, all or yours.")
    if chosen["how"] != YOURS:
        return None
    try:
        left, top, width, height = (
            float(chosen[side]) / 100 for side in ("left", "top", "width", "height")
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError("A box is given by left, top, width and height in percent.") from error
    if not (0 < width <= MOST and 0 < height <= MOST and abs(left) <= MOST and abs(top) <= MOST):
        raise ValueError("That box lies too far outside the picture; drag another one.")
    h, w = picture.shape[:2]
    return round(left * w), round(top * h), round((left + width) * w), round((top + height) * h)
