"""The colours of heat maps, charts and diagrams; the page takes them from here too."""

import numpy as np

# Of a heat map: what speaks for a digit, what speaks against it, and nothing either way.
MAP_COLOURS = {"for": "#ff9416", "against": "#8157f5", "nothing": "#969696"}

# Of lines and bars, and of the parts of a diagram, where no page sets a variable of that name.
CHART_COLOURS = {"residual": "#d0743c", "plain": "#4c7a99"}
DIAGRAM_COLOURS = {"box": "#4c7a99", "shortcut": "#d0743c", "paper": "Canvas"}
QUIET = "#737373"  # of words that stand back: legible on white and on black


def rgb(colour: str) -> np.ndarray:
    """Red, green and blue of a colour such as `#ff9416`, float32 [3] in 0..255."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], np.float32)
