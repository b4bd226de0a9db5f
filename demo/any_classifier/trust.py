"""Whether the map of a stage can be believed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from demo.any_classifier.network import AnyNetwork
from demo.any_classifier.read_image import ReadImage, laid
from demo.kit.components import TemplateValue
from demo.kit.data_urls import data_url, heat_url
from demo.kit.figures import side_by_side
from demo.kit.words import duration, percent, signed
from demo.trust.covering import GRID
from demo.trust.faithfulness import (
    Checks,
    beside_random_maps,
    better_than,
    correlation_text,
    while_forgetting,
)
from demo.trust.methods import INSERTION_LESS, Gallery, MethodCard

TIMES = 3  # that the network forgets
TRIES = 4  # places chosen one by one, each of all 64; a network of others may be slow
OWN = "Grad-CAM"  # the method whose maps the page shows


@dataclass(frozen=True)
class Covered(TemplateValue):
    """The picture before and after a few of its places are blurred."""

    words: str
    before: str
    after: str


@dataclass(frozen=True)
class Checked:
    """How a map fares beside random ones, and on which places the answer hangs."""

    charts: str
    checks: Checks
    covered: Covered


def check(network: AnyNetwork, hand: ReadImage, stage: str) -> Checked:
    """Compare the map of a stage with random ones, and blur its hottest places."""
    from explain.checks.faithfulness import beaten
    from explain.draw.charts.faithfulness import faithfulness_charts

    heat = laid(network, hand, stage)
    own, random = beside_random_maps(network.classifier.predict, hand.crop, heat, hand.maps.chosen)
    name = network.names[hand.maps.chosen]
    charts = faithfulness_charts(name, own, random, f"the map of {stage}")
    return Checked(
        side_by_side(*([chart] for chart in charts)),
        Checks((better_than(beaten(own, random), len(random)),)),
        covered(network, hand, stage),
    )


def covered(network: AnyNetwork, hand: ReadImage, stage: str) -> Covered:
    """Blur places until the class that came second is read."""
    from explain.checks.counterfactual import counterfactual

    of_best = replace(hand, maps=network.explainer.explain(hand.crop, hand.best))
    heat = laid(network, of_best, stage)
    predict, second = network.classifier.predict, hand.order[1]
    found = counterfactual(predict, hand.crop, heat, second, GRID, tries=TRIES)
    was, target = network.names[found.digit], network.names[found.target]
    becomes, sure = network.names[found.becomes], percent(float(found.probabilities[-1].max()))
    count = len(found.cells)
    if found.reached:
        places = "place" if count == 1 else "places"
        words = f"Blur {count} {places} of {GRID**2}, and “{was}” becomes “{becomes}” ({sure})."
    else:
        words = f"Blurring can't make this “{was}” a “{target}”, which came second. "
        words += (
            f"At best, with {count} of {GRID**2} places blurred, it is “{becomes}” ({sure})."
            if count
            else f"No place brings it closer: it is still “{becomes}” ({sure})."
        )
    return Covered(words, data_url(found.pictures[0]), data_url(found.pictures[-1]))


def forget(network: AnyNetwork, hand: ReadImage, stage: str) -> Iterator[Checks]:
    """The map of a stage while the network forgets from its head down, then the badges."""
    from explain.maps.cells import lay

    centres = network.explainer.centres[stage]

    def forgotten(seed: int) -> Iterator[tuple[str, np.ndarray]]:
        for part, cells in network.forgotten(hand.crop, hand.maps.chosen, stage, seed):
            yield part, lay(cells, centres, True, len(hand.crop))

    heat, runs = laid(network, hand, stage), [forgotten(seed) for seed in range(TIMES)]
    predict, chosen = network.classifier.predict, hand.maps.chosen
    yield from while_forgetting(predict, hand, heat, chosen, runs)


def of_classes(words: str) -> str:
    """What is said of a digit, said of a class."""
    return words.replace("digits", "classes").replace("digit", "class")


def fast_methods() -> dict[str, MethodCard]:
    """A card for each method that takes no more than seconds; none has run yet."""
    from explain.maps.methods import METHODS

    return {
        name: MethodCard(
            name, of_classes(method.shows), of_classes(method.misleads), "waiting", "not run yet"
        )
        for name, method in METHODS.items()
        if not method.slow
    }


def not_run_yet() -> Gallery:
    """The methods before they are run."""
    return Gallery(tuple(fast_methods().values()), "")


def methods(network: AnyNetwork, hand: ReadImage, stage: str) -> Iterator[Gallery]:
    """The maps of other methods, those that take no more than seconds, one after another."""
    from explain.checks.faithfulness import agreement, beaten
    from explain.maps.cells import lay
    from explain.maps.methods import METHODS, as_expected, map_by

    as_expected(network.classifier)  # made once: not the method's own time
    found: dict[str, np.ndarray] = {}
    cards = fast_methods()
    layer, centres = network.explainer.stages[stage], network.explainer.centres[stage]
    words = (
        f"What each method shows for {network.names[hand.maps.chosen]} at {stage}. {INSERTION_LESS}"
    )
    for name in cards:
        running = cards | {name: replace(cards[name], state="running", waits="running…")}
        yield Gallery(tuple(running.values()), words)
        began = time.perf_counter()
        heat = map_by(name, network.classifier, hand.crop, hand.maps.chosen, layer)
        seconds = time.perf_counter() - began
        found[name] = lay(heat, centres, True, len(hand.crop)) if METHODS[name].layered else heat
        own, random = beside_random_maps(
            network.classifier.predict, hand.crop, found[name], hand.maps.chosen
        )
        cards[name] = replace(
            cards[name],
            state="own" if name == OWN else "",
            src=heat_url(hand, found[name], None),
            score=signed(own.score),
            beats=f"{beaten(own, random)} of {len(random)}",
            time=duration(seconds),
        )
    agrees = {name: correlation_text(value) for name, value in agreement(found).items()}
    yield Gallery(tuple(replace(cards[name], agrees=agrees[name]) for name in cards), words)
