"""What is behind a hand, made from nothing: plain, shaded, textured, cluttered."""

import numpy as np
from PIL import Image, ImageDraw


def random_colour(rng: np.random.Generator) -> np.ndarray:
    """float32 [3] in 0..1: greys and pale tints as often as full colours."""
    grey = rng.random()
    return np.clip(grey + rng.normal(0, rng.choice([0.02, 0.1, 0.4]), 3), 0, 1).astype(np.float32)


def as_fill(colour: np.ndarray) -> tuple[int, ...]:
    """A colour of 0..1 as PIL wants it."""
    return tuple(int(255 * channel) for channel in colour)


def smooth_noise(rng: np.random.Generator, size: int, cells: int, channels: int = 1) -> np.ndarray:
    """float32 [size, size, channels], about -1..1, varying over size / cells pixels."""
    noise = np.clip(rng.normal(128, 51, (cells, cells, channels)), 0, 255).astype(np.uint8)
    layers = [
        Image.fromarray(noise[..., i]).resize((size, size), Image.Resampling.BICUBIC)
        for i in range(channels)
    ]
    return np.stack([np.asarray(layer, np.float32) for layer in layers], -1) / 128 - 1


def clutter(rng: np.random.Generator, ground: np.ndarray, shapes: int) -> np.ndarray:
    """Lay random shapes, lines and rows of lines on a ground, float32 [s, s, 3] in 0..1."""
    size = len(ground)
    fine = 2 * size  # drawn twice as large and reduced, since PIL does not smooth edges
    image = Image.fromarray((255 * np.clip(ground, 0, 1)).astype(np.uint8)).resize((fine, fine))
    draw = ImageDraw.Draw(image)
    for _ in range(shapes):
        fill = as_fill(random_colour(rng))
        x, y = rng.uniform(-0.2, 1.2, 2) * fine
        a, b = rng.uniform(0.04, 0.6, 2) * fine
        kind = rng.integers(5)
        if kind == 0:
            draw.rectangle([x - a / 2, y - b / 2, x + a / 2, y + b / 2], fill)
        elif kind == 1:
            draw.ellipse([x - a / 2, y - b / 2, x + a / 2, y + b / 2], fill)
        elif kind == 2:
            end = rng.uniform(-0.2, 1.2, 2) * fine
            draw.line([x, y, *end], fill, int(rng.integers(1, 18) * fine / 128) + 1)
        elif kind == 3:
            corners = rng.uniform(-0.5, 0.5, (int(rng.integers(3, 7)), 2)) * max(a, b) + (x, y)
            draw.polygon([tuple(corner) for corner in corners], fill)
        else:  # blinds, keyboards, shelves, tiles
            gap, width = rng.uniform(0.04, 0.19) * fine, int(rng.uniform(0.01, 0.06) * fine) + 1
            for i in range(int(rng.integers(2, 9))):
                if a > b:
                    draw.line([x, y + i * gap, x + 1.5 * a, y + i * gap], fill, width)
                else:
                    draw.line([x + i * gap, y, x + i * gap, y + 1.5 * b], fill, width)
    return np.asarray(image.reduce(2), np.float32) / 255


def background(rng: np.random.Generator, size: int) -> np.ndarray:
    """A background of any kind, float32 [size, size, 3] in 0..1."""
    ground = np.broadcast_to(random_colour(rng), (size, size, 3)).astype(np.float32)
    kind = rng.random()
    if kind < 0.25:
        return ground
    shade = smooth_noise(rng, size, int(rng.integers(2, 5))) * rng.uniform(0.05, 0.3)
    ground = np.clip(ground + shade * (random_colour(rng) if rng.random() < 0.5 else 1), 0, 1)
    if kind < 0.45:
        return ground
    if rng.random() < 0.5:
        ground = ground + smooth_noise(rng, size, int(rng.integers(6, 48)), 3) * rng.uniform(
            0.03, 0.25
        )
    return clutter(rng, ground, int(rng.integers(1, 14)))


def paper_and_ink(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two colours to draw with, float32 [3] in 0..1: dark on light, seldom light on dark."""
    if rng.random() < 0.4:
        pair = np.array([[1.0] * 3, [0.0] * 3])
    else:
        grey = np.array([[rng.uniform(0.75, 1)], [rng.uniform(0, 0.4)]])
        pair = np.clip(grey + rng.normal(0, rng.choice([0, 0.03, 0.2]), (2, 3)), 0, 1)
    paper, ink = pair.astype(np.float32)
    return (ink, paper) if rng.random() < 0.25 else (paper, ink)


def over(ground: np.ndarray, colour, alpha: np.ndarray) -> np.ndarray:
    """Lay a colour, [3] or [size, size, 3], over a ground."""
    return ground + (colour - ground) * alpha[..., None]
