"""A reading to keep, as a picture or as a web page."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from string import Template

import numpy as np

from demo.kit.components import TemplateValue
from demo.kit.data_urls import data_url
from demo.kit.read_picture import ReadPicture
from demo.kit.words import COLOUR_BAR
from demo.try_it.answer import answer
from demo.try_it.heat_map import map_scale, map_words
from demo.try_it.request import MapLook
from explain.draw.report import Report, report_png
from model.digits import WORDS

PAGE = Template((Path(__file__).parent / "report.html").read_text("utf-8"))
KINDS = {"png": "image/png", "html": "text/html"}


@dataclass(frozen=True)
class Kept(TemplateValue):
    """A file to save.

    Attributes:
        url: of its content, as data URL.
        name: of the file.
        turn: of the press that asked for it.
    """

    url: str
    name: str
    turn: float


def keep(kind: str, turn: float, report: Report) -> Kept:
    """Write a report as a file of one of KINDS."""
    content = report_png(report) if kind == "png" else report_html(report).encode()
    url = f"data:{KINDS[kind]};base64,{base64.b64encode(content).decode()}"
    read = report.headline.replace(" ", "-")
    return Kept(url, f"residual-hands-{read}.{kind}", turn)


def report_html(report: Report) -> str:
    """A reading as one page that needs no other file and no network."""
    rows = "".join(
        f'<tr><th scope="row">{word}<td><i style="width:{share:.1%}"></i><td>{written}'
        for word, (share, written) in report.bars.items()
    )
    words = {
        name: escape(getattr(report, name))
        for name in ("headline", "sentence", "map_words", "unit", "foot")
    }
    pictures = {"picture": data_url(report.picture), "heat": data_url(report.heat)}
    end = f"{report.end:.2g}"
    return PAGE.substitute(words, **pictures, rows=rows, end=end, colours=COLOUR_BAR)


def report_of(hand: ReadPicture, heat: np.ndarray, look: MapLook, weights: str) -> Report:
    """What is worth keeping of a picture that was read.

    Args:
        hand: the picture.
        heat: uint8 [512, 512, 3], its map as it is shown.
        look: of that map.
        weights: the digest of the network's.
    """
    said, scale, today = answer(hand), map_scale(hand, look), date.today()
    words = map_words(hand, look)
    if look.stage == "sharp":
        words = f"The sharp map. {words}"
    return Report(
        picture=hand.shown,
        heat=heat,
        headline=said.word + (" in a changed picture" if hand.changed else ""),
        sentence=said.sentence + (" (an example, rendered by a script)" if hand.example else ""),
        map_words=re.sub("<[^>]*>", "", words),
        end=scale.end,
        unit=scale.unit,
        bars={WORDS[bar.digit]: (bar.width / 100, bar.percent) for bar in said.bars},
        day=f"{today.day} {today:%B %Y}",
        weights=weights[:8],
    )
