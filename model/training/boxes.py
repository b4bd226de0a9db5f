"""Train the head that tells where in a window the hand is: `python -m model.training.boxes`.

Windows are cut around hands whose box is known: training hands in frames of the collections that
give it, those that can be cut out of a plain background, rendered ones, and those of rendered
people before photographs without a hand. The network reads each once, and the head learns from what
its fourth stage makes of them; the network itself is not changed.
"""

import argparse
import sys
from collections.abc import Container
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from model.collections import loading
from model.collections.catalogue import COLLECTIONS, all_but
from model.collections.loading import SPLITS
from model.digits import DIGITS
from model.network.resnet import folded, resnet50
from model.network.weights_file import WEIGHTS, load_weights
from model.progress import show_progress
from model.reading.box_head import box_head, stage_output
from model.reading.box_regression import OFFSETS, boxes_of, inside, save_boxes
from model.reading.find_hand import overlap, square
from model.reading.images import SIZE, cut, to_input
from model.reading.notes import digest_of
from model.synthetic.rendered import STYLES, render
from model.training.checkpoints import read_record
from model.training.devices import predict
from model.training.people import people, rendered_person
from model.training.photographs import Photograph, box_of, photographs_of

COUNT = 40_000  # windows
RENDERED = 2_000  # hands
EPOCHS, BATCH = 20, 128
RATE, DECAY = 1e-3, 0.01  # of AdamW; the rate falls to zero along a cosine
ENOUGH = 0.5  # intersection over union
LINEAR = 0.3  # offsets that are further off than this weigh no more for each step
SIDES = (0.75, 4.5)  # of a window, in sides of the hand
OFF = 0.42  # the hand's middle lies at most so far from the window's, in sides of the window


PlacedHand = tuple[np.ndarray, np.ndarray]  # a picture, and the box of the only hand in it


def placed_hands(split: str, data: str | None, names: Container[str]) -> list[list[PlacedHand]]:
    """The hands whose box is known: in whole frames, cut out, rendered, and of rendered people."""
    frames, cut_out, grounds = [], [], []
    for row in COLLECTIONS:
        if row.name not in names:
            continue
        collection = loading.load(row.name, split, data)
        if not collection.has_hands:
            grounds += collection.pictures
        elif row.whole_frames:
            every = zip(collection.pictures, collection.boxes, collection.alone, strict=True)
            frames += [(picture, np.asarray(box, float)) for picture, box, alone in every if alone]
        elif row.plain:
            hands = (hand for hand in photographs_of(collection) if hand.mask is not None)
            cut_out += [(hand.picture, np.asarray(hand.box, float)) for hand in hands]
    if not frames and not cut_out:
        return []
    first = RENDERED * SPLITS.index(split)
    rendered = [rendered_hand(first + number) for number in range(RENDERED)]
    rng = np.random.default_rng(first)
    persons = [
        before_a_ground(rendered_person(listed), grounds, rng)
        for number, listed in enumerate(people(data) if grounds else [])
        if listed[1]["kind"] == "person" and SPLITS[number % 10 == 0] == split
    ]
    return [hands for hands in (frames, cut_out, rendered, persons) if hands]


def before_a_ground(
    person: Photograph, grounds: list[np.ndarray], rng: np.random.Generator
) -> PlacedHand:
    """A person who was cut out, laid on a photograph."""
    assert person.mask is not None
    h, w = person.mask.shape
    ground = Image.fromarray(grounds[rng.integers(len(grounds))]).resize((w, h))
    laid = Image.composite(Image.fromarray(person.picture), ground, Image.fromarray(person.mask))
    return np.asarray(laid), np.asarray(person.box)


def rendered_hand(number: int) -> PlacedHand:
    """A hand from geometry, photographed or drawn."""
    made = render(number % DIGITS, np.random.default_rng(number), STYLES[number % len(STYLES)])
    return made.picture, np.array(box_of(made.mask), float)


def window_around(
    picture: np.ndarray, hand: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A window with the hand anywhere in it.

    Returns:
        uint8 [64, 64, 3], what the network sees of it; float64 [3], the hand's offsets in it.
    """
    longer = max(hand[2:] - hand[:2])
    side = longer * np.exp(rng.uniform(*np.log(SIDES)))
    centre = (hand[:2] + hand[2:]) / 2
    shift = rng.uniform(-OFF, OFF, 2)
    middle = centre - shift * side
    crop = to_input(cut(picture, (*(middle - side / 2), *(middle + side / 2))))
    offsets = np.array([*shift, np.log(longer / side)])
    if rng.random() < 0.5:
        crop, offsets[0] = crop[:, ::-1], -offsets[0]
    return crop, offsets


def windows_of(
    split: str, data: str | None, names: Container[str], count: int, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """So many windows, as many of each kind of hands: uint8 [n, 64, 64, 3], float64 [n, 3]."""
    rng = np.random.default_rng(seed)
    kinds = placed_hands(split, data, names)
    if not kinds:
        return np.empty((0, SIZE, SIZE, 3), np.uint8), np.empty((0, OFFSETS))
    turns = (kinds[number % len(kinds)] for number in range(count))
    made = (window_around(*hands[rng.integers(len(hands))], rng) for hands in turns)
    pairs = list(show_progress(made, count, f"windows, {split}"))
    return np.stack([crop for crop, _ in pairs]), np.stack([offsets for _, offsets in pairs])


def stage_cells(model: keras.Model, crops: np.ndarray) -> np.ndarray:
    """What the head reads of crops, uint8 [n, 64, 64, 3]: float16 [n, h, w, c]."""
    fold = folded(model)
    stage = keras.Model(fold.input, stage_output(fold))
    parts = np.array_split(crops, -(-len(crops) // 2_000))
    return np.concatenate([predict(stage, part).astype(np.float16) for part in parts])


def fit(cells: np.ndarray, offsets: np.ndarray, epochs: int = EPOCHS) -> keras.Model:
    """Train a head.

    Args:
        cells: float16 [n, h, w, c].
        offsets: float64 [n, 3].
        epochs: how often each is seen.
    """
    keras.utils.set_random_seed(0)
    head = box_head(cells.shape[-1])
    rate = keras.optimizers.schedules.CosineDecay(RATE, epochs * -(-len(cells) // BATCH))
    head.compile(keras.optimizers.AdamW(rate, weight_decay=DECAY), keras.losses.Huber(delta=LINEAR))
    head.fit(cells, offsets, BATCH, epochs, verbose=2)
    return head


def found(head: keras.Model, cells: np.ndarray, offsets: np.ndarray) -> float:
    """The share of hands whose box it overlaps by half or more, at the first look."""
    window = np.array([0.0, 0, 1, 1])
    said = head.predict(cells, BATCH, verbose=0)
    pairs = ((inside(window, a), inside(window, b)) for a, b in zip(said, offsets, strict=True))
    return float(np.mean([overlap(square(a), b) >= ENOUGH for a, b in pairs]))


def fit_boxes(
    model: keras.Model,
    data: str | None,
    trained_on: Container[str],
    count: int = COUNT,
    epochs: int = EPOCHS,
) -> list[np.ndarray] | None:
    """Train the head of a network.

    Args:
        model: the network.
        data: folder of the collections; None for the cache.
        trained_on: names of the collections that the network was trained on.
        count: of windows.
        epochs: see `fit`.

    Returns:
        its weights; None if none of these collections tells where its hands are.
    """
    crops, offsets = windows_of("train", data, trained_on, count)
    if not len(crops):
        return None
    head = fit(stage_cells(model, crops), offsets, epochs)
    crops, offsets = windows_of("validation", data, trained_on, count // 10, seed=1)
    if len(crops):
        share = found(head, stage_cells(model, crops), offsets)
        print(f"of validation windows {share:.1%} overlap the hand by half or more", flush=True)
    return head.get_weights()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m model.training.boxes", description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="of the network")
    parser.add_argument("--data", help="folder of the collections")
    flags = parser.parse_args()
    model = resnet50()
    try:
        load_weights(model, flags.weights)
        record = read_record(flags.weights)
        trained_on = record.get("data", all_but(record["settings"]["leave_out"]))
        boxes = fit_boxes(model, flags.data, trained_on)
    except ValueError as error:
        sys.exit(str(error))
    if boxes is None:
        sys.exit("None of the collections that it was trained on tells where its hands are.")
    save_boxes(boxes, boxes_of(flags.weights), digest_of(flags.weights))
    print(boxes_of(flags.weights))


if __name__ == "__main__":
    main()
