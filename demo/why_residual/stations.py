"""The experiments, a row each: what they are about, and the card that shows them.

A station is named in the text of another by its key in braces, which becomes its number; so
{BatchNorm} becomes a term that says what it means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from demo.kit.glossary import term
from demo.why_residual import cards
from demo.why_residual.records import recorded


@dataclass(frozen=True)
class Station:
    """A card of the tab.

    Attributes:
        key: by which other stations name it.
        title: of the card.
        claim: in one sentence.
        see: what to look for in the experiment.
        means: what follows from it.
        sources: authors and year, and arXiv number, of each paper.
        card: puts its components and its foot on the page, and returns them as a dataclass; takes
            the foot as HTML, and the number of every station by its key.
    """

    key: str
    title: str
    claim: str
    see: str
    means: str
    sources: tuple[tuple[str, str], ...]
    card: Callable[[str, dict[str, int]], Any]


HE = ("He et al. 2015", "1512.03385")

STATIONS = (
    Station(
        "inside_block",
        "The blocks themselves",
        "Two kinds of block make up the network: one whose shortcut hands the input on unchanged, "
        "and one whose shortcut is a projection.",
        "Point at a part, tap it, or go to it with the tab key to see what your picture has become "
        "there. A tile is a channel; orange is above zero, violet below. In an identity block the "
        "tiles of the main path, of the input and of the sum show the same channels: the sum is "
        "the other two added up.",
        "The main path first squeezes the channels into fewer, works on these with its "
        "3×3 convolution, and widens them again: a bottleneck, which makes depth affordable.",
        (HE,),
        cards.inside_block_card,
    ),
    Station(
        "gradient",
        "Where does the gradient go?",
        "A network learns from its last layer backwards, and over fifty layers the gradient, the "
        "message that tells each layer how to change, gets distorted.",
        "Start at the right end of each curve, the last layer, and walk left. Before training, "
        "{BatchNorm} makes the gradient grow on the way, far more in the plain network than in the "
        "residual one. Without "
        "BatchNorm the residual network begins with huge signals, since every block adds to them, "
        "and in the plain one the gradient shrinks on the way. Then move the slider. After a first "
        "jolt almost no gradient reaches the first layers of the plain one without BatchNorm; the "
        "others settle. (After so few steps no network has learned much; they are enough to see "
        "what the gradients do.) With the smaller weights that were "
        "usual before 2015, the gradient of the plain network is next to nothing in every layer "
        "from the start.",
        "Without BatchNorm, the gradients of deep plain networks do vanish once they train. With "
        "it, that is not why they fail: He et al. found that the gradients of theirs “exhibit "
        "healthy norms” and thought vanishing unlikely to be the cause. Two later findings show "
        "here as well. At the start BatchNorm makes the gradients of deep plain networks explode "
        "(Yang et al.). And gradients shatter: two almost equal pictures ask for unrelated changes "
        "(Balduzzi et al.); here far more with BatchNorm than without it (dashed). Shortcuts "
        "soften both.",
        (
            HE,
            ("Yang et al. 2019", "1902.08129"),
            ("Balduzzi et al. 2017", "1702.08591"),
            ("He et al. 2015, on initial weights", "1502.01852"),
        ),
        cards.gradient_card,
    ),
    Station(
        "depth",
        "Depth that hurts, shortcuts that help",
        "More layers should never do harm, since they could just pass on what they get; yet beyond "
        "some depth plain networks learn worse, even on the pictures that they train on.",
        "Compare the shallowest and the deepest network of each kind, in training first. The deep "
        "plain one does no better than guessing, even there: it has not begun to learn. The deep "
        "residual one lags behind the shallow one, but it learns. (Training pictures are distorted "
        "anew each time, and some of them show no hand, so they are harder than those of "
        "validation. The curves are of the first seed; the table has all.)",
        "He et al. called this degradation, and built residual networks to end it. These runs are "
        "far shorter than theirs, and a deeper network takes longer to train, even with shortcuts. "
        "So the gap between the two kinds at one depth says more than how far the deep residual "
        "network lags behind the shallow one. The network of this page, 50 layers deep, "
        "was trained for far more steps: {steps}.",
        (HE,),
        cards.depth_card,
    ),
    Station(
        "blocks_off",
        "Take blocks away",
        "A residual network can lose a block and carry on with the others; a plain one can't.",
        "Press a block to close its main path, so that only the shortcut carries the signal past "
        "it; press again to close its shortcut instead. The answer and the heat map are computed "
        "anew each time. Compare what one closed main path costs with what one closed shortcut "
        "costs: the charts say it in numbers. Close many main paths and the answer is lost too. "
        "Or swap two blocks of a stage: if each only refines what it is given, their order "
        "matters little.",
        "There are 2ⁿ ways through n blocks, since each block can be crossed or bypassed. Closing "
        "one main path leaves half of them; Veit et al. conclude that a residual network behaves "
        "like an ensemble of shallower ones. A plain network has a single way, and one missing "
        "block breaks it. Blocks that open a stage (marked ◩) can't be dropped whole: only they "
        "change the resolution or the number of channels. Their main path can be closed, or "
        "their projection, but not both.",
        (("Veit et al. 2016", "1605.06431"),),
        cards.blocks_off_card,
    ),
    Station(
        "ratios",
        "How much does each block do?",
        "If the blocks of a stage only refine what they are given, each adds little to it; here is "
        "how much each one adds to your picture.",
        "A bar is the norm of what the main path adds (the root of the sum of its squares), "
        "divided by the norm of what it is added to: at 0.3 a block changes its input by about a "
        "third. Where a stage opens, the shortcut is a projection, so it is not the input itself.",
        "Greff et al. read a stage as one estimate that is improved block by block. If so, the "
        "bars within a stage should be small, and losing a block should do little harm. A tall "
        "bar says that what a block adds is large beside what it gets. That alone does not mean "
        "that the network needs it: compare with station {blocks_off}.",
        (("Greff et al. 2017", "1612.07771"),),
        cards.ratios_card,
    ),
    Station(
        "identity",
        "The identity is easy",
        "If the best thing a block can do is nothing, a residual block has only to fall silent, "
        "while a plain one must learn to copy.",
        "Both stacks, equally large, are asked to give back what they get. Watch how far off "
        "they still are, with one block and then with four. Each residual block begins by adding "
        "something random, so that four of them begin further off.",
        "So further residual blocks do far less harm than further plain ones: those that aren't "
        "needed can become identities. A network can even start there, as the second experiment "
        "above shows: move its slider up from zero, and each block begins to change the signal. "
        "BatchNorm multiplies by a scale before the addition; with that scale at zero, a block "
        "with an identity shortcut gives back exactly what came in, and training opens it as far "
        "as it is useful. This page's network began that way.",
        (HE, ("Goyal et al. 2017", "1706.02677")),
        cards.identity_card,
    ),
    Station(
        "landscape",
        "A look at the landscape",
        "Training is a walk downhill on the loss; Li and others saw its ground break up into "
        "cliffs as plain networks get deeper, and stay smooth with shortcuts.",
        "In the middle is the trained network. Every other place is the same network with all its "
        "weights moved in two random directions, each filter in proportion to its own norm. "
        "Heights and colours are losses, on one logarithmic scale for both networks, so "
        "compare how deep each bowl is and how smooth its lines are. How wide it looks depends on "
        "how deep it is: the lower the loss in the middle, the sooner it doubles on the way out.",
        "The two bowls show how the loss rises around each network, and which of them came further "
        "down. They do not show that one is easier to train: that is decided on the "
        "way down, far from where training ends, and a slice along two out of millions of "
        "directions can miss every cliff. Li et al. saw bowls turn into chaos as plain networks "
        "grew to 56 layers and more, and stay bowls with shortcuts. Here the plain network of 50 "
        "layers has not begun to learn (station {depth}), so there is no trained network to look "
        "around from.",
        (("Li et al. 2018", "1712.09913"),),
        cards.landscape_card,
    ),
)


def steps() -> str:
    """How many steps the shipped network was trained for."""
    record = recorded("training")
    return f"{record['settings']['steps']:,}" if record else "see the model card"


NUMBERS = {station.key: number for number, station in enumerate(STATIONS, 1)}


def told(words: str) -> str:
    """A text of a station as HTML, with the numbers of others and its terms."""
    return escape(words).format(**NUMBERS, BatchNorm=term("BatchNorm"), steps=steps())


def look(station: Station) -> str:
    """What to look for, as HTML."""
    return f'<p class="told"><b>What to look for.</b> {told(station.see)}</p>'


def foot(station: Station) -> str:
    """What it means, and the sources, as HTML."""
    sources = " · ".join(
        f'<a href="https://arxiv.org/abs/{at}" target="_blank" rel="noreferrer">{escape(name)}, '
        f"arXiv:{at}</a>"
        for name, at in station.sources
    )
    return (
        f'<p class="told means"><b>What it means.</b> {told(station.means)}</p>'
        f'<p class="sources quiet">{sources}</p>'
    )
