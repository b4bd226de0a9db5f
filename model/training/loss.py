"""What training makes small, and what it is watched by."""

import keras


def cross_entropy(targets, logits):
    """Cross-entropy with a seventh answer beside the digits, no hand, whose logit is always zero.

    The logsumexp of the digits' logits then is the log odds that there is a hand. Pictures without
    one are learnt from as in outlier exposure (Hendrycks et al. 2019, arXiv:1812.04606).

    Args:
        targets: [n, 6], 1 at the digit that is shown, all zeros where there is no hand.
        logits: [n, 6].

    Returns:
        [n], in nats.
    """
    everything = keras.ops.pad(logits, [[0, 0], [0, 1]])
    return keras.ops.logsumexp(everything, -1) - keras.ops.sum(targets * logits, -1)


def hand_accuracy(targets, logits):
    """Share of the pictures with a hand that are read right; those without one do not count."""
    hand = keras.ops.cast(keras.ops.max(targets, -1) > 0.5, "float32")
    right = keras.ops.equal(keras.ops.argmax(targets, -1), keras.ops.argmax(logits, -1))
    right = keras.ops.cast(right, "float32")
    return keras.ops.sum(right * hand) / keras.ops.maximum(keras.ops.sum(hand), 1.0)
