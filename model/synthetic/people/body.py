"""Bodies of strangers: age, gender, weight and build drawn at random, from the model Anny."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

FINGERS = "TIMRL"  # thumb, index, middle, ring, little
NEEDED = "Making pictures of people needs anny and moderngl: pip install '.[train]'"
LOCAL = {  # shape keys of the left arm and how far a person may differ, in standard deviations
    "l-hand-fingers-length-incr": 0.45,
    "l-hand-fingers-diameter-incr": 0.45,
    "l-hand-fingers-distance-incr": 0.25,
    "l-hand-scale-incr": 0.3,
    "measure-wrist-circ-incr": 0.3,
    "l-lowerarm-fat-incr": 0.4,
    "l-lowerarm-muscle-incr": 0.4,
}


@dataclass(frozen=True)
class Person:
    """What makes a body, each 0..1 but the local changes, which are -1..1.

    Attributes:
        gender: 0 male to 1 female.
        age: 0 a small child, 1/3 a grown-up of 25, 1 very old.
        muscle, weight, height, proportions: low to high.
        local: changes by shape key, of the hand and the forearm.
    """

    gender: float
    age: float
    muscle: float
    weight: float
    height: float
    proportions: float
    local: dict[str, float]


@dataclass(frozen=True)
class Rest:
    """A body at rest, metres; x to its left, y backwards, z up.

    Attributes:
        vertices: float64 [vertices, 3].
        heads: float64 [bones, 3], where each bone begins.
        axes: float64 [bones, 3, 3]; column 1 runs along the bone, and bending turns about column 0.
        tips: float64 [5, 3], the tips of the left hand's fingers.
        radii: float64 [5], the fingers' thickness halved.
    """

    vertices: np.ndarray
    heads: np.ndarray
    axes: np.ndarray
    tips: np.ndarray
    radii: np.ndarray


def draw_person(rng: np.random.Generator) -> Person:
    """Draw a person: children as well as the old, thin as well as heavy."""
    age = rng.uniform(0.12, 0.3) if rng.random() < 0.2 else rng.uniform(0.3, 1.0)
    return Person(
        gender=float(np.clip(rng.choice((0.1, 0.9)) + rng.normal(0, 0.1), 0, 1)),
        age=float(age),
        muscle=float(rng.uniform(0.25, 0.85)),
        weight=float(np.clip(rng.normal(0.5, 0.25), 0.05, 1)),
        height=float(rng.uniform(0.2, 0.8)),
        proportions=float(rng.uniform(0.3, 0.8)),
        local={key: float(np.clip(rng.normal(0, s), -0.9, 0.9)) for key, s in LOCAL.items()},
    )


class Body:
    """The mesh of a human body, its bones, and how the bones move the mesh.

    Attributes:
        bones: names of the bones to their numbers.
        parents: the bone that each bone hangs on; -1 for the root.
        faces: int64 [faces, 3], vertices of each triangle.
        corners: int64 [corners], the vertex of each corner of the unrolled skin.
        corner_faces: int64 [faces, 3], corners of each triangle.
        unrolled: float32 [corners, 2], 0..1, the corners' places on the unrolled skin.
        weights: float32 [vertices, bones], how much each bone moves each vertex.
    """

    def __init__(self):
        try:
            import anny
            import torch
        except ImportError as error:
            raise ImportError(NEEDED) from error
        torch.set_num_threads(1)
        self._torch = torch
        self._anny = anny.Anny(skinning_method="lbs", local_changes=list(LOCAL))
        self.bones = {name: i for i, name in enumerate(self._anny.bone_labels)}
        self.parents = tuple(self._anny.bone_parents)
        self.faces = self._anny.faces.numpy()
        self.corner_faces = self._anny.face_texture_coordinate_indices.numpy()
        self.unrolled = self._anny.texture_coordinates.numpy().astype(np.float32)
        self.corners = np.zeros(len(self.unrolled), np.int64)
        self.corners[self.corner_faces.ravel()] = self.faces.ravel()
        self.weights = self._anny.dense_vertex_bone_weights.numpy().astype(np.float32)
        if self.weights.shape[0] == len(self.bones):
            self.weights = self.weights.T
        self.main_bone = self.weights.argmax(1)
        with torch.no_grad():
            rest = self._anny()
        self._tips, self._last = [], []
        for finger in range(1, 6):
            bone = self.bones[f"finger{finger}-3.L"]
            members = np.flatnonzero(self.main_bone == bone)
            direction = rest["rest_bone_poses"][0, bone, :3, 1].numpy()
            along = rest["rest_vertices"][0].numpy()[members] @ direction
            self._tips.append(members[along.argmax()])
            self._last.append(members)

    def shape(self, person: Person) -> Rest:
        """Form the body of a person, arms a little away from the sides."""
        names = ("gender", "age", "muscle", "weight", "height", "proportions")
        phenotype = {name: getattr(person, name) for name in names}
        with self._torch.no_grad():
            _, *inputs = self._anny.get_tensor_inputs(None, phenotype, person.local, None)
            made = self._anny.get_rest_model(
                self._anny._get_phenotype_blendshape_coefficients(*inputs)
            )
        vertices = made["rest_vertices"][0].numpy()
        poses = made["rest_bone_poses"][0].numpy()
        tips = vertices[self._tips]
        radii = []
        for finger, members in enumerate(self._last):
            bone = self.bones[f"finger{finger + 1}-3.L"]
            offset = vertices[members] - poses[bone, :3, 3]
            across = offset - np.outer(offset @ poses[bone, :3, 1], poses[bone, :3, 1])
            radii.append(np.percentile(np.linalg.norm(across, axis=1), 75))
        return Rest(
            vertices, made["rest_bone_heads"][0].numpy(), poses[:, :3, :3], tips, np.array(radii)
        )

    def average(self) -> Rest:
        """The average grown-up."""
        return self.shape(Person(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, {}))

    def marks(self) -> Image.Image:
        """Nails (red), lips (green) and eyelids (blue) on the unrolled skin."""
        from anny.paths import get_anny_root_dir

        folder = get_anny_root_dir() / "data/mpfb2/textures"
        names = ("fingernails", "lips", "eyelids")
        layers = [Image.open(folder / f"mpfb_{name}.jpg").convert("L") for name in names]
        return Image.merge("RGB", layers)


@cache
def load_body() -> Body:
    """The body, loaded once in a process (some ten seconds).

    Raises:
        ImportError: if anny is not installed.
    """
    return Body()
