"""Hands made from geometry: for examples, for tests, and as pictures to train on.

A skeleton of 3D bones, each a tapered capsule, is posed as a digit, turned, and drawn into a depth
buffer; the buffer is shaded as a photograph or lined as a drawing.

    python -m model.synthetic.rendered FOLDER --count 10 --style photo
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from model.synthetic.backgrounds import background, over, paper_and_ink, random_colour, smooth_noise
from model.synthetic.doodled import doodle

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
    inside = part >= 0
    # Where capsules overlap, the least of their distances is not the distance to the outline.
    distance = np.where(inside, 0.5 - ndimage.distance_transform_edt(inside), distance)
    depth = np.where(inside, depth, 0)
    return Surface(distance, depth, crease, along, part)


def connected(edges: np.ndarray) -> np.ndarray:
    """Edges, bool [size, size], without those too short to be a stroke."""
    strokes, _ = ndimage.label(edges, np.ones((3, 3)))
    long = np.bincount(strokes.ravel()) >= len(edges) / 12
    return edges & long[strokes]


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
    edges = connected(step > detail * size)
    inner = np.clip((width + 0.5) / 2 - ndimage.distance_transform_edt(~edges), 0, 1)
    return np.maximum(outer, inner * inside)


SKINS = np.array(  # from very light to very dark, sRGB
    [
        (250, 218, 198), (236, 192, 165), (219, 166, 132), (190, 133, 98),
        (150, 98, 68), (105, 66, 46), (66, 42, 33),
    ],
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
        strokes = np.maximum(strokes, 0.8 * connected((seen.crease > 0.6) & (seen.part >= 0)))
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
    yellow, white = np.array([1, 0.82, 0.2], np.float32), np.full(3, 0.97, np.float32)
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
        ink = np.full(3, other.mean() <= 0.5, np.float32)
    if rng.random() < 0.5:
        gaps = lines(seen, rng.uniform(1, 2.5) * size / 96, rng.choice([0.03, 9])) * (
            seen.distance < -1
        )
        return over(ground, ink, np.clip(0.5 - seen.distance, 0, 1) * (1 - gaps))
    return over(ground, ink, lines(seen, rng.uniform(2, 6) * size / 96, 0.035))


DRAWN = {"photo": photo, "line": line, "cartoon": cartoon, "icon": icon}
PLUMP = {
    "photo": (0.9, 1.15),
    "line": (0.85, 1.3),
    "cartoon": (1.0, 1.5),
    "icon": (0.9, 1.4),
}


def render(digit: int, rng: np.random.Generator, style: str = "photo", size: int = 128) -> Rendered:
    """Make a picture of a hand that shows a digit.

    Args:
        digit: 0 to 5.
        rng: source of randomness; the same one gives the same picture.
        style: one of STYLES.
        size: height and width in pixels.
    """
    if style == "doodle":
        picture, mask = doodle(digit, rng, size)
    else:
        ways = WAYS[digit]
        way = ways[rng.integers(len(ways))]
        bones = turned(skeleton(way, rng, rng.uniform(*PLUMP[style])), way, rng)
        bones = framed(bones, rng, size)
        if style != "photo" and rng.random() < 0.5:  # drawings often end at the wrist
            bones = [bone for bone in bones if bone.part != 6]
        seen = surface(bones, size)
        picture, mask = DRAWN[style](seen, rng), seen.part >= 0
    return Rendered((255 * np.clip(picture, 0, 1)).astype(np.uint8), mask, digit)


EXAMPLES = Path(__file__).parents[2] / "demo" / "examples"
EXAMPLE_HANDS = (
    *((digit, "photo") for digit in range(6)),
    (2, "line"),
    (5, "line"),
    (3, "cartoon"),
)


def write_examples(folder: Path = EXAMPLES, seed: int = 1) -> list[Path]:
    """Write the demo's example pictures: nine hands, one far off in a scene, and only a scene.

    Args:
        folder: gets the files; made if it is not there.
        seed: decides all that is random in them.

    Returns:
        The JPEG files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for i, (digit, style) in enumerate(EXAMPLE_HANDS):
        made = render(digit, np.random.default_rng((seed, i)), style, 320)
        files.append(folder / f"{digit}_{style}.jpg")
        Image.fromarray(made.picture).save(files[-1], quality=85)
    for name in ("no_hand", "2_far"):
        rng = np.random.default_rng((seed, len(files)))
        scene = 255 * np.clip(background(rng, 480)[:360], 0, 1)
        picture = Image.fromarray(scene.astype(np.uint8))
        if name == "2_far":
            made = render(2, rng, "photo", 340)
            mask = Image.fromarray(made.mask).convert("L").resize((170, 170))
            picture.paste(Image.fromarray(made.picture).resize((170, 170)), (264, 190), mask)
        files.append(folder / f"{name}.jpg")
        picture.save(files[-1], quality=85)
    return files


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m model.synthetic.rendered", description=__doc__.split("\n")[0]
    )
    parser.add_argument("folder", type=Path, nargs="?", help="gets a sub-folder for each digit")
    parser.add_argument("--count", type=int, default=10, help="pictures a digit (default: 10)")
    parser.add_argument("--style", choices=STYLES, default="photo")
    parser.add_argument("--size", type=int, default=128, help="pixels (default: 128)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--examples", action="store_true", help="write the demo's examples")
    flags = parser.parse_args(arguments)
    if flags.examples:
        write_examples()
    elif flags.folder is None:
        parser.error("name a folder, or ask for --examples")
    if flags.folder is None:
        return
    for digit in range(6):
        place = flags.folder / str(digit)
        place.mkdir(parents=True, exist_ok=True)
        for i in range(flags.count):
            rng = np.random.default_rng((flags.seed, digit, i))
            made = render(digit, rng, flags.style, flags.size)
            Image.fromarray(made.picture).save(place / f"{flags.style}_{flags.seed}_{i}.png")


if __name__ == "__main__":
    main()
