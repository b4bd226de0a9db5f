"""Which of its kernels TensorFlow reads pictures with."""

import os


def prepare_tensorflow() -> None:
    """Say what TensorFlow must know before it is imported."""
    # Its own kernels read one picture or many faster than oneDNN's, which train faster.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # or it calls it an error to have no GPU
