"""One picture from one seed: a person, a gesture, a camera, lamps."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

from model.reading.images import Box
from model.synthetic.people.body import FINGERS, Body, draw_person, load_body
from model.synthetic.people.gestures import Gesture, draw_bends, draw_gesture
from model.synthetic.people.looks import Looks, draw_looks, lightness
from model.synthetic.people.paint import PALM, paint
from model.synthetic.people.skeleton import Hand, move, turn
from model.synthetic.people.studio import FINE, Shot, View, open_studio

LONGEST = 160


@dataclass(frozen=True)
class Picture:
    """A cut-out and what is known about it.

    Attributes:
        rgba: uint8 [height, width, 4]; alpha is the share of the pixel that the person covers.
        facts: the row of people.csv but the file's name.
    """

    rgba: np.ndarray
    facts: dict


@dataclass(frozen=True)
class Pose:
    """How the hand is turned to the camera, degrees.

    Attributes:
        turned: about the forearm; 0 shows the palm, 180 the back.
        tilted: fingertips towards the camera.
        rolled: in the plane of the picture, anticlockwise.
    """

    turned: float
    tilted: float
    rolled: float

    @property
    def name(self) -> str:
        """front, back or edge, and whether tilted."""
        away = abs((self.turned + 180) % 360 - 180)
        side = "front" if away < 50 else "back" if away > 130 else "edge"
        return side + (" tilted" if abs(self.tilted) > 28 else "")

    def matrix(self) -> np.ndarray:
        """Rotation from the palm's axes to the camera's, float64 [3, 3]."""
        across, up, out = np.eye(3)
        return turn(out, self.rolled) @ turn(across, self.tilted) @ turn(up, self.turned)


def draw_pose(raised: str, thumb: str, rng: np.random.Generator) -> Pose:
    """Draw a viewpoint: the palm most often, then the back, then in between."""
    kind = rng.random()
    if kind < 0.52:
        turned = rng.normal(0, 18)
    elif kind < 0.78:
        turned = 180 + rng.normal(0, 18)
    else:
        turned = rng.uniform(0, 360)
    if thumb == "ring" and not raised and rng.random() < 0.75:  # the hole of a ring is shown
        turned = rng.normal(65, 25)
    tilted = rng.uniform(-50, 50) if rng.random() < 0.4 else rng.normal(0, 12)
    kind = rng.random()
    rolled = rng.normal(0, 17)
    if kind < 0.1:
        rolled = rng.uniform(-180, 180)
    elif kind < 0.2:
        rolled = rng.choice((-1, 1)) * rng.normal(75, 20)
    if raised == "T" and rng.random() < 0.6:  # thumbs up
        rolled = (-1 if np.cos(np.radians(turned)) > 0 else 1) * rng.normal(70, 20)
    return Pose(float(turned), float(tilted), float(rolled))


def bend_arm(axes: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Turns of the forearm against the palm: wrists bend."""
    bent = np.clip(rng.normal(0, 14), -40, 40)
    aside = np.clip(rng.normal(0, 8), -20, 20)
    twist = np.clip(rng.normal(0, 20), -45, 45)
    arm = turn(axes[:, 0], bent) @ turn(axes[:, 2], aside)
    whole = arm @ turn(axes[:, 1], twist)
    names = ("clavicle", "shoulder01", "upperarm01", "upperarm02", "lowerarm01")
    return {
        **{f"{name}.L": whole for name in names},
        "lowerarm02.L": arm @ turn(axes[:, 1], twist / 2),
        "wrist.L": np.eye(3),
    }


def readable(shot: Shot, view: View, points: np.ndarray, radii: np.ndarray, raised: str) -> bool:
    """Whether every raised finger can be counted in a picture.

    Args:
        shot: the picture.
        view: its camera.
        points: float64 [5, 4, 3], joints of the fingers as the camera sees them.
        radii: float64 [5], of the fingers, metres.
        raised: letters of the raised fingers.

    Returns:
        True if each raised finger shows enough of its length, its tip is not hidden, and it stands
        out from the palm and the folded fingers.
    """
    rows, columns = np.indices(shot.parts.shape)
    others = [PALM, PALM + 1, *(f + 1 for f in range(5) if FINGERS[f] not in raised)]
    for finger in (FINGERS.index(letter) for letter in raised):
        first = 1 if finger == 0 else 0
        chain = points[finger, first:]
        seen = view.pixels(chain) * FINE
        scale = FINE * view.size[1] / (view.window[3] - view.window[1])
        scale /= view.distance - chain[:, 2].mean()
        true = np.linalg.norm(np.diff(chain, axis=0), axis=1).sum() * scale
        radius = radii[finger] * scale
        if np.linalg.norm(seen[-1] - seen[0]) < 0.5 * true:
            return False
        if (shot.parts == finger + 1).sum() < 0.45 * true * 2 * radius:
            return False
        near = (columns - seen[-1, 0]) ** 2 + (rows - seen[-1, 1]) ** 2 < (1.3 * radius) ** 2
        here = shot.parts[near]
        if len(here) == 0 or (here == finger + 1).mean() < 0.22:
            return False
        if np.isin(here, others).mean() > 0.25:
            return False
    return True


def develop(shot: Shot, exposure: float) -> np.ndarray:
    """Linear light as a cut-out, uint8 [height, width, 4]."""
    alpha = shot.alpha
    colour = shot.light / np.maximum(alpha, 1e-3)[..., None] * exposure
    colour = np.where(colour > 0.7, 0.7 + 0.3 * np.tanh((colour - 0.7) / 0.3), colour)
    encoded = np.where(
        colour <= 0.0031308, 12.92 * colour, 1.055 * np.maximum(colour, 1e-9) ** (1 / 2.4) - 0.055
    )
    rgba = np.concatenate([encoded, alpha[..., None]], 2)
    return (255 * np.clip(rgba, 0, 1) + 0.5).astype(np.uint8)


def expose(looks: Looks, rng: np.random.Generator) -> float:
    """The camera's exposure: set for the light, a little for the skin, never quite right."""
    light = (looks.sky + looks.ground).mean() / 2
    light += sum(one.colour.mean() * max(0.1, one.direction[2]) for one in looks.lights[:2])
    if looks.night:
        return float(0.8 * np.exp(rng.normal(0, 0.25)))
    skin = (looks.skin.back.mean() / 0.3) ** -0.25
    return float(0.72 * skin / max(light, 0.3) * np.exp(rng.normal(0, 0.2)))


def part_box(wanted: np.ndarray) -> tuple[int, int, int, int] | None:
    """Box in pixels of fine pixels, bool [2 height, 2 width]: x0, y0, x1, y1, ends not included."""
    if wanted.sum() < 12:
        return None
    rows, columns = np.flatnonzero(wanted.any(1)), np.flatnonzero(wanted.any(0))
    return (
        int(columns[0] // FINE),
        int(rows[0] // FINE),
        int(columns[-1] // FINE) + 1,
        int(rows[-1] // FINE) + 1,
    )


def hand_box(shot: Shot) -> tuple[int, int, int, int] | None:
    """Box of the left hand from wrist to fingertips, in pixels; None if it is out of sight."""
    return part_box((shot.parts >= 1) & (shot.parts <= PALM))


def skin_lightness(rgba: np.ndarray, shot: Shot) -> float:
    """Median L* of the hand in a picture."""
    hand = (shot.parts >= 1) & (shot.parts <= PALM)
    return lightness(rgba[..., :3], hand[::FINE, ::FINE])


def pose_hand(digit: int, rng: np.random.Generator):
    """Draw a person who shows a digit; None where the thumb cannot get to its place."""
    body = load_body()
    person = draw_person(rng)
    gesture = draw_gesture(digit, rng)
    rest = body.shape(person)
    hand = Hand(body, rest)
    pose = hand.pose(gesture, draw_bends(gesture, rng), rng)
    if pose.overlap > 0.45 or pose.miss > 0.9:
        return None
    return person, gesture, rest, hand, pose


def window(points: np.ndarray, distance: float, margin: float) -> tuple[float, float, float, float]:
    """The tightest window around points, with a margin as a share of the longer side."""
    tangents = points[:, :2] / (distance - points[:, 2:])
    low, high = tangents.min(0), tangents.max(0)
    edge = margin * (high - low).max()
    (left, bottom), (right, top) = low - edge, high + edge
    return left, bottom, right, top


def make_hand(seed: tuple[int, ...], digit: int) -> Picture | None:
    """Make a cut-out of a hand.

    Args:
        seed: decides everything but the digit.
        digit: 0 to 5.

    Returns:
        The picture; None if what this seed draws cannot be read.
    """
    rng = np.random.default_rng((*seed, digit))
    body = load_body()
    drawn = pose_hand(digit, rng)
    if drawn is None:
        return None
    person, gesture, rest, hand, pose = drawn
    looks = draw_looks(rng, person.age, whole=False)
    held = draw_pose(gesture.raised, gesture.thumb, rng)
    studio = open_studio(False)
    turns = {**pose.turns, **bend_arm(hand.axes, rng)}
    vertices, heads = move(body, rest, turns, studio.kept)
    to_camera = held.matrix() @ hand.axes.T
    wrist = heads[body.bones["wrist.L"]]
    points = (pose.points - hand.wrist) @ to_camera.T
    centre = (points.reshape(-1, 3).min(0) + points.reshape(-1, 3).max(0)) / 2
    points = points - centre
    seen = (vertices - wrist) @ to_camera.T - centre
    elbow = (heads[body.bones["lowerarm01.L"]] - wrist) @ to_camera.T
    if elbow[2] > 0.6 * np.linalg.norm(elbow):
        return None
    distance = float(np.exp(rng.uniform(np.log(0.35), np.log(1.0))))
    painted = marks(body)
    shown = rng.uniform(0.02, 0.14)
    framed = (painted[:, 1] <= PALM) | ((painted[:, 1] == PALM + 1) & (painted[:, 3] < shown))
    bounds = window(seen[framed], distance, 0.02)
    width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
    longest = LONGEST / max(width, height)
    size = (max(8, round(width * longest)), max(8, round(height * longest)))
    view = View(distance, bounds, size)
    shot = studio.draw(seen.astype(np.float32), looks, view)
    box = hand_box(shot)
    if box is None or not readable(shot, view, points, rest.radii, gesture.raised):
        return None
    rgba = develop(shot, expose(looks, rng))
    light = skin_lightness(rgba, shot)
    side = "left"
    if rng.random() < 0.5:
        side, rgba = "right", rgba[:, ::-1]
        box = (size[0] - box[2], box[1], size[0] - box[0], box[3])
    return Picture(np.ascontiguousarray(rgba), facts_of(gesture, held, side, looks, light, box))


def facts_of(gesture: Gesture, held: Pose, side: str, looks: Looks, light: float, box: Box) -> dict:
    """What a cut-out shows, as it stands in people.csv."""
    return {
        "digit": gesture.digit,
        "fingers": gesture.raised,
        "thumb": gesture.thumb,
        "side": side,
        "viewpoint": held.name,
        "skin": looks.skin.name,
        "lightness": round(light, 1),
        **dict(zip(("x0", "y0", "x1", "y1"), box, strict=True)),
        "night": int(looks.night),
    }


@cache
def marks(body: Body) -> np.ndarray:
    """The paint of a body."""
    return paint(body, body.average())


def save(picture: Picture, path) -> None:
    """Write a cut-out as WebP."""
    Image.fromarray(picture.rgba).save(path, quality=92, method=2, exact=True)
