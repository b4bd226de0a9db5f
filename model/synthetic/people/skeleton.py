"""Poses a body's bones: turns at each joint, the thumb led to where a gesture wants it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

from model.synthetic.people.body import Body, Rest
from model.synthetic.people.gestures import Bends, Gesture

# Turns of the thumb, degrees from rest: base flexed, base spread, base rolled, knuckle, last joint.
THUMB_LIMITS = np.array(((-45, 50), (-45, 45), (-35, 35), (-25, 65), (-25, 85)), float)


def turn(axis: ArrayLike, degrees: float) -> np.ndarray:
    """Rotation about an axis, float64 [3, 3]."""
    return Rotation.from_rotvec(np.radians(degrees) * np.asarray(axis)).as_matrix()


def unit(vector: np.ndarray) -> np.ndarray:
    """The same direction with length 1."""
    return vector / np.linalg.norm(vector)


def palm_axes(rest: Rest, body: Body) -> np.ndarray:
    """The left palm's axes at rest, float64 [3, 3].

    Returns:
        Columns: towards the little finger, towards the fingers, out of the palm.
    """
    heads = {name: rest.heads[i] for name, i in body.bones.items()}
    along = unit(heads["finger3-1.L"] - heads["wrist.L"])
    across = heads["finger5-1.L"] - heads["finger2-1.L"]
    across = unit(across - along * (across @ along))
    return np.stack([across, along, np.cross(across, along)], 1)


@dataclass(frozen=True)
class HandPose:
    """Turns of a hand's bones against the wrist, and the points they lead to.

    Attributes:
        turns: rotation of each finger bone by its name, float64 [3, 3], in the body's axes.
        points: float64 [5, 4, 3], the joints and the tip of each finger, thumb first, with the
            wrist unturned.
        overlap: how deep the thumb enters the fingers or the palm, in thumb radii.
        miss: how far the thumb is from where it should be, in thumb radii.
    """

    turns: dict[str, np.ndarray]
    points: np.ndarray
    overlap: float
    miss: float


def _chain(start: np.ndarray, offsets: np.ndarray, turns: list[np.ndarray]) -> np.ndarray:
    """Points of turned bones end to end, float64 [4, 3]."""
    points = [start]
    for offset, rotation in zip(offsets, turns, strict=True):
        points.append(points[-1] + rotation @ offset)
    return np.array(points)


def _distances(points: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """From each point to each segment, float64 [points, segments]."""
    span = ends - starts
    offset = points[:, None] - starts
    share = np.clip((offset * span).sum(-1) / (span * span).sum(-1), 0, 1)
    return np.linalg.norm(offset - share[..., None] * span, axis=-1)


class Hand:
    """The left hand of a body at rest, ready to be posed."""

    def __init__(self, body: Body, rest: Rest):
        self.axes = palm_axes(rest, body)
        index = [[body.bones[f"finger{f}-{k}.L"] for k in (1, 2, 3)] for f in range(1, 6)]
        self.bone_axes = rest.axes[index]  # [5, 3, 3, 3]
        heads = rest.heads[index]
        self.starts = heads[:, 0]
        self.offsets = np.diff(np.concatenate([heads, rest.tips[:, None]], 1), axis=1)
        self.wrist = rest.heads[body.bones["wrist.L"]]
        self.radii = rest.radii

    def finger(self, number: int, mcp: float, pip: float, dip: float, spread: float):
        """Turns of the bones of a finger, 1 the index to 4 the little one; degrees from flat."""
        normal = self.axes[:, 2]
        hinge = self.bone_axes[number, 0, :, 0]
        hinge = unit(hinge - normal * (hinge @ normal) * 0.3)
        directions = [unit(offset) for offset in self.offsets[number]]
        raised = [np.degrees(np.arcsin(direction @ normal)) for direction in directions]
        plane = self.axes.T @ directions[0]
        at_rest = np.degrees(np.arctan2(-plane[0], plane[1]))
        sideways = turn(normal, spread - at_rest)
        return [
            sideways @ turn(hinge, bend - rest)
            for bend, rest in zip((mcp, mcp + pip, mcp + pip + dip), raised, strict=True)
        ]

    def thumb(self, angles: np.ndarray) -> list[np.ndarray]:
        """Turns of the thumb's bones from the five angles of THUMB_LIMITS."""
        flexed, spread, rolled, knuckle, last = angles
        base, second, third = self.bone_axes[0]
        first = (
            base
            @ Rotation.from_euler("ZXY", (spread, flexed, rolled), degrees=True).as_matrix()
            @ base.T
        )
        middle = first @ turn(second[:, 0], knuckle)
        return [first, middle, middle @ turn(third[:, 0], last)]

    def _target(self, gesture: Gesture, points: np.ndarray, turns, rng) -> np.ndarray:
        """Where the tip of the thumb should be."""
        across, along, out = self.axes.T
        thick = self.radii[0]
        folded = [f for f in range(1, 5) if "TIMRL"[f] not in gesture.raised]
        if "T" in gesture.raised:
            angle = np.radians(rng.uniform(32, 68))
            direction = unit(
                -np.sin(angle) * across + np.cos(angle) * along + rng.uniform(-0.05, 0.5) * out
            )
            length = np.linalg.norm(self.offsets[0], axis=1).sum()
            return self.starts[0] + 0.985 * length * direction
        if gesture.thumb == "ring":
            finger = folded[0]
            pad = turns[finger][2] @ self.bone_axes[finger, 2, :, 2]
            return points[finger, 3] + pad * (self.radii[finger] + thick) * 0.85
        if gesture.thumb == "across":
            base = self.starts[rng.choice((2, 3))] * 0.8 + self.starts[3] * 0.2
            return base - along * rng.uniform(0.3, 1.4) * thick * 2 + out * 2.3 * thick
        if gesture.thumb == "inside":
            return self.starts[2] * 0.6 + self.starts[3] * 0.4 + out * 2.2 * thick
        if gesture.thumb == "beside":
            share = rng.uniform(0.25, 0.6) if 1 in folded else rng.uniform(0.05, 0.3)
            place = points[1, 0] + share * (points[1, 1] - points[1, 0])
            return place - across * (self.radii[1] + 0.7 * thick)
        finger = folded[0]
        if len(folded) > 1 and rng.random() < 0.6:
            finger = folded[1]
        back = -(turns[finger][1] @ self.bone_axes[finger, 1, :, 2])
        place = points[finger, 1] + rng.uniform(0.4, 0.8) * (points[finger, 2] - points[finger, 1])
        return place + back * (self.radii[finger] + 0.95 * thick)

    def pose(self, gesture: Gesture, bends: Bends, rng: np.random.Generator) -> HandPose:
        """Bend the fingers, then lead the thumb to its place without passing through them.

        Args:
            gesture: decides where the thumb goes.
            bends: of the four fingers.
            rng: draws the exact place.

        Returns:
            The pose, with the misses of the thumb for the caller to judge.
        """
        turns: list = [None] * 5
        points = np.zeros((5, 4, 3))
        for finger in range(1, 5):
            angles = (a[finger - 1] for a in (bends.mcp, bends.pip, bends.dip, bends.spread))
            turns[finger] = self.finger(finger, *angles)
            points[finger] = _chain(self.starts[finger], self.offsets[finger], turns[finger])
        target = self._target(gesture, points, turns, rng)
        thick = self.radii[0]
        palm = [(self.wrist * 0.7 + self.starts[f] * 0.3, self.starts[f]) for f in range(1, 5)]
        starts = np.concatenate([points[1:, :3].reshape(-1, 3), [a for a, _ in palm]])
        ends = np.concatenate([points[1:, 1:].reshape(-1, 3), [b for _, b in palm]])
        room = np.concatenate([np.repeat(self.radii[1:], 3), np.full(4, 1.25 * thick)]) + thick
        if gesture.thumb == "inside":
            room[:12] = 0
        shares = np.linspace(0, 1, 4)[:, None]
        stiffness = np.array((0.01, 0.01, 0.012, 0.02, 0.02))
        if gesture.thumb == "beside":
            stiffness[3:] = 0.06  # a straight thumb, since a bowed one would count

        def faults(angles):
            chain = _chain(self.starts[0], self.offsets[0], self.thumb(angles))
            body = np.concatenate(
                [a + shares * (b - a) for a, b in ((chain[1], chain[2]), (chain[2], chain[3]))]
            )
            inside = np.maximum(0, 0.9 * room - _distances(body, starts, ends)).max(0) / thick
            return np.concatenate(
                [(chain[3] - target) / thick, 1.5 * inside, stiffness * (angles - prior)]
            )

        prior = np.array((0, 0, 0, 5.0, 8.0)) + rng.normal(0, 5, 5)
        if gesture.thumb == "beside":
            prior[3:] = rng.normal(0, 4), rng.normal(2, 5)
        if "T" in gesture.raised:
            prior[3:] = rng.normal(0, 6), rng.normal(-4, 8)
        low, high = THUMB_LIMITS.T
        found = least_squares(
            faults,
            np.clip(prior, low + 1, high - 1),
            bounds=(low, high),
            max_nfev=15,
            xtol=3e-3,
            ftol=3e-3,
            x_scale=20.0,
        )
        turns[0] = self.thumb(found.x)
        points[0] = _chain(self.starts[0], self.offsets[0], turns[0])
        named = {f"finger{f + 1}-{k + 1}.L": turns[f][k] for f in range(5) for k in range(3)}
        residual = found.fun
        return HandPose(
            named, points, float(residual[3:-5].max() / 1.5), float(np.linalg.norm(residual[:3]))
        )


def move(
    body: Body, rest: Rest, turns: dict[str, np.ndarray], kept: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Turn bones and let the skin follow.

    Args:
        body: how the skin hangs on the bones.
        rest: the person.
        turns: float64 [3, 3] by bone, against the bone's place at rest; a bone not named turns
            with the bone it hangs on.
        kept: numbers of the vertices wanted, the others stay where they were; all if None.

    Returns:
        vertices: float32 [vertices, 3].
        heads: float64 [bones, 3].
    """
    count = len(body.parents)
    rotations, heads = np.zeros((count, 3, 3)), np.zeros((count, 3))
    names = list(body.bones)
    for bone, parent in enumerate(body.parents):
        above = np.eye(3) if parent < 0 else rotations[parent]
        rotations[bone] = turns.get(names[bone], above)
        heads[bone] = (
            rest.heads[bone]
            if parent < 0
            else heads[parent] + rotations[parent] @ (rest.heads[bone] - rest.heads[parent])
        )
    shift = heads - np.einsum("bij,bj->bi", rotations, rest.heads)
    transforms = np.concatenate([rotations, shift[..., None]], 2).reshape(count, 12)
    vertices = rest.vertices.astype(np.float32)
    kept = np.arange(len(vertices)) if kept is None else kept
    blended = (body.weights[kept] @ transforms.astype(np.float32)).reshape(-1, 3, 4)
    moved = np.einsum("vij,vj->vi", blended[..., :3], vertices[kept]) + blended[..., 3]
    vertices[kept] = moved
    return vertices, heads
