"""What a call of an endpoint may bring: each argument is checked before any work is done."""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from typing import Any

import gradio as gr

MISSING = object()
YES_OR_NO = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}


class Refused(gr.Error):
    """An argument that makes no sense; the sentence names it, and says nothing of what was sent."""

    def __init__(self, sentence: str):
        super().__init__(sentence, print_exception=False)


def checked(
    names: Sequence[str], parts: Sequence[Any], values: Sequence[Any], with_states: bool
) -> list[Any]:
    """The arguments of a call as its components expect them.

    Args:
        names: of the arguments.
        parts: the component of each.
        values: what was sent.
        with_states: whether something was sent for each `gr.State`, too; it means nothing.

    Raises:
        Refused: if one is missing or makes no sense.
    """
    named = list(zip(names, parts, strict=True))
    sent = [name for name, part in named if not isinstance(part, gr.State)]
    rest = iter(values)
    found = []
    for name, part in named:
        is_state = isinstance(part, gr.State)
        value = None if is_state and not with_states else next(rest, MISSING)
        if value is MISSING and not is_state:
            raise Refused(f"{name} is missing; send {', '.join(sent)}.")
        found.append(None if is_state else argument(name, part, value))
    if next(rest, MISSING) is not MISSING:
        raise Refused(f"There are too many arguments; send {', '.join(sent) or 'none'}.")
    return found


def argument(name: str, part: Any, value: Any) -> Any:
    """One argument, as its component expects it."""
    if isinstance(part, gr.Image):
        return file_of(name, value)
    if isinstance(part, gr.Radio | gr.Dropdown):
        return choice(name, [each for _, each in part.choices or ()], value)
    if isinstance(part, gr.Checkbox):
        if isinstance(value, bool | int | float | str):
            found = YES_OR_NO.get(str(value).strip().lower())
            if found is not None:
                return found
        raise Refused(f"{name} must be true or false.")
    if isinstance(part, gr.Slider):
        return within(name, part, value)
    if isinstance(part, gr.Number):
        if value is None:
            return None
        found = number(value)
        if found is None:
            raise Refused(f"{name} must be a number.")
        return found
    if isinstance(part, gr.HTML):
        return template_value(name, part.value, value)
    return value


def file_of(name: str, value: Any) -> dict[str, Any] | None:
    """The path of an upload; the rest of what is sent is of no use, and `uploaded` checks it."""
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("path"), str | None):
        raise Refused(f"{name} must be an upload: upload a picture, and send its path.")
    return {"path": value.get("path")}


def number(value: Any) -> int | float | None:
    """A finite number, also one that is sent as text; None if it is none, as are true and false."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(found):
        return None
    return int(found) if found == int(found) else found


def within(name: str, slider: gr.Slider, value: Any) -> int | float:
    found, least, most = number(value), slider.minimum, slider.maximum
    whole = slider.step == 1
    if found is None or not least <= found <= most or (whole and found != int(found)):
        kind = "a whole number" if whole else "a number"
        raise Refused(f"{name} must be {kind} from {least:g} to {most:g}.")
    return found


def choice(name: str, choices: Sequence[Any], value: Any) -> Any:
    """The choice that is meant: 2.0 and "2" mean 2, but true does not mean 1."""
    meant = number(value)
    for each in choices:
        if not isinstance(value, bool) and (value == each or (meant is not None and meant == each)):
            return each
    raise Refused(f"{name} must be one of {', '.join(map(str, choices))}.")


def template_value(name: str, shown: Any, value: Any) -> Any:
    """What a component of the page's own sends: of the kind that it shows at first, or nothing."""
    for kind, words in ((str, "text"), (dict, "an object with named values"), (list, "a list")):
        if isinstance(shown, kind) and not isinstance(value, kind | None):
            raise Refused(f"{name} must be {words}.")
    return value


def names_of(handler: Any, count: int) -> list[str]:
    """The names of a handler's arguments that are sent by components.

    Args:
        handler: what `demo.kit.events.plain` made.
        count: of the components.
    """
    events = {name for name, kind in handler.__annotations__.items() if kind is gr.EventData}
    names = [name for name in inspect.signature(handler).parameters if name not in events]
    return [*names, *(f"argument {number}" for number in range(len(names) + 1, count + 1))][:count]
