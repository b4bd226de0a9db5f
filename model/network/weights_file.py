"""The weights as one file: a float16 array for each of the network's variables, by its path.

Files that Keras itself saved of the same network are read too.
"""

import hashlib
import shutil
import struct
import tempfile
import tokenize
import zipfile
import zlib
from pathlib import Path

import h5py
import keras
import numpy as np

from model.files import replacing, restoring

WEIGHTS = Path(__file__).parents[1] / "weights" / "resnet50.npz"
HDF5 = b"\x89HDF\r\n\x1a\n"  # how every HDF5 file starts
KERAS_WEIGHTS = "model.weights.h5"  # what every .keras archive holds
BROKEN = (  # what is raised by reading a damaged file
    OSError, ValueError, TypeError, KeyError, EOFError, MemoryError, NotImplementedError,
    SyntaxError, struct.error, tokenize.TokenError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def get_back(path: Path, otherwise: str) -> str:
    """How to get back a file that lies with the shipped weights; for another, something else."""
    shipped = path.resolve().parent == WEIGHTS.resolve().parent
    return restoring(path) if shipped else otherwise


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


def notes_of(path: Path) -> Path:
    """Where calibration and light of weights lie: `hands.json` for `hands.weights.h5`."""
    return path.with_name(f"{path.stem.removesuffix('.weights')}.json")


def load_weights(model: keras.Model, path: Path = WEIGHTS) -> None:
    """Read the weights of a network like this one into it.

    Args:
        model: the network; after an error its weights are as they were.
        path: of the file: an .npz that `save_weights` wrote, or what Keras saved: a `.weights.h5`
            of the weights alone, or a `.keras` or `.h5` of the whole network.

    Raises:
        ValueError: one sentence, if the file is missing, damaged, of another network or of a
            training that diverged.
    """
    path = Path(path)
    if path.is_dir():
        raise ValueError(f"{path} is a folder; name the file of the weights in it.")
    try:
        with path.open("rb") as file:
            start = file.read(len(HDF5))
    except FileNotFoundError as error:
        raise ValueError(
            f"There are no weights at {path}; train some with `residual-hands train`."
        ) from error
    except OSError as error:
        raise ValueError(f"{path} cannot be opened: {error.strerror}.") from error
    try:
        arrays = (_from_keras if _is_keras(path, start) else _from_npz)(model, path)
    except BROKEN as error:
        instead = get_back(path, "name an .npz, .weights.h5 or .keras file")
        raise ValueError(f"{path} is damaged or holds no weights; {instead}.") from error
    if arrays is None:
        raise ValueError(
            f"{path} holds the weights of another network than {model.name}; name others."
        )
    if not all(np.isfinite(array).all() for array in arrays.values()):
        instead = get_back(path, "train again with a smaller --learning-rate")
        raise ValueError(f"{path} holds weights that are not finite numbers; {instead}.")
    for variable in model.variables:
        variable.assign(arrays[variable.path])


def _is_keras(path: Path, start: bytes) -> bool:
    if start == HDF5:
        return True
    with zipfile.ZipFile(path) as file:
        return KERAS_WEIGHTS in file.namelist()


def _from_npz(model: keras.Model, path: Path) -> dict[str, np.ndarray] | None:
    """The arrays of a network's variables, float32 by path; None if they are another network's."""
    with np.load(path) as file:
        arrays = {name: file[name].astype(np.float32) for name in file.files}
    shapes = {variable.path: tuple(variable.shape) for variable in model.variables}
    return arrays if {name: array.shape for name, array in arrays.items()} == shapes else None


def _from_keras(model: keras.Model, path: Path) -> dict[str, np.ndarray] | None:
    """The same from a file of Keras, which goes by the order of the layers, not by their names."""
    before = model.get_weights()
    # Keras tells its formats apart by their names alone.
    with tempfile.TemporaryDirectory() as folder:
        is_zip = zipfile.is_zipfile(path)
        named = Path(folder) / ("network.keras" if is_zip else f"network{_hdf5_ending(path)}")
        shutil.copy(path, named)
        try:
            model.load_weights(named)
            return {each.path: np.asarray(each, np.float32) for each in model.variables}
        except (ValueError, KeyError):
            return None
        finally:
            model.set_weights(before)


def _hdf5_ending(path: Path) -> str:
    """`.weights.h5`, or `.h5` for a whole network as older versions of Keras save it."""
    with h5py.File(path) as file:
        return ".h5" if "model_weights" in file or "layer_names" in file.attrs else ".weights.h5"
