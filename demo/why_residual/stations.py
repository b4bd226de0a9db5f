"""What the seven experiments are about, in words; the numbers beside them come from the runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """The words of a station.

    Attributes:
        title: of the station.
        claim: in one sentence.
        see: what to look for in the experiment.
        means: what follows from it.
        sources: authors and year, and arXiv number, of each paper.
    """

    title: str
    claim: str
    see: str
    means: str
    sources: tuple[tuple[str, str], ...]


HE = ("He et al. 2015", "1512.03385")

STORIES = (
    Story(
        "Where does the gradient go?",
        "A network learns from its last layer backwards, and over fifty layers the message that "
        "tells each one how to change, the gradient, gets distorted.",
        "Start at the right end of each curve, the last layer, and walk left. Before training, "
        "BatchNorm makes the gradient grow on the way, and far more in the plain network than in "
        "the residual one. Without BatchNorm the residual network begins with huge signals, since "
        "every block adds to them, and in the plain one the gradient shrinks on the way. Then "
        "move the slider: after a first jolt the plain network without BatchNorm falls silent "
        "towards its first layers, and its loss stays that of guessing; the others calm down. "
        "With the smaller weights that were usual before 2015, the gradient of the plain network "
        "is next to nothing in every layer from the start.",
        "That gradients vanish in deep plain networks is true without BatchNorm. It is not why "
        "they fail with it: He et al. found that their plain networks “exhibit healthy norms” and "
        "thought vanishing unlikely to be the cause. Two later findings show here as well: at the "
        "start BatchNorm makes the gradients of deep plain networks explode (Yang et al.), and "
        "they shatter, so that two almost equal pictures ask for unrelated changes (Balduzzi et "
        "al.). Shortcuts soften both.",
        (
            HE,
            ("Yang et al. 2019", "1902.08129"),
            ("Balduzzi et al. 2017", "1702.08591"),
            ("He et al. 2015, the start", "1502.01852"),
        ),
    ),
    Story(
        "Depth that hurts, shortcuts that help",
        "More layers should never do harm, since they could just pass on what they get; yet plain "
        "networks come to a depth from which they learn worse, even the pictures that they train "
        "on.",
        "Compare the shallowest and the deepest network of each kind, in training first. The deep "
        "plain one stays where guessing would be, even there: it has not begun to learn. The deep "
        "residual one lags behind the shallow one, but it learns. (Training pictures are "
        "distorted anew each time, and a part of them shows no hand, so they are harder than those "
        "of validation.)",
        "He et al. called this degradation, and built residual networks to end it. These runs are "
        "far shorter than theirs, and a deeper network needs longer, with shortcuts too; so the "
        "gap between the two kinds is what counts here, not that between two depths. The network "
        "of this page, 50 layers deep, was given many times as many steps; the model card says "
        "how many.",
        (HE,),
    ),
    Story(
        "Take blocks away",
        "In a residual network hardly any single block is needed: switch one off and the others "
        "carry on.",
        "Press a block to close its main path, so that the shortcut alone carries the signal past "
        "it; press again to close its shortcut instead. The answer and the heat map are made anew "
        "each time. Most main paths are hardly missed, one at a time; the shortcuts are. Close "
        "many main paths and the answer goes as well. Or let two blocks of a stage change places: "
        "if each only refines what it is given, their order matters little.",
        "Through n blocks lead 2ⁿ ways, since each block can be passed or gone round. Closing one "
        "main path leaves half of them; Veit et al. conclude that a residual network works like a "
        "crowd of shallower ones. A plain network has a single way, and one missing block breaks "
        "it. Blocks that open a stage (marked ◩) can't be dropped whole: they change the "
        "resolution and the number of channels, and nothing else does. Their main path can be "
        "closed, or their projection, but not both.",
        (("Veit et al. 2016", "1605.06431"),),
    ),
    Story(
        "How much does each block do?",
        "Most blocks of stage conv4 add less than half of what they are given, as if each refined "
        "the same estimate a little.",
        "A bar is the length of what the main path adds (the root of the sum of its squares), "
        "divided by the length of what it is added to: at 0.3 a block changes its input by about a "
        "third. Where a stage opens, the shortcut is a projection, which isn't the input itself.",
        "Greff et al. read a stage as one estimate that is improved block by block; then small "
        "bars within a stage are what one expects, and so is surviving the loss of a block. A tall "
        "bar says that a block rewrites what it gets. That alone does not make it needed: compare "
        "with station 3.",
        (("Greff et al. 2017", "1612.07771"),),
    ),
    Story(
        "The identity is easy",
        "If the best thing a block can do is nothing, a residual block has only to fall silent, "
        "while a plain one must learn to copy.",
        "Both stacks, equally large, are asked to give back what they get. Watch how far from it "
        "they still are. With one block the plain stack lags behind; with two or four it hardly "
        "moves.",
        "So further blocks do no harm: those that aren't needed can become identities. One can "
        "even start there. BatchNorm multiplies by a scale before the addition; set to zero, the "
        "block gives back exactly what came in, and training opens it as far as it is useful. The "
        "network of this page began so.",
        (HE, ("Goyal et al. 2017", "1706.02677")),
    ),
    Story(
        "A look at the landscape",
        "Training is a walk downhill on the loss, and shortcuts keep the ground from breaking up "
        "into cliffs as networks get deeper.",
        "In the middle is the trained network. Every other place is the same network with all its "
        "weights moved in two random directions, each filter in proportion to its own length. The "
        "wider and rounder the bowl, the more directions lead down. At 26 layers both kinds lie in "
        "a bowl, the residual one in a deeper one; there is no chaos around the plain one yet.",
        "Li et al. saw bowls turn into chaos as plain networks grew to 56 layers and more, and "
        "remain bowls with shortcuts. Here the plain network of 50 layers has not begun to learn "
        "(station 2), so there is no place in it to look around from. And this is a slice of two "
        "out of millions of directions: it illustrates, and proves nothing.",
        (("Li et al. 2018", "1712.09913"),),
    ),
    Story(
        "The blocks themselves",
        "Two kinds of block make up the network: one whose shortcut hands the input on unchanged, "
        "and one whose shortcut is a projection.",
        "Tap or point at a part, or go to it with the tab key: beside it, or below, is what your "
        "picture has become there. A tile is a channel; orange is above zero, violet below. In an "
        "identity block the tiles before the addition, of the main path and after it are the same "
        "channels: the third is the sum of the first two.",
        "The main path first squeezes the channels, works on few of them with its 3×3 convolution, "
        "and widens them again: a bottleneck, which makes depth affordable.",
        (HE,),
    ),
)
