"""Quick drawings of hands, stroke by stroke: loops or sticks for fingers on a blob or a ring."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from model.synthetic.backgrounds import over, paper_and_ink, random_colour

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


def polar(angle) -> np.ndarray:
    return np.array((np.sin(np.radians(angle)), np.cos(np.radians(angle))))


def loop(root, along, reach, half, square=1.0, taper=1.0) -> np.ndarray:
    """A finger as a U: up one side, around the tip, down the other.

    Its tip is a half circle, a box for a small `square`, and comes to a point for one above 1.
    """
    across = np.array((along[1], -along[0]))
    turns = np.radians(np.linspace(0, 180, 9))
    tip = min(half * taper, reach)
    x, y = np.sign(np.cos(turns)) * abs(np.cos(turns)) ** square, np.sin(turns) ** square
    cap = np.outer(x * half * taper, across) + np.outer(y * tip + reach - tip, along)
    return root + np.vstack([across * half, cap, -across * half])


def ellipse(wide, high, start=0, sweep=360) -> np.ndarray:
    turns = np.radians(np.linspace(start, start + sweep, 28))
    return np.stack((np.cos(turns) * wide, np.sin(turns) * high), 1)


def doodled_ring(rng) -> tuple[list, list, float]:
    """Thumb and fingers meeting in a ring, from the side: two loops, knuckle lines, a wrist."""
    wide, high = rng.uniform(0.8, 1.15, 2)
    thick = rng.uniform(0.3, 0.5)
    outer, inner = ellipse(wide, high), ellipse(wide, high) * (1 - thick)
    wrist = np.array(((0.3, -0.93 * high), (0.45, -1.8)))
    strokes = [outer, inner]
    if rng.random() < 0.6:
        strokes += [wrist, wrist * (-1, 1)]
    if rng.random() < 0.7:  # where the thumb's tip meets the fingers'
        angle = rng.uniform(20, 60)
        rim = polar(angle) * (wide, high)
        strokes.append(np.array((rim, rim * (1 - thick))))
    if rng.random() < 0.5:  # the other fingers behind the first
        for k in range(1, 4):
            shift = (-0.1 * k, 0.13 * k)
            strokes.append(ellipse(wide, high, 30, 90) + shift)
    return strokes, [outer], 0.2


def doodled_fist(rng) -> tuple[list, list, float]:
    """A fist: four fingers side by side, curled or from above, the thumb across or at the side."""
    wide, high = rng.uniform(0.75, 1.15, 2)
    half = wide / 4
    curled, square = rng.uniform(0.3, 0.9) * high, rng.uniform(0.3, 1.1)
    arch = rng.uniform(0, 0.25, 4) * (0.6, 1, 1, 0.4)
    down = rng.random() < 0.5  # the fingers' ends: loops that hang from the knuckles, or boxes
    strokes = []
    for k in range(4):
        top = np.array((wide - half * (2 * k + 1), high * 0.55 + arch[k]))
        knuckle = loop(top, polar(0), rng.uniform(0.1, 0.35), half, square)
        strokes.append(knuckle)
        if down:
            strokes.append(loop(top, polar(180), curled, half * 0.95, square))
        elif rng.random() < 0.8:
            strokes.append(np.array((top - (half, 0), top - (half, curled))))
    side, end = np.array((wide, high * 0.55)), rng.uniform(-2.6, -0.9) * high
    arm = np.array((side, side * (1, -0.9), (wide * rng.uniform(0.55, 1.1), end)))
    strokes += [arm, arm * (-1, 1)]
    thumb = rng.random()
    if thumb < 0.6:  # across the fingers
        start = np.array((wide, rng.uniform(-0.6, 0) * high))
        reach, girth = rng.uniform(0.7, 1.6) * wide, rng.uniform(0.15, 0.3)
        strokes.append(loop(start, polar(rng.uniform(-95, -60)), reach, girth, square))
    elif thumb < 0.85:  # at the side, upwards
        start = np.array((wide, -0.4 * high))
        strokes.append(loop(start, polar(rng.uniform(-20, 15)), rng.uniform(0.6, 1.1), half))
    if rng.random() < 0.3:
        strokes.append(np.array((arm[1], arm[1] * (-1, 1))))
    outline = np.vstack((strokes[0], arm[1:], (arm * (-1, 1))[::-1]))
    return strokes, [outline], 0.6 * half


def details(bases, wide, high, rng) -> list:
    """What some people add: nails, a line over the knuckles, lines of the palm, a cuff."""
    strokes = []
    if rng.random() < 0.15:
        for root, along, reach, half in bases:
            strokes.append(loop(root + along * reach * 0.75, along, reach * 0.2, half * 0.5))
    if rng.random() < 0.15:
        for root, along, reach, half in bases:
            across = np.array((along[1], -along[0])) * half * 0.7
            strokes.append(root + along * reach / 2 + np.array((across, -across)))
    if rng.random() < 0.15:
        y = rng.uniform(-0.5, 0.3)
        strokes.append(np.array(((-0.5 * wide, y), (0, y - 0.2), (0.6 * wide, y + 0.1))))
    if rng.random() < 0.12:
        low, tall, out = -high * rng.uniform(1, 1.4), rng.uniform(0.2, 0.5), wide * 0.9
        box = ((-out, low), (out, low), (out, low - tall), (-out, low - tall), (-out, low))
        strokes.append(np.array(box))
    return strokes


def doodled_hand(digit, rng) -> tuple[list, list, float]:
    """Strokes (polylines [n, 2]), the areas that they enclose, the widest legible pen."""
    raised = str(rng.choice(RAISED[digit]))
    form = str(rng.choice(["contour", "loops", "sticks"], p=[0.6, 0.22, 0.18]))
    half, spread = rng.uniform(0.13, 0.23), rng.uniform(0.8, 1.5)
    wide, high = rng.uniform(0.75, 1.05), rng.uniform(0.85, 1.15)
    square = rng.uniform(0, 0.7)  # how far the knuckles lie on a line, not on a circle
    bumps = digit == 0 or rng.random() < 0.6
    bump, apart = rng.uniform(0.08, 0.5), rng.uniform(0.1, 0.26)
    tip, taper = rng.uniform(0.35, 1.3), rng.uniform(0.7, 1.1)
    notched = rng.random() < 0.5
    strokes, areas, path, bases = [], [], [], []
    for name, (at, towards, reach) in DOODLED.items():
        root = polar(at) * (wide, high) * 0.97 / abs(polar(at)).max() ** square
        along = polar(towards * (spread if name != "T" else 1) + rng.normal(0, 3))
        reach = reach * rng.normal(0.95, 0.1)
        if name in raised:
            broad = half * (1.1 if name == "T" else 1)
            finger = loop(root, along, reach, broad, tip, taper)
            bases.append((root, along, reach, broad))
        elif bumps and name != "T":
            finger = loop(root, polar(at * rng.uniform(0.2, 1)), bump, apart, tip)
            finger = finger if notched else finger[1:-1]
        else:
            continue
        if form == "sticks" and name in raised:
            bend = along[::-1] * (1, -1) * rng.normal(0, 0.05)
            strokes.append(
                np.array((root * 0.92, root + along * reach / 2 + bend, root + along * reach))
            )
        elif form != "contour":
            strokes.append(finger)
        if form == "contour":
            path.extend(finger)
        areas.append(finger)
    palm = ellipse(wide, high)
    areas.append(palm)
    if form == "contour":
        side = np.array((wide * 0.98, -0.1))
        end = np.array((wide * rng.uniform(0.5, 1.1), -high * rng.uniform(1.0, 2.7)))
        right = [end, side * (1, 2)] + ([side] if "T" not in raised else [])
        left = [side * (-1, 1), end * (-1, 1)]
        if not path:
            path = list(ellipse(wide, high, 20, 140))
        outline = np.array(right + path + left)
        if rng.random() < 0.4:
            outline = np.vstack((outline, outline[:1]))
        strokes.append(outline)
        areas.append(outline)
    elif rng.random() < 0.75:
        strokes.append(palm)
    else:
        strokes.append(ellipse(wide, high, 150, 240))
    if "T" not in raised and rng.random() < 0.6:  # the thumb, laid across
        start, far = np.array((wide * 0.9, -0.35)), rng.uniform(-0.5, 0.3)
        strokes.append(loop(start, polar(-72), 0.9 * wide - far * wide, rng.uniform(0.13, 0.2)))
    folded = [name for name in "IMRL" if name not in raised]
    if folded and rng.random() < 0.5:  # fingertips that lie in the palm
        for name in folded:
            top = polar(DOODLED[name][0]) * (wide * 0.85, high * 0.75)
            strokes.append(loop(top, np.array((0, -1)), rng.uniform(0.25, 0.4), 0.17))
    if form == "contour":
        strokes += details(bases, wide, high, rng)
    return strokes, areas, 0.24 if form == "sticks" else 0.75 * half


def bending(rng) -> Callable:
    """A smooth warp of the plane, by less than fingers are apart: no two people draw alike."""
    waves = rng.normal(0, 1.1, (3, 2))
    phases, shifts = rng.uniform(0, 2 * np.pi, 3), rng.normal(0, 0.05, (3, 2))

    def bend(line):
        return line + np.sin(line @ waves.T + phases) @ shifts

    return bend


def wobbly(stroke, rng, shake) -> np.ndarray:
    """The stroke drawn by hand: points about 2 pixels apart, shaken by slow noise."""
    steps = np.r_[0, np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))]
    count = max(int(steps[-1] / 2), 4)
    at = np.linspace(0, steps[-1], count)
    points = np.stack([np.interp(at, steps, stroke[:, c]) for c in (0, 1)], 1)
    knots = max(count // 8, 2)
    for c in (0, 1):
        noise = np.interp(
            np.linspace(0, knots, count), range(knots + 1), rng.normal(0, shake, knots + 1)
        )
        points[:, c] += noise
    kernel = np.ones(3) / 3
    middle = [np.convolve(points[:, c], kernel, "valid") for c in (0, 1)]
    points[1:-1] = np.stack(middle, 1)
    return points


def doodle(digit: int, rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw a hand with quick strokes of a mouse or a finger.

    Args:
        digit: 0 to 5.
        rng: source of randomness.
        size: height and width in pixels.

    Returns:
        float32 [size, size, 3] in 0..1, and bool [size, size], what the strokes enclose.
    """
    kind = rng.random() if digit == 0 else 1
    if kind < 0.3:
        strokes, areas, widest = doodled_ring(rng)
    elif kind < 0.6:
        strokes, areas, widest = doodled_fist(rng)
    else:
        strokes, areas, widest = doodled_hand(digit, rng)
    bend = bending(rng)
    strokes, areas = ([bend(line) for line in lines] for lines in (strokes, areas))
    turn = rng.normal(0, 14) if rng.random() < 0.85 else rng.uniform(-70, 70)
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    mirror, slim = rng.choice((-1, 1)), np.exp(rng.normal(0, 0.15))
    matrix = np.array(((cos, sin), (-sin, cos))) @ np.diag((mirror * slim, -1))
    strokes, areas = ([line @ matrix.T for line in lines] for lines in (strokes, areas))
    scale = 2
    width = float(np.exp(rng.uniform(np.log(0.8), np.log(6)))) * size / 64
    everything = np.vstack(strokes + areas)
    low, high = everything.min(0), everything.max(0)
    unit = (size * rng.uniform(0.48, 0.92) - width) / (high - low).max()
    width = min(width, widest * unit)
    slack = (size * 0.96 - width - (high - low) * unit) / 2
    centre = size / 2 + slack * rng.uniform(-0.8, 0.8, 2)

    def place(line):
        return (line - (low + high) / 2) * unit + centre

    shake = abs(rng.normal(0, 0.025)) * unit
    paper, pen = paper_and_ink(rng)
    picture = np.broadcast_to(paper, (size, size, 3))
    page = Image.new("L", (size * scale, size * scale))
    brush = ImageDraw.Draw(page)
    inside = Image.new("L", (size, size))
    filler = ImageDraw.Draw(inside)
    for area in areas:
        filler.polygon([tuple(point) for point in place(area)], fill=255)
    nib = width * scale
    for stroke in strokes * (1 + (rng.random() < 0.12)):  # some go over their lines again
        points = wobbly(place(stroke), rng, shake) * scale
        brush.line([tuple(point) for point in points], fill=255, width=round(nib))
        for x, y in points:  # round ends and joints
            brush.ellipse((x - nib / 2, y - nib / 2, x + nib / 2, y + nib / 2), fill=255)
    ink = np.asarray(page.reduce(scale), np.float32) / 255
    mask = np.asarray(inside) > 0
    if rng.random() < 0.2:
        tint = 0.75 * paper + 0.25 * random_colour(rng)  # as light as the paper, so that ink shows
        picture = over(picture, tint, mask.astype(np.float32))
    return over(picture, pen, ink), ndimage.binary_fill_holes(mask | (ink > 0.5))
