"""The classes: the digits a hand can show, in the order of the network's logits."""

WORDS = ("zero", "one", "two", "three", "four", "five")
DIGITS = len(WORDS)
NO_HAND = -1  # in place of a digit
