import keras
import numpy as np
import pytest
import tensorflow as tf

from model.network.batch_norm import BatchNormalization


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_it_trains_as_the_layer_of_keras_does(policy):
    picture = np.random.default_rng(0).normal(3, 2, (8, 5, 5, 4)).astype(np.float32)

    def trained(kind) -> list[np.ndarray]:
        layer = kind(momentum=0.9, dtype=keras.DTypePolicy(policy))
        layer.build(picture.shape)
        layer.gamma.assign([1, 2, 3, 0.5])
        x = tf.Variable(picture)
        with tf.GradientTape() as tape:
            normalised = layer(tf.cast(x, layer.compute_dtype), training=True)
            cubes = tf.reduce_sum(tf.cast(normalised, tf.float32) ** 3)
        found = [normalised, *tape.gradient(cubes, [x, layer.gamma.value, layer.beta.value])]
        found += [layer.moving_mean, layer.moving_variance, layer(picture, training=False)]
        return [np.asarray(tf.cast(each, tf.float32)) for each in found]

    ours, theirs = trained(BatchNormalization), trained(keras.layers.BatchNormalization)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-3)
