"""The pictures that are augmented: photographs of a collection, and hands that are rendered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from model.collections.loading import Collection
from model.digits import DIGITS
from model.synthetic.rendered import STYLES, render
from model.training.cut_out import cut_out
from model.training.warps import FINE, Box

# Of the rendered hands, in the order of STYLES.
STYLE_SHARES = (0.26, 0.17, 0.16, 0.1, 0.31)


@dataclass(frozen=True)
class Photograph:
    """A picture of a hand, photographed or rendered, ready to be augmented.

    Attributes:
        picture: uint8 [h, w, 3].
        mask: uint8 [h, w], 255 where the hand is; None if it could not be cut out.
        box: x0, y0, x1, y1 in pixels, the hand with little around it.
        loose: whether the box is the whole picture, the hand somewhere inside.
        digit: 0 to 5, or NO_HAND.
        bare: whether there is nothing but the hand, so that it needs another background.
    """

    picture: np.ndarray
    mask: np.ndarray | None
    box: Box
    loose: bool
    digit: int
    bare: bool = False


def box_of(mask: np.ndarray) -> Box:
    """The box of what a mask, [h, w], marks."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def photograph_of(picture: np.ndarray, digit: int, box: np.ndarray, plain: bool) -> Photograph:
    """A picture of a collection with its mask, ready to be augmented.

    Args:
        picture: uint8 [h, w, 3].
        digit: 0 to 5, or NO_HAND.
        box: x0, y0, x1, y1 of the hand, in pixels.
        plain: whether to try to cut the hand out.
    """
    h, w = picture.shape[:2]
    x0, y0, x1, y1 = (float(side) for side in box)
    loose = (x1 - x0) * (y1 - y0) > 0.98 * h * w
    small = Image.fromarray(picture)
    small.thumbnail((FINE, FINE), Image.Resampling.BOX)  # no more is seen of it
    mask = cut_out(np.asarray(small)) if plain else None
    if mask is not None:
        picture = np.asarray(small)
        x0, y0, x1, y1 = box_of(mask)
        loose = False
    elif not loose:  # keep the surroundings that a warp can reach, not the whole frame
        reach = 1.3 * max(x1 - x0, y1 - y0)
        left, top = int(max(0, x0 - reach)), int(max(0, y0 - reach))
        right, bottom = int(min(w, x1 + reach)), int(min(h, y1 + reach))
        picture = picture[top:bottom, left:right]
        x0, x1, y0, y1 = x0 - left, x1 - left, y0 - top, y1 - top
    return Photograph(picture, mask, (x0, y0, x1, y1), loose, int(digit))


def cut_photograph(arguments: tuple) -> Photograph:
    return photograph_of(*arguments)


def photographs_of(
    collection: Collection, map_all: Callable[[Callable, Sequence], Iterable] = map
) -> list[Photograph]:
    """Every picture of a collection, in order; `map_all` is called as `map` is."""
    plain = [collection.plain] * len(collection.pictures)
    work = zip(collection.pictures, collection.digits, collection.boxes, plain, strict=True)
    return list(map_all(cut_photograph, list(work)))


def rendered_photograph(number: int) -> Photograph:
    """A hand from geometry, of any style; one that looks like a photograph can be cut out."""
    rng = np.random.default_rng(number)
    style = STYLES[rng.choice(len(STYLES), p=STYLE_SHARES)]
    made = render(number % DIGITS, rng, style, size=96)
    mask = (255 * made.mask).astype(np.uint8) if style in ("photo", "cartoon") else None
    return Photograph(made.picture, mask, (0, 0, 96, 96), True, number % DIGITS)


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
