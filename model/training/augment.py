"""One photograph of a hand into many pictures: pose, light, background, pencil.

Geometry is done picture by picture with PIL, light and lens for the whole batch at once with
numpy. A batch depends on its seed and on nothing else, so that training can go on where it stopped.
"""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from model.collections.loading import Collection
from model.digits import DIGITS, NO_HAND
from model.reading.images import SIZE, border_colour, cut, to_input
from model.synthetic.backgrounds import (
    as_fill,
    background,
    paper_and_ink,
    random_colour,
    smooth_noise,
)
from model.synthetic.rendered import STYLES, render

FINE = 2 * SIZE  # pictures are warped at twice the size and reduced, against aliasing


@dataclass(frozen=True)
class Hand:
    """A picture to augment.

    Attributes:
        picture: uint8 [h, w, 3].
        mask: uint8 [h, w], 255 where the hand is; None if it could not be cut out.
        box: x0, y0, x1, y1 in pixels, the hand with little around it.
        loose: whether the box is the whole picture, the hand somewhere inside.
        digit: 0 to 5, or NO_HAND.
    """

    picture: np.ndarray
    mask: np.ndarray | None
    box: tuple[float, float, float, float]
    loose: bool
    digit: int


@dataclass(frozen=True)
class Mixture:
    """How a batch is made up: shares are probabilities of a picture, `rendered_hands` a number."""

    without_hand: float = 0.3
    rendered: float = 0.32
    cut_out: float = 0.4  # of the photographs with a mask: laid on another background
    drawn: float = 0.2  # of the photographs with a mask: turned into a drawing
    rendered_hands: int = 12_000


# Of the rendered hands, in the order of STYLES.
STYLE_SHARES = (0.26, 0.17, 0.16, 0.1, 0.31)


def cut_out(picture: np.ndarray) -> np.ndarray | None:
    """Separate a hand from the plain background behind it.

    The background's colour is fitted to the picture's border as a quadratic of position, so that
    a light falling off towards the corners does no harm; what is far from it is the hand.

    Args:
        picture: uint8 [h, w, 3].

    Returns:
        uint8 [h, w], 255 on the hand; None where the background is not plain.
    """
    h, w = picture.shape[:2]
    red, green, blue = np.moveaxis(picture.astype(np.float32), -1, 0)
    # Lightness counts least: shadows on the wall differ from it in lightness alone.
    colour = np.stack([(red + green + blue) / 6, red - green, (red + green) / 2 - blue], -1)
    y, x = np.meshgrid(np.linspace(-1, 1, h), np.linspace(-1, 1, w), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], -1).astype(np.float32)
    border = np.maximum(abs(x), abs(y)) > 0.9
    kept = border.copy()
    for _ in range(4):  # the arm crosses the border: fit, leave out what fits badly, fit again
        fit = np.linalg.lstsq(terms[kept], colour[kept], rcond=None)[0]
        distance = np.linalg.norm(colour - terms @ fit, axis=-1)
        spread = np.median(distance[kept])
        kept = border & (distance < 2.5 * spread + 1)
    if kept.sum() < 0.4 * border.sum() or spread > 12:
        return None
    distance = ndimage.gaussian_filter(distance, max(h, w) / 128)
    if distance.max() < 4 * spread + 4:  # nothing stands out
        return None
    levels = np.linspace(distance.min(), np.percentile(distance, 99), 48)[1:-1]
    between = [
        (share := float((distance > level).mean()))
        * (1 - share)
        * (distance[distance > level].mean() - distance[distance <= level].mean()) ** 2
        for level in levels
    ]
    threshold = levels[int(np.argmax(between))] * 0.85
    parts, count = ndimage.label(ndimage.binary_opening(distance > threshold))
    if count == 0:
        return None
    hand = parts == 1 + int(np.argmax(np.bincount(parts.ravel())[1:]))
    holes, count = ndimage.label(~hand)
    small = np.bincount(holes.ravel()) < 0.004 * h * w
    hand |= small[holes]
    outside = distance[~hand].mean()
    if not 0.05 < hand.mean() < 0.7 or hand[border].mean() > 0.25:
        return None
    if distance[hand].mean() < 3.5 * outside:
        return None
    return (255 * ndimage.binary_erosion(hand, iterations=1)).astype(np.uint8)


def hands_of(collection: Collection) -> list[Hand]:
    """Every picture of a collection with its mask, ready to be augmented."""
    hands = []
    for picture, digit, box in zip(
        collection.pictures, collection.digits, collection.boxes, strict=True
    ):
        h, w = picture.shape[:2]
        x0, y0, x1, y1 = (float(side) for side in box)
        loose = (x1 - x0) * (y1 - y0) > 0.98 * h * w
        small = Image.fromarray(picture)
        small.thumbnail((FINE, FINE), Image.Resampling.BOX)  # no more is seen of it
        mask = cut_out(np.asarray(small)) if collection.plain else None
        if mask is not None:
            picture = np.asarray(small)
            rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
            x0, y0, x1, y1 = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
            loose = False
        elif not loose:  # keep the surroundings that a warp can reach, not the whole frame
            reach = 1.3 * max(x1 - x0, y1 - y0)
            left, top = int(max(0, x0 - reach)), int(max(0, y0 - reach))
            right, bottom = int(min(w, x1 + reach)), int(min(h, y1 + reach))
            picture = picture[top:bottom, left:right]
            x0, x1, y0, y1 = x0 - left, x1 - left, y0 - top, y1 - top
        hands.append(Hand(picture, mask, (x0, y0, x1, y1), loose, int(digit)))
    return hands


def rendered_hands(count: int) -> list[Hand]:
    """Hands from geometry, of all styles; those that look like a photograph can be cut out."""
    hands = []
    for i in range(count):
        rng = np.random.default_rng(i)
        style = STYLES[rng.choice(len(STYLES), p=STYLE_SHARES)]
        made = render(i % DIGITS, rng, style, size=96)
        mask = (255 * made.mask).astype(np.uint8) if style in ("photo", "cartoon") else None
        hands.append(Hand(made.picture, mask, (0, 0, 96, 96), True, i % DIGITS))
    return hands


def homography(hand: Hand, rng: np.random.Generator) -> np.ndarray:
    """Draw a camera: where each point of the new picture lies in the hand's picture.

    Args:
        hand: the picture that is looked at.
        rng: source of randomness.

    Returns:
        float64 [3, 3], from homogeneous pixels of the new picture (FINE wide) to the old one's.
    """
    x0, y0, x1, y1 = hand.box
    longer = max(x1 - x0, y1 - y0)
    side = longer * (rng.uniform(0.8, 1.25) if hand.loose else np.exp(rng.uniform(0.0, 0.65)))
    slack = 0.08 * longer if hand.loose else (side - longer) / 2 + 0.04 * longer
    centre = np.array([x0 + x1, y0 + y1]) / 2 + rng.uniform(-slack, slack, 2)
    kind = rng.random()
    if kind < 0.6:
        turn = rng.normal(0, 14)
    elif kind < 0.95:
        turn = rng.uniform(-55, 55)
    else:
        turn = rng.uniform(-120, 120)
    turn = np.deg2rad(turn)
    aspect = np.exp(rng.normal(0, 0.1))
    shear = rng.normal(0, 0.08)
    mirror = 1 if rng.random() < 0.5 else -1
    scale = side / FINE
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shaped = np.array([[mirror * aspect, shear], [0, 1 / aspect]])
    camera = np.eye(3)
    camera[:2, :2] = scale * turned @ shaped
    camera[:2, 2] = centre
    tilt = np.eye(3)
    tilt[2, :2] = rng.normal(0, 0.12, 2) / FINE
    middle = np.eye(3)
    middle[:2, 2] = -FINE / 2
    return camera @ tilt @ middle


def part_of(box: tuple[float, ...], rng: np.random.Generator) -> tuple[float, ...]:
    """A box that holds a piece of the hand in another, from its middle or from its rim."""
    x0, y0, x1, y1 = box
    longer, centre = max(x1 - x0, y1 - y0), np.array([x0 + x1, y0 + y1]) / 2
    if rng.random() < 0.6:
        side = rng.uniform(0.15, 0.3) * longer
        centre = centre + rng.uniform(-0.25, 0.25, 2) * (x1 - x0, y1 - y0)
    else:
        side = rng.uniform(0.4, 0.6) * longer
        angle = rng.uniform(0, 2 * np.pi)
        centre = centre + rng.uniform(0.65, 0.85) * longer * np.array(
            [np.cos(angle), np.sin(angle)]
        )
    return (*(centre - side / 2), *(centre + side / 2))


def warp(picture: np.ndarray, camera: np.ndarray, fill, mirror_edges: bool = False) -> Image.Image:
    """See a picture through a camera.

    Args:
        picture: uint8 [h, w, 3] or [h, w].
        camera: float64 [3, 3] of `homography`.
        fill: colour of what lies outside of the picture.
        mirror_edges: continue the picture by its mirror image first.

    Returns:
        PIL image of FINE x FINE pixels.
    """
    if mirror_edges:
        reach = min(picture.shape[:2]) // 2
        picture = np.pad(picture, ((reach, reach), (reach, reach), (0, 0)), "symmetric")
        shift = np.eye(3)
        shift[:2, 2] = reach
        camera = shift @ camera
    data = (camera / camera[2, 2]).ravel()[:8]
    return Image.fromarray(picture).transform(
        (FINE, FINE), Image.Transform.PERSPECTIVE, data, Image.Resampling.BILINEAR, fillcolor=fill
    )


def reduced(image: Image.Image) -> np.ndarray:
    """float32 [64, 64] or [64, 64, 3] in 0..1 of a FINE image."""
    return np.asarray(image.reduce(FINE // SIZE), np.float32) / 255


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
        return reduced(image.rotate(rng.normal(0, 15), fillcolor=paper))
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
    return reduced(image)


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


def drawing(hand: Hand, camera: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A photograph turned into an outline, a silhouette, a pencil sketch or flat colours.

    Args:
        hand: with a mask.
        camera: of `homography`.
        rng: source of randomness.

    Returns:
        float32 [64, 64, 3] in 0..1.
    """
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


def recoloured(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another skin under another lamp: float32 [64, 64, 3] in 0..1, of a cut-out hand."""
    pixels = pixels ** np.exp(rng.normal(0.1, 0.4)) * np.exp(rng.normal(0, 0.08, 3))
    if rng.random() < 0.06:  # gloves and coloured light
        pixels = pixels.mean(-1, keepdims=True) * (0.4 + 1.2 * random_colour(rng))
    return np.clip(pixels, 0, 1).astype(np.float32)


class Pool:
    """The pictures of the training split and the ways to draw from them."""

    def __init__(self, collections: list[Collection], mixture: Mixture | None = None):
        self.mixture = mixture or Mixture()
        self.rendered = rendered_hands(self.mixture.rendered_hands)
        # Of each digit that there is: weight and groups of a collection.
        self.hands = [[] for _ in range(DIGITS)]
        self.grounds = []  # of each collection
        for collection in collections:
            if collection.digits.max(initial=NO_HAND) == NO_HAND:
                self.grounds.append(collection.pictures)
                continue
            hands = hands_of(collection)
            by_digit = [{} for _ in range(DIGITS)]
            for hand, group in zip(hands, collection.groups, strict=True):
                by_digit[hand.digit].setdefault(group, []).append(hand)
            for digit, groups in enumerate(by_digit):
                if groups:
                    self.hands[digit].append((collection.weight, list(groups.values())))
            if places := empty_places(collection):
                self.grounds.append(places)
        self.hands = [each for each in self.hands if each]

    def hand(self, rng: np.random.Generator) -> Hand:
        weights, collections = zip(*self.hands[rng.integers(len(self.hands))], strict=True)
        groups = collections[rng.choice(len(weights), p=np.divide(weights, sum(weights)))]
        return one_of(groups, rng)

    def ground(self, rng: np.random.Generator, made: float = 0.5) -> np.ndarray:
        """A background, photographed or made; float32 [64, 64, 3] in 0..1."""
        if rng.random() < made or not self.grounds:
            return background(rng, SIZE)
        picture = one_of(self.grounds, rng)
        h, w = picture.shape[:2]
        side = rng.uniform(0.5, 1) * min(h, w)
        x, y = rng.uniform(0, w - side), rng.uniform(0, h - side)
        image = Image.fromarray(picture).resize(
            (SIZE, SIZE), Image.Resampling.BILINEAR, (x, y, x + side, y + side)
        )
        if rng.random() < 0.5:
            image = image.transpose(Image.Transpose(rng.integers(7)))
        return np.asarray(image, np.float32) / 255

    def window(self, rng: np.random.Generator) -> np.ndarray:
        """A window of a picture without a hand, as the search for one sees it; as of `ground`."""
        if not self.grounds:
            return background(rng, SIZE)
        picture = one_of(self.grounds, rng)
        h, w = picture.shape[:2]
        side = np.exp(rng.uniform(np.log(0.27 * min(h, w)), np.log(1.35 * max(h, w))))
        x, y = ((length - side) * rng.random() for length in (w, h))
        image = Image.fromarray(to_input(cut(picture, (x, y, x + side, y + side))))
        if rng.random() < 0.5:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return np.asarray(image, np.float32) / 255

    def with_hand(self, rng: np.random.Generator) -> tuple[np.ndarray, int]:
        mixture = self.mixture
        if rng.random() < mixture.rendered:
            hand = self.rendered[rng.integers(len(self.rendered))]
            drawn, cut_out = 0.0, mixture.cut_out
        else:
            hand = self.hand(rng)
            drawn, cut_out = mixture.drawn, mixture.cut_out
        camera = homography(hand, rng)
        kind = rng.random() if hand.mask is not None else 1.0
        if kind < drawn:
            return drawing(hand, camera, rng), hand.digit
        fill = tuple(border_colour(hand.picture))
        pixels = reduced(warp(hand.picture, camera, fill, kind == 1.0 and rng.random() < 0.5))
        if kind < drawn + cut_out:
            mask = reduced(warp(hand.mask, camera, 0))[..., None]
            ground = self.ground(rng)
            if rng.random() < 0.3:  # the hand's shadow on what is behind it
                shadow = np.roll(mask, rng.integers(-8, 9, 2), (0, 1))
                ground = ground * (
                    1 - rng.uniform(0.2, 0.7) * ndimage.uniform_filter(shadow, (7, 7, 1))
                )
            if rng.random() < 0.5:
                pixels = recoloured(pixels, rng)
            pixels = pixels * mask + ground * (1 - mask)
        return pixels, hand.digit

    def without_hand(self, rng: np.random.Generator) -> np.ndarray:
        kind = rng.random()
        if kind < 0.14:
            return scribble(rng)
        if kind < 0.3:
            return self.ground(rng, 0.3)
        if kind < 0.75:  # rooms, clothes, faces and signs are what is taken for a hand
            return self.window(rng)
        tries = (self.hand(rng) for _ in range(20))
        hand = next((hand for hand in tries if not hand.loose), None)
        if hand is None:
            return self.ground(rng)
        if kind < 0.92:  # a part of a hand is none: where it is looked for, it must be found whole
            hand = replace(hand, box=part_of(hand.box, rng))
        pixels = reduced(
            warp(hand.picture, homography(hand, rng), tuple(border_colour(hand.picture)))
        )
        if kind < 0.92:
            return pixels
        # Skin and edges of a hand, but in pieces.
        cells = pixels.reshape(4, 16, 4, 16, 3).swapaxes(1, 2).reshape(16, 16, 16, 3)
        return rng.permutation(cells).reshape(4, 4, 16, 16, 3).swapaxes(1, 2).reshape(64, 64, 3)

    def batch(self, seed: tuple[int, ...], count: int) -> tuple[np.ndarray, np.ndarray]:
        """Make a batch of the training mixture.

        Args:
            seed: numbers that say which batch it is.
            count: number of pictures.

        Returns:
            uint8 [count, 64, 64, 3] and the targets, float32 [count, 6]: 1 at the digit that is
            shown, all zeros where there is no hand.
        """
        rng = np.random.default_rng(seed)
        pictures = np.empty((count, SIZE, SIZE, 3), np.float32)
        targets = np.zeros((count, DIGITS), np.float32)
        for i in range(count):
            if rng.random() < self.mixture.without_hand:
                pictures[i] = self.without_hand(rng)
            else:
                pictures[i], digit = self.with_hand(rng)
                targets[i, digit] = 1
        return developed(pictures, rng), targets


def one_of(groups: list[list], rng: np.random.Generator):
    """Draw a group, then one of it.

    Large groups count more, but not in proportion: a person filmed often is still one person.
    """
    sizes = np.sqrt([len(group) for group in groups])
    group = groups[rng.choice(len(groups), p=sizes / sizes.sum())]
    return group[rng.integers(len(group))]


def empty_places(collection: Collection) -> list[np.ndarray]:
    """Squares of the frames that hold no hand: rooms, clothes and faces; uint8 [s, s, 3] each."""
    boxes = {}
    for picture, box in zip(collection.pictures, collection.boxes, strict=True):
        boxes.setdefault(id(picture), (picture, []))[1].append(box)
    rng = np.random.default_rng(0)
    places = []
    for picture, taken in boxes.values():
        h, w = picture.shape[:2]
        enough = len(places) + 3
        for _ in range(12):
            side = int(rng.uniform(0.2, 0.6) * min(h, w))
            x, y = int(rng.integers(0, w - side)), int(rng.integers(0, h - side))
            if all(x > x1 or y > y1 or x + side < x0 or y + side < y0 for x0, y0, x1, y1 in taken):
                places.append(picture[y : y + side, x : x + side].copy())
                if len(places) == enough:
                    break
    return places


def developed(pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light, lens and sensor, at random for each picture.

    Args:
        pictures: float32 [n, 64, 64, 3] in 0..1.
        rng: source of randomness.

    Returns:
        uint8 [n, 64, 64, 3].
    """
    n = len(pictures)

    def each(values, share=1.0, neutral=0.0):
        """[n, 1, 1, ...], a value a picture; `neutral` for all but a share of them."""
        chosen = rng.random(n) < share
        values = np.where(chosen.reshape(-1, *[1] * (values.ndim - 1)), values, neutral)
        return values.reshape(n, 1, 1, -1).astype(np.float32)

    x = pictures ** np.exp(each(rng.normal(0, 0.3, n), 0.7))
    x = x * np.exp(each(rng.normal(-0.05, 0.22, n), 0.7))
    x = x * np.exp(each(rng.normal(0, 0.12, (n, 3)), 0.5))
    grey = x.mean(-1, keepdims=True)
    x = grey + (x - grey) * each(rng.uniform(0.2, 1.6, n), 0.4, 1.0)
    x = np.where(each(np.ones(n), 0.15) > 0, x.mean(-1, keepdims=True), x)
    for i in np.flatnonzero(rng.random(n) < 0.03):
        x[i] = x[i][..., rng.permutation(3)]
    middle = x.mean((1, 2, 3), keepdims=True)
    x = middle + (x - middle) * np.exp(each(rng.normal(-0.05, 0.25, n), 0.5))
    ramp = np.linspace(-1, 1, SIZE, dtype=np.float32)
    across, down = each(rng.normal(0, 0.2, n), 0.4), each(rng.normal(0, 0.2, n), 0.4)
    x = x * np.exp(across * ramp[None, None, :, None] + down * ramp[None, :, None, None])
    for i in np.flatnonzero(rng.random(n) < 0.3):
        kind = rng.random()
        if kind < 0.5:
            x[i] = ndimage.gaussian_filter(x[i], (*[rng.uniform(0.3, 1.3)] * 2, 0))
        elif kind < 0.7:  # motion
            x[i] = ndimage.uniform_filter1d(x[i], int(rng.integers(2, 6)), int(rng.integers(2)))
        else:  # few pixels, seen large
            few = int(rng.integers(20, 48))
            image = Image.fromarray((255 * np.clip(x[i], 0, 1)).astype(np.uint8))
            image = image.resize((few, few), Image.Resampling.BILINEAR).resize((SIZE, SIZE))
            x[i] = np.asarray(image, np.float32) / 255
    x = x + rng.standard_normal(x.shape, np.float32) * each(rng.exponential(0.02, n), 0.5)
    for i in np.flatnonzero(rng.random(n) < 0.15):  # something in front
        h, w = rng.integers(4, 14, 2)
        top, left = rng.integers(0, SIZE - h), rng.integers(0, SIZE - w)
        x[i, top : top + h, left : left + w] = random_colour(rng)
    return (255 * np.clip(x, 0, 1)).astype(np.uint8)
