import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from explain.draw.report import Report, report_png
from model.digits import WORDS

SHARES = (0, 0, 0.01, 0.01, 0.97, 0.01)


@pytest.fixture
def report() -> Report:
    grey = np.full((512, 512, 3), 128, np.uint8)
    return Report(
        picture=grey,
        heat=np.roll(grey, 1) + np.uint8(40),
        headline="four",
        sentence="97 % sure",
        map_words="Orange spoke for four (97 %), violet against it.",
        end=0.22,
        unit="logits, 8×8 pixels",
        bars={word: (share, f"{share:.0%}") for word, share in zip(WORDS, SHARES, strict=True)},
        day="28 November 2026",
        weights="15919b4e",
    )


def test_the_picture_shows_both_pictures_and_a_bar_as_long_as_each_probability(report):
    page = np.asarray(Image.open(io.BytesIO(report_png(report))))
    assert (page[300, 100] == 128).all() and (page[300, 700] == 168).all()
    pine = (page == (0x0C, 0x71, 0x66)).all(-1)
    rows = np.flatnonzero(pine.any(1))
    assert pine[rows].sum(1).max() == pytest.approx(0.97 * 354, abs=4)
    likelier = replace(report, bars=report.bars | {"zero": (1.0, "100%")})
    assert report_png(likelier) != report_png(report)
