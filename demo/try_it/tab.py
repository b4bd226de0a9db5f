"""The tab to try it: a picture or a drawing in; the digit and where the network looked out."""

from typing import Literal

import gradio as gr

from demo.kit.events import BY_ITSELF, CHOSEN, NETWORK, READING, EndPoint, connect, together
from demo.kit.examples import example_pictures
from demo.kit.network import Waking
from demo.try_it.handlers import Answered, Explained, HeatMap, Picked, TryIt
from demo.try_it.layout import lay_out
from demo.try_it.request import MapLook
from model.digits import DIGITS, NO_HAND
from model.network.stages import cells
from model.reading.images import SIZE

STAGES = list(cells())
SETTLE = "() => new Promise((settled) => setTimeout(settled, 50))"
READ = EndPoint(
    "read",
    "Read the digit in a picture: the answer, the heat map over the picture, its caption, the sums "
    f"behind the logits, the part that was read, the {SIZE}x{SIZE} picture that the network sees, "
    "and -1.",
)
DRAW, FILM = (
    EndPoint(name, "The same for a picture sent as a data URL.") for name in ("draw", "film")
)
READ_PART = EndPoint(
    "read_part",
    "Read another part of the picture that this client had read last: "
    '{"how": "found"}, {"how": "all"}, or {"how": "yours"} with left, top, width and height in '
    "percent.",
)
REMEDIES = EndPoint(
    "remedies",
    "What may be the matter with the picture that this client had read last if it really shows a "
    f"digit (0 to {DIGITS - 1}; {NO_HAND} for no hand): changes, and the digit's probability after "
    "each.",
)
REMEDY = EndPoint("remedy", 'Read the picture after a remedy: {"digit": 3, "chosen": "mirrored"}.')
EXPLAIN = EndPoint(
    "explain",
    "What speaks for a digit (-1: the one that was read) in the picture that this client had read "
    "last.",
)
SHOW = EndPoint(
    "show",
    "The heat map of the picture that this client had read last: sharp, or of a stage "
    f"({STAGES[0]} to {STAGES[-1]}), at a strength (0 to 100), with its cells as they are or "
    "smooth, on a scale of its own or on that of the digit that was read. It is only drawn; "
    "nothing is computed.",
)


def tab(waking: Waking, hand: gr.State) -> None:
    """Lay the tab out and wire it.

    Args:
        waking: the network.
        hand: holds the `ReadPicture` that is looked at, None at first.
    """
    shelf = example_pictures()
    handlers, page = TryIt(waking, shelf), lay_out(hand, shelf)
    look, answered = together(MapLook, page), together(Answered, page)
    last: Literal["always_last"] = "always_last"

    # The answer always belongs to what is on show: the picture, the camera or the drawing.
    for handler, source, happens, end_point in (
        (handlers.read, page.upload, [page.upload_side.select], READ),
        (handlers.read_data, page.drawing, [page.drawing.change, page.drawing_side.select], DRAW),
        (handlers.read_data, page.camera, [page.camera.change, page.camera_side.select], FILM),
    ):
        connect(
            happens,
            handler,
            [source, look],
            answered,
            READING,
            while_busy=last,
            end_point=end_point,
        )
    # An example that is taken away comes as input once more before it is gone.
    put_in = connect(page.upload.input, None, js=SETTLE)
    picked = connect(page.examples.select, handlers.pick, [CHOSEN], together(Picked, page))
    for settled in (put_in, picked):
        connect(
            settled.then, handlers.read, [page.upload, look], answered, READING, while_busy=last
        )
    connect(
        page.upload.change,
        handlers.taken_away,
        [page.upload],
        answered,
        READING,
        while_busy=last,
    )
    connect(
        page.part.input,
        handlers.read_part,
        [hand, page.part, look],
        answered,
        READING,
        while_busy=last,
        end_point=READ_PART,
    )
    connect(
        page.truth.input,
        handlers.propose,
        [hand, page.truth],
        page.remedies,
        NETWORK,
        while_busy=last,
        end_point=REMEDIES,
    )
    connect(
        page.remedies.input,
        handlers.read_remedied,
        [hand, page.remedies, look],
        answered,
        READING,
        while_busy=last,
        end_point=REMEDY,
    )
    connect(page.answer.change, None, [], [page.truth, page.remedies], js="() => [null, {}]")
    connect(
        page.digit.input,
        handlers.explain,
        [hand, page.digit, look],
        together(Explained, page),
        NETWORK,
        while_busy=last,
        end_point=EXPLAIN,
    )
    connect(
        [control.input for control in (page.stage, page.strength, page.raw, page.own)],
        handlers.show,
        [hand, look],
        together(HeatMap, page),
        BY_ITSELF,
        while_busy=last,
        end_point=SHOW,
    )
