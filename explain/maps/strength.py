"""How strongly a map shows: where its colours are full, where they fade to nothing."""

import numpy as np

from model.network.stages import SIZE

FULL = 0.98  # quantile of a sharp map's magnitudes that gets the full colour
FAINT = 0.15  # share of the scale up to which evidence shows no colour at all
PLAIN = 1 / 3  # of the full colour, from which it is plainly visible
PATCH = 8  # pixels a side of the squares in which the sharp map's scale counts
ENOUGH = 0.03  # share of a hand on which a colour must be plain, for the map to show it
STRONG, SMALL = 0.75, 0.005  # of the full colour, and of the picture: seen all the same


def reach(signed: np.ndarray) -> float:
    """The magnitude at which a sharp map gets the full colour: two pixels of a hundred go beyond.

    On the scale of its single strongest pixel all the rest would be pale.
    """
    return float(np.quantile(np.abs(signed), FULL)) or float(np.abs(signed).max())


def full_at(stage: str, signed: np.ndarray) -> float:
    """The magnitude at which a map gets the full colour: of cells, the strongest.

    Args:
        stage: whose cells they are, or `sharp`.
        signed: float32 [h, w], the map.
    """
    return reach(signed) if stage == "sharp" else float(np.abs(signed).max())


def patch_end(top: float) -> float:
    """Where a sharp map's scale ends, in logits for each PATCH by PATCH pixels.

    Args:
        top: the magnitude that gets the full colour; the map's mean over a picture is in logits.
    """
    return top * (PATCH / SIZE) ** 2


def fade(signed: np.ndarray, top: float) -> np.ndarray:
    """How much colour each place of a map gets: weak evidence none, on both sides alike.

    Args:
        signed: float32 [h, w].
        top: the magnitude that gets the full colour, above zero.

    Returns:
        float32 [h, w] in -1..1, above zero for the digit, below zero against it.
    """
    share = np.clip(np.abs(signed) / top, 0, 1)
    return np.sign(signed) * np.clip((share - FAINT) / (1 - FAINT), 0, 1)


def is_plain(colour: np.ndarray, hand: np.ndarray | None = None) -> bool:
    """Whether a colour, float32 [h, w] in 0..1, is plainly visible, on a hand if one is given.

    Args:
        colour: such as `fade(signed, top)`, or less than that for what speaks against.
        hand: bool [h, w], where the hand is.
    """
    where = colour if hand is None else colour[hand]
    return bool((where >= PLAIN).mean() >= ENOUGH)


def is_seen(colour: np.ndarray) -> bool:
    """Whether a colour, float32 [h, w] in 0..1, is plainly visible, or strong in a small place."""
    return is_plain(colour) or bool((colour >= STRONG).mean() >= SMALL)
