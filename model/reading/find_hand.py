"""Where in a picture the hand is: the network itself looks for it, without a second network.

First the picture is read whole: where it certainly shows a hand's digit, that is the answer. What
the network sees also tells where in the picture the hand is (`model/reading/box_head.py`), so it
looks closer, up to twice. Where it is then on the hand, it reads that with a margin as well, and
both in a mirror: if these and the whole certainly show a digit, that is the answer.

Else the hand is searched for. The whole picture is read in a mirror, and with a margin, as a hand
that fills it to the rim is unlike those that the network was trained on. Large windows are cut out
and read. Over the small ones, of which there are many, it is run as convolutions over the whole
picture: each 2x2 cells of its last stage are then about its answer to a window. Those with the most
evidence are cut out and read exactly too. What all of these say is averaged, and the place that
speaks loudest for the digit that comes of it is kept. While the same digit is read, it looks closer
there, and what it sees in the end counts as much as all the places do.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np
from PIL import Image

from model.digits import DIGITS
from model.reading.box_regression import OFFSETS, inside
from model.reading.images import Box, cut, to_input

# About the sides of the windows, as shares of the picture's shorter side; as whole halves of them
# fill the picture, they come out as 1/2 and 2/7 of it.
LARGE, SMALL = 0.55, 0.3
LEAST = 48  # pixels; a smaller window of a picture shows too little to be read
STRIDE = 32  # pixels between two cells of the last stage
BEST = 3  # small windows that are cut out
SAME = 0.4  # intersection over union from which two of them are one place
MARGIN = 1.3  # the side of the whole picture with its margin, as a share of its longer side
STRAYED = 1.35  # how much larger the square is in which the hand of the frame before is looked for
CLOSER, IN_FILM = 2, 1  # times that it looks closer, at most; in a film there is a next frame
MIRRORED = np.array([[1, 1, 1], [-1, 1, 1]])  # what turns the offsets of a mirror image back
ON_HAND = 0.7  # intersection over union from which a square needs no closer look
UNLIKELY = -2  # evidence for a hand below which it looks no closer
CERTAIN = 0.98  # the least probability at which no search is needed


@dataclass(frozen=True)
class Places:
    """What the network says of a picture as a whole, and wherever in it a hand may be.

    Attributes:
        boxes: float64 [n, 4], x0, y0, x1, y1 in pixels: the whole picture, then squares, which may
            reach beyond it, the first of them all around, the last of a closer look, if any.
        crops: uint8 [n, 64, 64, 3], what the network saw of them.
        logits: float32 [n + m, 6], of the crops, then of m of them in a mirror.
        gained: bool [n + m], which of them count for more: the whole picture without its margin,
            and the closer look.
        hands: float64 [n, 4], where in each of the boxes a hand would be.
    """

    boxes: np.ndarray
    crops: np.ndarray
    logits: np.ndarray
    gained: np.ndarray
    hands: np.ndarray


def evidence(logits: np.ndarray) -> np.ndarray:
    """How much speaks for a hand: the logsumexp of the logits, float32 [...] of [..., 6].

    It is what `model.training.loss.cross_entropy` makes the log odds of a hand, and the energy
    score of Liu et al. 2020, arXiv:2010.03759, eq. 4, with its sign turned.
    """
    top = logits.max(-1, keepdims=True)
    return (top + np.log(np.exp(logits - top).sum(-1, keepdims=True)))[..., 0]


def windows(width: int, height: int, share: float) -> tuple[tuple[int, int], np.ndarray]:
    """Windows of one size all over a picture, each half over the next.

    They are nearly square: whole halves of them fill the picture.

    Args:
        width: of the picture, in pixels.
        height: likewise.
        share: about their side, of the picture's shorter one.

    Returns:
        how many halves of a window the picture is wide and high; boxes, float64 [n, 4], from left
        to right and then down: none if they are too small, or the whole picture.
    """
    side = share * min(width, height)
    halves = max(2, round(2 * width / side)), max(2, round(2 * height / side))
    if side < LEAST or max(halves) == 2:
        return halves, np.empty((0, 4))
    step = np.array([width, height]) / halves
    rows, columns = np.indices((halves[1] - 1, halves[0] - 1))
    corners = np.stack([columns, rows], -1).reshape(-1, 2) * step
    return halves, np.concatenate([corners, corners + 2 * step], axis=1)


def scanned(picture: np.ndarray, logit_map: Callable) -> tuple[np.ndarray, np.ndarray]:
    """Score all small windows.

    Args:
        picture: uint8 [h, w, 3].
        logit_map: from float32 [1, h', w', 3] in 0..1 to float32 [h' / 32 - 1, w' / 32 - 1, 6].

    Returns:
        boxes, float64 [n, 4], and about their evidence, float32 [n].
    """
    h, w = picture.shape[:2]
    halves, boxes = windows(w, h, SMALL)
    if not len(boxes):
        return boxes, np.empty(0)
    size = (STRIDE * halves[0], STRIDE * halves[1])
    image = Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    return boxes, evidence(logit_map(np.asarray(image, np.float32)[None] / 255)).ravel()


def loudest(picture: np.ndarray, logit_map: Callable) -> np.ndarray:
    """The BEST small windows that are different places, squares, float64 [n, 4]; see `scanned`.

    Of windows on one place the one with the most evidence is kept (non-maximum suppression).
    """
    boxes, scores = scanned(picture, logit_map)
    best: list[np.ndarray] = []
    for box in boxes[np.argsort(-scores)]:
        if all(overlap(box, other) < SAME for other in best):
            best.append(box)
        if len(best) == BEST:
            break
    return np.reshape([square(box) for box in best], (-1, 4))


def cut_out(picture: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """What the network sees of boxes, float64 [n, 4]: uint8 [n, 64, 64, 3]."""
    return np.stack([to_input(cut(picture, box)) for box in boxes])


def overlap(box: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union of two boxes, 0..1."""
    low, high = np.maximum(box[:2], other[:2]), np.minimum(box[2:], other[2:])
    common = np.prod(np.clip(high - low, 0, None))
    areas = np.prod(box[2:] - box[:2]) + np.prod(other[2:] - other[:2])
    return float(common / (areas - common))


def square(box: np.ndarray, scaling: float = 1) -> np.ndarray:
    """The square around a box, scaled."""
    reach = scaling * max(box[2:] - box[:2]) / 2
    centre = (box[:2] + box[2:]) / 2
    return np.concatenate([centre - reach, centre + reach])


def look_at(
    picture: np.ndarray,
    look: Callable,
    box: np.ndarray,
    gained: bool = False,
    mirrored: bool = False,
) -> Places:
    """Read a part of a picture.

    Args:
        picture: uint8 [h, w, 3].
        look: the network, from float32 [n, 64, 64, 3] in 0..1 to float32 [n, 6 + 3], the logits
            and where the hand is; or to the logits alone, which is understood as: all over it.
        box: of the part.
        gained: whether it counts for more.
        mirrored: whether it is read in a mirror as well.
    """
    crop = to_input(cut(picture, box))
    views = np.stack([crop, crop[:, ::-1]][: 1 + mirrored])
    answers = look(views / np.float32(255))
    offsets = (offsets_in(answers) * MIRRORED[: len(views)]).mean(0)
    gains = np.full(len(views), gained)
    return Places(box[None], crop[None], answers[:, :DIGITS], gains, inside(box, offsets)[None])


def offsets_in(answers: np.ndarray) -> np.ndarray:
    """The offsets beside the logits, float32 [n, 3]; zeros if there are none."""
    return answers[:, DIGITS:] if answers.shape[1] > DIGITS else np.zeros((len(answers), OFFSETS))


def glance(picture: np.ndarray, look: Callable) -> Places:
    """Read a picture whole; the arguments are those of `look_at`."""
    h, w = picture.shape[:2]
    return look_at(picture, look, np.array([0.0, 0, w, h]), gained=True)


def is_on_hand(picture: np.ndarray, seen: Places, place: int) -> bool:
    """Whether a place is where it says that the hand is, so that there is no closer look."""
    h, w = picture.shape[:2]
    # What lies beyond the picture is nothing to look at.
    hand, box = np.clip([seen.hands[place], square(seen.boxes[place])], 0, [w, h, w, h])
    return overlap(hand, box) >= ON_HAND


def close_in(
    picture: np.ndarray,
    look: Callable,
    seen: Places,
    place: int = 0,
    digit: int | None = None,
    times: int = CLOSER,
) -> tuple[Places, int]:
    """Look closer and closer at the hand that is in a place.

    Args:
        picture, look: see `look_at`.
        seen: where it was looked.
        place: the one of these to begin with.
        digit: which must be read in a closer look; None for any, where a hand is not unlikely.
        times: that it looks closer, at most.

    Returns:
        where it was looked last, and the place there.
    """
    for _ in range(times):
        if is_on_hand(picture, seen, place):
            break
        closer = look_at(picture, look, seen.hands[place])
        logits = closer.logits[0]
        if logits.argmax() != digit if digit is not None else evidence(logits) < UNLIKELY:
            break
        seen, place = closer, 0
    return seen, place


def is_enough(logits: np.ndarray, sure: float) -> bool:
    """Whether no search is needed: a hand is seen, and certainly its digit.

    Args:
        logits: float32 [6], of what was looked at.
        sure: evidence that they must have.
    """
    return bool(evidence(logits) >= sure) and is_certain(logits)


def is_certain(logits: np.ndarray) -> bool:
    """Whether logits give one digit, rather than another, a probability of CERTAIN."""
    odds = np.exp(logits - logits.max())
    return bool(odds.max() >= CERTAIN * odds.sum())


def follow(picture: np.ndarray, look: Callable, last: Box, hand: float) -> Places | None:
    """Look around the place where the hand was in the frame before; None if it is gone.

    Args:
        picture, look: see `look_at`.
        last: that place, in pixels.
        hand: evidence from which there is a hand.
    """
    h, w = picture.shape[:2]
    box = np.clip(np.asarray(last, np.float64), 0, [w, h, w, h])
    if (box[2:] <= box[:2]).any():
        return None
    seen = look_at(picture, look, square(box, STRAYED))
    return seen if evidence(seen.logits[0]) >= hand else None


def places(
    picture: np.ndarray, look: Callable, logit_map: Callable, seen: Places | None = None
) -> Places:
    """Read a picture whole, and wherever in it a hand may be.

    Args:
        picture, look: see `look_at`.
        logit_map: the network over a picture of any size, as for `scanned`.
        seen: what a glance at the picture saw, if there was one.
    """
    h, w = picture.shape[:2]
    seen = seen or glance(picture, look)
    large = windows(w, h, LARGE)[1]
    boxes = np.stack([square(seen.boxes[0], MARGIN), *map(square, large)])
    with ThreadPoolExecutor(1) as other:  # one processor scans while another reads
        scan = other.submit(loudest, picture, logit_map)
        crops = cut_out(picture, boxes)
        in_mirror = seen.crops[:, :, ::-1]
        answers = look(np.concatenate([in_mirror, crops]) / np.float32(255))
        best = scan.result()
    mirrored, answers = np.split(answers, [len(in_mirror)])
    if len(best):
        small = cut_out(picture, best)
        boxes, crops = np.concatenate([boxes, best]), np.concatenate([crops, small])
        answers = np.concatenate([answers, look(small / np.float32(255))])
    hands = [inside(*each) for each in zip(boxes, offsets_in(answers), strict=True)]
    found = Places(
        np.concatenate([seen.boxes, boxes]),
        np.concatenate([seen.crops, crops]),
        np.concatenate([seen.logits, answers[:, :DIGITS], mirrored[:, :DIGITS]]),
        np.isin(np.arange(len(boxes) + 2), [0, len(boxes) + 1]),
        np.concatenate([seen.hands, hands]),
    )
    loudest_place = weigh(found, 0)[0]
    if is_on_hand(picture, found, loudest_place):
        return found
    hand = found.hands[loudest_place]
    return beside(found, look_at(picture, look, hand, gained=True, mirrored=True))


def beside(found: Places, closer: Places) -> Places:
    """Some places and one more."""
    count = len(found.crops)

    def joined(those: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Of the crops, then of their mirror images."""
        return np.concatenate([those[:count], others[:1], those[count:], others[1:]])

    pairs = ((getattr(found, field.name), getattr(closer, field.name)) for field in fields(Places))
    return Places(*(joined(*pair) for pair in pairs))


def weigh(found: Places, gain: float) -> tuple[int, np.ndarray]:
    """What all places together say.

    A logit is the log odds that a place shows the digit, rather than no hand. A picture shows it
    in one place or another, so the odds are averaged, not the logits: where the places disagree,
    the mean is less sure than any of them. It is on the scale of a single place.

    Args:
        found: the places.
        gain: added to the logits of what counts for more.

    Returns:
        the crop that speaks loudest for the digit with the greatest mean; float32 [6], the
        logarithm of the mean odds.
    """
    gains = np.float32(gain) * found.gained
    weighed = found.logits + gains[:, None]
    mean = evidence(weighed.T) - evidence(gains)
    return int(weighed[: len(found.crops), mean.argmax()].argmax()), mean


def mean_odds(logits: np.ndarray) -> np.ndarray:
    """The logarithm of the mean odds, float32 [6], of logits, float32 [n, 6]."""
    return evidence(logits.T) - np.float32(np.log(len(logits)))


def in_four_views(picture: np.ndarray, look: Callable, seen: Places, place: int) -> np.ndarray:
    """Read a place with a margin as well, and both in a mirror (test-time augmentation).

    Args:
        picture, look: see `look_at`.
        seen: where it was looked last.
        place: the one of these that is on the hand, or on what is most like one.

    Returns:
        float32 [6], the logarithm of the mean odds of the four.
    """
    crop = seen.crops[place]
    margin = to_input(cut(picture, square(seen.boxes[place], MARGIN)))
    more = np.stack([crop[:, ::-1], margin, margin[:, ::-1]])
    answers = look(more / np.float32(255))[:, :DIGITS]
    return mean_odds(np.stack([seen.logits[place], *answers]))


def look_again(
    picture: np.ndarray, look: Callable, seen: Places, sure: float
) -> tuple[Places, int, np.ndarray] | None:
    """Look at the hand that a glance saw; None where it is not certain what it shows.

    Args:
        picture, look: see `look_at`.
        seen: of the glance.
        sure: see `is_enough`.

    Returns:
        where it was looked last, and the place there; float32 [6], the logarithm of the mean of
        the odds there and of those of the glance.
    """
    if not np.isfinite(sure):
        return None
    closest, place = close_in(picture, look, seen)
    if not is_on_hand(picture, closest, place):
        return None
    views = in_four_views(picture, look, closest, place)
    together = mean_odds(np.stack([seen.logits[0], views]))
    return (closest, place, together) if is_enough(together, sure) else None


def find_hand(
    picture: np.ndarray,
    look: Callable,
    logit_map: Callable,
    gain: float,
    sure: float = np.inf,
    last: Box | None = None,
    hand: float = np.inf,
) -> tuple[Box, np.ndarray, np.ndarray, np.ndarray]:
    """Find the hand.

    Args:
        picture, look, logit_map: see `places`.
        gain: see `weigh`.
        sure: see `is_enough`; infinite always searches, but for `last`.
        last: where the hand was in the frame before, in pixels; None if there was none.
        hand: evidence from which there is a hand.

    Returns:
        the box of the place that was chosen; uint8 [64, 64, 3], what the network saw of it;
        float32 [6], its logits; float32 [6], the logits of all that was read together.
    """
    followed = follow(picture, look, last, hand) if last else None
    found, chosen, enough = followed or glance(picture, look), 0, max(sure, hand)
    together = found.logits[0]
    if followed or is_enough(together, enough):
        times = IN_FILM if followed else CLOSER
        closest, place = close_in(picture, look, found, chosen, int(together.argmax()), times)
    elif nearby := look_again(picture, look, found, enough):
        closest, place, together = nearby
    else:
        found = places(picture, look, logit_map, found)
        chosen, together = weigh(found, gain)
        closest, place = found, chosen
        if evidence(together) >= UNLIKELY:
            closest, place = close_in(picture, look, found, chosen, int(together.argmax()))
            views = in_four_views(picture, look, closest, place)
            together = mean_odds(np.stack([together, views]))
    if evidence(together) >= hand:
        found, chosen = closest, place
    elif np.ptp(found.crops[chosen]) == 0:  # blank paper: the whole picture says more
        chosen = 0
    left, top, right, bottom = (round(float(side)) for side in found.boxes[chosen])
    return (left, top, right, bottom), found.crops[chosen], found.logits[chosen], together
