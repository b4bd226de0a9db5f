"""How handlers are called: with dataclasses made of components' values, and taken apart again."""

import inspect
from dataclasses import dataclass
from types import SimpleNamespace

import gradio as gr
import pytest

from demo.kit.components import TemplateValue
from demo.kit.events import CHOSEN, EndPoint, connect, plain, telling, there_or_none, together
from demo.kit.read_picture import ERASED


@dataclass(frozen=True)
class Look:
    stage: str
    strength: float


@dataclass(frozen=True)
class Shown:
    caption: str
    scale: str


def page() -> SimpleNamespace:
    names = ("word", "stage", "strength", "caption", "scale")
    return SimpleNamespace(**{name: gr.Textbox(render=False) for name in names})


def test_components_become_a_dataclass_and_a_dataclass_becomes_components():
    def draw(word: str, look: Look) -> Shown:
        return Shown(f"{word} at {look.stage}", f"{look.strength} %")

    parts = page()
    called = plain(draw, [parts.word, together(Look, parts)], together(Shown, parts))
    assert called("three", "conv5", 60) == ("three at conv5", "60\u00a0%")
    assert list(inspect.signature(called).parameters) == ["word", "stage", "strength"]


def test_what_is_chosen_comes_as_its_index():
    parts = page()
    called = plain(lambda word, index: f"{word} {index}", [parts.word, CHOSEN], parts.caption)
    assert called("block", SimpleNamespace(index="conv2_block1")) == "block conv2_block1"
    assert called.__annotations__ == {"index": gr.EventData}


def test_what_is_chosen_is_never_sent_again_in_place_of_what_came_after():
    word = page().word
    with pytest.raises(ValueError, match="let both be answered in turn"):
        connect(word.input, str, [CHOSEN], word, while_busy="always_last")


def test_a_run_that_cannot_go_on_says_why_and_ends(monkeypatch):
    said = []
    monkeypatch.setattr(gr, "Warning", said.append)

    def run(count):
        yield count
        raise gr.Error("No hand.")

    assert list(telling(run)(3)) == [3] and said == ["No hand."]


def test_a_picture_that_was_erased_is_let_go():
    assert there_or_none(ERASED) is None
    assert there_or_none(None) == there_or_none("a picture") == gr.skip()


def test_what_comes_bit_by_bit_is_taken_apart_bit_by_bit():
    def count():
        for number in range(2):
            yield Shown(str(number), "")

    assert list(plain(count, [], together(Shown, page()))()) == [("0", ""), ("1", "")]


def test_to_leave_all_as_it_is_a_handler_gives_a_skip():
    assert plain(gr.skip, [], together(Shown, page()))() == gr.skip()


def test_only_what_has_an_end_point_can_be_called_by_programs():
    with gr.Blocks() as blocks:
        button, word = gr.Button(), gr.Textbox()
        point = EndPoint("read", "Read a word.", shown=True)
        connect(button.click, lambda word: word, [word], word, end_point=point)
        connect([button.click, word.input], lambda word: word, [word], word)
    first, second = blocks.config["dependencies"]
    assert (first["api_name"], first["api_visibility"]) == ("read", "public")
    assert second["api_visibility"] == "private"


def test_a_template_gets_the_fields_of_its_value_by_name():
    @dataclass(frozen=True)
    class Words(TemplateValue):
        text: str

    assert plain(lambda: Words("three"), [], page().caption)() == {"text": "three"}
