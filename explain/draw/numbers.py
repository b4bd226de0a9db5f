"""Numbers as people write them."""

from collections.abc import Sequence
from math import isfinite, log2


def count_text(number: int) -> str:
    """A count: 23.6 M, 12.3 k, 512."""
    short = float(f"{number:.3g}")
    for unit, name in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if short >= unit:
            return f"{short / unit:.3g}{name}"
    return str(number)


def number_text(value: float | None) -> str:
    """A number without needless digits: 0.5, 20, 2,580, and 1/64 for a small power of two."""
    if value is None or not isfinite(value):
        return "–"
    if 0 < value < 0.1 and log2(value).is_integer():
        return f"1/{1 / value:,.0f}"
    short = float(f"{value:.3g}")
    return f"{short:,.0f}" if 1000 <= abs(short) < 1e6 else f"{short:g}"


def power_text(exponent: int) -> str:
    """A power of ten: 10⁻³, 10, and 1 for the zeroth."""
    digits = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return "1" if exponent == 0 else "10" if exponent == 1 else f"10{digits}"


def ratio_text(ratio: float) -> str:
    """A ratio: 1,200, 3.4, 0.8, 1/40, 2.5·10⁻¹⁰."""
    if ratio >= 10:
        return f"{ratio:,.0f}"
    if ratio < 1e-5:
        return size_text(ratio)
    return f"{ratio:.1f}" if ratio > 0.6 else f"1/{1 / ratio:,.0f}"


def change_text(ratio: float) -> str:
    """What a size becomes, as a ratio to what it was: 20 times as large, 1/8 as large."""
    text = ratio_text(ratio)
    return f"{text} as large" if text.startswith("1/") else f"{text} times as large"


def size_text(value: float) -> str:
    """A size of any order of magnitude: 5,200, 0.12, 2.5·10⁻¹⁰."""
    if not isfinite(value):
        return "–"
    digits, _, exponent = f"{value:.1e}".partition("e")
    short = float(f"{digits}e{exponent}")
    if value == 0 or 0.001 <= short < 100_000:
        return f"{short:,g}"
    power = power_text(int(exponent))
    return power if short == 10.0 ** int(exponent) else f"{float(digits):g}·{power}"


def range_text(values: Sequence[float]) -> str:
    """Shares in percent: a single one, or the lowest and the highest: 51.0–52.0."""
    low, high = 100 * min(values), 100 * max(values)
    return f"{low:.1f}" if len(values) == 1 else f"{low:.1f}–{high:.1f}"
