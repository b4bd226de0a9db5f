"""What a person looks like besides the shape: skin, nails, hair, and the light."""

from dataclasses import dataclass

import numpy as np

from model.reading import light
from model.reading.light import linear
from model.synthetic.people.clothes import Shell, draw_shells

# From very light to very dark, sRGB; between them is mixed.
SKINS = np.array(
    [
        (0.97, 0.84, 0.77),
        (0.93, 0.76, 0.65),
        (0.86, 0.66, 0.52),
        (0.75, 0.54, 0.39),
        (0.58, 0.39, 0.27),
        (0.42, 0.27, 0.19),
        (0.29, 0.185, 0.135),
        (0.19, 0.125, 0.10),
    ]
)
SKIN_NAMES = ("very light", "light", "medium", "brown", "dark", "very dark")


@dataclass(frozen=True)
class Skin:
    """Colours are linear RGB, float64 [3].

    Attributes:
        name: of SKIN_NAMES.
        back, palm, nail, lips: colours of the back of the hand and of the rest of the body, of the
            palm, of the nails and of the lips.
        flush: how red knuckles and fingertips are, 0..1.
        shine: how much light mirrors, 0..1.
        rough: how wide the mirrored light is, 0..1.
        mottle: how uneven the colour is, 0..1.
    """

    name: str
    back: np.ndarray
    palm: np.ndarray
    nail: np.ndarray
    lips: np.ndarray
    flush: float
    shine: float
    rough: float
    mottle: float


@dataclass(frozen=True)
class Light:
    """A lamp far away.

    Attributes:
        direction: towards the lamp, unit length, float64 [3]; x right, y up, z to the camera.
        colour: linear RGB times strength, float64 [3].
        soft: width of the shadow's edge, metres.
    """

    direction: np.ndarray
    colour: np.ndarray
    soft: float


@dataclass(frozen=True)
class Looks:
    """All that the picture needs besides the mesh and the camera.

    Attributes:
        skin: of the person.
        lights: one to three.
        sky, ground: light from above and from below, linear RGB.
        night: whether little light is left.
        hair, eyes: linear RGB.
        noise: shifts the skin's pattern.
        shells: clothes and jewellery, from the inside out.
        hairline: the reach at which hair begins; None where no head is drawn or it is bald.
        hair_thickness: metres.
    """

    skin: Skin
    lights: tuple[Light, ...]
    sky: np.ndarray
    ground: np.ndarray
    night: bool
    hair: np.ndarray
    eyes: np.ndarray
    noise: float
    shells: tuple[Shell, ...] = ()
    hairline: float | None = None
    hair_thickness: float = 0.01


def lightness(picture: np.ndarray, mask: np.ndarray) -> float:
    """Median L* (0 black to 100 white) of the pixels of a mask.

    Args:
        picture: uint8 [height, width, 3], sRGB.
        mask: bool [height, width].

    Returns:
        L* after CIE 1976; 0 for an empty mask.
    """
    if not mask.any():
        return 0.0
    return light.lightness(float(np.median(linear(picture[mask] / 255.0) @ light.LUMINANCE)))


def draw_skin(rng: np.random.Generator, age: float) -> Skin:
    """Draw a skin, every step from very light to very dark equally often."""
    depth = rng.uniform(0, 1)
    place = depth * (len(SKINS) - 1)
    colour = np.array([np.interp(place, range(len(SKINS)), SKINS[:, i]) for i in range(3)])
    colour = colour * (1 + rng.normal(0, 0.03, 3) * (0.8, 0.7, 1.3)) * (1 + rng.normal(0, 0.03))
    back = linear(np.clip(colour, 0.03, 0.98))
    # Melanin is scarce in the palm: a dark hand has a light, reddish palm.
    pale = linear(np.array((0.86, 0.69, 0.60))) * (1 - 0.45 * depth)
    palm = back + (pale - back) * (0.12 + rng.uniform(0.2, 0.55) * depth)
    palm = palm * (1.04, 0.97, 0.95)
    nail = palm + (linear((0.95, 0.78, 0.74)) - palm) * rng.uniform(0.2, 0.5)
    if rng.random() < 0.15:  # varnish
        nail = linear(
            rng.choice(
                [
                    (0.75, 0.08, 0.15),
                    (0.2, 0.05, 0.12),
                    (0.9, 0.5, 0.6),
                    (0.1, 0.1, 0.12),
                    (0.95, 0.93, 0.9),
                    (0.2, 0.4, 0.7),
                ]
            )
        )
    return Skin(
        name=SKIN_NAMES[min(int(depth * len(SKIN_NAMES)), len(SKIN_NAMES) - 1)],
        back=back,
        palm=palm,
        nail=nail,
        lips=back * (1.0, 0.55, 0.55) if depth < 0.5 else back * (1.05, 0.75, 0.75),
        flush=float(rng.uniform(0.2, 1.0)),
        shine=float(rng.uniform(0.3, 1.0)),
        rough=float(rng.uniform(0.28, 0.55)),
        mottle=float(rng.uniform(0.2, 0.6) + 0.4 * age),
    )


def draw_lights(rng: np.random.Generator) -> tuple[tuple[Light, ...], np.ndarray, np.ndarray, bool]:
    """Draw lamps and the light all around: day, rooms, a rim from behind, the screen at night."""
    night = rng.random() < 0.12
    warmth = rng.normal(0, 0.5)
    white = np.array((1 + 0.22 * warmth, 1.0, 1 - 0.3 * warmth)).clip(0.3, 1.7)

    def lamp(azimuth, height, strength, colour, soft):
        azimuth, height = np.radians((azimuth, height))
        direction = np.array(
            (np.sin(azimuth) * np.cos(height), np.sin(height), np.cos(azimuth) * np.cos(height))
        )
        return Light(direction, strength * colour, soft)

    lights = [
        lamp(
            rng.normal(0, 55),
            rng.uniform(-10, 75),
            rng.uniform(0.6, 2.2),
            white,
            rng.choice([0.001, 0.004, 0.012]),
        )
    ]
    if rng.random() < 0.5:
        tint = np.clip(rng.normal(1, rng.choice([0.1, 0.35]), 3), 0.2, 1.8)
        lights.append(
            lamp(rng.uniform(-110, 110), rng.uniform(-20, 60), rng.uniform(0.2, 0.9), tint, 0.01)
        )
    if rng.random() < 0.3:  # rim
        lights.append(
            lamp(
                rng.choice((-1, 1)) * rng.uniform(110, 165),
                rng.uniform(0, 60),
                rng.uniform(1, 4),
                np.clip(rng.normal(1, 0.15, 3), 0.4, 1.5),
                0.006,
            )
        )
    around = rng.uniform(0.15, 0.75)
    sky = around * np.clip(white + rng.normal(0, 0.08, 3), 0.2, 2)
    ground = sky * rng.uniform(0.2, 0.8) * np.clip(rng.normal((1.05, 0.97, 0.9), 0.12), 0.4, 1.4)
    level = np.exp(rng.normal(-0.1, 0.22))
    if night:
        screen = np.clip(rng.normal((0.75, 0.9, 1.25), 0.2), 0.2, 2)
        lights = [
            lamp(rng.normal(0, 25), rng.uniform(-50, 20), rng.uniform(0.3, 0.9), screen, 0.012),
            *lights[1:],
        ]
        sky, ground, level = sky * 0.15, ground * 0.15, level * 0.75
    lights = tuple(Light(one.direction, one.colour * level, one.soft) for one in lights)
    return lights, sky * level, ground * level, night


def draw_looks(rng: np.random.Generator, age: float, whole: bool) -> Looks:
    """Draw skin, clothes and light for a person of an age, 0..1."""
    lights, sky, ground, night = draw_lights(rng)
    skin = draw_skin(rng, age)
    hair = linear(
        rng.choice(
            [
                (0.08, 0.06, 0.05),
                (0.2, 0.13, 0.08),
                (0.38, 0.25, 0.14),
                (0.7, 0.55, 0.32),
                (0.45, 0.2, 0.1),
            ]
        )
    )
    if age > 0.7 or rng.random() < 0.06:
        hair = linear(np.full(3, rng.uniform(0.45, 0.85)))
    eyes = linear(rng.choice([(0.2, 0.12, 0.07), (0.3, 0.2, 0.1), (0.3, 0.42, 0.5)]))
    return Looks(
        skin,
        lights,
        sky,
        ground,
        night,
        hair,
        eyes,
        float(rng.uniform(0, 50)),
        draw_shells(rng, whole),
    )
