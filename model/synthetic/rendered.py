"""Hands made from geometry: for examples, for tests, and as pictures to train on.

A skeleton of 3D bones, each a tapered capsule, is posed as a digit, turned, and drawn into a depth
buffer; the buffer is shaded as a photograph or lined as a drawing.

    python -m model.synthetic.rendered FOLDER --count 10 --style photo
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from model.digits import DIGITS
from model.synthetic.backgrounds import background
from model.synthetic.bones import WAYS, framed, skeleton, turned
from model.synthetic.doodled import doodle
from model.synthetic.styles import DRAWN, PLUMP
from model.synthetic.surface import surface

STYLES = (*DRAWN, "doodle")


@dataclass(frozen=True)
class Rendered:
    """A picture of a hand.

    Attributes:
        picture: uint8 [size, size, 3].
        mask: bool [size, size], where the hand and the bare arm are.
        digit: 0 to 5.
    """

    picture: np.ndarray
    mask: np.ndarray
    digit: int


def render(digit: int, rng: np.random.Generator, style: str = "photo", size: int = 128) -> Rendered:
    """Make a picture of a hand that shows a digit.

    Args:
        digit: 0 to 5.
        rng: source of randomness; the same one gives the same picture.
        style: one of STYLES.
        size: height and width in pixels.
    """
    if style == "doodle":
        picture, mask = doodle(digit, rng, size)
    else:
        ways = WAYS[digit]
        way = ways[rng.integers(len(ways))]
        bones = turned(skeleton(way, rng, rng.uniform(*PLUMP[style])), way, rng)
        bones = framed(bones, rng, size)
        if style != "photo" and rng.random() < 0.5:  # drawings often end at the wrist
            bones = [bone for bone in bones if bone.part != 6]
        seen = surface(bones, size)
        picture, mask = DRAWN[style](seen, rng), seen.part >= 0
    return Rendered((255 * np.clip(picture, 0, 1)).astype(np.uint8), mask, digit)


EXAMPLE_HANDS = (
    *((digit, "photo") for digit in range(DIGITS)),
    (2, "line"),
    (5, "line"),
    (3, "cartoon"),
)


def write_examples(folder: Path, seed: int = 1) -> list[Path]:
    """Write the demo's example pictures: nine hands, one far off in a scene, and only a scene.

    Args:
        folder: gets the files; made if it is not there.
        seed: decides all that is random in them.

    Returns:
        The JPEG files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for i, (digit, style) in enumerate(EXAMPLE_HANDS):
        made = render(digit, np.random.default_rng((seed, i)), style, 320)
        files.append(folder / f"{digit}_{style}.jpg")
        Image.fromarray(made.picture).save(files[-1], quality=85)
    for name in ("no_hand", "2_far"):
        rng = np.random.default_rng((seed, len(files)))
        scene = 255 * np.clip(background(rng, 480)[:360], 0, 1)
        picture = Image.fromarray(scene.astype(np.uint8))
        if name == "2_far":
            made = render(2, rng, "photo", 340)
            mask = Image.fromarray(made.mask).convert("L").resize((170, 170))
            picture.paste(Image.fromarray(made.picture).resize((170, 170)), (264, 190), mask)
        files.append(folder / f"{name}.jpg")
        picture.save(files[-1], quality=85)
    return files


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m model.synthetic.rendered", description=__doc__.split("\n")[0]
    )
    parser.add_argument("folder", type=Path, nargs="?", help="gets a sub-folder for each digit")
    parser.add_argument("--count", type=int, default=10, help="pictures a digit (default: 10)")
    parser.add_argument("--style", choices=STYLES, default="photo")
    parser.add_argument("--size", type=int, default=128, help="pixels (default: 128)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--examples",
        type=Path,
        nargs="?",
        const=Path("demo/examples"),
        metavar="FOLDER",
        help="write the page's examples (default: demo/examples)",
    )
    flags = parser.parse_args(arguments)
    if flags.examples:
        write_examples(flags.examples)
    elif flags.folder is None:
        parser.error("name a folder, or ask for --examples")
    if flags.folder is None:
        return
    for digit in range(DIGITS):
        place = flags.folder / str(digit)
        place.mkdir(parents=True, exist_ok=True)
        for i in range(flags.count):
            rng = np.random.default_rng((flags.seed, digit, i))
            made = render(digit, rng, flags.style, flags.size)
            Image.fromarray(made.picture).save(place / f"{flags.style}_{flags.seed}_{i}.png")


if __name__ == "__main__":
    main()
