"""What is worn over the skin: sleeves, cuffs, watches, rings."""

from dataclasses import dataclass

import numpy as np

from model.reading.light import linear


@dataclass(frozen=True)
class Shell:
    """A layer over the skin: a sleeve, a watch, a ring, hair.

    Attributes:
        lowest, highest: which part is covered, in the skin's measure `reach` (metres from the wrist
            up the arm, 1 the torso, 2 and more the head) or, on a finger, along its bones.
        thickness: metres over the skin.
        colour, other: linear RGB, float64 [3]; stripes or a pattern mix the two.
        shine: 0 cloth, 1 metal.
        stripes: per metre; 0 for none.
        finger: the finger that wears it, 1 the thumb to 5; 0 for the arm or the body.
    """

    lowest: float
    highest: float
    thickness: float
    colour: np.ndarray
    other: np.ndarray
    shine: float = 0.0
    stripes: float = 0.0
    finger: int = 0


def cloth_colour(rng: np.random.Generator) -> np.ndarray:
    """Linear RGB of a garment: dark, grey, white, sometimes gaudy."""
    grey = rng.beta(0.8, 1.2)
    tint = rng.normal(0, rng.choice([0.01, 0.06, 0.3]), 3)
    return linear(np.clip(grey + tint, 0.02, 0.95))


def draw_shells(rng: np.random.Generator, whole: bool) -> tuple[Shell, ...]:
    """Draw clothes, a watch, rings.

    Args:
        rng: draws.
        whole: whether the torso is seen too, which is then never bare.

    Returns:
        Layers from the inside out.
    """
    shells = []
    kind = rng.random()
    start = None
    if kind < 0.45:
        start = rng.uniform(-0.012, 0.06)  # long sleeve
    elif kind < 0.6:
        start = rng.uniform(0.06, 0.2)  # rolled up
    elif whole:
        start = rng.uniform(0.28, 0.5)
    if start is not None:
        colour = cloth_colour(rng)
        striped = rng.random() < 0.25
        shells.append(
            Shell(
                start,
                1.5,
                rng.choice([0.003, 0.006, 0.010]),
                colour,
                cloth_colour(rng) if striped else colour * rng.uniform(0.85, 1.15),
                0.0,
                rng.uniform(15, 80) if striped else 0.0,
            )
        )
        if start < 0.06 and rng.random() < 0.4:
            cuff = start + rng.uniform(0.015, 0.05)
            shells.append(
                Shell(
                    start - 0.004,
                    cuff,
                    shells[0].thickness + 0.002,
                    colour * rng.uniform(0.6, 1.3),
                    colour,
                )
            )
    if (start is None or start > 0.06) and rng.random() < 0.3:
        place = rng.uniform(0.018, 0.045)
        width = rng.choice([0.004, 0.010, 0.018, 0.022])
        metal = rng.random() < 0.4
        shade = linear((0.8, 0.78, 0.72)) if metal else cloth_colour(rng)
        shells.append(
            Shell(
                place,
                place + width,
                rng.uniform(0.0015, 0.005),
                shade,
                shade,
                0.9 if metal else 0.15,
            )
        )
    for _ in range(int(rng.random() < 0.25) + int(rng.random() < 0.06)):
        gold = linear(rng.choice([(0.95, 0.78, 0.4), (0.85, 0.85, 0.87), (0.2, 0.2, 0.22)]))
        place = rng.uniform(0.42, 0.55)
        shells.append(
            Shell(
                place,
                place + rng.uniform(0.08, 0.16),
                0.0008,
                gold,
                gold,
                1.0,
                0.0,
                int(rng.choice((1, 2, 3, 4, 4, 4, 5))),
            )
        )
    return tuple(shells)
