"""What a batch is made of: photographs, rendered hands, drawings, and pictures without a hand.

Geometry is done picture by picture with PIL, light and lens for the whole batch at once with
numpy. A batch depends on its seed and on nothing else, so that training can go on where it stopped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image
from scipy import ndimage

from model.collections.loading import Collection
from model.digits import DIGITS, NO_HAND
from model.reading.images import SIZE, border_colour, cut, to_input
from model.synthetic.backgrounds import background
from model.training.camera_effects import developed, recoloured
from model.training.drawings import drawing, scribble
from model.training.photographs import (
    Photograph,
    empty_places,
    photographs_of,
    rendered_photograph,
)
from model.training.warps import box_of_a_piece, box_of_a_view, homography, shrink, warp


@dataclass(frozen=True)
class Mixture:
    """How a batch is made up: shares are probabilities of a picture, `rendered_hands` a number."""

    without_hand: float = 0.34
    rendered: float = 0.32
    cut_out: float = 0.4  # of the photographs with a mask: laid on another background
    drawn: float = 0.2  # of the photographs with a mask: turned into a drawing
    rendered_hands: int = 12_000


@dataclass(frozen=True)
class Prepared:
    """A collection's training split, made ready once.

    Attributes:
        name: of the collection.
        weight: how often hands are drawn from it.
        photographs: of hands; empty if it has none.
        groups: the person, session or original of each photograph.
        grounds: uint8 [h, w, 3] each, pictures or places without a hand.
    """

    name: str
    weight: float
    photographs: Sequence[Photograph]
    groups: Sequence[str]
    grounds: Sequence[np.ndarray]


def prepare(collection: Collection, map_all: Callable = map) -> Prepared:
    """Cut a collection's hands out, and take the places without one; see `photographs_of`."""
    if not collection.has_hands:
        return Prepared(collection.name, collection.weight, [], [], collection.pictures)
    return Prepared(
        collection.name,
        collection.weight,
        photographs_of(collection, map_all),
        collection.groups.tolist(),
        empty_places(collection),
    )


class Pool:
    """The pictures of the training split and the ways to draw from them."""

    def __init__(
        self,
        sources: list[Prepared],
        rendered: Sequence[Photograph] = (),
        mixture: Mixture | None = None,
    ):
        self.mixture = mixture or Mixture()
        self.rendered = rendered
        # Of each digit that there is: weight and groups of a collection.
        self.hands = [[] for _ in range(DIGITS)]
        self.grounds = []  # of each collection
        for source in sources:
            by_digit = [{} for _ in range(DIGITS)]
            for hand, group in zip(source.photographs, source.groups, strict=True):
                if hand.digit != NO_HAND:
                    by_digit[hand.digit].setdefault(group, []).append(hand)
            for digit, groups in enumerate(by_digit):
                if groups:
                    self.hands[digit].append((source.weight, list(groups.values())))
            if len(source.grounds):
                self.grounds.append(source.grounds)
        self.hands = [each for each in self.hands if each]
        self.people = [
            hand
            for source in sources
            for hand in source.photographs
            if hand.bare and is_small(hand)
        ]

    def hand(self, rng: np.random.Generator) -> Photograph:
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
            image = image.transpose(Image.Transpose(int(rng.integers(7))))
        return np.asarray(image, np.float32) / 255

    def window(self, rng: np.random.Generator) -> np.ndarray:
        """A window of a picture without a hand, as the search for one sees it; as for `ground`."""
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
            hand = self.rendered[int(rng.integers(len(self.rendered)))]
            drawn, cut_out = 0.0, mixture.cut_out
        else:
            hand = self.hand(rng)
            drawn, cut_out = (0.08, 0.92) if hand.bare else (mixture.drawn, mixture.cut_out)
        camera = homography(hand.box, hand.loose, rng)
        kind = rng.random() if hand.mask is not None else 1.0
        if kind < drawn:
            return drawing(hand, camera, rng), hand.digit
        if kind < drawn + cut_out and hand.mask is not None:
            return self.laid_out(hand, camera, rng), hand.digit
        fill = tuple(border_colour(hand.picture))
        mirror_edges = kind == 1.0 and rng.random() < 0.5
        return shrink(warp(hand.picture, camera, fill, mirror_edges)), hand.digit

    def laid_out(
        self, hand: Photograph, camera: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """A hand that is cut out, before another background; float32 [64, 64, 3] in 0..1."""
        assert hand.mask is not None
        pixels = shrink(warp(hand.picture, camera, tuple(border_colour(hand.picture))))
        mask = shrink(warp(hand.mask, camera, 0))[..., None]
        ground = self.ground(rng)
        if rng.random() < 0.3:  # the hand's shadow on what is behind it
            shadow = np.roll(mask, rng.integers(-8, 9, 2), (0, 1))
            ground = ground * (
                1 - rng.uniform(0.2, 0.7) * ndimage.uniform_filter(shadow, (7, 7, 1))
            )
        if rng.random() < (0.15 if hand.bare else 0.5):
            pixels = recoloured(pixels, rng)
        return pixels * mask + ground * (1 - mask)

    def without_hand(self, rng: np.random.Generator) -> np.ndarray:
        kind = rng.random()
        if kind < 0.1:
            return scribble(rng)
        if kind < 0.2:
            return self.ground(rng, 0.3)
        if kind < 0.64:  # rooms, clothes, faces and signs are what is taken for a hand
            return self.window(rng)
        if kind < 0.7 and self.people:
            return self.beside_a_hand(rng)
        tries = (self.hand(rng) for _ in range(20))
        hand = next((hand for hand in tries if not hand.loose), None)
        if hand is None:
            return self.ground(rng)
        if kind < 0.78:  # where it is looked for, it must be found as large as it is
            hand = replace(hand, box=box_of_a_view(hand.box, rng))
        elif kind < 0.94:  # and whole
            hand = replace(hand, box=box_of_a_piece(hand.box, rng))
        camera = homography(hand.box, False, rng)
        if hand.bare:
            pixels = self.laid_out(hand, camera, rng)
        else:
            pixels = shrink(warp(hand.picture, camera, tuple(border_colour(hand.picture))))
        if kind < 0.94:
            return pixels
        # Skin and edges of a hand, but in pieces.
        cells = pixels.reshape(4, 16, 4, 16, 3).swapaxes(1, 2).reshape(16, 16, 16, 3)
        return rng.permutation(cells).reshape(4, 4, 16, 16, 3).swapaxes(1, 2).reshape(64, 64, 3)

    def beside_a_hand(self, rng: np.random.Generator) -> np.ndarray:
        """A part of a person that holds little or nothing of the raised hand."""
        person = self.people[int(rng.integers(len(self.people)))]
        h, w = person.picture.shape[:2]
        x0, y0, x1, y1 = person.box
        while True:
            side = rng.uniform(0.15, 0.6) * h
            x, y = rng.uniform(-0.1, 1, 2) * (w - side, h - side)
            common = max(0, min(x1, x + side) - max(x0, x)) * max(0, min(y1, y + side) - max(y0, y))
            if common < 0.2 * (x1 - x0) * (y1 - y0):
                return self.laid_out(person, homography((x, y, x + side, y + side), True, rng), rng)

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


def make_pool(collections: list[Collection], mixture: Mixture | None = None) -> Pool:
    """A pool of small collections, prepared here and now."""
    mixture = mixture or Mixture()
    rendered = [rendered_photograph(number) for number in range(mixture.rendered_hands)]
    return Pool([prepare(collection) for collection in collections], rendered, mixture)


def is_small(hand: Photograph) -> bool:
    """Whether the hand is a small part of its picture, so that there is a person around it."""
    x0, y0, x1, y1 = hand.box
    h, w = hand.picture.shape[:2]
    return (x1 - x0) * (y1 - y0) < 0.3 * h * w


def one_of(groups: Sequence[Sequence], rng: np.random.Generator):
    """Draw a group, then one of it.

    Large groups count more, but not in proportion: a person filmed often is still one person.
    """
    sizes = np.sqrt([len(group) for group in groups])
    group = groups[int(rng.choice(len(groups), p=sizes / sizes.sum()))]
    return group[int(rng.integers(len(group)))]
