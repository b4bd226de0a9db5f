"""What the key terms mean, each in a line, for whoever meets them first on a tab."""

from html import escape
from itertools import count

MEANINGS = {
    "activation": "How strongly a channel responds at a place.",
    "BatchNorm": "Brings each channel to mean 0 and variance 1 (of the batch in training, of "
    "training's averages later), then scales and shifts it; it steadies training.",
    "calibration": "Making stated probabilities honest: of all answers it is 80 % sure of, about "
    "80 % should be right.",
    "heat map": "Colours laid over the picture that show which places counted for or against an "
    "answer.",
    "logit": "The network's raw score for a digit, any number; softmax turns the scores of all "
    "digits into probabilities.",
    "receptive field": "The part of the picture that one cell can depend on.",
    "shortcut": "The way around a block, on which its input reaches the sum: unchanged, or through "
    "a projection where the shape changes.",
}
NUMBERS = count()
JOINED = "\u2060"  # a comma after a term stays on its line


def term(name: str, shown: str = "") -> str:
    """A term as HTML: pressed, by mouse, touch or keyboard, it says what it means.

    Args:
        name: a key of MEANINGS.
        shown: how the sentence has it, such as `logits`; the name itself if empty.
    """
    key = f"meaning-{next(NUMBERS)}"
    return (
        f'<button type="button" class="term" popovertarget="{key}">{escape(shown or name)}</button>'
        f'<span class="meaning" id="{key}" popover>{escape(MEANINGS[name])}</span>{JOINED}'
    )
