"""Caches of what visitors' pictures come to; nothing of a picture outlives it there."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

_caches: list[Any] = []


def picture_cache(most: int) -> Callable:
    """Keep the last results of a function of a picture; they go when any picture is erased."""

    def cached(function: Callable) -> Any:
        _caches.append(lru_cache(most)(function))
        return _caches[-1]

    return cached


def forget_pictures() -> None:
    """Empty every cache."""
    for each in _caches:
        each.cache_clear()
