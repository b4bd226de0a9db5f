"""Measurements, with TensorFlow as the page runs it."""

from model.reading.kernels import prepare_tensorflow

prepare_tensorflow()
