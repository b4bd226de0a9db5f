"""Marks the skin once for all bodies: what is palm, which part it is, how far along it lies."""

import numpy as np

from model.synthetic.people.body import Body, Rest
from model.synthetic.people.skeleton import palm_axes

PALM, ARM, HEAD, TRUNK, OTHER_HAND, EYE = 6, 7, 8, 9, 10, 11  # 1 to 5 are the fingers
ARM_BONES = ("upperarm01", "upperarm02", "lowerarm01", "lowerarm02")


def is_left_arm(body: Body) -> np.ndarray:
    """Which vertices belong to the left arm and hand, bool [vertices]."""
    names = np.array(list(body.bones))
    wanted = [
        name.endswith(".L") and name.startswith((*ARM_BONES, "wrist", "finger", "metacarpal"))
        for name in names
    ]
    return np.array(wanted)[body.main_bone]


def is_leg(body: Body) -> np.ndarray:
    """Which vertices belong to the legs and feet, which no webcam shows, bool [vertices]."""
    legs = ("pelvis", "upperleg", "lowerleg", "foot", "toe")
    return np.array([name.startswith(legs) for name in body.bones])[body.main_bone]


def smooth(value: np.ndarray, low: float, high: float) -> np.ndarray:
    """Rise gently from 0 at `low` to 1 at `high`."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def vertex_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Unit normals, float64 [vertices, 3]."""
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    normals = np.zeros_like(vertices)
    for i in range(3):
        np.add.at(normals, faces[:, i], np.cross(b - a, c - a))
    return normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12)


def paint(body: Body, rest: Rest) -> np.ndarray:
    """Mark every vertex.

    Args:
        body: the mesh.
        rest: an average person.

    Returns:
        float32 [vertices, 4]: palm 0..1 (0 elsewhere); part; along a finger's bones, 0 the knuckle
        to 3 the tip (on the palm: across it, in metres; on an eye: cosine to its axis); reach:
        metres from the wrist up the arm (negative in the hand), 1 the trunk, 2 and more the head.
    """
    names = list(body.bones)
    normals = vertex_normals(rest.vertices, body.faces)
    made = np.zeros((len(rest.vertices), 4), np.float32)
    made[:, 1], made[:, 3] = TRUNK, 1
    mirror = np.diag((-1.0, 1.0, 1.0))
    left_palm = palm_axes(rest, body)
    for side, axes in ((".L", left_palm), (".R", mirror @ left_palm)):
        wrist = rest.heads[body.bones["wrist" + side]]
        elbow = rest.heads[body.bones["lowerarm01" + side]]
        shoulder = rest.heads[body.bones["upperarm01" + side]]
        fore = np.linalg.norm(elbow - wrist)
        for bone, name in enumerate(names):
            if not name.endswith(side):
                continue
            members = np.flatnonzero(body.main_bone == bone)
            points = rest.vertices[members]
            if name.startswith("finger"):
                number, joint = int(name[6]), int(name[8])
                offset = points - rest.heads[bone]
                end = (
                    rest.heads[body.bones[f"finger{number}-{joint + 1}{side}"]]
                    if joint < 3
                    else rest.heads[bone]
                    + rest.axes[bone, :, 1] * (offset @ rest.axes[bone, :, 1]).max()
                )
                span = end - rest.heads[bone]
                made[members, 1] = number if side == ".L" else OTHER_HAND
                made[members, 2] = joint - 1 + (offset @ span) / (span @ span)
                out = rest.axes[bone, :, 2]
                out = mirror @ rest.axes[body.bones[name[:-1] + "L"], :, 2] if side == ".R" else out
                made[members, 0] = smooth(normals[members] @ out, -0.15, 0.35)
                made[members, 3] = -0.09 - 0.02 * joint
            elif name.startswith(("metacarpal", "wrist")):
                made[members, 1] = PALM if side == ".L" else OTHER_HAND
                made[members, 2] = (points - wrist) @ axes[:, 0]
                made[members, 0] = smooth(normals[members] @ axes[:, 2], -0.1, 0.35)
                made[members, 3] = -((points - wrist) @ axes[:, 1])
                near = smooth(-made[members, 3], -0.005, 0.03)
                inner = 0.25 * smooth(normals[members] @ axes[:, 2], -0.3, 0.6)
                made[members, 0] = near * made[members, 0] + (1 - near) * inner
            elif name.startswith("lowerarm"):
                made[members, 1] = ARM if side == ".L" else OTHER_HAND + 2
                made[members, 3] = (points - wrist) @ (elbow - wrist) / fore
                inner = smooth(normals[members] @ axes[:, 2], -0.3, 0.6)
                made[members, 0] = 0.25 * inner  # skin that sees less sun
            elif name.startswith("upperarm"):
                direction = (shoulder - elbow) / np.linalg.norm(shoulder - elbow)
                made[members, 1] = ARM if side == ".L" else OTHER_HAND + 2
                made[members, 3] = fore + np.maximum(0, (points - elbow) @ direction)
            elif name.startswith("eye"):
                offset = points - points.mean(0)
                offset /= np.linalg.norm(offset, axis=1, keepdims=True) + 1e-9
                made[members, 1], made[members, 2] = EYE, -offset[:, 1]
                made[members, 3] = 2
    head = np.isin(body.main_bone, [body.bones[n] for n in ("neck02", "neck03", "head")])
    eyes = [rest.heads[body.bones[f"eye.{side}"]] for side in "LR"]
    held = body.weights[:, [body.bones[n] for n in ("neck02", "neck03", "head")]].sum(1)
    collar = (made[:, 1] == TRUNK) | head
    made[collar, 3] = 1 + held[collar]
    skull = body.main_bone == body.bones["head"]
    made[skull, 3] = 2 + scalp(rest.vertices[head], eyes[0][2])[skull[head]]
    made[head, 1] = HEAD
    made[head, 2] = brows(rest.vertices[head], eyes)
    return made


def brows(points: np.ndarray, eyes: list[np.ndarray]) -> np.ndarray:
    """Where the eyebrows are, 0..1, [points]."""
    made = np.zeros(len(points), np.float32)
    for eye in eyes:
        aside, up = points[:, 0] - eye[0], points[:, 2] - eye[2]
        arch = np.exp(-(((up - 0.021 + 8 * aside**2) / 0.004) ** 2))
        near = (np.abs(aside) < 0.024) & (points[:, 1] < eye[1])
        made = np.maximum(made, arch * near)
    return made


def scalp(points: np.ndarray, eyes: float) -> np.ndarray:
    """How deep points of the head, below and above the height of the eyes, lie within the hair.

    Returns:
        float32 [points], 0 on the face to 1 at the crown.
    """
    top = points[:, 2].max()
    height = (points[:, 2] - top + 0.24) / 0.24  # 0 at the chin
    front = -(points[:, 1] - points[:, 1].mean()) / 0.1  # 1 at the face
    face = (front > 0.1) & (points[:, 2] < eyes + 0.035)
    depth = np.clip(height - 0.38 - 0.36 * np.clip(front, -1.2, 1.2), 0, 1)
    return np.where(face, 0, depth).astype(np.float32)
