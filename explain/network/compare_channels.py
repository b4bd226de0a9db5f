"""Two pictures compared by what the channels of a stage answer to them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ComparedChannels:
    """What sets two pictures apart in a stage, and what they have in common.

    Attributes:
        means: float32 [2, c], the mean activation of each channel in each picture.
        shared: 0..1, the part of these means that both pictures have: the sum of the smaller of
            each two over the sum of the larger.
        first: the channels that answer more to the first picture, the most different first.
        second: the same for the second picture.
        both: the other channels, those that answer most to both pictures first.
    """

    means: np.ndarray
    shared: float
    first: list[int]
    second: list[int]
    both: list[int]


def compare_channels(first: np.ndarray, second: np.ndarray, count: int) -> ComparedChannels:
    """Compare what the channels of a stage answer to two pictures, wherever in the picture.

    Args:
        first: float32 [h, w, c], activations, zero or more.
        second: the same of another picture.
        count: how many channels of each kind are named at most.
    """
    means = np.stack([first.mean((0, 1)), second.mean((0, 1))])
    common, larger, apart = means.min(0), float(means.max(0).sum()), means[0] - means[1]
    shared = float(common.sum()) / larger if larger else 1.0
    more, less = largest(apart, count), largest(-apart, count)
    common[more + less] = 0
    return ComparedChannels(means, shared, more, less, largest(common, count))


def largest(values: np.ndarray, count: int) -> list[int]:
    """The places of the largest values above zero, from the largest on."""
    ranked = np.argsort(-values, kind="stable")[:count]
    return ranked[values[ranked] > 0].tolist()
