"""How events are wired."""

from collections.abc import Callable, Sequence

import gradio as gr
from gradio.components import Component
from gradio.events import Dependency


def stoppable(
    start: gr.Button,
    halt: gr.Button,
    run: Callable,
    inputs: list[Component],
    outputs: list[Component],
    stopped_by: Sequence[Callable] = (),
    **about,
) -> Dependency:
    """Run something long on a click; while it runs, and only then, there is a button to stop it.

    Args:
        start: what it is started by.
        halt: what it is stopped by, invisible at first.
        run: what runs, as of `gr.Button.click`, like `inputs`, `outputs` and `about`.
        inputs: of `run`.
        outputs: of `run`.
        stopped_by: other events that stop it.

    Returns:
        What runs.
    """

    def running(now: bool) -> tuple:
        return gr.Button(interactive=not now), gr.Button(visible=now)

    quiet = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    begun = start.click(lambda: running(True), outputs=[start, halt], **quiet)
    # A run that was stopped may still be busy with its last step when the next one is asked for,
    # and its end, which is no success, must not hide the button that stops the next.
    going = begun.then(run, inputs, outputs, trigger_mode="multiple", **about)
    going.success(lambda: running(False), outputs=[start, halt], **quiet)
    gr.on(
        [halt.click, *stopped_by],
        lambda: running(False),
        outputs=[start, halt],
        cancels=going,
        **quiet,
    )
    return going
