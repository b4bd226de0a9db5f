"""The tab to look inside: a map of the network to walk, block by block and channel by channel."""

from __future__ import annotations

import gradio as gr

from demo.inside.handlers import Channels, Inside, OneChannel, OpenBlock, WholeNetwork
from demo.inside.layout import layout
from demo.kit.events import CHOSEN, NETWORK, TRAINING, connect, opened, together
from demo.kit.network import Waking

COLOUR_BY = '(by) => { document.querySelector("#map").dataset.by = by; }'


def tab(waking: Waking, hand: gr.State, room: gr.Tab) -> gr.HTML:
    """Lay the tab out and wire it.

    Args:
        waking: the network.
        hand: holds the `ReadPicture` that is looked at, None at first.
        room: the tab itself; opening it shows what the picture in hand does to the network.

    Returns:
        The component that shows the layer table once the network is awake.
    """
    inside, page = Inside(waking), layout()
    climbing = connect(
        page.channel_card.click,
        inside.climb,
        [hand, page.block, page.digit, page.channel],
        page.channel_card,
        TRAINING,
    )
    connect(
        climbing.failure,
        inside.open_channel,
        [hand, page.block, page.digit, page.channel],
        together(OneChannel, page),
        NETWORK,
    )
    carried = connect(opened(room, hand), inside.carry, [hand], page.carried, cancels=climbing)
    connect(
        carried.then,
        inside.arrive,
        [hand, page.block, page.digit],
        together(WholeNetwork, page),
        NETWORK,
        while_busy="always_last",
    )
    connect(page.measure.input, None, [page.measure], js=COLOUR_BY)
    connect(
        page.network_map.select,
        inside.open_block,
        [hand, page.digit, CHOSEN],
        together(OpenBlock, page),
        NETWORK,
        while_busy="multiple",
        cancels=climbing,
    )
    connect(
        page.digit.input,
        inside.weigh,
        [hand, page.block, page.digit],
        together(Channels, page),
        NETWORK,
        while_busy="always_last",
        cancels=climbing,
    )
    connect(
        page.channel_mosaic.select,
        inside.open_channel,
        [hand, page.block, page.digit, CHOSEN],
        together(OneChannel, page),
        NETWORK,
        while_busy="multiple",
        cancels=climbing,
    )
    return page.layer_table
