"""What “Try it” answers, without a browser, with a tiny network."""

import gradio as gr
import numpy as np
import pytest

from demo.kit.examples import EXAMPLES, example_pictures
from demo.kit.network import Waking
from demo.try_it.answer import EMPTY, Answer, Rest
from demo.try_it.handlers import Answered, TryIt
from demo.try_it.request import MapLook
from model.digits import DIGITS, NO_HAND, WORDS

SHARP = MapLook("sharp", 70, raw=False, own=False)
LAST = MapLook("conv5", 70, raw=False, own=False)
PATH = str(EXAMPLES / "3_photo.jpg")


@pytest.fixture(scope="module")
def handlers(network):
    return TryIt(Waking(lambda: network), example_pictures())


@pytest.fixture(scope="module")
def answered(handlers):
    return handlers.read(PATH, SHARP)


def test_a_picture_is_answered_in_every_part_of_the_tab(answered):
    assert isinstance(answered.answer, Answer)
    assert answered.answer.probabilities == pytest.approx(
        answered.hand.reading.probabilities.tolist(), abs=1e-4
    )
    assert answered.heat.shape == (512, 512, 3)
    assert answered.seen is answered.hand.crop
    assert answered.part.how == "found"
    assert [row.word for row in answered.sums.rows] == list(WORDS)


@pytest.mark.parametrize("nothing", [None, ""])
def test_where_nothing_comes_nothing_is_answered(handlers, nothing):
    for read in (handlers.read, handlers.read_data):
        assert read(nothing, SHARP) == Answered()
    assert Answered().answer is EMPTY


def test_a_new_picture_that_cannot_be_read_takes_the_place_of_the_answer(handlers, tmp_path):
    (tmp_path / "letter.png").write_text("Dear network,")
    for said in (
        handlers.read(str(tmp_path / "letter.png"), SHARP),
        handlers.read_data("scribble", SHARP),
    ):
        assert isinstance(said.answer, Rest) and said.answer.sentence.endswith((".", "…"))
        assert said.hand is None and said.heat is None


def test_a_part_or_a_remedy_that_cannot_be_read_leaves_the_picture(handlers, answered):
    for chosen in ({"how": "yours", "left": 1}, {"how": "mirrored"}, "all", None):
        with pytest.raises(gr.Error):
            handlers.read_part(answered.hand, chosen, SHARP)
    for shelf in ({"digit": 3, "chosen": "prayer"}, {}, None):
        with pytest.raises(gr.Error):
            handlers.read_remedied(answered.hand, shelf, SHARP)


def test_a_part_of_a_remedied_picture_is_cut_from_it_and_all_else_from_the_original(
    handlers, answered
):
    shelf = handlers.propose(answered.hand, 3)
    chosen = {"digit": 3, "chosen": shelf.rows[0].name}
    changed = handlers.read_remedied(answered.hand, chosen, SHARP)
    assert changed.hand.changed and changed.hand.origin is answered.hand.origin
    assert changed.part.how == shelf.rows[0].name
    box = {"how": "yours", "left": 10, "top": 10, "width": 50, "height": 50}
    boxed = handlers.read_part(changed.hand, box, SHARP)
    assert boxed.hand.changed and "in the changed picture" in boxed.part.words
    whole = handlers.read_part(changed.hand, {"how": "all"}, SHARP)
    assert not whole.hand.changed and whole.part.all == "true"
    assert handlers.propose(changed.hand, 3) == shelf


def test_remedies_are_for_digits_alone(handlers, answered):
    assert handlers.propose(answered.hand, NO_HAND).rows == []
    with pytest.raises(gr.Error):
        handlers.propose(answered.hand, DIGITS)


def test_another_digit_is_explained_and_its_map_drawn(handlers, answered):
    other = (answered.hand.reading.digit + 1) % DIGITS
    explained = handlers.explain(answered.hand, other, LAST)
    assert explained.hand.explanation.digit == other and explained.sums.word == WORDS[other]
    shown = handlers.show(explained.hand, LAST)
    np.testing.assert_array_equal(shown.heat, explained.heat)
    assert WORDS[other] in shown.caption and "2×2 cells" in shown.caption


def test_without_a_picture_nothing_is_explained(handlers):
    for ask in (
        lambda: handlers.explain(None, 3, SHARP),
        lambda: handlers.show(None, SHARP),
        lambda: handlers.propose(None, 3),
        lambda: handlers.read_part(None, {"how": "all"}, SHARP),
        lambda: handlers.read_remedied(None, {}, SHARP),
    ):
        with pytest.raises(gr.Error, match="Put in a picture"):
            ask()


def test_an_example_is_put_in_place_of_an_upload(handlers):
    assert handlers.pick(0).upload == handlers.shelf[0].path
    assert handlers.taken_away(None) == Answered()
    assert handlers.taken_away(PATH) == gr.skip()
