"""How TensorFlow reads pictures."""

import os


def prepare_tensorflow(small_layers: bool = True) -> None:
    """Say what TensorFlow must know before it is imported.

    Args:
        small_layers: whether the network's layers are too small for two processors to share the
            work of one: then a call runs on one, and others beside it, as
            `model.reading.together` has it.
    """
    # Its own kernels read one picture or many faster than oneDNN's, which train faster.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    if small_layers:
        os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # or it calls it an error to have no GPU
