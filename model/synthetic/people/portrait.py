"""A whole person at arm's length from a webcam: one hand raised, the other one elsewhere."""

from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from model.reading.images import Box
from model.synthetic.people.body import Body, Rest, load_body
from model.synthetic.people.looks import draw_looks
from model.synthetic.people.paint import OTHER_HAND
from model.synthetic.people.scenes import (
    Picture,
    Pose,
    develop,
    expose,
    facts_of,
    hand_box,
    part_box,
    pose_hand,
    readable,
    skin_lightness,
)
from model.synthetic.people.skeleton import Hand, move, turn, unit
from model.synthetic.people.studio import View, open_studio

SIZES = ((320, 240), (320, 240), (320, 180), (240, 320))
TO_CAMERA = np.array(((1.0, 0, 0), (0, 0, 1), (0, -1, 0)))  # a person who faces the camera
MIRROR = np.diag((-1.0, 1.0, 1.0))
ELSEWHERE = ("hanging", "lap", "chin", "hanging")


def least_turn(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The smallest rotation that turns one direction into another, float64 [3, 3]."""
    start, end = unit(start), unit(end)
    axis = np.cross(start, end)
    sine, cosine = np.linalg.norm(axis), start @ end
    if sine < 1e-9:
        return np.eye(3)
    return Rotation.from_rotvec(axis / sine * np.arctan2(sine, cosine)).as_matrix()


def twist_about(rotation: np.ndarray, axis: np.ndarray) -> float:
    """How far a rotation turns about an axis, degrees, -180..180."""
    x, y, z, w = Rotation.from_matrix(rotation).as_quat()
    return float((np.degrees(2 * np.arctan2((x, y, z) @ axis, w)) + 180) % 360 - 180)


def reach_for(body: Body, rest: Rest, side: str, target: np.ndarray, pole: np.ndarray):
    """Bend an arm so that the wrist comes to a place.

    Args:
        body: the bones.
        rest: the person.
        side: L or R.
        target: where the wrist should be, float64 [3], metres in the body's axes; nearer if the
            arm is too short.
        pole: where the elbow points.

    Returns:
        Rotations of the upper arm and of the forearm, float64 [3, 3], and the forearm's direction.
    """
    shoulder, elbow, wrist = (
        rest.heads[body.bones[f"{name}.{side}"]] for name in ("upperarm01", "lowerarm01", "wrist")
    )
    upper, lower = np.linalg.norm(elbow - shoulder), np.linalg.norm(wrist - elbow)
    span = target - shoulder
    far = np.clip(np.linalg.norm(span), 0.35 * (upper + lower), 0.985 * (upper + lower))
    span = unit(span)
    along = (upper**2 - lower**2 + far**2) / (2 * far)
    aside = np.sqrt(max(upper**2 - along**2, 0))
    pole = unit(pole - span * (pole @ span))
    bent = span * along + pole * aside
    forearm = span * far - bent
    return (
        least_turn(elbow - shoulder, bent),
        least_turn(wrist - elbow, forearm),
        unit(forearm),
    )


def arm_turns(side: str, upper: np.ndarray, lower: np.ndarray) -> dict[str, np.ndarray]:
    """The rotations of an arm's bones."""
    return {
        f"upperarm01.{side}": upper,
        f"upperarm02.{side}": upper,
        f"lowerarm01.{side}": lower,
        f"lowerarm02.{side}": lower,
        f"wrist.{side}": lower,
    }


def raise_arm(body: Body, rest: Rest, axes: np.ndarray, rng: np.random.Generator):
    """Lift the left arm and turn its hand to the camera.

    Returns:
        Rotations by bone, and how the hand is held; None where a wrist cannot be bent so far.
    """
    shoulder = rest.heads[body.bones["upperarm01.L"]]
    wrist = rest.heads[body.bones["wrist.L"]]
    elbow = rest.heads[body.bones["lowerarm01.L"]]
    size = (np.linalg.norm(elbow - shoulder) + np.linalg.norm(wrist - elbow)) / 0.5
    target = shoulder + size * np.array(
        (rng.uniform(-0.2, 0.35), -rng.uniform(0.12, 0.42), rng.uniform(-0.18, 0.3))
    )
    pole = np.array((rng.uniform(0.1, 1.0), rng.uniform(-0.3, 0.3), -1.0))
    upper, lower, forearm = reach_for(body, rest, "L", target, pole)
    seen = TO_CAMERA @ forearm
    turned = rng.normal(0, 22) if rng.random() < 0.7 else 180 + rng.normal(0, 22)
    held = Pose(
        float(turned),
        float(0.6 * np.degrees(np.arcsin(seen[2])) + rng.normal(0, 12)),
        float(np.degrees(np.arctan2(-seen[0], seen[1])) * rng.uniform(0.3, 1) + rng.normal(0, 8)),
    )
    hand = TO_CAMERA.T @ held.matrix() @ axes.T
    bent = np.degrees(np.arccos(np.clip(hand @ axes[:, 1] @ forearm, -1, 1)))
    axis = unit(wrist - elbow)
    twist = twist_about(lower.T @ hand, axis)
    if bent > 60 or abs(twist) > 125:
        return None
    return {
        **arm_turns("L", upper, lower),
        "lowerarm01.L": lower @ turn(axis, 0.15 * twist),
        "lowerarm02.L": lower @ turn(axis, 0.55 * twist),
        "wrist.L": hand,
    }, held


def lower_arm(body: Body, rest: Rest, place: str, rng: np.random.Generator):
    """Put the right hand where an idle hand is: beside the body, in the lap, at the chin."""
    shoulder = rest.heads[body.bones["upperarm01.R"]]
    elbow, wrist = (rest.heads[body.bones[f"{name}.R"]] for name in ("lowerarm01", "wrist"))
    size = (np.linalg.norm(elbow - shoulder) + np.linalg.norm(wrist - elbow)) / 0.5
    offset, pole = {
        "hanging": ((-0.07, 0.0, -0.49), (-0.3, 1.0, 0.0)),
        "lap": ((0.1, -0.25, -0.33), (-1.0, 0.6, -0.5)),
        "chin": ((0.12, -0.19, -0.03), (-0.5, 0.0, -1.0)),
    }[place]
    target = shoulder + size * (np.array(offset) + rng.normal(0, 0.025, 3))
    upper, lower, _ = reach_for(body, rest, "R", target, np.array(pole))
    return arm_turns("R", upper, lower)


def mirrored(box: Box, view: View) -> Box:
    """The box of what a box holds, in the picture's mirror image."""
    x0, y0, x1, y1 = box
    return view.size[0] - x1, y0, view.size[0] - x0, y1


def curl(hand: Hand, wrist: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Bend the idle right hand's fingers: half open to closed, so that it shows no number."""
    closed = rng.uniform(0.3, 1.0)
    turns = {}
    for finger in range(1, 5):
        mcp, pip, dip = closed * np.array((70, 95, 50)) + rng.normal(0, 5, 3)
        for joint, rotation in enumerate(hand.finger(finger, mcp, pip, dip, 0.0), 1):
            turns[f"finger{finger + 1}-{joint}.R"] = wrist @ MIRROR @ rotation @ MIRROR
    return turns


def hold_head(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Tilt and turn the head a little."""
    angles = rng.normal(0, (9, 6, 14)).clip(-25, 25)
    whole = Rotation.from_euler("xyz", angles, degrees=True)
    half = Rotation.from_euler("xyz", angles / 2, degrees=True)
    return {"neck02": half.as_matrix(), "head": whole.as_matrix()}


def place_camera(head: np.ndarray, rng: np.random.Generator):
    """Put a webcam before a head.

    Args:
        head: float64 [3], in the camera's axes.
        rng: draws.

    Returns:
        The view, and what to take from the body's points, float64 [3].
    """
    size = SIZES[rng.choice(len(SIZES), p=(0.4, 0.2, 0.3, 0.1))]
    distance = rng.uniform(0.45, 1.15)
    half = np.tan(np.radians(rng.uniform(40, 56)) / 2)
    wide = half * size[0] / size[1]
    shift = distance * np.array((wide * rng.uniform(-0.5, 0.2), half * rng.uniform(-0.15, 0.55), 0))
    return View(distance, (-wide, -half, wide, half), size), head - shift


def in_frame(marked: np.ndarray, view: View) -> bool:
    """Whether a camera sees the whole hand and cuts the body above the legs, which are not drawn.

    Args:
        marked: float64 [22, 3], joints and tips of the fingers, the wrist and last the hips.
        view: the camera.
    """
    if marked[:-1, 2].max() > view.distance - 0.12:
        return False
    spots = view.pixels(marked)
    inside = (spots[:-1] > 4).all() and (spots[:-1] < np.array(view.size) - 4).all()
    tall = np.ptp(spots[:-1, 1]) / view.size[1]
    return bool(inside and 0.1 <= tall <= 0.5 and spots[-1, 1] > view.size[1] - 10)


def make_person(seed: tuple[int, ...], digit: int) -> Picture | None:
    """Make a cut-out of a whole person as a webcam sees it.

    Args:
        seed: decides everything but the digit.
        digit: what the raised hand shows, 0 to 5.

    Returns:
        The picture; None if what this seed draws cannot be read.
    """
    rng = np.random.default_rng((*seed, digit, 1))
    body = load_body()
    drawn = pose_hand(digit, rng)
    if drawn is None:
        return None
    person, gesture, rest, hand, pose = drawn
    raised = raise_arm(body, rest, hand.axes, rng)
    if raised is None:
        return None
    arm, held = raised
    looks = draw_looks(rng, person.age, whole=True)
    if rng.random() < 0.92:
        looks = replace(
            looks,
            hairline=float(2 + rng.uniform(0.1, 0.3)),
            hair_thickness=float(rng.uniform(0.005, 0.03)),
        )
    elsewhere = ELSEWHERE[rng.choice(len(ELSEWHERE))]
    fingers = {name: arm["wrist.L"] @ rotation for name, rotation in pose.turns.items()}
    studio = open_studio(True)
    idle = lower_arm(body, rest, elsewhere, rng)
    idle |= curl(hand, idle["wrist.R"], rng)
    turns = {**arm, **fingers, **idle, **hold_head(rng)}
    vertices, heads = move(body, rest, turns, studio.kept)
    wrist = heads[body.bones["wrist.L"]]
    joints = (pose.points - hand.wrist) @ arm["wrist.L"].T + wrist
    marked = np.concatenate([joints.reshape(-1, 3), [wrist, heads[body.bones["root"]]]])
    for _ in range(20):
        around = turn((0, 1, 0), rng.normal(0, 12)) @ turn((1, 0, 0), rng.normal(3, 6)) @ TO_CAMERA
        view, origin = place_camera(around @ heads[body.bones["head"]], rng)
        if in_frame(marked @ around.T - origin, view):
            break
    else:
        return None
    points = joints @ around.T - origin
    seen = vertices @ around.T - origin
    shot = studio.draw(seen.astype(np.float32), looks, view)
    box = hand_box(shot)
    if box is None or not readable(shot, view, points, rest.radii, gesture.raised):
        return None
    rgba = develop(shot, expose(looks, rng))
    light = skin_lightness(rgba, shot)
    other = part_box(shot.parts == OTHER_HAND)
    side = "left"
    if rng.random() < 0.5:
        side, rgba = "right", rgba[:, ::-1]
        box, other = mirrored(box, view), other and mirrored(other, view)
    facts = facts_of(gesture, held, side, looks, light, box)
    if other is not None:
        facts |= dict(zip(("other_x0", "other_y0", "other_x1", "other_y1"), other, strict=True))
    return Picture(np.ascontiguousarray(rgba), facts)
