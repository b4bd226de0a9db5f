"""Drawings: a photograph made into one, and scribbles that show no hand."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from model.reading.images import SIZE, border_colour
from model.synthetic.backgrounds import (
    as_fill,
    background,
    paper_and_ink,
    random_colour,
    smooth_noise,
)
from model.training.photographs import Photograph
from model.training.warps import FINE, shrink, warp


def scribble(rng: np.random.Generator) -> np.ndarray:
    """Paper with strokes, shapes or writing on it, but no hand; float32 [64, 64, 3]."""
    paper, ink = (as_fill(colour) for colour in paper_and_ink(rng))
    image = Image.new("RGB", (FINE, FINE), paper)
    draw = ImageDraw.Draw(image)
    width = int(rng.integers(2, 14))
    if rng.random() < 0.4:
        text = "".join(rng.choice(list("0123456789"), int(rng.choice([1, 1, 1, 2, 3]))))
        if rng.random() < 0.3:
            text = "".join(rng.choice(list("abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPRSTVXYZ?!&#+"), 2))
        font = ImageFont.load_default(float(rng.uniform(40, 120)))
        draw.text(tuple(rng.uniform(0.3, 0.7, 2) * FINE), text, ink, font, anchor="mm",
                  stroke_width=int(rng.integers(0, 4)))  # fmt: skip
        return shrink(image.rotate(rng.normal(0, 15), fillcolor=paper))
    for _ in range(int(rng.choice([1, 1, 2, 3, 6]))):
        points = rng.uniform(0.1, 0.9, 2) + np.cumsum(rng.normal(0, 0.16, (12, 2)), axis=0)
        if rng.random() < 0.5:
            points = points[:2]
        elif rng.random() < 0.4:
            angles = np.linspace(0, 2 * np.pi, 24)
            points = rng.uniform(0.25, 0.75, 2) + np.stack([np.cos(angles), np.sin(angles)], -1) * (
                rng.uniform(0.05, 0.4, 2)
            )
        draw.line([tuple(point) for point in points * FINE], ink, width, joint="curve")
    return shrink(image)


def wobbled(mask: Image.Image, rng: np.random.Generator, amount: float) -> Image.Image:
    """Move the mask about as an unsteady hand would, by `amount` pixels."""
    cells = 6
    grid = np.stack(np.meshgrid(*[np.linspace(0, FINE, cells + 1)] * 2, indexing="ij"), -1)
    moved = grid + rng.normal(0, amount, grid.shape)
    step = FINE / cells
    mesh = []
    for i in range(cells):
        for j in range(cells):
            box = tuple(
                round(side) for side in (i * step, j * step, (i + 1) * step, (j + 1) * step)
            )
            corners = moved[i, j], moved[i, j + 1], moved[i + 1, j + 1], moved[i + 1, j]
            mesh.append((box, tuple(float(value) for corner in corners for value in corner)))
    return mask.transform((FINE, FINE), Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def drawing(hand: Photograph, camera: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A photograph turned into an outline, a silhouette, a pencil sketch or flat colours.

    Args:
        hand: with a mask.
        camera: from `homography`.
        rng: source of randomness.

    Returns:
        float32 [64, 64, 3] in 0..1.
    """
    assert hand.mask is not None
    mask = wobbled(warp(hand.mask, camera, 0), rng, rng.choice([0.3, 1.0, 2.0]))
    soft = ndimage.gaussian_filter(np.asarray(mask, np.float32) / 255, rng.uniform(0.8, 2.0))
    inside = (soft > 0.5).astype(np.float32)
    paper, ink = paper_and_ink(rng)
    width = rng.choice([1.2, 2, 3, 4, 6, 8]) * rng.uniform(0.8, 1.2)  # of FINE pixels
    near = ndimage.distance_transform_edt(inside) + ndimage.distance_transform_edt(1 - inside)
    line = np.clip(width / 2 + 1 - near, 0, 1)
    if rng.random() < 0.3:  # strokes that were not closed
        line = line * (smooth_noise(rng, FINE, 5)[..., 0] > -0.75)
    if rng.random() < 0.35:  # a pencil that was pressed unevenly
        line = line * np.clip(0.8 + smooth_noise(rng, FINE, 24)[..., 0], 0, 1)
    grey = np.asarray(warp(hand.picture, camera, tuple(border_colour(hand.picture))).convert("L"))
    grey = grey.astype(np.float32) + 1
    kind = rng.random()
    if kind < 0.6:  # folded fingers and creases, where the photograph has edges
        blurred = ndimage.gaussian_filter(grey, rng.uniform(2, 4))
        creases = np.clip((0.93 - grey / blurred) * rng.uniform(4, 14), 0, 1) * inside
        line = np.maximum(line, creases)
    canvas = np.broadcast_to(paper, (FINE, FINE, 3))
    if rng.random() < 0.35:
        canvas = background(rng, FINE)
    fill = rng.random()
    if fill > 0.55:
        colour = random_colour(rng)
        if rng.random() < 0.5:  # any skin
            colour = np.array([0.95, 0.78, 0.65], np.float32) ** np.exp(rng.normal(0.3, 0.8))
        tones = np.full_like(inside, 1.0)
        if rng.random() < 0.6:  # two or three flat tones, as in a cartoon
            bright = ndimage.gaussian_filter(grey, 1.5)
            marks = (
                np.quantile(bright[inside > 0], rng.uniform(0.15, 0.5, 2)) if inside.any() else [0]
            )
            for mark in marks:
                tones = tones * np.where(bright < mark, rng.uniform(0.7, 0.95), 1)
        if fill > 0.9:
            colour = ink
        canvas = canvas * (1 - inside[..., None]) + (tones[..., None] * colour) * inside[..., None]
        if rng.random() < 0.25:
            line = line * 0
    canvas = canvas * (1 - line[..., None]) + ink * line[..., None]
    return canvas.reshape(SIZE, 2, SIZE, 2, 3).mean((1, 3)).astype(np.float32)
