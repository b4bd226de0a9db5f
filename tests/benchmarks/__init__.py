"""Measurements, with TensorFlow as the page runs it."""

from model.reading.kernels import import_tensorflow

import_tensorflow()
