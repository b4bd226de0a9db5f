"""The switchboard: blocks closed or swapped, and what the network then says of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from demo.kit.components import TemplateValue
from demo.kit.data_urls import heat_url
from demo.kit.network import Network
from demo.kit.read_picture import ReadPicture, explain_digit
from demo.kit.words import LEVEL, percent
from model.digits import WORDS

if TYPE_CHECKING:
    from explain.experiments.switchboard import Switchboard

NOTHING_SWAPPED = "none"
STATES = {  # of a switch, in the order in which pressing goes through them
    "on": "on",
    "off": "main path off, the shortcut remains",
    "bare": "shortcut off, the main path remains",
}


@dataclass(frozen=True)
class Switch(TemplateValue):
    """A block's switch, in words and in the names of the page's style sheet."""

    name: str
    label: str
    state: str
    kind: str
    pressed: str
    words: str


@dataclass(frozen=True)
class Bank(TemplateValue):
    """The switches of a stage."""

    name: str
    blocks: tuple[Switch, ...]


@dataclass(frozen=True)
class Bar(TemplateValue):
    """The probability of a digit now and of the whole network, in percent and as text."""

    digit: int
    now: float
    before: float
    percent: str
    rank: str


@dataclass(frozen=True)
class SwitchboardCard(TemplateValue):
    """The switches, and what the network says with and without them."""

    stages: tuple[Bank, ...]
    all_on: bool
    was: str
    heat: str
    sentence: str
    bars: tuple[Bar, ...]


@cache
def switchboard_of(network: Network) -> Switchboard:
    from explain.experiments.switchboard import Switchboard

    return Switchboard(network.classifier)


def press_switch(states: dict[str, str], board: Switchboard, name: str) -> dict[str, str]:
    """The switches after one was pressed; with no name, all are on again."""
    if not name:
        return {}
    order = list(STATES)
    board.block(name)  # there is one
    following = order[(order.index(states.get(name, "on")) + 1) % len(order)]
    return {**states, name: following}


def gates(board: Switchboard, states: dict[str, str]) -> np.ndarray:
    return board.gates(
        [name for name, state in states.items() if state == "off"],
        [name for name, state in states.items() if state == "bare"],
    )


def pair(swap: str) -> tuple[str, str] | None:
    if swap == NOTHING_SWAPPED:
        return None
    one, other = swap.split(" ↔ ")
    return one, other


def switches(board: Switchboard, states: dict[str, str]) -> tuple[Bank, ...]:
    """The rows of switches, a stage each."""
    rows: dict[str, list[Switch]] = {}
    for block in board.blocks:
        stage, number = block.name.split("_block")
        state = states.get(block.name, "on")
        rows.setdefault(stage, []).append(
            Switch(
                block.name,
                label=f"{number} ◩" if block.shortcut else number,
                state=state,
                kind="opening" if block.shortcut else "",
                pressed=str(state == "on").lower(),
                words=STATES[state],
            )
        )
    return tuple(Bank(stage, tuple(blocks)) for stage, blocks in rows.items())


def switchboard_card(
    network: Network, hand: ReadPicture, states: dict[str, str], stage: str, swap: str
) -> SwitchboardCard:
    """The switches, and what the network says with and without them, of the digit that it reads.

    Args:
        network: what is asked.
        hand: the picture.
        states: of the switches that were pressed, by block, among STATES.
        stage: whose heat map is shown.
        swap: two blocks that change places, such as `conv3_block2 ↔ conv3_block3`, or
            NOTHING_SWAPPED.
    """
    from explain.maps.cells import lay

    board = switchboard_of(network)
    picture, digit = hand.crop[None] / np.float32(255), hand.reading.digit
    if hand.explanation.digit != digit:  # another one is explained under “Try it”
        hand = explain_digit(network, hand, digit)
    now = board.read(picture, gates(board, states)[None], stage, digit, pair(swap))
    assert now.maps is not None  # since a stage was asked for
    probabilities, before = now.probabilities[0], hand.explanation.probabilities
    first, second = np.argsort(-probabilities)[:2]
    was, all_on = int(before.argmax()), set(states.values()) <= {"on"}
    whole = all_on and swap == NOTHING_SWAPPED
    centres = network.explainer.centres[stage]
    maps = [lay(heat, centres) for heat in (hand.explanation.maps[stage], now.maps[0])]
    top = max(float(heat.max()) for heat in maps) or None
    sentence = f"read as {WORDS[first]}, {percent(float(probabilities[first]))}"
    if probabilities[first] < LEVEL:
        sentence = "no digit stands out"
    if first != was:
        said = f"{WORDS[was]}, {percent(float(before[was]))}"
        sentence = f"Now {sentence}; the whole network says {said}."
    else:
        sentence = f"{'Whole:' if whole else 'Still'} {sentence}."
    if all_on and not whole:
        sentence += f" All blocks are on, but two are swapped: {swap}."
    return SwitchboardCard(
        switches(board, states),
        all_on,
        was=heat_url(hand, maps[0], top),
        heat=heat_url(hand, maps[1], top),
        sentence=sentence,
        bars=tuple(
            Bar(
                digit,
                now=round(100 * float(p), 1),
                before=round(100 * float(q), 1),
                percent=percent(float(p)),
                rank={first: "first", second: "second"}.get(digit, ""),
            )
            for digit, (p, q) in enumerate(zip(probabilities, before, strict=True))
        ),
    )


def still_right(network: Network, states: dict[str, str], swap: str) -> str:
    """How many of a fixed set of made hands are read right, in a sentence."""
    from explain.experiments.blocks_off import accuracy
    from explain.experiments.made_hands import made_hands

    board, (pictures, digits) = switchboard_of(network), made_hands()
    share = accuracy(board, pictures, digits, gates=gates(board, states)[None], swapped=pair(swap))
    whole = whole_accuracy(network)
    count = len(digits)
    return (
        f"Of {count} hands rendered by a script, {round(share * count)} are read right; the whole "
        f"network reads {round(whole * count)} right."
    )


@cache
def whole_accuracy(network: Network) -> float:
    from explain.experiments.blocks_off import accuracy
    from explain.experiments.made_hands import made_hands

    return accuracy(switchboard_of(network), *made_hands())
