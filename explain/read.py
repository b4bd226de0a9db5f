"""Read the digit that a hand shows in pictures, and say where the network looked.

    residual-hands read hand.jpg
    residual-hands read photographs/ 'more/**/*.png' --json > readings.jsonl
    find . -name '*.jpg' | residual-hands read -
    residual-hands read photographs/ --out readings.jsonl --explain maps/

A box is where the hand is: left, top, width and height in percent of the picture. Where no hand is
seen, the digit is none, and the box is what comes closest to one. Files that cannot be read are
listed at the end, and the exit status is 1.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from model.files import replacing, what_failed
from model.network.stages import cells
from model.progress import show_progress
from model.reading.kernels import prepare_tensorflow

if TYPE_CHECKING:
    from model.reading.classifier import HandClassifier, Reading

STDIN = "-"


class MapWriter:
    """Writes a heat map for each picture that is read.

    Args:
        classifier: the reader.
        stage: `sharp`, or the stage whose Grad-CAM is drawn.
        folder: where the maps go.
        files: all that are read, now or by a run before; a map lies in `folder` as its file lies
            among these.
    """

    def __init__(self, classifier: "HandClassifier", stage: str, folder: Path, files: list[str]):
        from explain.maps.gradcam import Explainer
        from explain.maps.sharp import SharpExplainer

        self.explainer: Explainer = Explainer(classifier)
        self.sharp: SharpExplainer = SharpExplainer(self.explainer)
        self.stage, self.folder = stage, folder
        folders = {Path(os.path.abspath(file)).parent for file in files}
        self.home = Path(os.path.commonpath(folders)) if folders else Path()

    def path(self, file: str) -> Path:
        """Of the map of a file; two files never share one."""
        inside = Path(os.path.abspath(file)).relative_to(self.home)
        return self.folder / inside.with_name(f"{inside.name}.png")

    def write(self, file: str, reading: "Reading") -> None:
        """Explain a reading and write its map."""
        from explain.draw.map_file import map_of_reading

        digit, stage, centres = reading.digit, self.stage, self.explainer.centres.get(self.stage)
        if stage == "sharp":
            signed = self.sharp.explain(reading.crop, digits=[digit])[0]
        else:
            signed = self.explainer.explain(reading.crop, digit).signed[stage]
        image = map_of_reading(reading, digit, stage, signed, centres)
        path = self.path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            image.save(temporary, "PNG")


def read_files(flags: argparse.Namespace) -> list[str]:
    """Read what the flags name, and print or write a line for each as soon as it is read.

    Returns:
        A sentence for each file that could not be read.

    Raises:
        ValueError: one sentence, if nothing can be read at all.
    """
    prepare_tensorflow()
    from model.network.weights_file import WEIGHTS
    from model.reading.readings import (
        HEADING,
        how_read,
        json_line,
        plain_reading,
        read_before,
        row,
    )
    from model.reading.together import read_many

    sources = named_sources(flags.pictures)
    weights, how = flags.weights or WEIGHTS, {}
    if (flags.out or flags.json) and weights.exists():  # if not, loading them says so
        how = how_read(weights, flags.whole)
    before = read_before(flags.out, how) if flags.out else set()
    before.discard(STDIN)  # which brings another picture each time
    todo = {name: source for name, source in sources.items() if name not in before}
    if before:
        done = len(sources) - len(todo)
        print(f"{flags.out}: {done} of {len(sources)} are read already.", file=sys.stderr)
    if not todo:
        return []
    from model.reading.classifier import HandClassifier

    classifier = HandClassifier.load(flags.weights)
    maps = (
        MapWriter(classifier, flags.stage, flags.explain, list(sources)) if flags.explain else None
    )
    unread = []
    with ExitStack() as stack:
        out = stack.enter_context(open(flags.out, "a", encoding="utf-8")) if flags.out else None
        table = not (out or flags.json)
        if table:
            print(HEADING, flush=True)
        readings: Iterator = zip(
            todo, read_many(classifier, todo.values(), not flags.whole), strict=True
        )
        if sys.stderr.isatty() and len(todo) > 1 and (out or not sys.stdout.isatty()):
            readings = show_progress(readings, len(todo), "Reading")
        for name, reading in readings:
            if isinstance(reading, ValueError):
                sentence = str(reading)
                unread.append(sentence if name in sentence else f"{name}: {sentence}")
                continue
            if maps:
                maps.write(name, reading)
            read = plain_reading(reading)
            print(row(name, read) if table else json_line(name, read, how), file=out, flush=True)
    return unread


def named_sources(names: list[str]) -> dict[str, str | bytes]:
    """What is to be read, by the name that it gets in the answer."""
    from model.reading.readings import files_named, names_or_picture

    files, sources = [name for name in names if name != STDIN], {}
    if STDIN in names:
        given = names_or_picture(sys.stdin.buffer.read())
        if isinstance(given, bytes):
            sources[STDIN] = given
        else:
            files += given
    return sources | {file: file for file in files_named(files)}


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="residual-hands read",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "pictures",
        nargs="+",
        metavar="PICTURE",
        help="a file, a folder, a pattern, or - for standard input: a picture, or names of files, "
        "one a line",
    )
    parser.add_argument("--json", action="store_true", help="print JSON lines instead of a table")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE.jsonl",
        help="write JSON lines there; run the same command again to go on after a stop",
    )
    parser.add_argument(
        "--explain", type=Path, metavar="DIR", help="write a heat map of each picture there"
    )
    parser.add_argument(
        "--stage",
        choices=("sharp", *cells()),
        default="sharp",
        help="which map --explain writes (default: sharp)",
    )
    parser.add_argument(
        "--whole", action="store_true", help="read the pictures whole, without looking for the hand"
    )
    parser.add_argument(
        "--weights", type=Path, metavar="FILE", help="other weights than the shipped ones"
    )
    return parser


def main(arguments: list[str] | None = None) -> None:
    flags = parser().parse_args(arguments)
    try:
        unread = read_files(flags)
    except ValueError as error:
        sys.exit(str(error))
    except BrokenPipeError:  # such as `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        sys.exit(what_failed(error))
    except KeyboardInterrupt:
        again = "; run the same command again to go on" if flags.out else ""
        sys.exit(f"\nStopped{again}.")
    if unread:
        print(f"{len(unread)} could not be read:", file=sys.stderr)
        print(*(f"  {sentence}" for sentence in unread), sep="\n", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
