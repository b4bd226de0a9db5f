"""Hands made from geometry: for examples, for tests, and as pictures to train on.

A skeleton of 3D bones, each a tapered capsule, is posed as a digit, turned, and drawn into a depth
buffer; the buffer is shaded as a photograph or lined as a drawing.

    python -m model.rendered FOLDER --count 10 --style photo
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from model.backgrounds import background, paper_and_ink, random_colour, smooth_noise

STYLES = ("photo", "line", "cartoon", "icon", "doodle")


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


@dataclass(frozen=True)
class Rendered:
    """A picture of a hand.

    Attributes:
        picture: uint8 [size, size, 3].
        mask: bool [size, size], where the hand and the bare arm are.
        digit: 0 to 5.
    """

    picture: np.ndarray
    mask: np.ndarray
    digit: int


@dataclass(frozen=True)
class Surface:
    """What the camera sees of a hand, all float32 [size, size] but `part`.

    Attributes:
        distance: to the hand's outline in pixels, negative inside.
        depth: towards the viewer, in pixels; 0 outside.
        crease: 0..1, near a joint.
        along: position from a bone's start to its end, 0..1.
        part: int8, as of Bone; -1 outside.
    """

    distance: np.ndarray
    depth: np.ndarray
    crease: np.ndarray
    along: np.ndarray
    part: np.ndarray


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


def surface(bones: list[Bone], size: int) -> Surface:
    """Draw bones, in pixels, into a depth buffer."""
    distance = np.full((size, size), 1e3, np.float32)
    depth = np.full((size, size), -1e3, np.float32)
    crease = np.zeros((size, size), np.float32)
    along = np.zeros((size, size), np.float32)
    part = np.full((size, size), -1, np.int8)
    for bone in bones:
        (x0, y0, z0), (x1, y1, z1), (r0, r1) = bone.start, bone.end, bone.radii
        reach = max(r0, r1) + 8  # beyond it the distance to the outline is of no use
        left, right = (
            int(np.clip(v, 0, size)) for v in (min(x0, x1) - reach, max(x0, x1) + reach + 1)
        )
        top, bottom = (
            int(np.clip(v, 0, size)) for v in (min(y0, y1) - reach, max(y0, y1) + reach + 1)
        )
        if left >= right or top >= bottom:
            continue
        here = (slice(top, bottom), slice(left, right))
        x = np.arange(left, right, dtype=np.float32)[None] + 0.5 - x0
        y = np.arange(top, bottom, dtype=np.float32)[:, None] + 0.5 - y0
        dx, dy = x1 - x0, y1 - y0
        t = np.clip((x * dx + y * dy) / (dx * dx + dy * dy + 1e-6), 0, 1)
        square = (x - t * dx) ** 2 + (y - t * dy) ** 2
        radius = r0 + t * (r1 - r0)
        outline = np.sqrt(square) - radius
        distance[here] = np.minimum(distance[here], outline)
        bulge = np.sqrt(np.maximum(radius * radius - square, 0))
        if bone.part in (0, 6):
            bulge = bulge * 0.7  # palm and arm are flat
        height = z0 + t * (z1 - z0) + bulge
        nearer = (outline < 0) & (height > depth[here])
        depth[here] = np.where(nearer, height, depth[here])
        part[here] = np.where(nearer, bone.part, part[here])
        along[here] = np.where(nearer, t, along[here])
        length = np.hypot(dx, dy)
        joint = np.exp(-((t * length / (0.25 * radius)) ** 2)) if bone.part in (2, 3, 4, 5) else 0
        crease[here] = np.where(nearer, joint, crease[here])
    depth = np.where(part >= 0, depth, 0)
    return Surface(distance, depth, crease, along, part)


def lines(seen: Surface, width: float, detail: float) -> np.ndarray:
    """The hand as a drawing has it: its outline, and edges where one part lies before another.

    Args:
        seen: the surface.
        width: of a stroke, in pixels.
        detail: depth step from which on there is an inner line, as a share of the size.

    Returns:
        float32 [size, size], 1 on a stroke.
    """
    size = len(seen.depth)
    outer = np.clip(width / 2 + 0.5 - abs(seen.distance), 0, 1)
    inside = seen.part >= 0
    depth = np.where(inside, seen.depth, np.nan)
    step = np.zeros_like(seen.depth)
    for axis in (0, 1):
        jump = abs(np.nan_to_num(np.diff(depth, axis=axis)))
        pad = [(0, 0), (0, 0)]
        pad[axis] = (0, 1)
        step = np.maximum(step, np.pad(jump, pad))
    edges = step > detail * size
    inner = np.clip((width + 0.5) / 2 - ndimage.distance_transform_edt(~edges), 0, 1)
    return np.maximum(outer, inner * inside)


SKINS = np.array(  # from very light to very dark, sRGB
    [(250, 218, 198), (236, 192, 165), (219, 166, 132), (190, 133, 98), (150, 98, 68), (105, 66, 46), (66, 42, 33)],
    np.float32,
) / 255  # fmt: skip


def skin_colour(rng: np.random.Generator) -> np.ndarray:
    at = rng.uniform(0, len(SKINS) - 1)
    colour = SKINS[int(at)] + (at - int(at)) * (SKINS[min(int(at) + 1, 6)] - SKINS[int(at)])
    return np.clip(colour * np.exp(rng.normal(0, 0.05, 3)), 0, 1).astype(np.float32)


def shaded(seen: Surface, rng: np.random.Generator) -> np.ndarray:
    """Light on the surface, float32 [size, size], about 0.3 to 1.1."""
    size = len(seen.depth)
    inside = (seen.part >= 0).astype(np.float32)
    blur = size / 96
    weight = ndimage.gaussian_filter(inside, blur) + 1e-3
    smooth = ndimage.gaussian_filter(seen.depth * inside, blur) / weight
    dy, dx = np.gradient(smooth)
    normal = np.stack([-dx, -dy, np.ones_like(dx)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    light = np.array([rng.normal(0, 0.7), rng.normal(-0.5, 0.6), rng.uniform(0.5, 1.2)])
    diffuse = np.clip(normal @ (light / np.linalg.norm(light)), 0, 1)
    ambient = rng.uniform(0.35, 0.75)
    wide = ndimage.gaussian_filter(seen.depth * inside, 4 * blur) / (
        ndimage.gaussian_filter(inside, 4 * blur) + 1e-3
    )
    hidden = np.clip((wide - seen.depth) / (0.10 * size), 0, 1)  # between and behind fingers
    light = ambient + (1.15 - ambient) * diffuse
    return light * (1 - 0.5 * hidden) * (1 - rng.uniform(0, 0.25) * seen.crease)


def over(ground: np.ndarray, colour, alpha: np.ndarray) -> np.ndarray:
    """Lay a colour, [3] or [size, size, 3], over a ground."""
    return ground + (colour - ground) * alpha[..., None]


def photo(seen: Surface, rng: np.random.Generator) -> np.ndarray:
    size = len(seen.depth)
    ground = background(rng, size)
    alpha = np.clip(0.5 - seen.distance, 0, 1)
    if rng.random() < 0.4:
        shift = rng.uniform(-0.12, 0.12, 2) * size
        shadow = ndimage.gaussian_filter(ndimage.shift(alpha, shift, order=0), rng.uniform(1, 5))
        ground = ground * (1 - rng.uniform(0.15, 0.5) * shadow[..., None])
    skin = skin_colour(rng)
    light = shaded(seen, rng)
    blotches = (
        smooth_noise(rng, size, 12, 3) * (0.03, 0.015, 0.015) + smooth_noise(rng, size, 40) * 0.02
    )
    flesh = (skin + blotches) * light[..., None]
    # Light that has gone through flesh is red: shadows are warmer than the skin.
    flesh = np.clip(flesh, 0.001, 1) ** (
        1 + (1 - light[..., None]).clip(-0.3, 1) * (-0.15, 0.15, 0.2)
    )
    tips = (seen.part >= 1) & (seen.part <= 5) & (seen.along > 0.8)
    flesh = over(flesh, np.clip(skin * (1.08, 0.9, 0.9), 0, 1) * light[..., None], 0.35 * tips)
    picture = over(ground, flesh, alpha)
    if rng.random() < 0.5:
        cuff = (seen.part == 6) & (seen.along > rng.uniform(0.2, 0.5))
        cloth = (random_colour(rng) + smooth_noise(rng, size, 30) * 0.04) * light[..., None]
        picture = over(picture, cloth, (cuff * alpha).astype(np.float32))
    white = np.exp(rng.normal(0, 0.07, 3))
    picture = picture * white * np.exp(rng.normal(0, 0.15))
    picture = ndimage.gaussian_filter(picture, (*[rng.uniform(0, 0.7)] * 2, 0))
    return picture + rng.normal(0, rng.uniform(0, 0.02), picture.shape)


def line(seen: Surface, rng: np.random.Generator) -> np.ndarray:
    size = len(seen.depth)
    paper, ink = paper_and_ink(rng)
    wobble = smooth_noise(rng, size, 14)[..., 0] * rng.uniform(0, 1.2) * size / 96
    seen = Surface(seen.distance + wobble, seen.depth, seen.crease, seen.along, seen.part)
    detail = rng.choice([0.02, 0.035, 0.06, 9])
    strokes = lines(seen, rng.choice([1.2, 2, 3, 4.5, 7]) * size / 96, detail)
    if rng.random() < 0.4:
        strokes = np.maximum(strokes, 0.8 * (seen.crease > 0.6) * (seen.part >= 0))
    if rng.random() < 0.3:
        strokes = strokes * (smooth_noise(rng, size, 6)[..., 0] > -0.7)
    picture = np.broadcast_to(paper, (size, size, 3))
    if rng.random() < 0.2:
        picture = over(picture, random_colour(rng), np.clip(0.5 - seen.distance, 0, 1))
    return over(picture, ink, strokes * rng.uniform(0.7, 1))


def cartoon(seen: Surface, rng: np.random.Generator) -> np.ndarray:
    size = len(seen.depth)
    flat = np.broadcast_to(random_colour(rng), (size, size, 3)).astype(np.float32)
    ground = background(rng, size) if rng.random() < 0.3 else flat
    kind = rng.random()
    yellow, white = np.float32([1, 0.82, 0.2]), np.float32([0.97] * 3)
    colour = skin_colour(rng)
    if kind > 0.6:
        colour = yellow if kind < 0.78 else white if kind < 0.9 else random_colour(rng)
    light = shaded(seen, rng)
    tone = np.where(
        light < np.quantile(light[seen.part >= 0], rng.uniform(0.1, 0.5)), rng.uniform(0.7, 0.95), 1
    )
    if rng.random() < 0.4:
        tone = np.ones_like(tone)
    picture = over(ground, colour * tone[..., None], np.clip(0.5 - seen.distance, 0, 1))
    if rng.random() < 0.35:
        cuff = (seen.part == 6) & (seen.along > 0.25)
        picture = over(picture, random_colour(rng), cuff.astype(np.float32))
    if rng.random() < 0.8:
        ink = colour * rng.uniform(0, 0.6)
        picture = over(
            picture, ink, lines(seen, rng.uniform(1, 5) * size / 96, rng.choice([0.02, 0.04]))
        )
    return picture


def icon(seen: Surface, rng: np.random.Generator) -> np.ndarray:
    size = len(seen.depth)
    paper, ink = paper_and_ink(rng)
    ground = np.broadcast_to(paper, (size, size, 3))
    y, x = np.mgrid[:size, :size] + 0.5 - size / 2
    frame = rng.random()
    if frame < 0.2:
        other = random_colour(rng)
        shape = np.hypot(x, y) if frame < 0.1 else np.maximum(abs(x), abs(y))
        ground = over(ground, other, np.clip(size * 0.49 - shape, 0, 1))
        ink = np.float32([0] * 3 if other.mean() > 0.5 else [1] * 3)
    if rng.random() < 0.5:
        gaps = lines(seen, rng.uniform(1, 2.5) * size / 96, rng.choice([0.03, 9])) * (
            seen.distance < -1
        )
        return over(ground, ink, np.clip(0.5 - seen.distance, 0, 1) * (1 - gaps))
    return over(ground, ink, lines(seen, rng.uniform(2, 6) * size / 96, 0.035))


def doodle(bones: list[Bone], rng: np.random.Generator, size: int) -> np.ndarray:
    """Quick strokes: a loop or a stick for each raised finger, on a blob or a ring."""
    paper, ink = paper_and_ink(rng)
    width = rng.choice([1.5, 2.5, 4, 6, 9]) * size / 96
    wobble = (
        smooth_noise(rng, size, int(rng.integers(4, 12)))[..., 0] * rng.uniform(0.3, 2) * size / 96
    )
    sticks = rng.random() < 0.35 and width < 8 * size / 96
    if sticks:
        thin = [Bone(b.part, b.start, b.end, (0.1, 0.1)) for b in bones if b.part not in (0, 6)]
        palm = surface([b for b in bones if b.part == 0], size).distance + wobble
        strokes = np.clip(width / 2 + 0.5 - abs(palm), 0, 1)
        if thin:
            fingers = surface(thin, size).distance + wobble * 0.5
            strokes = np.maximum(
                strokes, np.clip(width / 2 + 0.5 - fingers, 0, 1) * (palm > -width)
            )
    else:
        strokes = np.clip(width / 2 + 0.5 - abs(surface(bones, size).distance + wobble), 0, 1)
    return over(np.broadcast_to(paper, (size, size, 3)), ink, strokes)


DRAWN = {"photo": photo, "line": line, "cartoon": cartoon, "icon": icon}
PLUMP = {
    "photo": (0.9, 1.15),
    "line": (0.85, 1.3),
    "cartoon": (1.0, 1.5),
    "icon": (0.9, 1.4),
    "doodle": (0.8, 1.3),
}


def render(digit: int, rng: np.random.Generator, style: str = "photo", size: int = 128) -> Rendered:
    """Make a picture of a hand that shows a digit.

    Args:
        digit: 0 to 5.
        rng: source of randomness; the same one gives the same picture.
        style: one of STYLES.
        size: height and width in pixels.
    """
    ways = WAYS[digit]
    way = ways[rng.integers(len(ways))]
    bones = framed(turned(skeleton(way, rng, rng.uniform(*PLUMP[style])), way, rng), rng, size)
    if style != "photo" and rng.random() < 0.5:  # drawings often end at the wrist
        bones = [bone for bone in bones if bone.part != 6]
    seen = surface(bones, size)
    if style == "doodle":
        raised = {2 + finger for finger in way.up} | (
            {1} if way.thumb in ("out", "ring") else set()
        )
        if way is RING:
            raised |= {2, 3}
        kept = [b for b in bones if b.part in raised | {0} or (b.part == 6 and rng.random() < 0.5)]
        picture = doodle(kept, rng, size)
    else:
        picture = DRAWN[style](seen, rng)
    return Rendered((255 * np.clip(picture, 0, 1)).astype(np.uint8), seen.part >= 0, digit)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m model.rendered", description=__doc__.split("\n")[0]
    )
    parser.add_argument("folder", type=Path, help="gets a sub-folder for each digit")
    parser.add_argument("--count", type=int, default=10, help="pictures a digit (default: 10)")
    parser.add_argument("--style", choices=STYLES, default="photo")
    parser.add_argument("--size", type=int, default=128, help="pixels (default: 128)")
    parser.add_argument("--seed", type=int, default=0)
    flags = parser.parse_args(arguments)
    for digit in range(6):
        place = flags.folder / str(digit)
        place.mkdir(parents=True, exist_ok=True)
        for i in range(flags.count):
            rng = np.random.default_rng((flags.seed, digit, i))
            made = render(digit, rng, flags.style, flags.size)
            Image.fromarray(made.picture).save(place / f"{flags.style}_{flags.seed}_{i}.png")


if __name__ == "__main__":
    main()

# Doodles: fingers raised around a palm of radius 1, as angles in degrees to the right of upwards
# of root and direction, and length; thumb first.
RAISED = {0: ("",), 1: ("I",), 2: ("IM",), 3: ("TIM", "IMR"), 4: ("IMRL",), 5: ("TIMRL",)}
DOODLED = {
    "T": (92, 62, 1.0),
    "I": (36, 20, 1.45),
    "M": (11, 4, 1.6),
    "R": (-14, -9, 1.45),
    "L": (-39, -26, 1.15),
}


def _polar(angle) -> np.ndarray:
    return np.array((np.sin(np.radians(angle)), np.cos(np.radians(angle))))


def _loop(root, along, reach, half) -> np.ndarray:
    """A finger as a U: up one side, around the tip, down the other."""
    across = np.array((along[1], -along[0]))
    turns = np.radians(np.linspace(0, 180, 9))
    cap = [across * np.cos(a) * half + along * (np.sin(a) * half + reach - half) for a in turns]
    return root + np.array([across * half, *cap, -across * half])


def _ellipse(wide, high, start=0, sweep=360) -> np.ndarray:
    turns = np.radians(np.linspace(start, start + sweep, 28))
    return np.stack((np.cos(turns) * wide, np.sin(turns) * high), 1)


def _doodled_ring(rng) -> tuple[list, list]:
    """Thumb and fingers meeting in a ring, from the side: two loops, knuckle lines, a wrist."""
    wide, high = rng.uniform(0.8, 1.15, 2)
    thick = rng.uniform(0.3, 0.5)
    outer, inner = _ellipse(wide, high), _ellipse(wide, high) * (1 - thick)
    wrist = np.array(((0.3, -0.93 * high), (0.45, -1.8)))
    strokes = [outer, inner]
    if rng.random() < 0.6:
        strokes += [wrist, wrist * (-1, 1)]
    if rng.random() < 0.7:  # where the thumb's tip meets the fingers'
        angle = rng.uniform(20, 60)
        rim = _polar(angle) * (wide, high)
        strokes.append(np.array((rim, rim * (1 - thick))))
    if rng.random() < 0.5:  # the other fingers behind the first
        for k in range(1, 4):
            shift = (-0.1 * k, 0.13 * k)
            strokes.append(_ellipse(wide, high, 30, 90) + shift)
    return strokes, [outer]


def _doodled_hand(digit, rng) -> tuple[list, list]:
    """Strokes (polylines [n, 2]) of a hand and the areas that they enclose."""
    raised = str(rng.choice(RAISED[digit]))
    form = str(rng.choice(["contour", "loops", "sticks"], p=[0.5, 0.28, 0.22]))
    half, spread = rng.uniform(0.13, 0.23), rng.uniform(0.8, 1.5)
    wide, high = rng.uniform(0.75, 1.05), rng.uniform(0.85, 1.15)
    bumps = rng.random() < 0.6
    strokes, areas, path = [], [], []
    for name, (at, towards, reach) in DOODLED.items():
        root = _polar(at) * (wide, high) * 0.97
        along = _polar(towards * (spread if name != "T" else 1) + rng.normal(0, 3))
        reach = reach * rng.normal(0.95, 0.1)
        if name in raised:
            finger = _loop(root, along, reach, half * (1.1 if name == "T" else 1))
        elif bumps and name != "T":
            finger = _loop(root, _polar(at), 0.24, 0.2)[1:-1]
        else:
            continue
        if form == "sticks" and name in raised:
            bend = along[::-1] * (1, -1) * rng.normal(0, 0.05)
            strokes.append(np.array((root * 0.92, root + along * reach / 2 + bend, root + along * reach)))
        elif form != "contour":
            strokes.append(finger)
        if form == "contour":
            path.extend(finger)
        areas.append(finger)
    palm = _ellipse(wide, high)
    areas.append(palm)
    if form == "contour":
        side = np.array((wide * 0.98, -0.1))
        end = np.array((wide * rng.uniform(0.5, 0.8), -high * rng.uniform(1.0, 1.9)))
        right = [end, side * (1, 2)] + ([side] if "T" not in raised else [])
        left = [side * (-1, 1), end * (-1, 1)]
        if not path:
            path = list(_ellipse(wide, high, 20, 140))
        outline = np.array(right + path + left)
        if rng.random() < 0.4:
            outline = np.vstack((outline, outline[:1]))
        strokes.append(outline)
        areas.append(outline)
    elif rng.random() < 0.75:
        strokes.append(palm)
    else:
        strokes.append(_ellipse(wide, high, 150, 240))
    if "T" not in raised and rng.random() < 0.6:  # the thumb, laid across
        start, far = np.array((wide * 0.9, -0.35)), rng.uniform(-0.5, 0.3)
        strokes.append(_loop(start, _polar(-72), 0.9 * wide - far * wide, rng.uniform(0.13, 0.2)))
    folded = [name for name in "IMRL" if name not in raised]
    if folded and rng.random() < 0.5:  # fingertips that lie in the palm
        for name in folded:
            top = _polar(DOODLED[name][0]) * (wide * 0.85, high * 0.75)
            strokes.append(_loop(top, np.array((0, -1)), rng.uniform(0.25, 0.4), 0.17))
    return strokes, areas


def _wobbly(stroke, rng, shake) -> np.ndarray:
    """The stroke drawn by hand: points about 2 pixels apart, shaken by slow noise."""
    steps = np.r_[0, np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))]
    count = max(int(steps[-1] / 2), 4)
    at = np.linspace(0, steps[-1], count)
    points = np.stack([np.interp(at, steps, stroke[:, c]) for c in (0, 1)], 1)
    knots = max(count // 8, 2)
    for c in (0, 1):
        noise = np.interp(np.linspace(0, knots, count), range(knots + 1), rng.normal(0, shake, knots + 1))
        points[:, c] += noise
    kernel = np.ones(3) / 3
    middle = [np.convolve(points[:, c], kernel, "valid") for c in (0, 1)]
    points[1:-1] = np.stack(middle, 1)
    return points


def _doodle(digit, rng, size) -> tuple[np.ndarray, np.ndarray]:
    """Quick strokes of a mouse or a finger."""
    ring = digit == 0 and rng.random() < 0.5
    strokes, areas = _doodled_ring(rng) if ring else _doodled_hand(digit, rng)
    turn = rng.normal(0, 14) if rng.random() < 0.85 else rng.uniform(-70, 70)
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    mirror, slim = rng.choice((-1, 1)), rng.uniform(0.85, 1.1)
    matrix = np.array(((cos, sin), (-sin, cos))) @ np.diag((mirror * slim, -1))
    strokes, areas = ([line @ matrix.T for line in lines] for lines in (strokes, areas))
    scale = 2
    width = float(np.exp(rng.uniform(np.log(1.2), np.log(6)))) * size / 64
    everything = np.vstack(strokes + areas)
    low, high = everything.min(0), everything.max(0)
    unit = (size * rng.uniform(0.6, 0.9) - width) / (high - low).max()
    slack = (size * 0.96 - width - (high - low) * unit) / 2
    centre = size / 2 + slack * rng.uniform(-0.8, 0.8, 2)

    def place(line):
        return (line - (low + high) / 2) * unit + centre

    shake = abs(rng.normal(0, 0.025)) * unit
    paper, pen, tint = _paper(rng, size)
    page = Image.new("L", (size * scale, size * scale))
    brush = ImageDraw.Draw(page)
    inside = Image.new("L", (size, size))
    filler = ImageDraw.Draw(inside)
    for area in areas:
        filler.polygon([tuple(point) for point in place(area)], fill=255)
    nib = width * scale
    for stroke in strokes:
        points = _wobbly(place(stroke), rng, shake) * scale
        brush.line([tuple(point) for point in points], fill=255, width=round(nib), joint="curve")
        for x, y in points[[0, -1]]:
            brush.ellipse((x - nib / 2, y - nib / 2, x + nib / 2, y + nib / 2), fill=255)
    ink = _halved(np.asarray(page, np.float32) / 255)
    mask = np.asarray(inside) > 0
    if rng.random() < 0.2:
        paper = _mixed(paper, tint, mask * np.float32(rng.uniform(0.3, 1)))
    return _mixed(paper, pen, ink), binary_fill_holes(mask | (ink > 0.5))


def _rows(seed: int) -> dict[str, np.ndarray]:
    """The demo's example pictures by file name: uint8 [320, 320, 3] each."""
    drawn = [(digit, "photo") for digit in range(6)] + [(2, "line"), (5, "line"), (3, "cartoon")]
    pictures = {}
    for number, (digit, style) in enumerate(drawn):
        rng = np.random.default_rng((seed, number))
        pictures[f"{digit}_{style}"] = render(digit, rng, style, 320).picture
    scene = _background(np.random.default_rng((seed, len(drawn))), 320)
    pictures["none_scene"] = (scene.clip(0, 1) * 255).astype(np.uint8)
    return pictures


def write_examples(folder: str | Path = EXAMPLES, seed: int = 1) -> list[Path]:
    """Write the demo's example pictures.

    Args:
        folder: where to; made if it is not there.
        seed: decides everything in them.

    Returns:
        The JPEG files written, in the order of the demo's row.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, picture in _rows(seed).items():
        files.append(folder / f"{name}.jpg")
        Image.fromarray(picture).save(files[-1], quality=88)
    return files


def write_folders(folder: str | Path, count: int, style: str, size: int, seed: int) -> int:
    """Write pictures into sub-folders 0 to 5, as model.evaluate reads them.

    Args:
        folder: where to; made if it is not there.
        count: pictures of each digit.
        style: one of STYLES, or "all" for them in turn.
        size: side of the pictures in pixels.
        seed: decides everything in them.

    Returns:
        How many pictures were written.
    """
    for digit in SIGNS:
        home = Path(folder) / str(digit)
        home.mkdir(parents=True, exist_ok=True)
        for number in range(count):
            chosen = STYLES[number % len(STYLES)] if style == "all" else style
            rng = np.random.default_rng((seed, digit, number))
            picture = render(digit, rng, chosen, size).picture
            Image.fromarray(picture).save(home / f"{chosen}_{number:04}.png")
    return count * len(SIGNS)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m model.rendered", description="Draw hands.")
    parser.add_argument("folder", nargs="?", help="pictures go into its sub-folders 0 to 5")
    parser.add_argument("--examples", action="store_true", help="write the demo's examples")
    parser.add_argument("--count", type=int, default=20, help="pictures a digit (20)")
    parser.add_argument("--style", choices=(*STYLES, "all"), default="all", help="(all, in turn)")
    parser.add_argument("--size", type=int, default=128, help="side in pixels (128)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same hands (1)")
    options = parser.parse_args(arguments)
    if not options.examples and options.folder is None:
        parser.error("name a folder, or ask for --examples")
    if options.examples:
        files = write_examples(seed=options.seed)
        print(f"{len(files)} examples in {files[0].parent}")
    if options.folder is not None:
        if options.size < 32 or options.count < 1:
            parser.error("--size must be 32 or more and --count 1 or more")
        count = write_folders(
            options.folder, options.count, options.style, options.size, options.seed
        )
        print(f"{count} pictures in {options.folder}")


if __name__ == "__main__":
    main()
