"""What the handlers answer with; the names of fields are those of the components that show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.kit.components import TemplateValue
from demo.kit.read_picture import ReadPicture
from demo.kit.words import AS_READ
from demo.try_it.answer import EMPTY, Answer, Rest
from demo.try_it.beside import Beside
from demo.try_it.part import ReadPart
from demo.try_it.request import MapLook
from demo.try_it.sums import Sums


@dataclass(frozen=True)
class Nothing(TemplateValue):
    """What a template shows nothing of."""


@dataclass(frozen=True)
class Answered:
    """All that the tab shows of a picture."""

    hand: ReadPicture | None = None
    answer: Answer | Rest = EMPTY
    heat: np.ndarray | None = None
    caption: str = ""
    sums: Sums | Nothing = Nothing()
    part: ReadPart | Nothing = Nothing()
    seen: np.ndarray | None = None
    digit: int = AS_READ


@dataclass(frozen=True)
class Explained:
    """What changes when another digit is explained."""

    hand: ReadPicture
    heat: np.ndarray
    caption: str
    sums: Sums
    digit: int


@dataclass(frozen=True)
class HeatMap:
    """A heat map over the picture, uint8 [512, 512, 3], and what it shows."""

    heat: np.ndarray
    caption: str


@dataclass(frozen=True)
class Redrawn(HeatMap):
    """The same, and what is shown side by side."""

    beside: Beside


@dataclass(frozen=True)
class Shown(Answered):
    """All that the page shows after a request; what stays as it is, is a `gr.skip()`.

    Attributes:
        upload: the picture in the frame for uploads.
        sources: the tabs of where pictures come from.
        truth: what the visitor says that the hand shows.
        remedies: for that.
        beside: the picture that is pinned, and the one in hand.
        glance: the answer, on the paper and the video.
        drawn: the look that the heat map was drawn with, and the `turn` for which.
        turn: the number of the request that this answers.
    """

    upload: Any = None
    sources: Any = None
    truth: int | None = None
    remedies: Any = None
    beside: Any = None
    glance: Any = None
    drawn: tuple[MapLook, Any] | None = None
    turn: Any = None
