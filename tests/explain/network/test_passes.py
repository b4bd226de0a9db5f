import keras
import numpy as np
import tensorflow as tf

from explain.network.passes import Passes, turned


def test_a_turned_kernel_by_hand():
    kernel = np.arange(9, dtype=np.float32).reshape(3, 3, 1, 1) * np.float32([1, -10])
    back = turned(kernel)
    assert back.shape == (3, 3, 2, 1)
    np.testing.assert_array_equal(back[:, :, 0, 0], [[8, 7, 6], [5, 4, 3], [2, 1, 0]])
    np.testing.assert_array_equal(back[:, :, 1, 0], -10 * back[:, :, 0, 0])


def test_both_passes_equal_keras_and_the_tape_at_every_layer(small):
    model = small.folded
    rng = np.random.default_rng(0)
    pictures = tf.constant(rng.random((2, 64, 64, 3), np.float32))
    seed = tf.constant(rng.normal(size=(2, 6)).astype(np.float32))
    names = [layer.name for layer in model.layers]
    names = names[names.index("conv1_relu") :]
    staged = keras.Model(model.input, [model.get_layer(name).output for name in names])
    with tf.GradientTape() as tape:
        expected = staged(pictures, training=False)
        score = tf.reduce_sum(seed * expected[-1])
    slopes = tape.gradient(score, expected)
    passes = Passes(model)
    outputs = passes.forward(passes.weights, pictures)
    gradients = passes.backward(passes.weights, outputs, seed)
    for name, output, slope in zip(names, expected, slopes, strict=True):
        np.testing.assert_allclose(outputs[name], output, rtol=1e-4, atol=1e-5, err_msg=name)
        scale = np.abs(slope).max()
        assert scale > 0, name
        np.testing.assert_allclose(gradients[name] / scale, slope / scale, atol=1e-5, err_msg=name)
