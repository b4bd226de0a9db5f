"""Long work, with a line that says how far it is."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def show_progress(items: Iterable[Item], total: int, label: str) -> Iterator[Item]:
    """The items as they come, and on the terminal how many came and how long the rest takes."""
    began = shown = time.monotonic()
    print(f"{label}: 0 of {total}", end="", file=sys.stderr, flush=True)
    for done, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now > shown + 0.2 or done == total:
            shown, left = now, (now - began) / done * (total - done)
            text = f"\r{label}: {done} of {total}, {left:.0f} s left "
            print(text, end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
