"""The forward and the backward pass of a network, made fast for a single picture."""

from itertools import dropwhile
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from explain.network.architecture import sources_of


class Weights(NamedTuple):
    """The weights of the two passes.

    Attributes:
        forward: kernel and bias of each layer that has them.
        backward: the kernel of each convolution that carries its gradient back.
    """

    forward: dict[str, tuple[tf.Tensor, tf.Tensor]]
    backward: dict[str, tf.Tensor]


def turned(kernel: np.ndarray) -> np.ndarray:
    """The kernel that carries a gradient back through a convolution of stride 1.

    Args:
        kernel: float32 [h, w, channels in, channels out], h and w odd.

    Returns:
        float32 [h, w, channels out, channels in].
    """
    return np.ascontiguousarray(kernel[::-1, ::-1].transpose(0, 1, 3, 2))


class Passes:
    """The two passes of a network without BatchNorm, to be called inside a `tf.function`.

    For a single picture TensorFlow takes several times as long for the gradient of a convolution
    with respect to its input as for the convolution itself. With the kernel turned round the
    gradient is a convolution too, and as fast. Gradients of weights are never needed.

    Args:
        model: a network that `model.network.resnet.folded` made.

    Attributes:
        weights: those of the network.
    """

    def __init__(self, model: keras.Model):
        self.layers = model.layers
        self.sources = {x.name: [source.name for source in sources_of(x)] for x in model.layers}
        self.weights = self.weights_of({x.name: x.get_weights() for x in model.layers if x.weights})

    def weights_of(self, arrays: dict[str, list[np.ndarray]]) -> Weights:
        """Weights from the kernel and bias, float32 arrays, of each layer that has them."""
        kernels = {x.name: arrays[x.name][0] for x in self.layers if isinstance(x, layers.Conv2D)}
        return Weights(
            {name: tuple(tf.constant(a) for a in pair) for name, pair in arrays.items()},
            {name: tf.constant(turned(kernel)) for name, kernel in kernels.items()},
        )

    def forward(self, weights: Weights, pictures) -> dict[str, tf.Tensor]:
        """Every layer's output for pictures, float32 [n, h, w, 3]."""
        outputs = {self.layers[0].name: pictures}
        for layer in self.layers[1:]:
            sources = [outputs[name] for name in self.sources[layer.name]]
            if layer.name not in weights.forward:
                outputs[layer.name] = layer(sources if len(sources) > 1 else sources[0])
                continue
            kernel, bias = weights.forward[layer.name]
            if isinstance(layer, layers.Conv2D):
                linear = tf.nn.conv2d(sources[0], kernel, layer.strides, layer.padding.upper())
            else:
                linear = sources[0] @ kernel
            outputs[layer.name] = tf.nn.bias_add(linear, bias)
        return outputs

    def backward(
        self, weights: Weights, outputs, seed, down_to: str = "conv1_relu", start: str | None = None
    ) -> dict[str, tf.Tensor]:
        """The gradient of a sum of logits with respect to the output of every layer.

        Args:
            weights: with which `outputs` were made.
            outputs: of every layer, from `forward`.
            seed: float32 [n, digits], the weight of each logit in the sum; or the gradient at
                `start`.
            down_to: the layer at whose output the pass ends.
            start: the layer at whose output it begins, which all that comes later goes through;
                None for the logits.

        Returns:
            For each layer from there to `down_to`, a tensor of the shape of its output.
        """
        start = start or self.layers[-1].name
        gradients = {start: seed}
        for layer in dropwhile(lambda layer: layer.name != start, reversed(self.layers)):
            if layer.name == down_to:
                return gradients
            gradient = self._through(layer, weights, outputs, gradients[layer.name])
            for name in self.sources[layer.name]:
                gradients[name] = gradients[name] + gradient if name in gradients else gradient
        raise ValueError(f"There is no layer {down_to}.")

    def _through(self, layer, weights: Weights, outputs, gradient):
        """Carry a gradient with respect to a layer's output back to its input, or to each."""
        source = outputs[self.sources[layer.name][0]]
        match layer:
            case layers.Conv2D():
                gradient = tf.nn.conv2d(gradient, weights.backward[layer.name], 1, "SAME")
                if layer.strides[0] == 1:
                    return gradient
                return tf.raw_ops.StridedSliceGrad(  # a 1x1 kernel sees every other cell alone
                    shape=tf.shape(source),
                    begin=[0] * 4,
                    end=tf.shape(source),
                    strides=[1, *layer.strides, 1],
                    dy=gradient,
                )
            case layers.Activation():
                return tf.raw_ops.ReluGrad(gradients=gradient, features=outputs[layer.name])
            case layers.MaxPooling2D():
                return tf.raw_ops.MaxPoolGrad(
                    orig_input=source,
                    orig_output=outputs[layer.name],
                    grad=gradient,
                    ksize=[1, *layer.pool_size, 1],
                    strides=[1, *layer.strides, 1],
                    padding="VALID",
                )
            case layers.GlobalAveragePooling2D():
                cells = tf.cast(tf.shape(source)[1] * tf.shape(source)[2], tf.float32)
                return tf.broadcast_to(gradient[:, None, None] / cells, tf.shape(source))
            case layers.Dense():
                return tf.matmul(gradient, weights.forward[layer.name][0], transpose_b=True)
            case _:  # additions, and what is left of BatchNorm
                return gradient
