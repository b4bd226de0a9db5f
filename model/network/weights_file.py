"""The weights as one file: a float16 array for each of the network's variables, by its path."""

import hashlib
import struct
import tokenize
import zipfile
import zlib
from pathlib import Path

import keras
import numpy as np

from model.files import replacing, restoring

WEIGHTS = Path(__file__).parents[1] / "weights" / "resnet50.npz"


# What reading a damaged .npz raises.
BROKEN = (
    OSError, ValueError, TypeError, KeyError, EOFError, MemoryError, NotImplementedError,
    SyntaxError, struct.error, tokenize.TokenError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def how_to_restore(path: Path) -> str:
    """What to do about a file that lies with the weights, or is the weights."""
    if path.resolve().parent == WEIGHTS.resolve().parent:
        return f"get it back with `{restoring(path)}`"
    return "train again with `make train`"


def weight_arrays(model: keras.Model) -> dict[str, np.ndarray]:
    """A network's weights, float16, by the path of each variable."""
    return {
        variable.path: np.asarray(keras.ops.convert_to_numpy(variable), np.float16)
        for variable in model.variables
        if "seed_generator" not in variable.path
    }


def weights_digest(model: keras.Model) -> str:
    """What tells a network's weights from all others: SHA-256 over what `save_weights` writes."""
    found = hashlib.sha256()
    for name, array in weight_arrays(model).items():
        found.update(f"{name} {array.shape} ".encode() + array.tobytes())
    return found.hexdigest()


def save_weights(model: keras.Model, path: Path) -> None:
    """Write a network's weights in float16, under a temporary name until all is written.

    Args:
        model: the network.
        path: of the file, ending in .npz.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary, open(temporary, "wb") as file:
        np.savez(file, allow_pickle=False, **weight_arrays(model))


def load_weights(model: keras.Model, path: Path = WEIGHTS) -> None:
    """Read into a network what `save_weights` wrote of one like it.

    Args:
        model: the network.
        path: of the file.

    Raises:
        ValueError: one sentence, if the file is missing, damaged or of another network.
    """
    path = Path(path)
    try:
        with open(path, "rb") as opened, np.load(opened) as file:
            arrays = {name: file[name] for name in file.files}
    except FileNotFoundError as error:
        raise ValueError(
            f"There are no weights at {path}; train some with `make train`."
        ) from error
    except BROKEN as error:
        raise ValueError(f"{path} is damaged; {how_to_restore(path)}.") from error
    variables = {variable.path: variable for variable in model.variables}
    fits = variables.keys() == arrays.keys() and all(
        tuple(variable.shape) == arrays[name].shape for name, variable in variables.items()
    )
    if not fits:
        raise ValueError(f"{path} holds the weights of another network than {model.name}.")
    if not all(a.dtype.kind == "f" and np.isfinite(a).all() for a in arrays.values()):
        raise ValueError(
            f"{path} holds weights that are no finite numbers; {how_to_restore(path)}."
        )
    for name, variable in variables.items():
        variable.assign(arrays[name].astype(np.float32))
