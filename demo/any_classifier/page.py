"""The page of another network than this project's own: any image classifier that Keras saved."""

from html import escape

import gradio as gr

from demo.any_classifier.handlers import Answered, AnyClassifier, Explained, HeatMap, Results
from demo.any_classifier.layout import lay_out
from demo.any_classifier.network import AnyNetwork
from demo.any_classifier.trust import Checked
from demo.inside.tab import COLOUR_BY
from demo.kit.components import KIT, html
from demo.kit.events import (
    AT_ONCE,
    CHOSEN,
    NETWORK,
    READING,
    UNLIMITED,
    Lane,
    connect,
    stoppable,
    together,
)
from demo.kit.network import Waking
from demo.kit.theme import MARK
from demo.serve.page import MOST_WAITING, Page
from demo.serve.sweep import EVERY, SECONDS
from demo.try_it.request import MapLook

FAST = Lane("trust")
SLOW = Lane("methods")
HEADER = """
<a class="skip" href="#rooms">Skip to the content</a>
<header class="brand">
  {mark}
  <div><h1>{name}</h1>
  <p>An image classifier of {classes} classes and {layers} layers: what it reads, and where it
  looked.</p></div>
</header>
"""


def build(network: AnyNetwork) -> tuple[gr.Blocks, Waking]:
    """Put the page together.

    Args:
        network: what it asks.

    Returns:
        The page to launch, and the network behind it, which is awake.
    """
    waking = Waking(lambda: network)  # type: ignore[arg-type, return-value]
    handlers = AnyClassifier(network, waking.decoders)
    header = HEADER.format(
        mark=MARK.read_text("utf-8"),
        name=escape(network.summary.name),
        classes=len(network.names),
        layers=len(network.summary.layers),
    )
    with Page(
        title=network.summary.name, analytics_enabled=False, delete_cache=(EVERY, SECONDS)
    ) as page:
        html(header, js_on_load=(KIT / "radio_groups.js").read_text("utf-8"))
        laid = lay_out(network)
        look = together(MapLook, laid)
        connect(
            [laid.upload.input, laid.upload.clear],
            handlers.read,
            [laid.upload, look],
            together(Answered, laid),
            READING,
            while_busy="always_last",
        )
        connect(
            laid.of_class.input,
            handlers.explain,
            [laid.hand, laid.of_class, look],
            together(Explained, laid),
            NETWORK,
            while_busy="always_last",
        )
        connect(
            [control.input for control in (laid.stage, laid.strength, laid.raw, laid.own)],
            handlers.show,
            [laid.hand, look],
            together(HeatMap, laid),
            UNLIMITED,
            while_busy="always_last",
        )
        connect(laid.measure.input, None, [laid.measure], js=COLOUR_BY)
        connect(
            laid.network_map.select,
            handlers.open_block,
            [CHOSEN],
            laid.block_card,
            while_busy="multiple",
        )
        tested = [laid.hand, laid.stage]
        others = [laid.upload.input, laid.upload.clear, laid.stage.input, laid.of_class.input]
        connect(others, handlers.forget_results, outputs=together(Results, laid), lane=AT_ONCE)
        stoppable(
            laid.check,
            laid.stop_check,
            handlers.check,
            tested,
            together(Checked, laid),
            FAST,
            others,
        )
        stoppable(
            laid.forget,
            laid.stop_forgetting,
            handlers.forget,
            tested,
            laid.forgotten,
            SLOW,
            others,
        )
        stoppable(
            laid.methods, laid.stop_methods, handlers.methods, tested, laid.gallery, SLOW, others
        )
    page.queue(max_size=MOST_WAITING, api_open=False)
    return page, waking
