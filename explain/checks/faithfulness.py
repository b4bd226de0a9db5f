"""How far a map can be trusted: what its hottest places do to the answer, and what changes it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter
from scipy.stats import rankdata

from explain.network.passes import Passes, Weights
from model.reading.courtesy import by_parts
from model.reading.images import SIZE

# float32 [n, size, size, 3] in 0..1 to [n, classes] that sum to 1
Predict = Callable[[np.ndarray], np.ndarray]

BLUR = 10 / SIZE  # standard deviation of what covers, as a share of the picture's side
RIVALS, CELLS = 10, 8  # random maps, and the cells on their sides
CANNOT_TELL = (
    "Such scores depend on the picture and on how places are covered, and different measures rank "
    "methods differently. They can show that a map is bad, but hardly that one is good."
)  # Tomsett et al. 2020, arXiv:1912.01451


@dataclass(frozen=True)
class Curves:
    """Deletion and insertion: a digit's probability as a map's hottest pixels go, or come.

    Attributes:
        shares: float32 [k], of the picture's pixels, from 0 to 1.
        deletion: float32 [k], the digit's probability with that share blurred.
        insertion: float32 [k], the digit's probability with everything else blurred.
    """

    shares: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray

    @property
    def deletion_area(self) -> float:
        """Area under the deletion curve, 0..1; the lower, the better the map."""
        return area(self.deletion)

    @property
    def insertion_area(self) -> float:
        """Area under the insertion curve, 0..1; the higher, the better the map."""
        return area(self.insertion)

    @property
    def score(self) -> float:
        """Insertion area minus deletion area, -1..1."""
        return self.insertion_area - self.deletion_area


def area(curve: np.ndarray) -> float:
    """Area under a curve over equal steps from 0 to 1, by the trapezoidal rule."""
    return float((curve[1:] + curve[:-1]).mean() / 2)


def blurred(crop: np.ndarray) -> np.ndarray:
    """A picture, uint8 [size, size, 3], out of focus, with which places are covered."""
    blur = ImageFilter.GaussianBlur(BLUR * len(crop))
    return np.asarray(Image.fromarray(crop).filter(blur))


def order(heat: np.ndarray) -> np.ndarray:
    """The pixels of a map from hot to cold, int [n]; ties in a random order, always the same.

    With ties in reading order, a map of zeros would count as one of the upper edge.
    """
    flat = np.ravel(heat)
    return np.lexsort((np.random.default_rng(0).random(len(flat)), -flat))


def curves(
    predict: Predict, crop: np.ndarray, heat: np.ndarray, digit: int, steps: int = 16
) -> Curves:
    """Blur the hottest pixels of a picture step by step, and everything but them.

    Args:
        predict: the probabilities of all digits on a batch; see `HandClassifier.predict`.
        crop: uint8 [size, size, 3].
        heat: float32 [size, size].
        digit: whose probability is followed.
        steps: number of steps from none of the pixels to all of them.

    Source: Petsiuk, Das and Saenko 2018, RISE, arXiv:1806.07421.
    """
    shares = np.linspace(0, 1, steps + 1, dtype=np.float32)
    rank = np.empty(heat.size)
    rank[order(heat)] = np.arange(heat.size)
    hot = rank.reshape(1, *heat.shape, 1) < shares[:, None, None, None] * heat.size
    sharp, blank = (x / np.float32(255) for x in (crop, blurred(crop)))
    pictures = np.concatenate([np.where(hot, blank, sharp), np.where(hot, sharp, blank)])
    deletion, insertion = np.split(by_parts(predict, pictures)[:, digit], 2)
    return Curves(shares, deletion, insertion)


def random_map(seed: int, size: int = SIZE) -> np.ndarray:
    """A smooth map that knows nothing of the picture, float32 [size, size] in 0..1."""
    noise = Image.fromarray(np.random.default_rng(seed).random((CELLS, CELLS), np.float32))
    return np.asarray(noise.resize((size, size), Image.Resampling.BILINEAR))


def energy_inside(heat: np.ndarray, box) -> float:
    """The share of a map's heat that is inside a box, 0..1; 0 for an empty map.

    Args:
        heat: float32 [h, w], zero or more.
        box: x0, y0, x1, y1 in pixels of the map.

    Source: Wang et al. 2020, Score-CAM, arXiv:1910.01279, section 4.3.
    """
    x0, y0, x1, y1 = (round(side) for side in box)
    return float(heat[max(y0, 0) : y1, max(x0, 0) : x1].sum() / max(heat.sum(), 1e-12))


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's: 1 if two maps rank the pixels alike, 0 if unrelated or one is constant."""
    one, other = (r - r.mean() for r in map(rankdata, (one, other)))
    size = np.sqrt((one**2).sum() * (other**2).sum())
    return float((one * other).sum() / size) if size > 0 else 0.0


def agreement(maps: dict[str, np.ndarray]) -> dict[str, float]:
    """How far each map agrees with the others: the mean rank correlation with them."""
    return {
        name: float(np.mean([rank_correlation(heat, maps[x]) for x in maps if x != name]))
        for name, heat in maps.items()
    }


def randomised(passes: Passes, seed: int = 0) -> Iterator[tuple[str, Weights]]:
    """Randomise the weights from the top down: first the dense layer, then stage after stage.

    Args:
        passes: through the network.
        seed: of the noise.

    Yields:
        The name of what was randomised last, `predictions` and then each stage from the last to
        the first, and the weights so far: noise of the same mean and standard deviation.

    Source: Adebayo et al. 2018, arXiv:1810.03292, section 3.
    """
    rng = np.random.default_rng(seed)
    arrays = {name: [w.numpy() for w in pair] for name, pair in passes.weights.forward.items()}
    stages = sorted({name.split("_")[0] for name in arrays} - {"predictions"}, reverse=True)
    for stage in ["predictions", *stages]:
        for name, pair in arrays.items():
            if name.split("_")[0] == stage:
                arrays[name] = [
                    w.mean() + w.std() * rng.standard_normal(w.shape, np.float32) for w in pair
                ]
        yield stage, passes.weights_of(arrays)


def beats_chance(beaten: int, rivals: int) -> bool:
    """Whether a map beats nine random maps in ten."""
    return beaten >= 0.9 * rivals


def chance_words(beaten: int, rivals: int) -> str:
    """How many random maps a map beats, as words."""
    only = "" if beats_chance(beaten, rivals) else "only "
    return f"better than {only}{beaten} of {rivals} random maps"


@dataclass(frozen=True)
class Badge:
    """The results of checking a map.

    Attributes:
        beaten: number of random maps with a lower score.
        rivals: number of random maps.
        kept: mean magnitude of the rank correlation of the map with those of networks of random
            weights, 0..1: a map turned into its opposite has not changed.
        agreed: mean rank correlation with other methods' maps, -1..1; None if there are none.
    """

    beaten: int
    rivals: int
    kept: float
    agreed: float | None = None

    @property
    def learned(self) -> bool:
        """Whether the map depends on what was learned."""
        return self.kept < 0.5

    @property
    def words(self) -> str:
        """The results for this picture, in a sentence."""
        if self.beaten <= self.rivals / 2:
            first = "For this picture the map is no better than random"
        else:
            better = chance_words(self.beaten, self.rivals)
            first = f"For this picture the map does {better}"
        second = (
            "would look much the same if nothing had been learned"
            if not self.learned
            else "depends on what was learned"
        )
        joined = "and" if (self.beaten > self.rivals / 2) == self.learned else "but"
        words = f"{first}, {joined} it {second}"
        if self.agreed is not None:
            words += f"; the other methods {self.agreement}"
        return words + "."

    @property
    def agreement(self) -> str:
        """How far other methods agree, as a verb; empty if there are none."""
        if self.agreed is None:
            return ""
        levels = ((0.7, "agree"), (0.2, "partly agree"))
        return next((verb for level, verb in levels if self.agreed >= level), "do not agree")


def random_curves(predict: Predict, crop: np.ndarray, digit: int, steps: int = 8) -> list[Curves]:
    """The curves of random maps, which a map should beat; for the arguments see `curves`."""
    maps = (random_map(seed, size=len(crop)) for seed in range(RIVALS))
    return [curves(predict, crop, each, digit, steps) for each in maps]


def beaten(own: Curves, random: Sequence[Curves]) -> int:
    """The number of random maps with a lower score than a map."""
    return sum(own.score > rival.score for rival in random)


def mean_curves(several: Sequence[Curves]) -> Curves:
    """The mean of curves over the same shares."""
    return Curves(
        several[0].shares,
        np.mean([each.deletion for each in several], 0),
        np.mean([each.insertion for each in several], 0),
    )


def examine(
    own: Curves,
    random: Sequence[Curves],
    heat: np.ndarray,
    unlearned: Sequence[np.ndarray],
    others: Sequence[np.ndarray] = (),
) -> Badge:
    """Check a map against random maps, against maps of random weights, and other methods.

    Args:
        own: the map's curves.
        random: the curves of random maps, with as many steps.
        heat: float32 [64, 64], the map.
        unlearned: float32 [64, 64] each, the same method's maps with all weights random; several,
            since a single one may be similar or opposite by chance.
        others: float32 [64, 64] each, maps of the same digit by other methods.

    Source: Adebayo et al. 2018, arXiv:1810.03292, which compare maps with and without their signs.
    """
    kept = [abs(rank_correlation(heat, x)) for x in unlearned]
    agreed = [rank_correlation(heat, x) for x in others]
    return Badge(
        beaten(own, random),
        len(random),
        float(np.mean(kept)),
        float(np.mean(agreed)) if agreed else None,
    )
