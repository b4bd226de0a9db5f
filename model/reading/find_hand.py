"""Where in a picture the hand is: the network itself looks for it, without a second network.

First the picture is read whole: where it certainly shows a hand's digit, that is the answer. What
the network sees also tells where in the picture the hand is (`model/reading/box_head.py`); where
that is less than half of it, it looks closer, up to twice. If the whole was not certain, the last
view is read again, and the hand in it, each with a margin as well and all in a mirror: if these and
the whole certainly show a digit, that is the answer.

Else the hand is searched for. The network is run over the whole picture as convolutions, at several
sizes: each 2x2 cells of its last stage are then about its answer to a window, and the cells of its
fourth stage tell where in that window a hand would be. Windows that point to the same place count
together. The likeliest places are looked at, and the best of them is read in the same way; the
answer is the mean of these odds and of those of the whole.

The box of the answer is where the hand is in what was looked at last, or, where the hand was read
again, on average in these views of it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from PIL import Image

from model.digits import DIGITS
from model.reading.box_regression import inside
from model.reading.images import Box, cut, to_input

# About the sides of the windows, as shares of the picture's shorter side; as whole halves of them
# fill the picture, they come out as 2/7, 1/2 and 2/3 of it. The smallest take the longest.
SHARES = 0.28, 0.45, 0.75
LEAST = 48  # pixels; a smaller window of a picture shows too little to be read
STRIDE = 32  # pixels between two cells of the last stage
PLACES = 3  # that are looked at, of those that windows spoke for
SAME = 0.4  # intersection over union from which two hands are one
MARGIN = 1.3  # the side of a part with its margin, as a share of its longer side
RIM = 1.05  # the side of a hand's box, in sides of the hand: without it, a fingertip is cut off
STRAYED = 1.3  # how much larger the square is in which the hand of the frame before is looked for
CLOSER = 2  # times that it looks closer, at most
ON_HAND = 0.5  # intersection over union of a part and the hand in it from which it looks no closer
UNLIKELY = -2  # evidence for a hand below which it looks no closer
CERTAIN = 0.98  # the least probability at which no search is needed


@dataclass(frozen=True)
class View:
    """What the network saw of a part of a picture, and what it says of that.

    Attributes:
        box: float64 [4], x0, y0, x1, y1 of the part in pixels; it may reach beyond the picture.
        logits: float32 [6].
        hand: float64 [4], the square in which a hand would be, with a narrow rim.
    """

    box: np.ndarray
    logits: np.ndarray
    hand: np.ndarray


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


def scanned(picture: np.ndarray, scan: Callable, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Read all windows of one size.

    Args:
        picture: uint8 [h, w, 3].
        scan: the network over a picture of any size, from float32 [1, h', w', 3] in 0..1 to
            float32 [h' / 32 - 1, w' / 32 - 1, 6 + 3]; see `look_at`.
        share: see `windows`.

    Returns:
        about their logits, float32 [n, 6], and where in each a hand would be, float64 [n, 4].
    """
    h, w = picture.shape[:2]
    halves, boxes = windows(w, h, share)
    if not len(boxes):
        return np.empty((0, DIGITS), np.float32), boxes
    size = (STRIDE * halves[0], STRIDE * halves[1])
    image = Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    answers = scan(np.asarray(image, np.float32)[None] / 255)
    return understood(answers.reshape(len(boxes), -1), boxes)


def understood(answers: np.ndarray, boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the network says of parts of a picture.

    Args:
        answers: float32 [n, 6 + 3], or [n, 6]; see `look_at`.
        boxes: float64 [n, 4], of the parts.

    Returns:
        logits, float32 [n, 6], and where in each part the hand is, float64 [n, 4].
    """
    offsets = answers[:, DIGITS:]
    if not offsets.size:
        return answers, boxes
    hands = [square(inside(*each), RIM) for each in zip(boxes, offsets, strict=True)]
    return answers[:, :DIGITS], np.stack(hands)


def overlap(box: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Intersection over union of boxes, 0..1: float64 [...] of two [..., 4]."""
    low = np.maximum(box[..., :2], other[..., :2])
    high = np.minimum(box[..., 2:], other[..., 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=-1)
    areas = sum(np.prod(each[..., 2:] - each[..., :2], axis=-1) for each in (box, other))
    return common / (areas - common)


def square(box: np.ndarray, scaling: float = 1) -> np.ndarray:
    """The square around a box, scaled."""
    reach = scaling * max(box[2:] - box[:2]) / 2
    centre = (box[:2] + box[2:]) / 2
    return np.concatenate([centre - reach, centre + reach])


def look_at(picture: np.ndarray, look: Callable, *boxes: np.ndarray) -> list[View]:
    """Read parts of a picture.

    Args:
        picture: uint8 [h, w, 3].
        look: the network, from float32 [n, 64, 64, 3] in 0..1 to float32 [n, 6 + 3], the logits
            and where the hand is; or to the logits alone, which is understood as: all over it.
        boxes: of the parts.
    """
    crops = np.stack([to_input(cut(picture, box)) for box in boxes])
    logits, hands = understood(look(crops / np.float32(255)), np.stack(boxes))
    return [View(*each) for each in zip(boxes, logits, hands, strict=True)]


def glance(picture: np.ndarray, look: Callable) -> View:
    """Read a picture whole; the arguments are those of `look_at`."""
    h, w = picture.shape[:2]
    return look_at(picture, look, np.array([0.0, 0, w, h]))[0]


def is_on_hand(picture: np.ndarray, seen: View) -> bool:
    """Whether the hand is about all that is seen, so that there is no closer look."""
    h, w = picture.shape[:2]
    # What lies beyond the picture is nothing to look at.
    hand, box = np.clip([seen.hand, square(seen.box)], 0, [w, h, w, h])
    return bool(overlap(hand, box) >= ON_HAND)


def close_in(picture: np.ndarray, look: Callable, seen: View, digit: int | None = None) -> View:
    """Look closer and closer at the hand.

    Args:
        picture, look: see `look_at`.
        seen: to begin with.
        digit: which must be read in a closer look; None for any, where a hand is not unlikely.
    """
    for _ in range(CLOSER):
        if is_on_hand(picture, seen):
            break
        (closer,) = look_at(picture, look, seen.hand)
        logits = closer.logits
        if logits.argmax() != digit if digit is not None else evidence(logits) < UNLIKELY:
            break
        seen = closer
    return seen


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


def follow(picture: np.ndarray, look: Callable, last: Box, hand: float) -> View | None:
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
    (seen,) = look_at(picture, look, square(box, STRAYED))
    return seen if evidence(seen.logits) >= hand else None


def mean_odds(*logits: np.ndarray) -> np.ndarray:
    """The logarithm of the mean odds, float32 [6], of logits, each float32 [6].

    A logit is the log odds that a view shows the digit, rather than no hand. Where the views
    disagree, the mean is less sure than the surest of them.
    """
    return evidence(np.stack(logits, axis=-1)) - np.float32(np.log(len(logits)))


def read_closely(
    picture: np.ndarray, look: Callable, seen: View, whole: View
) -> tuple[np.ndarray, np.ndarray]:
    """Read what was seen again, and the hand in it: as it is, with a margin, and both in a mirror
    (test-time augmentation).

    Args:
        picture, look: see `look_at`.
        seen: the part with the hand.
        whole: a glance at the picture.

    Returns:
        where the hand is, float64 [4], the mean over the four views of it; float32 [6], the
        logarithm of the mean odds of all eight views and of the whole, which counts as much as four
        of them.
    """
    parts = [part for box in (seen.box, seen.hand) for part in (box, square(box, MARGIN))]
    crops = np.stack([to_input(cut(picture, part)) for part in parts]) / np.float32(255)
    answers = look(np.concatenate([crops, crops[:, :, ::-1]]))
    together = mean_odds(*[whole.logits] * len(parts), *answers[:, :DIGITS])
    if answers.shape[1] == DIGITS:  # they do not tell where it is
        return seen.hand, together
    answers[len(parts) :, DIGITS] *= -1  # across, a mirror turns it around
    _, hands = understood(answers, np.stack([*parts, *parts]))
    return hands.reshape(2, 2, 2, 4)[:, 1].mean((0, 1)), together


def look_again(
    picture: np.ndarray, look: Callable, whole: View, sure: float
) -> tuple[np.ndarray, np.ndarray] | None:
    """Look at the hand that a glance saw; None where it is not certain what it shows.

    Args:
        picture, look: see `look_at`.
        whole: the glance.
        sure: see `is_enough`.

    Returns:
        what `read_closely` says of it.
    """
    if not np.isfinite(sure):  # it would be in vain
        return None
    closest = close_in(picture, look, whole)
    if not is_on_hand(picture, closest):
        return None
    hand, together = read_closely(picture, look, closest, whole)
    return (hand, together) if is_enough(together, sure) else None


def likeliest(logits: np.ndarray, hands: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The likeliest places of a hand, PLACES at most.

    Windows that point to the same place add up their odds, and the one with the most evidence
    stands for them (non-maximum suppression).

    Args:
        logits: float32 [n, 6], of windows.
        hands: float64 [n, 4], where in each a hand would be.

    Returns:
        float64 [k, 4], the places, the likeliest first; float32 [k], the evidence of the windows
        that point to each.
    """
    same = overlap(hands[:, None], hands) >= SAME
    alone = evidence(logits)
    said = evidence(np.where(same, alone, -np.inf))
    places: list[int] = []
    for each in np.lexsort([-alone, -said]):
        if not same[each, places].any():
            places.append(each)
    return hands[places[:PLACES]], said[places[:PLACES]]


def search(
    picture: np.ndarray, look: Callable, scan: Callable, whole: View
) -> tuple[np.ndarray, np.ndarray]:
    """Look for the hand all over a picture.

    Args:
        picture, look: see `look_at`.
        scan: see `scanned`.
        whole: a glance at the picture.

    Returns:
        what `read_closely` says of the likeliest place; where a hand is unlikely there, what that
        one view says of where it is, and the logarithm of the mean of its odds and the glance's.
    """
    with ThreadPoolExecutor(len(SHARES)) as others:  # side by side
        scans = [others.submit(scanned, picture, scan, share) for share in SHARES]
        (margin,) = look_at(picture, look, square(whole.box, MARGIN))
        found = [(view.logits[None], view.hand[None]) for view in (whole, margin)]
        found += [each.result() for each in scans]
    logits, hands = map(np.concatenate, zip(*found, strict=True))
    places, said = likeliest(logits, hands)
    views = look_at(picture, look, *places)
    alone = evidence(np.stack([view.logits for view in views]))
    best = views[np.argmax(alone + said)]  # what each place says, and what spoke for it
    if evidence(best.logits) < UNLIKELY:
        return best.hand, mean_odds(whole.logits, best.logits)
    return read_closely(picture, look, best, whole)


def find_hand(
    picture: np.ndarray,
    look: Callable,
    scan: Callable,
    sure: float = np.inf,
    last: Box | None = None,
    hand: float = np.inf,
) -> tuple[Box, np.ndarray]:
    """Find the hand.

    Args:
        picture, look: see `look_at`.
        scan: see `scanned`.
        sure: see `is_enough`; infinite always searches, but for `last`.
        last: where the hand was in the frame before, in pixels; None if there was none.
        hand: evidence from which there is a hand.

    Returns:
        where it is, or what is most like one, or the whole picture if that is blank; float32 [6],
        the logits: of the place that was followed, of the whole if that is enough, or a mean of
        the whole and the place that was found.
    """
    followed = follow(picture, look, last, hand) if last else None
    if followed:
        found, logits = followed.hand, followed.logits
    else:
        whole, enough = glance(picture, look), max(sure, hand)
        if is_enough(whole.logits, enough):
            logits = whole.logits
            found = close_in(picture, look, whole, int(logits.argmax())).hand
        else:
            again = look_again(picture, look, whole, enough)
            found, logits = again or search(picture, look, scan, whole)
    left, top, right, bottom = (round(float(side)) for side in found)
    if not np.ptp(cut(picture, (left, top, right, bottom)), axis=(0, 1)).any():  # blank
        return (0, 0, picture.shape[1], picture.shape[0]), logits
    return (left, top, right, bottom), logits
