"""The recorded sessions are what happens."""

import re

import numpy as np
import pytest

from tests.sessions import DOCUMENT, document

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


@pytest.mark.slow
@pytest.mark.weights
def test_shell_and_agent_still_see_what_is_recorded():
    recorded, now = DOCUMENT.read_text("utf-8"), document()
    assert words(now) == words(recorded)
    before, after = ([float(x) for x in NUMBER.findall(text)] for text in (recorded, now))
    np.testing.assert_allclose(after, before, atol=0.05)  # machines round differently


def words(text: str) -> str:
    """A text with its numbers left out, however its lines are broken."""
    return " ".join(NUMBER.sub("#", text).split())
