"""Where it fails, shown with hands that nobody owns: `python -m model.scoring.failures`.

Reads rendered hands that were not trained on, and what others drew for this project; writes the
scores of each style with the numbers of those misread, a picture of the mistakes made with the
most confidence, and the first of the rendered hands that was misread, for the page to show.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from model.digits import DIGITS
from model.files import replacing, write_json
from model.reading.classifier import HandClassifier, Reading
from model.records import RECORDED, save_record
from model.scoring.own_pictures import folder_examples
from model.scoring.scorecard import scores
from model.scoring.sheet import sheet
from model.synthetic.rendered import STYLES, render

SCORES = RECORDED / "rendered.json"
DRAWN = Path(__file__).parents[1] / "synthetic" / "drawn"


def made(style: str, number: int) -> np.ndarray:
    """The picture of a number that was read in one of STYLES, uint8 [256, 256, 3]."""
    rng = np.random.default_rng((2, STYLES.index(style), number))
    return render(number % DIGITS, rng, style, 256).picture


def wrong(read: list[tuple[Reading, int]]) -> dict[int, int]:
    """What was read in place of the true digit, by the number of the picture."""
    return {
        number: reading.digit
        for number, (reading, digit) in enumerate(read)
        if reading.digit != digit
    }


def pictures_like(rendered: dict, digit: int, read: int, most: int) -> list[np.ndarray]:
    """Rendered hands that show a digit and were read as another, or as the same.

    Args:
        rendered: what this script recorded.
        digit: which they show.
        read: which was read.
        most: number of pictures; of each style as many as there are, in turn.

    Returns:
        uint8 [256, 256, 3] each; fewer than `most` where there are fewer.
    """
    found = []
    for style in STYLES:
        mistakes = {int(number): other for number, other in rendered[style]["wrong"].items()}
        found += [
            (number, style)
            for number in range(digit, rendered[style]["pictures"], DIGITS)
            if mistakes.get(number, digit) == read
        ]
    return [made(style, number) for number, style in sorted(found)[:most]]


def record_first_misread(rendered: dict, folder: Path = RECORDED) -> None:
    """Keep the first rendered hand that was misread, so that nobody need choose one.

    Args:
        rendered: what this script recorded.
        folder: gets `misread.webp`, and the digit it shows in `misread.json`; an empty record if
            no hand was misread.
    """
    style = next((style for style in STYLES if rendered[style]["wrong"]), None)
    if style is None:
        save_record("misread", {}, folder)
        return
    number = min(int(number) for number in rendered[style]["wrong"])
    with replacing(folder / "misread.webp") as temporary:
        Image.fromarray(made(style, number)).save(temporary, "WEBP", quality=90)
    save_record("misread", {"digit": number % DIGITS, "style": style, "number": number}, folder)


def readings(classifier: HandClassifier, count: int) -> dict[str, list[tuple[Reading, int]]]:
    """Read so many rendered hands of each style, all digits as often, and all that are drawn.

    Returns:
        The readings and true digits, by style.
    """

    rendered = {
        style: [(classifier.read(made(style, number)), number % DIGITS) for number in range(count)]
        for style in STYLES
    }
    drawn = {
        f"{folder.name}, drawn by others": [
            (classifier.read(path), digit) for path, digit in folder_examples(folder)
        ]
        for folder in sorted(DRAWN.iterdir())
    }
    return rendered | drawn


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m model.scoring.failures", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--count", type=int, default=120, help="rendered of a style (default: 120)")
    parser.add_argument("--shown", type=int, default=12, help="mistakes shown (default: 12)")
    parser.add_argument(
        "--sheet", type=Path, default=Path("docs/failures.png"), help="(default: docs/failures.png)"
    )
    flags = parser.parse_args()
    try:
        found = readings(HandClassifier.load(), flags.count)
    except ValueError as error:
        sys.exit(str(error))
    rendered = {style: scores(read) | {"wrong": wrong(read)} for style, read in found.items()}
    write_json(SCORES, rendered)
    record_first_misread(rendered)
    misread = [read[number] for read in found.values() for number in wrong(read)]
    misread.sort(key=lambda pair: -pair[0].probabilities.max())
    sheet(misread[: flags.shown]).save(flags.sheet, optimize=True)
    print(f"{len(misread)} of {sum(map(len, found.values()))} were read wrong")


if __name__ == "__main__":
    main()
