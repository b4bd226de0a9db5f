"""Keeps two threads from importing TensorFlow at a time.

TensorFlow imports Keras, and Keras imports TensorFlow. Where two threads begin at either end,
Python gives each a module that is half made, and neither ever works.
"""

import threading

importing = threading.Lock()


def after_imports() -> None:
    """Wait while another thread imports TensorFlow."""
    with importing:
        pass
