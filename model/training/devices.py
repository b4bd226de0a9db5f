"""Training on several accelerators, by Keras' own means."""

import keras
import numpy as np

BATCH = 128  # pictures that are read at a time


def share_batches(devices: int, batch: int) -> None:
    """Let each device take an equal part of every batch from now on.

    The weights are on all of them, and BatchNorm normalises over the whole batch, so that the
    losses are those of one device. Call it before a network is built.

    Args:
        devices: how many.
        batch: pictures a step.

    Raises:
        ValueError: one sentence, if Keras cannot do so here.
    """
    if devices == 1:
        return
    # On TensorFlow each device would normalise its own part, and learn something else.
    if keras.backend.backend() != "jax":
        raise ValueError("--devices needs Keras on JAX: install jax and set KERAS_BACKEND=jax.")
    found = keras.distribution.list_devices()
    if not 1 <= devices <= len(found):
        raise ValueError(
            f"There are {len(found)} devices here; choose at most as many with --devices."
        )
    if batch % devices:
        raise ValueError(
            f"{devices} devices cannot share {batch} pictures; choose another --batch."
        )
    some = keras.distribution.DataParallel(devices=found[:devices])
    keras.distribution.set_distribution(some)


def predict(model: keras.Model, pictures: np.ndarray) -> np.ndarray:
    """What a model makes of pictures, uint8 [n, h, w, 3]; float32 [n, …], as its output is.

    Devices that share batches get as many pictures each, so the first come again at the end.
    """
    shared = keras.distribution.distribution()
    devices = shared.device_mesh.devices.size if shared else 1
    count, more = len(pictures), -len(pictures) % devices
    if more:
        pictures = pictures[np.arange(count + more) % count]
    size = max(1, BATCH // devices) * devices
    return model.predict(pictures / np.float32(255), batch_size=size, verbose=0)[:count]
