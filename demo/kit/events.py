"""How events are wired, in every tab alike.

A tab is a folder with three modules:

- `handlers.py` holds one class. Its methods take and give plain values or frozen dataclasses and
  know no component, so that a test calls them as they are.
- `layout.py` holds one function that puts the components on the page and returns them as a frozen
  dataclass.
- `tab.py` makes both and connects them: events last.

Where a method takes or gives a dataclass, the components of the same names stand for its fields:

    look = together(MapLook, page)  # page.stage, page.strength, …
    connect(page.picture.input, tab.read, [page.picture, look], together(Answer, page), NETWORK)

A field of what is given may be `gr.skip()`: then its component stays as it is. What a template
shows is a dataclass of its own, a `TemplateValue`. A method that needs what a visitor chose in a
component takes `CHOSEN` in its place.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any, Literal

import gradio as gr
from gradio.blocks import BlockContext
from gradio.components import Component
from gradio.events import Dependency

from demo.kit.components import as_json
from demo.kit.importing import after_imports
from demo.kit.read_picture import Erased
from model.reading.courtesy import give_way, urgent

Trigger = Callable[..., Dependency]


@dataclass(frozen=True)
class Lane:
    """Which events wait for one another.

    Attributes:
        name: events in lanes of the same name run one after another; None for an event that waits
            for nothing but itself.
        limit: how many run at a time; None for as many as come.
        queued: False for what is answered at once, past the queue.
        urgent: whether slow work waits while one of them runs.
    """

    name: str | None = None
    limit: int | None = 1
    queued: bool = True
    urgent: bool = False


WHEN_READ = """async () => {
  const end = Date.now() + 60_000;
  while (document.querySelector(".bench.asking") && Date.now() < end)
    await new Promise((done) => setTimeout(done, 80));
}"""

BY_ITSELF = Lane()
AT_ONCE = Lane(queued=False)
UNLIMITED = Lane(limit=None)  # as many as come
NETWORK = Lane("network")  # what takes longer than a reading: one at a time
READING = Lane("reading", limit=32, urgent=True)  # they go through the network together
TRAINING = Lane("training")


@dataclass(frozen=True)
class EndPoint:
    """How programs call an event: `client.predict(…, api_name="/read")`.

    Attributes:
        name: without the slash.
        description: what it does.
        shown: whether it is listed for programs and agents; the page's own wiring isn't.
    """

    name: str
    description: str
    shown: bool = False


@dataclass(frozen=True)
class Together:
    """Components that stand for the fields of a dataclass."""

    kind: type
    components: tuple[Component, ...]

    def made_of(self, values: Sequence) -> Any:
        """The dataclass, of the components' values."""
        return self.kind(*values)

    def taken_apart(self, value: Any) -> Any:
        """The components' values, as Gradio expects them; what isn't the dataclass is left alone.

        So a handler may give `gr.skip()` in place of the whole.
        """
        if not isinstance(value, self.kind):
            return value
        values = [getattr(value, field.name) for field in fields(self.kind)]
        return tuple(values) if len(values) > 1 else values[0]


@dataclass(frozen=True)
class Chosen:
    """In place of an input: the index that comes with a select event."""


CHOSEN = Chosen()
NOT_CHOSEN = 'Say what is chosen: send {"index": …} as event_data.'
Input = Component | Together | Chosen


def together(kind: type, page: Any) -> Together:
    """The components of a page that have the names of a dataclass's fields."""
    return Together(kind, tuple(getattr(page, field.name) for field in fields(kind)))


def connect(
    trigger: Trigger | Sequence[Trigger],
    handler: Callable | None,
    inputs: Sequence[Input] = (),
    outputs: Together | Component | Sequence[Component | BlockContext] = (),
    lane: Lane = BY_ITSELF,
    *,
    while_busy: Literal["once", "multiple", "always_last"] | None = None,
    end_point: EndPoint | None = None,
    cancels: Dependency | Sequence[Dependency] | None = None,
    js: str | None = None,
    waiting_shown_on: Component | None = None,
) -> Dependency:
    """Let an event, or any of several, be answered by a handler.

    Args:
        trigger: such as `button.click`, or `other.then` for what follows another event; an empty
            list for what only programs call.
        handler: takes the values of `inputs` and gives those of `outputs`, or yields them one
            after another; None if `js` does it all.
        inputs: what the handler takes.
        outputs: what shows what the handler gives.
        lane: which other events it waits for.
        while_busy: what becomes of an event that comes while the last one is answered: `once`
            forgets it, `multiple` queues it, `always_last` keeps the newest, which Gradio does not
            do for CHOSEN. None for Gradio's choice: `always_last` for changes, `once` for all else.
        end_point: how programs call it; None for what only the page calls.
        cancels: events that this one ends.
        js: what the browser does first.
        waiting_shown_on: where Gradio writes the place in the queue; None for nowhere.

    Returns:
        The event, for others to follow or cancel.

    Raises:
        ValueError: for CHOSEN with `always_last`.
    """
    if CHOSEN in inputs and while_busy == "always_last":
        raise ValueError("Gradio would send the first choice again; let both be answered in turn.")
    if handler and lane.urgent:
        handler = urgent()(handler)
    parts = (outputs,) if isinstance(outputs, Component) else outputs
    shown = list(parts.components if isinstance(parts, Together) else parts)
    several = list(trigger) if isinstance(trigger, Sequence) else None
    listen: Trigger = trigger if several is None else gr.on  # type: ignore[assignment]
    return listen(
        *([] if several is None else [several]),
        fn=handler and plain(handler, inputs, outputs),
        inputs=[each for part in inputs for each in components_of(part)],
        outputs=shown,
        queue=lane.queued,
        concurrency_id=lane.name,
        concurrency_limit=lane.limit,
        trigger_mode=while_busy,
        cancels=cancels,
        js=js,
        show_progress="full" if waiting_shown_on else "hidden",
        show_progress_on=waiting_shown_on,
        api_name=end_point and end_point.name,
        api_description=end_point and end_point.description,
        api_visibility=visibility(end_point),
    )


def opened(room: gr.Tab, hand: gr.State) -> Trigger:
    """What a tab does when it is opened, once a picture that is being read has its answer.

    Args:
        room: the tab.
        hand: holds the picture in hand; one that was erased is let go.
    """
    looked = connect(room.select, None, js=WHEN_READ)
    return connect(looked.then, there_or_none, [hand], hand, AT_ONCE).then


def there_or_none(hand: Any) -> Any:
    """None in place of a picture that was erased, so that the example stands in for it."""
    return None if isinstance(hand, Erased) else gr.skip()


def visibility(end_point: EndPoint | None) -> Literal["public", "private", "undocumented"]:
    if end_point is None:
        return "private"
    return "public" if end_point.shown else "undocumented"


def components_of(part: Input) -> tuple[Component, ...]:
    """The components whose values a handler's argument is made of."""
    if isinstance(part, Together):
        return part.components
    return () if isinstance(part, Chosen) else (part,)


def index_of(event: Any) -> Any:
    """What was chosen.

    Raises:
        gr.Error: if a program called the event and said nothing of it.
    """
    try:
        return event.index
    except (AttributeError, TypeError):  # no event data, or none with an index
        raise gr.Error(NOT_CHOSEN, print_exception=False) from None


def plain(handler: Callable, inputs: Sequence[Input], outputs: Any) -> Callable:
    """A handler as Gradio calls it: a value for each component, in order."""

    def arguments(values: tuple) -> Iterator:
        rest = iter(values)
        for part in inputs:
            if isinstance(part, Together):
                yield part.made_of([next(rest) for _ in part.components])
            elif isinstance(part, Chosen):
                yield index_of(next(rest))
            else:
                yield next(rest)

    def given(value: Any) -> Any:
        value = outputs.taken_apart(value) if isinstance(outputs, Together) else value
        return tuple(map(as_json, value)) if isinstance(value, tuple) else as_json(value)

    def answer(*values):
        after_imports()
        return given(handler(*arguments(values)))

    def answers(*values):
        after_imports()
        for value in handler(*arguments(values)):
            yield given(value)
            give_way()

    called = answers if inspect.isgeneratorfunction(handler) else answer
    # Gradio reads the names of an endpoint's parameters, and where it is to put event data,
    # from the signature.
    names = list(inspect.signature(handler).parameters)
    parameters = []
    for name, part in zip(names, inputs, strict=True):
        each = [field.name for field in fields(part.kind)] if isinstance(part, Together) else [name]
        parameters += [inspect.Parameter(x, inspect.Parameter.POSITIONAL_OR_KEYWORD) for x in each]
        if isinstance(part, Chosen):
            called.__annotations__[name] = gr.EventData
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    called.__name__ = getattr(handler, "__name__", "handler")
    called.__doc__ = handler.__doc__  # what agents read of the parameters
    return called


def stoppable(
    start: gr.Button,
    halt: gr.Button,
    run: Callable,
    inputs: Sequence[Input],
    outputs: Together | Component | Sequence[Component],
    lane: Lane,
    stopped_by: Sequence[Trigger] = (),
    again: bool = True,
) -> Dependency:
    """Run something long on a click; while it waits and runs, there is a button to stop it.

    What it is started by says so.

    Args:
        start: what it is started by.
        halt: what it is stopped by, invisible at first.
        run: what runs; see `connect`, for `inputs`, `outputs` and `lane` too.
        inputs: of `run`.
        outputs: of `run`.
        lane: of `run`.
        stopped_by: other events that stop it; the button is then as it was at first.
        again: whether it can be started again once it has ended.

    Returns:
        What runs.
    """

    label, at_first = start.value, start.interactive is not False

    def begin() -> tuple:
        return gr.Button("Waiting to start…", interactive=False), gr.Button(visible=True)

    def have_turn() -> gr.Button:
        return gr.Button("Running…", interactive=False)

    def ended(interactive: bool) -> Callable[[], tuple]:
        return lambda: (gr.Button(label, interactive=interactive), gr.Button(visible=False))

    buttons = [start, halt]
    begun = connect(start.click, begin, outputs=buttons, lane=AT_ONCE)
    # A run that was stopped may still be busy with its last step when the next one is asked for,
    # and its end, which is no success, must not hide the button that stops the next.
    turn = connect(begun.then, have_turn, outputs=start, lane=lane, while_busy="multiple")
    going = connect(turn.success, telling(run), inputs, outputs, lane, while_busy="multiple")
    connect(going.success, ended(again), outputs=buttons, lane=AT_ONCE)
    for triggers, interactive in (([halt.click], True), (stopped_by, at_first)):
        if triggers:
            connect(
                triggers, ended(interactive), outputs=buttons, lane=AT_ONCE, cancels=[turn, going]
            )
    return going


def telling(run: Callable) -> Callable:
    """A generator that says why it ends early, rather than fails, so that what follows it runs.

    That holds for the house's own sentences; the page answers for all else.
    """

    @wraps(run)
    def told(*values):
        try:
            yield from run(*values)
        except gr.Error as error:
            gr.Warning(str(error.message))

    return told
