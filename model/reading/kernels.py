"""How TensorFlow reads pictures."""

import os
import re
import sys
import tempfile

NOISE = re.compile(rb"absl::InitializeLog|cudart_stub")  # in each start without a graphics card


def import_tensorflow(small_layers: bool = True) -> None:
    """Import TensorFlow, told how to read pictures.

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
    # What it says while it is imported heeds no level, so it is held back, and told without NOISE.
    sys.stderr.flush()
    with tempfile.TemporaryFile() as said:
        terminal = os.dup(2)
        os.dup2(said.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
            said.seek(0)
            os.write(2, b"".join(line for line in said if not NOISE.search(line)))
