"""The tab to try it: takes a picture or a drawing, shows the digit and where the network looked."""

from collections.abc import Callable, Sequence

import gradio as gr

from demo.kit.events import READING, UNLIMITED, EndPoint, Input, Lane, Together, connect, together
from demo.kit.examples import example_pictures
from demo.kit.network import Waking
from demo.try_it.handlers import TryIt
from demo.try_it.layout import lay_out
from demo.try_it.request import MapLook
from demo.try_it.shown import Answered, Explained, HeatMap, Redrawn, Shown
from model.digits import DIGITS, NO_HAND
from model.network.stages import cells
from model.reading.images import SIZE

STAGES = list(cells())
DRAWING = Lane("drawing")
SETTLE = "() => new Promise((settled) => setTimeout(settled, 50))"
READ = EndPoint(
    "read",
    "Read the digit in a picture: the answer, the heat map over the picture, its caption, the sums "
    f"behind the logits, the part that was read, the {SIZE}×{SIZE} picture that the network sees, "
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


def heard() -> None:
    """Answer nothing: see the end of `asked.js`."""


HAS_CELLS = "(stage) => ({ __type__: 'update', interactive: stage !== 'sharp' })"
ASK = "(what) => {{ ask({how!r}, what); return []; }}"


def tab(waking: Waking, hand: gr.State) -> None:
    """Lay the tab out and wire it.

    Whatever a visitor does, `ask` in `asked.js` keeps as the one request that counts, and one
    event answers it, always the newest. So two requests cannot overtake each other, and an answer
    that is no longer wanted is never taken for that of the next.

    Args:
        waking: the network.
        hand: holds the `ReadPicture` that is looked at, None at first.
    """
    shelf = example_pictures()
    handlers, page = TryIt(waking, shelf), lay_out(hand, shelf)
    look, answered = together(MapLook, page), together(Answered, page)

    # A picture that is taken away comes as input once more before it is gone.
    put_in = connect([page.upload.input, page.upload.clear], None, js=SETTLE)
    for trigger, inputs, how in (
        (put_in.then, [page.upload], "upload"),
        (page.upload.clear, [], "upload"),
        (page.upload_side.select, [page.upload], "picture tab"),
        (page.drawing_side.select, [page.drawing], "drawing"),
        (page.camera_side.select, [page.camera], "camera"),
        (page.digit.input, [page.digit], "digit"),
        (page.truth.input, [page.truth], "truth"),
    ):
        connect(trigger, None, inputs, js=ASK.format(how=how))
    connect(
        page.asked.change,
        handlers.react,
        [page.asked, hand, look, page.pinned],
        together(Shown, page),
        READING,
        while_busy="always_last",
        waiting_shown_on=page.asked,
    )
    connect(page.asked.submit, heard, lane=UNLIMITED)
    redrawn = together(Redrawn, page)
    connect(
        page.drawn.change,
        handlers.catch_up,
        [hand, page.drawn, look, page.pinned],
        redrawn,
        DRAWING,
    )
    connect(
        [control.input for control in (page.stage, page.strength, page.raw, page.own)],
        handlers.redraw,
        [hand, look, page.pinned],
        redrawn,
        DRAWING,
        while_busy="always_last",
    )
    pinning = connect(page.pin.change, handlers.pin, [page.pin, hand], page.pinned)
    connect(pinning.then, handlers.beside, [page.pinned, hand, look], page.beside, DRAWING)
    connect(page.keep.change, handlers.keep, [page.keep, hand, look], page.kept, DRAWING)
    connect(page.stage.change, None, [page.stage], page.raw, js=HAS_CELLS)
    called_by_programs: list[tuple[Callable, Sequence[Input], Together | gr.HTML, EndPoint]] = [
        (handlers.read, [page.upload, look], answered, READ),
        (handlers.read_data, [page.drawing, look], answered, DRAW),
        (handlers.read_data, [page.camera, look], answered, FILM),
        (handlers.read_part, [hand, page.part, look], answered, READ_PART),
        (handlers.propose, [hand, page.truth], page.remedies, REMEDIES),
        (handlers.read_remedied, [hand, page.remedies, look], answered, REMEDY),
        (handlers.show, [hand, look], together(HeatMap, page), SHOW),
        (handlers.explain, [hand, page.digit, look], together(Explained, page), EXPLAIN),
    ]
    for handler, inputs, outputs, end_point in called_by_programs:
        connect([], handler, inputs, outputs, READING, end_point=end_point)
