"""Whatever a call brings, it gets an answer or one sentence, and nothing is printed."""

import inspect
import json
import math

import gradio as gr
import httpx
import pytest

from demo.interface import build
from demo.kit.events import CHOSEN, plain
from demo.kit.theme import launch_settings
from demo.serve.arguments import Refused, argument, checked, names_of
from demo.serve.page import BROKEN, FULL, in_a_sentence
from model.digits import DIGITS
from model.reading.images import read_picture
from tests.demo.conftest import tiny_network
from tests.demo.test_uploads import ask

DRAWING = "data:image/png;base64," + "A" * 5000
PILLS = gr.Radio([(str(digit), digit) for digit in range(DIGITS)], render=False)
SLIDER = gr.Slider(0, 100, step=5, render=False)
STEPS = gr.Slider(0, 9, step=1, render=False)


@pytest.mark.parametrize(
    ("part", "sent", "meant"),
    [
        (SLIDER, "80", 80),
        (SLIDER, 12.5, 12.5),
        (PILLS, 2.0, 2),
        (PILLS, " 2 ", 2),
        (gr.Radio(["conv1", "conv2"], render=False), "conv2", "conv2"),
        (gr.Checkbox(render=False), "True", True),
        (gr.Checkbox(render=False), 0, False),
        (gr.Number(render=False), "7", 7),
        (gr.Number(render=False), None, None),
        (gr.Image(render=False), None, None),
        (gr.HTML("", render=False), None, None),
        (gr.HTML({}, render=False), {"how": "all"}, {"how": "all"}),
    ],
)
def test_what_is_plainly_meant_is_taken(part, sent, meant):
    taken = argument("thing", part, sent)
    assert taken == meant and type(taken) is type(meant)


@pytest.mark.parametrize(
    ("part", "sent", "words"),
    [
        *((SLIDER, sent, "a number from 0 to 100") for sent in
          (None, math.nan, math.inf, 101, -1, True, "much", [], {}, 10**400)),
        (STEPS, 1.5, "a whole number from 0 to 9"),
        *((PILLS, sent, "one of 0, 1, 2, 3, 4, 5") for sent in
          (None, math.nan, True, False, 6, 2.5, "two", [2], {})),
        (gr.Radio(["conv1"], render=False), "conv9", "one of conv1"),
        *((gr.Checkbox(render=False), sent, "true or false") for sent in (None, 2, "yes", [])),
        *((gr.Number(render=False), sent, "a number") for sent in (math.nan, True, "x", [])),
        *((gr.Image(render=False), sent, "an upload") for sent in ("x", 3, [], {"path": 3})),
        (gr.HTML("", render=False), {}, "text"),
        (gr.HTML({}, render=False), "all", "an object"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_the_name_of_the_argument(part, sent, words):
    with pytest.raises(Refused, match=f"thing must be {words}"):
        argument("thing", part, sent)


def test_a_missing_argument_is_named_whether_states_were_sent_or_not():
    parts = [gr.State(render=False), PILLS, SLIDER]
    names = ["hand", "digit", "strength"]
    assert checked(names, parts, [None, 1, 2], True) == [None, 1, 2]
    assert checked(names, parts, [1, 2], False) == [None, 1, 2]
    for sent, with_states in (([None, 1], True), ([1], False)):
        with pytest.raises(Refused, match=r"strength is missing; send digit, strength\."):
            checked(names, parts, sent, with_states)
    with pytest.raises(Refused, match="too many arguments"):
        checked(names, parts, [None, 1, 2, 3], True)


def test_what_is_chosen_has_no_name_among_the_arguments():
    called = plain(lambda word, index: word, [gr.HTML(render=False), CHOSEN], gr.HTML(render=False))
    assert names_of(called, 1) == ["word"]
    with pytest.raises(gr.Error, match="Say what is chosen"):
        called("word", None)


def test_an_error_is_put_in_a_sentence_and_its_words_are_not_printed(capsys):
    def say(error):
        try:
            raise error
        except Exception as caught:
            return in_a_sentence(caught)

    assert say(KeyError(DRAWING)) == BROKEN
    printed = capsys.readouterr().err
    assert "KeyError" in printed and "test_arguments.py" in printed and "AAAA" not in printed
    assert say(OSError(28, "No space left on device")) == FULL
    with pytest.raises(ValueError, match="not a picture") as caught:
        read_picture(b"")
    assert in_a_sentence(caught.value) == str(caught.value)


WRONG = [None, math.nan, True, DRAWING, {"path": DRAWING, "digit": True, "how": "yours"}]


@pytest.mark.slow
@pytest.mark.parametrize("real", [False, True])
def test_no_wrong_call_prints_anything_or_goes_without_a_sentence(capfd, real):
    """All endpoints with handlers that do nothing; those that programs may call with their own."""
    import tensorflow  # noqa: F401, its greeting is not the page's

    page, _ = build(tiny_network)
    worked = []
    if not real:
        for each in page.fns.values():
            if each.fn is not None:
                each.fn = idle(each.fn, worked)
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, **launch_settings())
    calls = refused = 0
    capfd.readouterr()
    try:
        for point in page.fns.values():
            if point.fn is None or (real and point.api_visibility == "private"):
                continue
            right = [getattr(part, "value", None) for part in point.inputs]
            tried = [right[:place] for place in range(len(right))] + [[*right, DRAWING]]
            for place, part in enumerate(point.inputs):
                if not isinstance(part, gr.State):
                    tried += [[*right[:place], wrong, *right[place + 1 :]] for wrong in WRONG]
            for data in tried:
                said = ask(address, point._id, f"wrong-{calls}", data)
                calls += 1
                refused += not said["success"]
                if not said["success"] and (real or not worked):
                    sentence = said["output"]["error"]
                    assert sentence and sentence.endswith("."), (point.name, str(data)[:90])
                    assert sentence != BROKEN and "AAAA" not in sentence, (point.name, data)
                worked.clear()
    finally:
        page.close(verbose=False)
    printed = "".join(capfd.readouterr())
    print(f"{calls} calls, {refused} refused")
    assert calls > (100 if real else 300) and refused > 0.5 * calls
    assert "AAAA" not in printed
    assert not real or "Traceback" not in printed


def idle(handler, worked: list):
    """A handler of the same arguments that only notes that it was reached."""

    def noted(*values):
        worked.append(values)
        raise gr.Error("Nothing was done.", print_exception=False)

    noted.__signature__ = inspect.signature(handler)
    noted.__annotations__.update(handler.__annotations__)
    noted.__name__ = handler.__name__
    return noted


@pytest.mark.slow
def test_a_program_that_forgets_an_argument_is_told_which(address):
    for data, words in (
        (["conv5"], "strength is missing"),
        (["conv9", 50, False, False], "stage must be one of sharp, conv1"),
        ([None, 50, False, False], "stage must be one of"),
        (["conv5", math.nan, False, False], "strength must be a number from 0 to 100"),
        (["conv5", "80", False, False], "Put in a picture of a hand first"),
    ):
        body = json.dumps({"data": data})
        told = httpx.post(f"{address}gradio_api/call/show", content=body,
                          headers={"content-type": "application/json"}).json()  # fmt: skip
        lines = httpx.get(f"{address}gradio_api/call/show/{told['event_id']}", timeout=60).text
        assert words in lines, (data, lines)


@pytest.mark.slow
def test_nothing_goes_past_the_queue(address):
    for way in ("run", "api"):
        for name in ("read", "draw", "explain"):
            body = {"data": [None, "sharp", 70, False, False]}
            answer = httpx.post(f"{address}gradio_api/{way}/{name}", json=body)
            assert answer.status_code == 404 and "join the queue" in answer.text
    queue = build(lambda: None)[0]._queue
    assert queue.max_size == 100


@pytest.mark.slow
def test_a_call_of_no_end_point_gets_one_sentence(address, capfd):
    capfd.readouterr()
    for name in ("nothing", "9999"):
        told = httpx.post(f"{address}gradio_api/call/{name}", json={"data": [DRAWING]})
        assert 400 <= told.status_code < 500
    body = {"fn_index": 9999, "data": [DRAWING], "session_hash": "nobody"}
    told = httpx.post(f"{address}gradio_api/queue/join", json=body)
    assert told.status_code == 400 and told.json()["detail"].endswith(".")
    printed = "".join(capfd.readouterr())
    assert "Traceback" not in printed and "AAAA" not in printed
