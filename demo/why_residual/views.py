"""What “Why residual?” shows of a network and a picture, and what other tabs show like it."""

from __future__ import annotations

import base64
import io
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from demo.kit.figures import part_buttons
from demo.kit.hand import Hand, look, look_for, percent
from demo.kit.network import Network, Waking
from demo.try_it.tab import EXAMPLES
from model.digits import WORDS

if TYPE_CHECKING:
    from explain.experiments.identity import Opener
    from explain.experiments.switchboard import Switchboard

STAGES = ("conv3", "conv4", "conv5")  # whose heat maps the switchboard shows
NOTHING_SWAPPED = "none"
STATES = {  # of a switch, in the order in which pressing goes through them
    "on": "on",
    "off": "main path off, the shortcut remains",
    "bare": "shortcut off, the main path remains",
}
PLACES = {
    "in": ("What comes in", "The channels that the block changes most."),
    "1": ("Squeezed", "After the first 1×1 convolution and ReLU: few channels."),
    "2": ("Looked at together", "After the 3×3 convolution and ReLU: neighbours are compared."),
    "3": ("What the main path adds", "After the last 1×1 convolution: above or below zero."),
    "0": ("The projection", "The input, brought to the new size and number of channels."),
    "add": ("The sum", "Shortcut plus main path."),
    "out": ("What leaves", "The sum, with everything below zero cut off."),
    "picture": ("What comes in", "Its red, green and blue."),
    "conv1_conv": ("Edges and colours", "After the 7×7 convolution: above or below zero."),
    "conv1_relu": ("What is there", "The same channels, everything below zero cut off."),
    "pool1_pool": ("What leaves", "The largest of each 3×3 cells: where exactly is given up."),
    "avg_pool": ("Averaged", "The same channels: one number of each is left."),
    "predictions": ("The logits", "Of zero to five: all averages, weighed once, and a bias."),
}
EQUATIONS = {
    "identity": "y = ReLU(x + W₃ ∗ ReLU(W₂ ∗ ReLU(W₁ ∗ x)))",
    "convolutional": "y = ReLU(W₀ ∗ x + W₃ ∗ ReLU(W₂ ∗ ReLU(W₁ ∗ x)))",
    "stem": "y = max pooling(ReLU(W₁ ∗ x))",
    "head": "y = W x̄ + b: x̄ is the average over the cells, W and b are the dense layer's",
}


@cache
def switchboard(network: Network) -> Switchboard:
    from explain.experiments.switchboard import Switchboard

    return Switchboard(network.classifier)


@cache
def opener() -> Opener:
    from explain.experiments.identity import Opener

    return Opener()


@cache
def recorded(name: str) -> dict | None:
    from model.records import load_record

    return load_record(name)


@cache
def lesions_of(network: Network) -> dict | None:
    """What `explain.experiments.blocks_off` recorded; None for other weights."""
    from model.network.weights_file import weights_digest

    lesions = recorded("blocks_off")
    same = lesions and lesions.get("digest") == weights_digest(network.classifier.model)
    return lesions["shipped"] if same else None


@cache
def example(network: Network) -> Hand:
    """What is looked at until a visitor brings a hand."""
    return look(network, network.classifier.read(EXAMPLES / "3_photo.jpg"))


def in_hand(waking: Waking, hand: Hand | None) -> Hand:
    """The visitor's picture, or the example."""
    return hand or example(waking.network())


def whose(hand: Hand | None, what: str) -> str:
    """Whose picture it is to which something is done, such as `is put to the test`."""
    if hand is None:
        words = (
            "No picture in hand yet: until you show one under “Try it”, an example that shows "
            f"three {what}."
        )
    elif hand.reading.is_hand:
        words = f"Your picture {what}, read as <b>{WORDS[hand.reading.digit]}</b>."
    else:
        words = (
            f"Your picture {what}. The network sees no hand in it; "
            f"<b>{WORDS[hand.reading.digit]}</b> is the digit that it would be."
        )
    return f"<p class='quiet'>{words}</p>"


def data_url(pixels: np.ndarray) -> str:
    """A picture, uint8 [h, w, 3 or 4], as data URL."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", lossless=pixels.shape[-1] == 4, quality=80)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()


def small(hand: Hand, heat: np.ndarray, top: float | None) -> str:
    """A heat map over the picture in hand, 240 pixels wide, as data URL; `top` as of `overlay`."""
    from explain.draw.heat_maps import overlay

    picture = np.asarray(Image.fromarray(hand.shown).resize((240, 240), Image.Resampling.BOX))
    return data_url(overlay(picture, heat, top=top))


def pressed(states: dict[str, str], board: Switchboard, name: str) -> dict[str, str]:
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
    return None if swap == NOTHING_SWAPPED else tuple(swap.split(" ↔ "))


def switches(board: Switchboard, states: dict[str, str]) -> list[dict]:
    """The rows of switches, a stage each, as the template shows them."""
    rows = {}
    for block in board.blocks:
        stage, number = block.name.split("_block")
        state = states.get(block.name, "on")
        rows.setdefault(stage, []).append(
            {
                "name": block.name,
                "label": f"{number} ◩" if block.shortcut else number,
                "state": state,
                "kind": "opening" if block.shortcut else "",
                "pressed": str(state == "on").lower(),
                "words": STATES[state],
            }
        )
    return [{"name": stage, "blocks": blocks} for stage, blocks in rows.items()]


def outcome(network: Network, hand: Hand, states: dict[str, str], stage: str, swap: str) -> dict:
    """The switchboard with what the network says now, and said whole, of the digit it reads."""
    from explain.maps.cells import lay

    board = switchboard(network)
    picture, digit = hand.crop[None] / np.float32(255), hand.reading.digit
    if hand.explanation.digit != digit:  # another one is explained under “Try it”
        hand = look_for(network, hand, digit)
    now = board.read(picture, gates(board, states)[None], stage, digit, pair(swap))
    probabilities, before = now.probabilities[0], hand.explanation.probabilities
    first, second = np.argsort(-probabilities)[:2]
    was, all_on = int(before.argmax()), set(states.values()) <= {"on"}
    whole = all_on and swap == NOTHING_SWAPPED
    centres = network.explainer.centres[stage]
    maps = [lay(heat, centres) for heat in (hand.explanation.maps[stage], now.maps[0])]
    top = max(float(heat.max()) for heat in maps) or None
    sentence = f"read as {WORDS[first]}, {percent(float(probabilities[first]))}"
    if first != was:
        sentence = f"Now {sentence}; whole it was {WORDS[was]}, {percent(float(before[was]))}."
    else:
        sentence = f"{'Whole:' if whole else 'Still'} {sentence}."
    if all_on and not whole:
        sentence += f" All blocks are on, but two have changed places: {swap}."
    return {
        "stages": switches(board, states),
        "all_on": all_on,
        "was": small(hand, maps[0], top),
        "heat": small(hand, maps[1], top),
        "sentence": sentence,
        "bars": [
            {
                "digit": digit,
                "now": round(100 * float(p), 1),
                "before": round(100 * float(q), 1),
                "percent": percent(float(p)),
                "rank": {first: "first", second: "second"}.get(digit, ""),
            }
            for digit, (p, q) in enumerate(zip(probabilities, before, strict=True))
        ],
    }


def still_right(network: Network, states: dict[str, str], swap: str) -> str:
    """How many of a fixed set of made hands are read right, in a sentence."""
    from explain.experiments.blocks_off import accuracy
    from explain.experiments.made_hands import made_hands

    board, (pictures, digits) = switchboard(network), made_hands()
    share = accuracy(board, pictures, digits, gates=gates(board, states)[None], swapped=pair(swap))
    whole = whole_accuracy(network)
    count = len(digits)
    return (
        f"Of {count} hands made from geometry, {round(share * count)} are read right "
        f"({round(whole * count)} by the whole network)."
    )


@cache
def whole_accuracy(network: Network) -> float:
    from explain.experiments.blocks_off import accuracy
    from explain.experiments.made_hands import made_hands

    return accuracy(switchboard(network), *made_hands())


def alive(network: Network, hand: Hand, name: str) -> dict:
    """A block, the stem or the head, drawn, and what the picture in hand is at each place of it."""
    from explain.draw.diagrams import block_svg
    from explain.draw.heat_maps import tiles
    from explain.network.architecture import shape_text
    from explain.network.inside_block import look_inside, pick_channels

    views = look_inside(network.classifier, name, hand.crop)
    shown = pick_channels(views)
    block = next(block for block in network.summary.walk if block.name == name)
    return {
        "svg": part_buttons(block_svg(block)),
        "places": [
            {
                "place": place,
                "first": place == next(iter(shown)),
                "title": PLACES[place][0],
                "words": PLACES[place][1],
                "shape": shape_text(views[place].shape),
                "src": data_url(tiles(channels)),
            }
            for place, channels in shown.items()
        ],
        "equation": f"<p>{EQUATIONS[block.kind]}</p><p class='quiet'>x comes in and y goes out; "
        "each W is a convolution with its BatchNorm, ∗ its application.</p>",
    }
