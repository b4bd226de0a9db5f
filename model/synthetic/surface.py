"""What a camera sees of bones: a depth buffer, and where its lines are."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from model.synthetic.bones import Bone


@dataclass(frozen=True)
class Surface:
    """What the camera sees of a hand, all float32 [size, size] but `part`.

    Attributes:
        distance: to the hand's outline in pixels, negative inside.
        depth: towards the viewer, in pixels; 0 outside.
        crease: 0..1, near a joint.
        along: position from a bone's start to its end, 0..1.
        part: int8, as in Bone; -1 outside.
    """

    distance: np.ndarray
    depth: np.ndarray
    crease: np.ndarray
    along: np.ndarray
    part: np.ndarray


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
