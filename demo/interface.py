"""The page: its header, its tabs, each from a folder of its own, and its foot."""

import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import gradio as gr

from demo.inside.layer_table import layer_table
from demo.inside.tab import tab as inside
from demo.kit.about import About, about, readable_card, readable_lesson
from demo.kit.components import KIT, TemplateValue, html, own_component
from demo.kit.events import UNLIMITED, EndPoint, connect
from demo.kit.network import Network, Waking
from demo.kit.theme import MARK
from demo.scores.tab import tab as scores
from demo.serve.page import MOST_WAITING, Page
from demo.serve.programs import programs
from demo.serve.sweep import EVERY, SECONDS
from demo.trust.tab import tab as trust
from demo.try_it.film import film
from demo.try_it.tab import tab as try_it
from demo.why_residual.tab import tab as why_residual

TITLE = "Residual Hands"
SCRIPTS = ("address.js", "radio_groups.js")  # for all tabs

HEADER = f"""
<a class="skip" href="#rooms">Skip to the content</a>
<header class="brand">
  {MARK.read_text("utf-8")}
  <div><h1>{TITLE}</h1>
  <p>Hold up some fingers. A 50-layer network says how many, and shows where it looked.</p></div>
</header>
"""


@dataclass(frozen=True)
class Chip(TemplateValue):
    """How the network is: `waking`, `ready` or `broken`, and that in words."""

    state: str
    words: str


def build(load: Callable[[], Network]) -> tuple[gr.Blocks, Waking]:
    """Put the page together; the network is not loaded yet.

    Args:
        load: gives the network; called once, beside the page, when the returned `Waking` is
            started or somebody first asks.

    Returns:
        The page to launch, and the network that wakes up behind it.
    """
    waking = Waking(load)
    # Uploaded pictures are deleted after an hour, and all of them when the page ends.
    with Page(title=TITLE, analytics_enabled=False, delete_cache=(EVERY, SECONDS)) as page:
        with gr.Row(elem_id="top"):
            html(HEADER, js_on_load="\n".join(f"{{{read(name)}}}" for name in SCRIPTS))
            chip = html(
                Chip("waking", "Waking up…"),
                html_template='<p class="chip {{value.state}}" role="status">{{value.words}}</p>',
                min_width=120,
                elem_id="chip",
            )
        hand = gr.State(None)
        with gr.Tabs(elem_id="rooms", overflow_behavior="wrap"):  # a menu has no addresses
            with gr.Tab("Try it", id="try-it"):
                try_it(waking, hand)
            with gr.Tab("Inside", id="inside") as room:
                layers = inside(waking, hand, room)
            with gr.Tab("Can I trust it?", id="trust") as room:
                trust(waking, hand, room)
            with gr.Tab("Why residual?", id="why-residual") as room:
                why_residual(waking, hand, room)
            with gr.Tab("Scores", id="scores") as room:
                scores(room)
        page.routes = [film(waking)]
        foot = own_component(KIT / "about.html", About(), label="About", elem_id="about")
        with gr.Accordion("The model card", open=False, elem_classes="reading-matter"):
            gr.Markdown(readable_card())
        with gr.Accordion("A 45-minute lesson", open=False, elem_classes="reading-matter"):
            gr.Markdown(readable_lesson(), elem_id="lesson")
        programs(waking)

        connect(
            page.load,
            lambda: wake(waking),
            outputs=chip,
            lane=UNLIMITED,
            end_point=EndPoint("wake", "Wait until the network is loaded."),
        )
        connect(
            page.load,
            lambda: layer_table(waking.network().summary),
            outputs=layers,
            lane=UNLIMITED,
            end_point=EndPoint(
                "architecture",
                "Every layer of the network: shape, parameters, multiply-adds.",
            ),
        )
        connect(page.load, lambda: about(waking.network()), outputs=foot, lane=UNLIMITED)
    # A call waits in the queue or is refused; none goes past it.
    page.queue(max_size=MOST_WAITING, api_open=False)
    return page, waking


def read(script: str) -> str:
    return (KIT / script).read_text("utf-8")


def wake(waking: Waking) -> Chip:
    """Wait until the network is there, and say so, or why it will not come."""
    try:
        waking.network()
        with suppress(ValueError):  # the first picture starts one, too
            waking.decoders.start()
    except ValueError as error:
        return Chip("broken", str(error))
    except Exception:  # whatever it was, the page must not wait for ever
        traceback.print_exc()
        words = "The network could not be loaded; the terminal that started the page says why."
        return Chip("broken", words)
    return Chip("ready", "Ready")
