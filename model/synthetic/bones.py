"""The bones of a hand that shows a digit, posed, turned and framed."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Way:
    """One way to show a digit: where the thumb is, and which of the four fingers are up."""

    thumb: str
    up: tuple[int, ...] = ()


RING = Way("ring")
WAYS = (
    (RING, Way("tucked")),
    (Way("across", (0,)), Way("tucked", (0,))),
    (Way("across", (0, 1)),),
    (Way("out", (0, 1)), Way("across", (0, 1, 2))),
    (Way("across", (0, 1, 2, 3)),),
    (Way("out", (0, 1, 2, 3)),),
)

# Palm width is about 1; x from thumb to little finger, y towards the fingers, z out of the palm.
KNUCKLES = np.array(
    [(-0.34, 0.96, 0), (-0.11, 1.02, 0.02), (0.11, 0.98, 0.01), (0.31, 0.87, -0.02)]
)
LENGTHS = (0.86, 0.95, 0.88, 0.68)
RADII = (0.120, 0.124, 0.116, 0.100)
PHALANGES = (0.46, 0.30, 0.24)
SPREAD = np.deg2rad((9, 1, -7, -16))
THUMBS = {  # directions of its three bones
    "out": ((-0.62, 0.70, 0.25), (-0.70, 0.70, 0.1), (-0.58, 0.80, 0.05)),
    "across": ((-0.35, 0.70, 0.62), (0.45, 0.80, 0.40), (0.92, 0.38, 0.08)),
    "tucked": ((-0.42, 0.85, 0.40), (0.05, 0.95, 0.40), (0.60, 0.70, 0.45)),
}
THUMB_LENGTHS = (0.42, 0.34, 0.30)
THUMB_RADII = (0.16, 0.135, 0.125, 0.105)


@dataclass(frozen=True)
class Bone:
    """A tapered capsule of a part: 0 the palm, 1 the thumb, 2 to 5 the fingers, 6 the arm."""

    part: int
    start: np.ndarray
    end: np.ndarray
    radii: tuple[float, float]


def chain(part, start, directions, lengths, radii) -> list[Bone]:
    """Bones end to end."""
    bones = []
    for direction, length, first, last in zip(
        directions, lengths, radii[:-1], radii[1:], strict=True
    ):
        end = start + length * np.asarray(direction) / np.linalg.norm(direction)
        bones.append(Bone(part, start, end, (first, last)))
        start = end
    return bones


def skeleton(way: Way, rng: np.random.Generator, plump: float = 1.0) -> list[Bone]:
    """Pose a hand.

    Args:
        way: which fingers are up.
        rng: draws proportions and the small differences between two people's poses.
        plump: factor of the fingers' thickness.

    Returns:
        The bones, the wrist at the origin.
    """
    thick = plump * np.exp(rng.normal(0, 0.10))
    long = np.exp(rng.normal(0, 0.07))
    together = rng.uniform(0.1, 1.0) if rng.random() < 0.25 else rng.uniform(0.9, 1.9)
    bones = [
        Bone(
            0,
            np.array([x * 0.62, 0.16, -0.03]),
            knuckle * (1, 0.96, 1),
            (0.19 * thick, 0.15 * thick),
        )
        for x, knuckle in zip((-0.34, -0.12, 0.12, 0.32), KNUCKLES, strict=True)
    ]
    tips = []
    for finger in range(4):
        up = finger in way.up
        if way is RING:
            bends = np.deg2rad(rng.normal((58, 62, 30), 5))
        elif up:
            bends = np.deg2rad(abs(rng.normal(0, (9, 8, 6))))
        else:
            bends = np.deg2rad(rng.normal((82, 104, 62), (6, 6, 10)))
        side = SPREAD[finger] * (together if up else 0.4) + rng.normal(0, 0.03)
        flat = np.array([-np.sin(side), np.cos(side), 0])
        directions = [
            np.cos(bend) * flat + np.sin(bend) * np.array([0, 0, 1]) for bend in np.cumsum(bends)
        ]
        lengths = LENGTHS[finger] * long * np.array(PHALANGES) * np.exp(rng.normal(0, 0.04))
        radius = RADII[finger] * thick
        chained = chain(
            2 + finger, KNUCKLES[finger], directions, lengths,
            (1.08 * radius, radius, 0.92 * radius, 0.74 * radius),
        )  # fmt: skip
        bones += chained
        tips.append(chained[-1].end)
    root = np.array([-0.27, 0.24, 0.08])
    radii = np.array(THUMB_RADII) * thick
    if way is RING:
        tip = (tips[0] + tips[1]) / 2 + (-0.04, -0.08, 0.02)
        bent = root + (tip - root) * 0.45 + np.array([-0.05, -0.30, 0.12])
        points = [root, root + (bent - root) * 0.62, bent + (tip - bent) * 0.35, tip]
        bones += [
            Bone(1, a, b, (r, s))
            for a, b, r, s in zip(points, points[1:], radii, radii[1:], strict=False)
        ]
    else:
        directions = np.array(THUMBS[way.thumb]) + rng.normal(0, 0.09, (3, 3))
        bones += chain(1, root, directions, long * np.array(THUMB_LENGTHS), radii)
        # The ball of the thumb.
        bones.append(Bone(0, root - (0, 0.1, 0.05), bones[-3].end, (0.17 * thick, 0.14 * thick)))
    bend = rng.normal(0, 0.25)
    bones.append(
        Bone(6, np.array([0, 0.22, -0.03]), np.array([bend, -2.6, 0]), (0.24 * thick, 0.33 * thick))
    )
    return bones


def turned(bones: list[Bone], way: Way, rng: np.random.Generator) -> list[Bone]:
    """Turn the hand before the camera, left or right, palm or back."""
    if way is RING:
        yaw = rng.choice([-1, 1]) * rng.uniform(58, 100)
    elif way.up:
        yaw = rng.normal(0, 20) + (180 if rng.random() < 0.4 else 0)
    else:
        yaw = rng.choice([0, 0, 90, -90, 180]) + rng.normal(0, 25)
    roll = rng.normal(0, 14) if rng.random() < 0.7 else rng.uniform(-55, 55)
    pitch, yaw, roll = np.deg2rad((rng.normal(0, 14), yaw, roll))
    c, s = np.cos, np.sin
    about_x = np.array([[1, 0, 0], [0, c(pitch), -s(pitch)], [0, s(pitch), c(pitch)]])
    about_y = np.array([[c(yaw), 0, s(yaw)], [0, 1, 0], [-s(yaw), 0, c(yaw)]])
    about_z = np.array([[c(roll), -s(roll), 0], [s(roll), c(roll), 0], [0, 0, 1]])
    mirror = np.diag((rng.choice([-1, 1]), 1, 1))
    turn = about_z @ about_x @ about_y @ mirror
    return [Bone(b.part, turn @ b.start, turn @ b.end, b.radii) for b in bones]


def framed(bones: list[Bone], rng: np.random.Generator, size: int) -> list[Bone]:
    """Move and scale the hand into a picture of `size` pixels; the arm may leave it."""
    hand = [bone for bone in bones if bone.part != 6]
    ends = np.array(
        [(*b.start[:2], b.radii[0]) for b in hand] + [(*b.end[:2], b.radii[1]) for b in hand]
    )
    low = (ends[:, :2] - ends[:, 2:]).min(0)
    high = (ends[:, :2] + ends[:, 2:]).max(0)
    scale = rng.uniform(0.62, 0.93) * size / max(high - low)
    room = np.maximum(0, size * 0.97 - scale * (high - low)) / 2
    middle = size / 2 + rng.uniform(-room, room) * 0.9
    flip = np.array([1, -1, 1])  # rows count downwards

    def place(point):
        moved = (point - np.array([*(low + high) / 2, 0])) * scale * flip
        return moved + np.array([*middle, 0])

    return [
        Bone(b.part, place(b.start), place(b.end), (b.radii[0] * scale, b.radii[1] * scale))
        for b in bones
    ]
