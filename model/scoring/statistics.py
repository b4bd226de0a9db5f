"""What can be said of counts: an interval, a calibration error, a share."""

import numpy as np


def wilson_interval(right: int, count: int) -> list[float]:
    """95 % confidence interval of a share, 0..1, to four digits.

    Source: Wilson 1927, Probable inference, the law of succession, and statistical inference.
    """
    if count == 0:
        return [0.0, 1.0]
    z, share = 1.96, right / count
    middle = share + z * z / (2 * count)
    spread = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return [round(float(end / scale), 4) for end in (middle - spread, middle + spread)]


BINS = 15  # equal intervals of confidence


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error: how far confidence is from accuracy, 0..1.

    Args:
        confidence: float [n], probability of the digit that was read.
        right: bool [n], whether it was the right one.

    Source: Guo, Pleiss, Sun and Weinberger 2017, arXiv:1706.04599, eq. 3.
    """
    gaps = [count * abs(hit - mean) for count, mean, hit in reliability(confidence, right)]
    return float(sum(gaps) / max(len(right), 1))


def reliability(confidence: np.ndarray, right: np.ndarray) -> list[tuple[int, float, float]]:
    """How often answers are right, by how sure they are.

    Args:
        confidence: float [n], probability of the digit that was read.
        right: bool [n], whether it was the right one.

    Returns:
        For each interval that has answers their number, their mean confidence (0..1), and the
        share of them that are right.
    """
    filled = np.minimum((confidence * BINS).astype(int), BINS - 1)
    inside = [filled == number for number in np.unique(filled)]
    return [
        (int(each.sum()), float(confidence[each].mean()), float(right[each].mean()))
        for each in inside
    ]


def share(part: int, whole: int) -> float | None:
    return round(float(part / whole), 4) if whole else None
