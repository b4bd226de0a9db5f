"""Where it fails, shown with hands that nobody owns: `python -m model.scoring.failures`.

Reads rendered hands that were not trained on, and what others drew for this project; writes the
scores of each style, and a picture of the mistakes made with the most confidence.
"""

import argparse
from pathlib import Path

import numpy as np

from model.digits import DIGITS
from model.files import write_json
from model.reading.classifier import HandClassifier, Reading
from model.records import RECORDED
from model.scoring.own_pictures import folder_examples
from model.scoring.scorecard import scores
from model.scoring.sheet import sheet
from model.synthetic.rendered import STYLES, render

SCORES = RECORDED / "rendered.json"
DRAWN = Path(__file__).parents[1] / "synthetic" / "drawn"


def readings(classifier: HandClassifier, count: int) -> dict[str, list[tuple[Reading, int]]]:
    """Read so many rendered hands of each style, all digits as often, and all that are drawn.

    Returns:
        The readings and true digits, by style.
    """

    def read(style: int, number: int) -> tuple[Reading, int]:
        digit = number % DIGITS
        made = render(digit, np.random.default_rng((2, style, number)), STYLES[style], 256)
        return classifier.read(made.picture), digit

    rendered = {
        name: [read(style, number) for number in range(count)] for style, name in enumerate(STYLES)
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
    found = readings(HandClassifier.load(), flags.count)
    write_json(SCORES, {style: scores(read) for style, read in found.items()})
    wrong = [
        (reading, digit)
        for read in found.values()
        for reading, digit in read
        if reading.digit != digit
    ]
    wrong.sort(key=lambda pair: -pair[0].probabilities.max())
    sheet(wrong[: flags.shown]).save(flags.sheet, optimize=True)
    print(f"{len(wrong)} of {sum(map(len, found.values()))} were read wrong")


if __name__ == "__main__":
    main()
