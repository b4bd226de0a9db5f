"""A fixed set of hands made from geometry, for experiments that need no collection."""

from functools import cache

import numpy as np

from model.digits import DIGITS
from model.reading.images import to_input
from model.synthetic.rendered import render


@cache
def made_hands(count: int = 48, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Hands made from geometry, always the same for the same seed.

    Returns:
        float32 [count, 64, 64, 3] in 0..1, and their digits, int64 [count], in turn.
    """
    digits = np.arange(count) % DIGITS
    hands = [
        render(int(d), np.random.default_rng((seed, i)), "photo") for i, d in enumerate(digits)
    ]
    return np.stack([to_input(hand.picture) for hand in hands]) / np.float32(255), digits
