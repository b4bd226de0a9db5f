"""How people count on a hand: which fingers are up, where the thumb is, how each joint bends."""

from dataclasses import dataclass

import numpy as np

from model.synthetic.people.body import FINGERS


@dataclass(frozen=True)
class Gesture:
    """A way to show a digit.

    Attributes:
        digit: 0 to 5.
        raised: letters of the raised fingers, of TIMRL.
        thumb: where a thumb that does not count is: over the folded fingers, beside the hand,
            across the palm, inside the fist, or closing a ring with the index.
        share: how often, among the ways to show the digit.
    """

    digit: int
    raised: str
    thumb: str
    share: float


GESTURES = (
    Gesture(0, "", "over", 0.35),
    Gesture(0, "", "beside", 0.15),
    Gesture(0, "", "inside", 0.1),
    Gesture(0, "", "ring", 0.4),
    Gesture(1, "I", "over", 0.62),
    Gesture(1, "I", "beside", 0.06),
    Gesture(1, "T", "out", 0.18),
    Gesture(1, "L", "over", 0.1),
    Gesture(1, "M", "over", 0.04),
    Gesture(2, "IM", "over", 0.62),
    Gesture(2, "IM", "beside", 0.05),
    Gesture(2, "TI", "out", 0.28),
    Gesture(2, "IL", "over", 0.05),
    Gesture(3, "TIM", "out", 0.36),
    Gesture(3, "IMR", "over", 0.36),
    Gesture(3, "MRL", "ring", 0.2),
    Gesture(3, "MRL", "over", 0.08),
    Gesture(4, "IMRL", "across", 0.78),
    Gesture(4, "IMRL", "beside", 0.17),
    Gesture(4, "TIMR", "out", 0.05),
    Gesture(5, "TIMRL", "out", 1.0),
)

# Degrees, from flat; the extremes that a healthy hand reaches.
LIMITS = {"mcp": (-25, 95), "pip": (-5, 115), "dip": (-5, 80), "spread": (-25, 25)}
SPREADS = np.array((9.0, 1.0, -6.0, -15.0))  # fanned, index to little, towards the thumb


@dataclass(frozen=True)
class Bends:
    """Angles of the four fingers' joints in degrees, float64 [4] each, index to little.

    Attributes:
        mcp: knuckles, 0 flat, 90 folded.
        pip: middle joints.
        dip: last joints.
        spread: towards the thumb.
    """

    mcp: np.ndarray
    pip: np.ndarray
    dip: np.ndarray
    spread: np.ndarray


def draw_gesture(digit: int, rng: np.random.Generator) -> Gesture:
    """Draw a way to show a digit, the common ones more often."""
    ways = [gesture for gesture in GESTURES if gesture.digit == digit]
    shares = np.array([way.share for way in ways])
    return ways[rng.choice(len(ways), p=shares / shares.sum())]


def draw_bends(gesture: Gesture, rng: np.random.Generator) -> Bends:
    """Bend the four fingers as a person who shows a gesture would.

    Returns:
        Angles within LIMITS: raised fingers almost straight, folded ones curled, and neighbours
        that follow each other, since fingers share tendons.
    """
    up = np.array([letter in gesture.raised for letter in FINGERS[1:]])
    lazy = rng.uniform(0, 1)  # how little the person stretches the raised fingers
    mcp = np.where(up, rng.normal(2 + 8 * lazy, 6, 4), rng.normal(83, 5) + rng.normal(0, 3, 4))
    pip = np.where(
        up,
        np.abs(rng.normal(4 + 14 * lazy * rng.random(4), 4)),
        rng.normal(104, 5) + rng.normal(0, 3, 4),
    )
    dip = np.where(
        up, 0.5 * pip + np.abs(rng.normal(0, 3, 4)), rng.normal(60, 7) + rng.normal(0, 4, 4)
    )
    if up[3] and not up[2]:  # the ring finger cannot stay down when the little one rises
        mcp[2], pip[2] = mcp[2] - rng.uniform(8, 25), pip[2] - rng.uniform(0, 12)
    if up[2] and not up[3]:
        mcp[3] -= rng.uniform(5, 25)
    if up[1] and not up[2] and rng.random() < 0.5:
        mcp[2] -= rng.uniform(0, 12)
    fan = rng.uniform(0.0, 0.35) if rng.random() < 0.3 else rng.uniform(0.6, 1.5)
    spread = np.where(up, fan * SPREADS + rng.normal(0, 1.5, 4), 0.2 * SPREADS)
    if gesture.thumb == "ring":
        closing = np.flatnonzero(~up)
        mcp[closing] = rng.normal(52, 5) + np.linspace(0, 8, len(closing))
        pip[closing] = rng.normal(62, 6) + rng.normal(0, 2, len(closing))
        dip[closing] = rng.normal(32, 5)
        spread[closing] = 0.1 * SPREADS[closing]
    elif gesture.thumb == "inside":
        mcp[~up] -= rng.uniform(8, 16)
        pip[~up] -= rng.uniform(2, 10)
    return Bends(
        *(
            np.clip(angles, *LIMITS[name])
            for name, angles in zip(LIMITS, (mcp, pip, dip, spread), strict=True)
        )
    )
