"""Draws a posed body with OpenGL: skin, clothes, lamps and their shadows."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy import sparse

from model.synthetic.people.body import NEEDED, Body, Rest, load_body
from model.synthetic.people.looks import Looks
from model.synthetic.people.paint import is_left_arm, is_leg, paint

SHADOW_SIZE = 384
SHADOW_VERTEX = """#version 330
uniform mat4 projection;
in vec3 position;
void main() { gl_Position = projection * vec4(position, 1.0); }
"""
SHADOW_FRAGMENT = "#version 330\nvoid main() {}\n"
FINE = 2  # drawn this much larger and reduced, so that edges are smooth


@dataclass(frozen=True)
class View:
    """What a camera sees. The camera looks along -z from (0, 0, distance).

    Attributes:
        distance: from the camera to the origin, metres.
        window: left, bottom, right, top of the picture, in tangents of the angle to the axis.
        size: width, height of the picture in pixels.
    """

    distance: float
    window: tuple[float, float, float, float]
    size: tuple[int, int]

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """Where points, float [n, 3], land in the picture, float64 [n, 2], x right and y down."""
        left, bottom, right, top = self.window
        tangents = points[:, :2] / (self.distance - points[:, 2:])
        x = (tangents[:, 0] - left) / (right - left) * self.size[0]
        y = (top - tangents[:, 1]) / (top - bottom) * self.size[1]
        return np.stack([x, y], 1)

    def projection(self) -> np.ndarray:
        """OpenGL's matrix, float32 [4, 4], from scene to clip coordinates."""
        left, bottom, right, top = self.window
        near, far = 0.03, 6.0
        matrix = np.zeros((4, 4))
        matrix[0, 0], matrix[0, 2] = 2 / (right - left), (right + left) / (right - left)
        matrix[1, 1], matrix[1, 2] = 2 / (top - bottom), (top + bottom) / (top - bottom)
        matrix[2, 2], matrix[2, 3] = -(far + near) / (far - near), -2 * far * near / (far - near)
        matrix[3, 2] = -1
        move = np.eye(4)
        move[2, 3] = -self.distance
        return (matrix @ move).astype(np.float32)


@dataclass(frozen=True)
class Shot:
    """A drawn body.

    Attributes:
        light: float32 [height, width, 3], linear, multiplied by alpha.
        alpha: float32 [height, width], 0..1.
        parts: uint8 [2 height, 2 width], the part of the body at each fine pixel, as of `paint`;
            20 and more for clothes and hair, 0 for nothing.
    """

    light: np.ndarray
    alpha: np.ndarray
    parts: np.ndarray


def light_matrix(direction: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, float]:
    """Parallel projection along a lamp's light that holds all points; and its width in metres."""
    side = np.cross((0.0, 1.0, 0.0) if abs(direction[1]) < 0.9 else (1.0, 0.0, 0.0), direction)
    side /= np.linalg.norm(side)
    axes = np.stack([side, np.cross(direction, side), -direction])
    seen = points @ axes.T
    low, high = seen.min(0), seen.max(0)
    half = np.maximum(high - low, 1e-6) / 2 * 1.03
    half[:2] = half[:2].max()
    matrix = np.eye(4)
    matrix[:3, :3] = axes / half[:, None]
    matrix[:3, 3] = -(high + low) / 2 / half
    return matrix.astype(np.float32), float(2 * half[0])


class Studio:
    """A camera and lamps around one body at a time.

    Args:
        body: the mesh.
        rest: an average person, whose skin is painted once for all.
        kept: bool [vertices], the part of the body that is drawn.
    """

    def __init__(self, body: Body, rest: Rest, kept: np.ndarray):
        try:
            import moderngl
        except ImportError as error:
            raise ImportError(NEEDED) from error
        self._context = context = moderngl.create_context(
            standalone=True, backend="egl", require=330
        )
        self._gl = moderngl
        used = kept[body.faces].all(1)
        faces = body.faces[used]
        triangles = body.corner_faces[used]
        corners, triangles = np.unique(triangles, return_inverse=True)
        self._vertex = body.corners[corners]
        self._faces = faces
        count = len(body.main_bone)
        rows, columns = faces.ravel(), np.repeat(np.arange(len(faces)), 3)
        self._around = sparse.csr_matrix(
            (np.ones(len(rows), np.float32), (rows, columns)), (count, len(faces))
        )
        self.kept = np.unique(faces)
        folder = Path(__file__).parent
        self._program = context.program(
            (folder / "skin.vert").read_text("utf-8"), (folder / "skin.frag").read_text("utf-8")
        )
        self._shadow = context.program(SHADOW_VERTEX, SHADOW_FRAGMENT)
        still = np.concatenate(
            [
                body.unrolled[corners],
                (rest.vertices[self._vertex]).astype(np.float32),
                paint(body, rest)[self._vertex],
            ],
            1,
        ).astype(np.float32)
        self._still = context.buffer(still.tobytes())
        self._moving = context.buffer(reserve=len(corners) * 24)
        order = context.buffer(triangles.reshape(-1, 3).astype(np.int32).tobytes())
        self._mesh = context.vertex_array(
            self._program,
            [
                (self._moving, "3f 3f", "position", "normal"),
                (self._still, "2f 3f 4f", "unrolled", "place", "paint"),
            ],
            order,
        )
        self._shadow_mesh = context.vertex_array(
            self._shadow, [(self._moving, "3f 12x", "position")], order
        )
        self._maps = []
        for _ in range(2):
            depth = context.depth_texture((SHADOW_SIZE, SHADOW_SIZE))
            depth.compare_func = ""
            self._maps.append((depth, context.framebuffer(depth_attachment=depth)))
        marks = body.marks()
        self._marks = context.texture(marks.size, 3, marks.tobytes("raw", "RGB", 0, -1))
        self._marks.build_mipmaps()
        self._frames: dict = {}

    def _frame(self, size: tuple[int, int]):
        if size not in self._frames:
            if len(self._frames) > 8:
                for frame in self._frames.values():
                    for part in (*frame.color_attachments, frame.depth_attachment, frame):
                        part.release()
                self._frames.clear()
            self._frames[size] = self._context.framebuffer(
                [self._context.texture(size, 4, dtype="f2"), self._context.texture(size, 4)],
                self._context.depth_renderbuffer(size),
            )
        return self._frames[size]

    def _set(self, name: str, value) -> None:
        if name in self._program:
            self._program[name].value = value

    def _light(self, looks: Looks, points: np.ndarray) -> None:
        """Set the lamps and draw what they reach."""
        lights = list(looks.lights)
        directions = [lights[0].direction, np.array((0.0, 0.6, 0.8))]
        matrices, softness = [], []
        for direction, soft, (_, frame) in zip(
            directions, (lights[0].soft, 0.02), self._maps, strict=True
        ):
            matrix, width = light_matrix(direction, points)
            matrices.append(matrix.T.tobytes())
            softness.append(soft / width)
            frame.use()
            frame.clear(depth=1.0)
            self._shadow["projection"].write(matrix.T.tobytes())
            self._shadow_mesh.render()
        self._program["to_shadow"].write(b"".join(matrices))
        self._set("shadow_soft", softness)
        dark = np.zeros(3)
        padded = [(one.direction, one.colour) for one in lights]
        padded += [(np.array((0.0, 0.0, 1.0)), dark)] * (3 - len(padded))
        self._set("light_direction", [tuple(direction) for direction, _ in padded])
        self._set("light_colour", [tuple(colour) for _, colour in padded])

    def draw(self, vertices: np.ndarray, looks: Looks, view: View) -> Shot:
        """Draw a body.

        Args:
            vertices: float32 [vertices, 3], metres: x right, y up, z towards the camera.
            looks: skin, clothes, lamps.
            view: the camera.

        Returns:
            The picture.
        """
        with self._context:  # a process may hold two studios, and OpenGL draws in one
            return self._draw(vertices, looks, view)

    def _draw(self, vertices: np.ndarray, looks: Looks, view: View) -> Shot:
        context, gl = self._context, self._gl
        a, b, c = (vertices[self._faces[:, i]] for i in range(3))
        normals = self._around @ np.cross(b - a, c - a)
        normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12
        moving = np.concatenate([vertices[self._vertex], normals[self._vertex]], 1)
        self._moving.write(moving.astype(np.float32).tobytes())
        context.enable(gl.DEPTH_TEST)
        self._light(looks, vertices[self.kept])

        fine = (view.size[0] * FINE, view.size[1] * FINE)
        frame = self._frame(fine)
        frame.use()
        frame.clear(0, 0, 0, 0)
        self._marks.use(0)
        for i, (depth, _) in enumerate(self._maps):
            depth.use(i + 1)
        for name, value in (("marks", 0), ("shadow_first", 1), ("shadow_second", 2)):
            self._set(name, value)
        self._program["projection"].write(view.projection().T.tobytes())
        skin = looks.skin
        for name in ("back", "palm", "nail", "lips"):
            self._set(name, tuple(getattr(skin, name)))
        for name in ("shine", "rough", "mottle"):
            self._set(name, getattr(skin, name))
        self._set("flush_", skin.flush)
        self._set("eye", (0.0, 0.0, view.distance))
        self._set("sky", tuple(looks.sky))
        self._set("ground", tuple(looks.ground))
        self._set("hair", tuple(looks.hair))
        self._set("iris", tuple(looks.eyes))
        self._set("noise_shift", looks.noise)
        self._set("layer", 0)
        self._set("thickness", 0.0)
        context.enable(gl.CULL_FACE)
        self._mesh.render()
        context.disable(gl.CULL_FACE)
        for shell in looks.shells:
            self._set("layer", 1)
            for name in ("lowest", "highest", "thickness", "finger", "stripes"):
                self._set(name, getattr(shell, name))
            self._set("shine", shell.shine)
            self._set("colour", tuple(shell.colour))
            self._set("other", tuple(shell.other))
            self._mesh.render()
        if looks.hairline is not None:
            self._set("layer", 2)
            self._set("lowest", looks.hairline)
            self._set("thickness", looks.hair_thickness)
            self._mesh.render()
        raw = np.frombuffer(frame.read(components=4, dtype="f2"), np.float16)
        fine_light = raw.reshape(fine[1], fine[0], 4)[::-1].astype(np.float32)
        parts = np.frombuffer(frame.read(components=4, attachment=1), np.uint8)
        parts = parts.reshape(fine[1], fine[0], 4)[::-1, :, 0]
        # Bright spots are cut before they are averaged, as a sensor cuts them.
        alpha = fine_light[..., 3:] > 0.5
        clipped = 4 * np.clip(np.nan_to_num(fine_light[..., :3]), 0, 0.4) * alpha
        both = np.concatenate([clipped, alpha], 2)
        cells = (both[i::FINE, j::FINE] for i in range(FINE) for j in range(FINE))
        small = np.asarray(sum(cells)) / FINE**2
        return Shot(small[..., :3], small[..., 3], np.ascontiguousarray(parts))


@cache
def open_studio(whole: bool) -> Studio:
    """The studio for hands with arms, or for whole people; opened once in a process.

    Raises:
        ImportError: if anny or moderngl is not installed.
    """
    body = load_body()
    kept = ~is_leg(body) if whole else is_left_arm(body)
    return Studio(body, body.average(), kept)
