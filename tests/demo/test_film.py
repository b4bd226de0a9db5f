"""Films: frames that are read in passing, and where the hand was in the one before."""

import asyncio
import json
import urllib.error
import urllib.request
from base64 import b64encode
from urllib.parse import quote

import numpy as np
import pytest
from starlette.requests import Request

from demo.kit.components import as_json
from demo.kit.examples import EXAMPLES, example_pictures
from demo.kit.network import Waking
from demo.try_it import film
from demo.try_it.answer import Answer, Rest
from demo.try_it.glance import Glance
from demo.try_it.handlers import TryIt
from demo.try_it.request import BEFORE, MapLook, before_of

FRAME = (EXAMPLES / "3_photo.jpg").read_bytes()
DATA_URL = "data:image/jpeg;base64," + b64encode(FRAME).decode()
SHARP = MapLook("sharp", 70, raw=False, own=False)
TOLD = {"box": [10, 20, 70, 80], "probabilities": [0, 0, 1, 0, 0, 0], "evidence": 9.5}


@pytest.fixture(scope="module")
def waking(network):
    waking = Waking(lambda: network)
    waking.network()
    return waking


@pytest.fixture
def handlers(waking):
    return TryIt(waking, example_pictures())


def reacted(handlers, how, what):
    return handlers.react({"how": how, "what": what, "turn": 7}, None, SHARP)


def test_a_frame_in_passing_is_answered_as_any_picture_is(waking, handlers):
    seen, full = film.glimpse(waking, FRAME, "null"), reacted(handlers, "camera", DATA_URL)
    assert isinstance(seen.answer, Answer) and seen.answer == full.answer
    assert seen.glance == full.glance and seen.glance.before


def test_what_is_told_of_a_frame_is_understood_with_the_next(waking):
    told = as_json(film.glimpse(waking, FRAME, "null"))["glance"]["before"]
    assert (
        before_of(json.loads(json.dumps(told))) == film.glimpse(waking, FRAME, "null").glance.before
    )
    again = film.glimpse(waking, FRAME, json.dumps(told))
    assert isinstance(again.answer, Answer)


def test_the_next_frame_is_read_where_the_hand_was_and_with_what_it_was(
    waking, handlers, monkeypatch
):
    whole = reacted(handlers, "camera", DATA_URL).hand.reading.whole()
    asked = []

    def read(*arguments):
        asked.append(arguments[-1])
        return whole

    monkeypatch.setattr(waking.network().classifier, "read", read)
    reacted(handlers, "camera", DATA_URL)
    shown = reacted(handlers, "next frame", {"frame": DATA_URL, "before": TOLD})
    seen = film.glimpse(waking, FRAME, json.dumps(TOLD))
    assert asked == [None, tuple(TOLD["box"]), tuple(TOLD["box"])]
    expected = (whole.probabilities + np.array(TOLD["probabilities"])) / 2
    for answer in (shown.answer, seen.answer):
        assert answer.probabilities == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    "wrong",
    [
        5,
        {},
        TOLD | {"box": [10, 20, 70]},
        TOLD | {"box": [70, 20, 10, 80]},
        TOLD | {"box": [0, 0, 10**9, 10**9]},
        TOLD | {"box": [0, 0, float("inf"), 8]},
        TOLD | {"probabilities": [1, 0]},
        TOLD | {"probabilities": "abcdef"},
        TOLD | {"evidence": float("nan")},
        TOLD | {"evidence": None},
    ],
)
def test_what_nobody_told_of_the_frame_before_is_refused_in_a_sentence(waking, handlers, wrong):
    with pytest.raises(ValueError, match=BEFORE):
        before_of(wrong)
    seen = film.glimpse(waking, FRAME, json.dumps(wrong))
    assert isinstance(seen.answer, Rest) and seen.answer.sentence == BEFORE
    shown = reacted(handlers, "next frame", {"frame": DATA_URL, "before": wrong})
    assert shown.answer.sentence == BEFORE


@pytest.mark.parametrize("frame", [b"", b"Dear network,"])
def test_a_frame_that_cannot_be_read_is_said(waking, frame):
    seen = film.glimpse(waking, frame, "null")
    assert isinstance(seen.answer, Rest) and seen.glance == Glance()


def test_what_is_no_json_is_refused_in_the_same_sentence(waking):
    assert film.glimpse(waking, FRAME, "{").answer.sentence == BEFORE


def sent(waking: Waking) -> int:
    """The status of the answer to a frame."""

    async def receive():
        return {"type": "http.request", "body": FRAME, "more_body": False}

    request = Request({"type": "http", "method": "POST", "query_string": b""}, receive)
    return asyncio.run(film.film(waking).endpoint(request)).status_code


def test_a_frame_is_let_go_while_the_network_wakes_or_is_too_busy(waking, monkeypatch):
    assert sent(waking) == 200
    assert sent(Waking(lambda: waking.network())) == 503
    monkeypatch.setattr(film, "AT_ONCE", 0)
    assert sent(waking) == 503


@pytest.mark.slow
def test_the_page_takes_frames(address, client):
    client.predict(api_name="/wake")
    request = urllib.request.Request(f"{address}glimpse?before={quote(json.dumps(TOLD))}", FRAME)
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer)["answer"]["bars"]
    with pytest.raises(urllib.error.HTTPError, match="405"):
        urllib.request.urlopen(f"{address}glimpse")
