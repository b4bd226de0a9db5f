"""What “Try it” answers, without a browser, with a tiny network."""

import re
from base64 import b64decode, b64encode
from dataclasses import replace

import gradio as gr
import numpy as np
import pytest

from demo.kit.examples import EXAMPLES, example_pictures
from demo.kit.features import features_of
from demo.kit.network import Waking
from demo.kit.words import whose
from demo.serve.page import BROKEN
from demo.try_it.answer import EMPTY, Answer, Rest, example_words
from demo.try_it.beside import Beside
from demo.try_it.glance import Glance
from demo.try_it.handlers import TryIt
from demo.try_it.keep import report_html, report_of
from demo.try_it.request import MapLook
from demo.try_it.shown import Answered
from model.digits import DIGITS, NO_HAND, WORDS

SHARP = MapLook("sharp", 70, raw=False, own=False)
LAST = MapLook("conv5", 70, raw=False, own=False)
PATH = str(EXAMPLES / "3_photo.jpg")
FRAME = "data:image/jpeg;base64," + b64encode((EXAMPLES / "3_photo.jpg").read_bytes()).decode()


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


@pytest.mark.parametrize("error", [gr.Error("Busy."), ValueError("Busy."), RuntimeError("x")])
def test_whatever_goes_wrong_a_request_comes_to_its_end(handlers, answered, monkeypatch, error):
    def fail(*_):
        raise error

    said = []
    monkeypatch.setattr(gr, "Warning", said.append)
    monkeypatch.setattr(handlers, "explain", fail)
    shown = handlers.react({"how": "digit", "what": 3, "turn": 7}, answered.hand, SHARP)
    assert shown.turn == 7 and shown.hand == gr.skip()
    assert said == ["Busy." if isinstance(error, gr.Error) else BROKEN]


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
    assert reacted(handlers, "truth", 3.0, answered.hand).remedies == shelf
    chosen = {"digit": 3.0, "chosen": shelf.rows[0].name}
    changed = handlers.read_remedied(answered.hand, chosen, SHARP)
    assert changed.hand.changed and changed.hand.origin is answered.hand.origin
    assert changed.part.how == shelf.rows[0].name
    kept = report_of(changed.hand, changed.heat, SHARP, "")
    assert kept.headline.endswith(" in a changed picture")
    assert "(changed under “Is that wrong?”), read as" in whose(changed.hand, "is read")
    assert "changed" not in whose(answered.hand, "is read")
    for hand, words in ((changed.hand, "after a remedy"), (answered.hand, "rendered by a script")):
        assert words in example_words(replace(hand, example="3 render"))
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


def test_the_sums_name_the_cell_that_makes_most_of_the_difference(answered):
    exact, rows = answered.hand.explanation.exact_sum, answered.sums.rows
    best, second = (int(digit) for digit in (-exact.logits).argsort()[:2])
    apart = exact.contributions[best] - exact.contributions[second]
    for digit, row in enumerate(rows):
        marked = [bool(cell.decides) for cell in row.cells]
        assert marked.index(True) == apart.argmax() if digit in (best, second) else not any(marked)
    lead = answered.sums.lead
    assert lead.startswith(f"<b>{WORDS[best].capitalize()}</b>") and f"{apart.max():.2f}" in lead


def test_another_digit_is_explained_and_its_map_drawn(handlers, answered):
    other = (answered.hand.reading.digit + 1) % DIGITS
    explained = handlers.explain(answered.hand, other, LAST)
    assert explained.hand.explanation.digit == other and explained.sums.word == WORDS[other]
    shown = handlers.show(explained.hand, LAST)
    np.testing.assert_array_equal(shown.heat, explained.heat)
    assert WORDS[other] in shown.caption and "2×2 cells" in shown.caption


def test_the_sharp_map_has_no_cells_to_show(handlers, answered):
    for look, alike in ((SHARP, True), (LAST, False)):
        shown = [handlers.show(answered.hand, replace(look, raw=raw)).heat for raw in (False, True)]
        assert np.array_equal(*shown) == alike


@pytest.mark.parametrize("kind", ["png", "html"])
def test_a_reading_is_kept_as_a_file_named_for_it(handlers, answered, kind):
    kept = handlers.keep({"kind": kind, "turn": 3}, answered.hand, SHARP)
    assert kept.turn == 3 and kept.name.endswith(f".{kind}")
    assert kept.name.startswith(f"residual-hands-{answered.answer.word.replace(' ', '-')}")
    content = b64decode(kept.url.partition(",")[2])
    assert content.startswith(b"\x89PNG" if kind == "png" else b"<!doctype html>")
    for asked in ({"kind": "exe", "turn": 3}, {}, None):
        with pytest.raises(gr.Error, match="png or html"):
            handlers.keep(asked, answered.hand, SHARP)


def test_a_page_to_keep_needs_nothing_else_and_no_word_becomes_markup(answered):
    report = report_of(answered.hand, answered.heat, SHARP, "15919b4e0000")
    page = report_html(report)
    assert not re.search(r"https?:|src=\"(?!data:)|@import|url\(", page)
    for words in (answered.answer.word, answered.answer.sentence, "15919b4e,", report.day):
        assert words in page
    assert "<script>" not in report_html(replace(report, headline="<script>alert(1)</script>"))


def test_a_pinned_picture_is_shown_beside_the_next_on_one_scale(handlers, answered):
    pinned = handlers.pin({"pinned": True}, answered.hand)
    assert [each.of for each in handlers.beside(pinned, answered.hand, LAST).pair] == ["Pinned"]
    other = handlers.read(str(EXAMPLES / "5_photo.jpg"), LAST).hand
    shown = handlers.react({"how": "example", "what": 0, "turn": 7}, other, LAST, pinned)
    assert [each.of for each in shown.beside.pair] == ["Pinned", "Current picture"]
    ends = [np.abs(each.maps.signed("conv5")).max() for each in (pinned, shown.hand)]
    assert f"+{max(ends):.2g}" in shown.beside.scale
    assert handlers.beside(handlers.pin({"pinned": False}, other), other, LAST) == Beside()


@pytest.mark.parametrize(("stage", "shown"), [("conv2", "conv2"), ("sharp", "conv4")])
def test_the_channels_of_a_pinned_picture_are_compared_with_those_of_the_next(
    handlers, network, answered, stage, shown
):
    other = handlers.read(str(EXAMPLES / "5_photo.jpg"), LAST).hand
    channels = handlers.beside(answered.hand, other, replace(LAST, stage=stage)).channels
    assert all(f" % at stage {each}" in channels.words for each in range(1, 6))
    assert f"stage {shown[-1]};" in channels.about
    layer = network.explainer.stages[shown]
    first, second = (
        features_of(network, each, each.reading.digit)[layer].activations.mean((0, 1))
        for each in (answered.hand, other)
    )
    apart = {kind.title: kind.pairs[0] for kind in channels.kinds}["Stronger in the pinned picture"]
    assert apart.channel == (first - second).argmax()
    assert apart.means == [f"{each[apart.channel]:.2f}" for each in (first, second)]


def test_one_picture_explained_for_two_digits_has_the_same_channels(handlers, answered):
    digit = (answered.hand.reading.digit + 1) % DIGITS
    other = handlers.explain(answered.hand, digit, LAST).hand
    channels = handlers.beside(answered.hand, other, LAST).channels
    assert "are the same" in channels.words and not channels.kinds


def test_without_a_picture_nothing_is_explained(handlers):
    for ask in (
        lambda: handlers.explain(None, 3, SHARP),
        lambda: handlers.show(None, SHARP),
        lambda: handlers.keep({"kind": "png", "turn": 3}, None, SHARP),
        lambda: handlers.propose(None, 3),
        lambda: handlers.read_part(None, {"how": "all"}, SHARP),
        lambda: handlers.read_remedied(None, {}, SHARP),
    ):
        with pytest.raises(gr.Error, match="Put in a picture"):
            ask()


def reacted(handlers, how, what=None, hand=None):
    return handlers.react({"how": how, "what": what, "turn": 7}, hand, SHARP)


def changed(shown) -> set[str]:
    """The parts of the page that a reaction changes."""
    return {
        name
        for name, value in vars(shown).items()
        if not (isinstance(value, dict) and value == gr.skip())
    }


def test_the_page_opens_on_the_first_example_read_once_and_called_so(handlers):
    first, again = (reacted(handlers, "opening") for _ in range(2))
    assert first.hand is again.hand and first.hand.example == handlers.shelf[0].name
    assert isinstance(first.answer, Answer) and first.turn == 7


def test_the_way_back_to_the_opening_empties_the_frame(handlers):
    shown = reacted(handlers, "back")
    assert shown.hand is reacted(handlers, "opening").hand and shown.upload is None
    assert "upload" not in changed(reacted(handlers, "opening"))  # it may be filled meanwhile


def test_an_example_is_read_and_put_in_place_of_an_upload(handlers):
    shown = reacted(handlers, "example", 2.0)
    assert shown.upload == handlers.shelf[2].path and shown.hand.example == handlers.shelf[2].name


def test_an_example_that_is_still_in_the_frame_is_read_as_one(handlers, monkeypatch, tmp_path):
    copied = tmp_path / "picture.jpg"
    copied.write_bytes((EXAMPLES / "3_photo.jpg").read_bytes())
    monkeypatch.setattr("demo.try_it.handlers.uploaded", lambda sent: str(copied))
    assert reacted(handlers, "upload", {"path": "it"}).hand.example == "3 render"
    copied.write_bytes(copied.read_bytes() + b" ")
    assert not reacted(handlers, "upload", {"path": "it"}).hand.example


def test_a_part_of_an_example_that_somebody_chose_is_not_called_wrong(handlers):
    shown = reacted(handlers, "example", 2)
    box = {"how": "yours", "left": 0, "top": 0, "width": 20, "height": 20}
    part = reacted(handlers, "part", box, shown.hand)
    assert part.answer.example == "The part of the example that you chose."


def test_a_remedy_is_undone(handlers, answered):
    digit = answered.hand.reading.digit
    name = handlers.propose(answered.hand, digit).rows[0].name
    used = reacted(handlers, "remedy", {"digit": digit, "chosen": name}, answered.hand)
    assert used.hand.changed
    undone = reacted(handlers, "remedy", {"digit": digit, "chosen": ""}, used.hand)
    assert not undone.hand.changed and undone.part.how == "found"
    assert undone.answer == answered.answer


def test_a_frame_that_is_empty_again_has_no_answer(handlers):
    for how in ("upload", "camera", "next frame", "drawing"):
        assert reacted(handlers, how).answer is EMPTY


def test_another_digit_changes_the_map_and_not_the_answer(handlers, answered):
    other = (answered.hand.reading.digit + 1) % DIGITS
    shown = reacted(handlers, "digit", other, answered.hand)
    assert shown.hand.explanation.digit == other
    assert changed(shown) == {"hand", "heat", "caption", "sums", "digit", "drawn", "turn"}


@pytest.mark.parametrize(
    ("how", "what"),
    [("example", 99), ("example", "x"), ("digit", DIGITS), ("digit", None), ("anything", 1)],
)
def test_a_request_that_makes_no_sense_changes_nothing(handlers, answered, how, what):
    assert changed(reacted(handlers, how, what, answered.hand)) == {"turn"}


def test_a_file_that_was_not_uploaded_is_refused(handlers):
    for sent in ({"path": PATH}, {"nonsense": 1}, "text", 5):
        assert isinstance(reacted(handlers, "upload", sent).answer, Rest)


def test_a_drawing_has_its_answer_at_a_glance_and_an_example_has_none(handlers):
    seen = reacted(handlers, "drawing", FRAME).glance
    assert seen.numeral and (seen.box.startswith("--left:") == (seen.sure != "no hand"))
    assert reacted(handlers, "drawing").glance == Glance()
    assert reacted(handlers, "opening").glance == Glance()
