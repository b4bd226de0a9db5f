"""A surface shaded as a photograph, or drawn in one of several styles."""

import numpy as np
from scipy import ndimage

from model.synthetic.backgrounds import background, over, paper_and_ink, random_colour, smooth_noise
from model.synthetic.surface import Surface, connected, lines

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
