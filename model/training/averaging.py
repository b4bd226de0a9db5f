"""The average of the weights, which is what is validated and shipped."""

import keras

AVERAGE_EVERY = 8  # steps between two updates of the average


def average_into(average: keras.Model, model: keras.Model, count: int, power: int) -> None:
    """Take the model's weights, the statistics of BatchNorm too, into their average.

    Polynomial-decay averaging: the k-th weights count about as the `power`-th power of k.

    Args:
        average: changed in place.
        model: the network.
        count: how many weights are in the average, these included; from 1 on.
        power: 0 is the plain mean.

    Source: Shamir and Zhang 2013, arXiv:1212.1824, section 4.
    """
    share = (power + 1) / (count + power)
    for mean, variable in zip(average.weights, model.weights, strict=True):
        mean.assign((1 - share) * mean + share * variable)
