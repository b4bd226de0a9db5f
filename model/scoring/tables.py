"""The tables of the documents, as Markdown, from recorded results."""

from collections.abc import Iterable
from dataclasses import dataclass

from model.collections.catalogue import find_row
from model.records import ALL

# Of a cluster: its processes, as Ray names them, and what it may cost.
READERS, PAGES = (f"ray::ServeReplica:hands:{part}" for part in ("Readers", "Pages"))
PROXY = "ray::ProxyActor"
SPARE, CORES, PRICE = 4 / 3, 4, 0.04


@dataclass(frozen=True)
class Results:
    """What the tables are made of.

    Attributes:
        about: the record of the shipped weights.
        history: the lines of the history of their training.
        runs: the JSON of each network that was trained from another seed or less long.
        recipe: the JSON of `model.scoring.original`.
        left_out: the JSON of each network that was trained without one of the collections.
        strangers: the lines of the history of the one trained without whole frames.
        rendered: the JSON of `model.scoring.failures`.
        maps: the JSON of `explain.checks.compare`.
        speed: the JSON of `tests.benchmarks.passes`.
        peers: the JSON of `tests.benchmarks.peers`.
        finding: the JSON of `model.scoring.finding`.
        serving: the JSON of `tests.benchmarks.cluster`.
    """

    about: dict
    history: list[dict]
    runs: list[dict]
    recipe: dict
    left_out: list[dict]
    strangers: list[dict]
    rendered: dict
    maps: dict
    speed: dict
    peers: dict
    finding: dict
    serving: dict

    @property
    def scores(self) -> dict[str, dict]:
        """The scores of every collection that has hands."""
        return {name: score for name, score in self.about["scores"].items() if score["pictures"]}


def percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def interval(score: dict) -> str:
    low, high = (f"{100 * end:.1f}" for end in score["interval"])
    return f"{low} to {high} %"


def right(score: dict) -> tuple:
    """Hands, those read right, accuracy and its interval."""
    return score["pictures"], score["right"], percent(score["accuracy"]), interval(score)


def markdown(head: str, rows: Iterable[Iterable]) -> str:
    """A table; the first column is text, the others numbers."""

    def written(cell: object) -> str:
        return f"{cell:,}" if type(cell) is int else str(cell)  # a bool is an int, too

    columns = head.count("|")
    lines = [f"| {head} |", "| --- " + "| ---: " * columns + "|"]
    return "\n".join(lines + [f"| {' | '.join(map(written, row))} |" for row in rows]) + "\n"


def accuracies(what: str, rows: dict[str, dict]) -> str:
    head = f"{what} | hands | right | accuracy | 95 % interval"
    return markdown(head, ((name, *right(score)) for name, score in rows.items()))


def scores_table(results: Results) -> str:
    rows = (
        (name, *right(score), percent(score["shown"])) for name, score in results.scores.items()
    )
    return markdown("collection | hands | right | accuracy | 95 % interval | shown right", rows)


def digits_table(results: Results) -> str:
    head = "collection | 0 | 1 | 2 | 3 | 4 | 5 | hands rejected | calibration error"
    rows = (
        (
            name,
            *map(percent, score["digits"]),
            percent(score["hands_rejected"]),
            score["calibration_error"],
        )
        for name, score in results.scores.items()
    )
    return markdown(head, rows)


def rejected(results: Results) -> dict[str, tuple[int, int]]:
    """Of pictures without a hand: how many were rejected, of how many; by kind and in all."""
    counts = {
        name: (round(s["without_hand"] * s["without_hand_rejected"]), s["without_hand"])
        for name, s in results.about["none"].items()
    }
    right, pictures = map(sum, zip(*counts.values(), strict=True))
    return counts | {ALL: (right, pictures)}


def none_table(results: Results) -> str:
    counts = rejected(results).items()
    rows = ((name, number, percent(right / number)) for name, (right, number) in counts)
    return markdown("pictures without a hand | number | rejected", rows)


def lightness_table(results: Results) -> str:
    return accuracies("hand, as photographed", results.about["lightness"])


def left_out_table(results: Results) -> str:
    head = (
        "collection never trained on | steps | hands | right | accuracy | 95 % interval "
        "| shown right | hands rejected | calibration error"
    )
    rows = (
        (name, run["settings"]["steps"], *right(score), percent(score["shown"]),
         percent(score["hands_rejected"]), score["calibration_error"])
        for run in results.left_out
        for name, score in run["left_out"].items()
    )  # fmt: skip
    return markdown(head, rows)


def accuracy(score: dict) -> str:
    return f"{percent(score['accuracy'])} ({interval(score)})"


def run_name(run: dict) -> str:
    return "seed {seed}, {steps} steps".format(**run["settings"])


def runs_table(results: Results) -> str:
    runs = (results.about, *results.runs)
    names = [name for name in results.scores if all(name in run["scores"] for run in runs)]
    rows = ((run_name(run), *(accuracy(run["scores"][name]) for name in names)) for run in runs)
    return markdown(" | ".join(["run", *names]), rows)


def chosen_table(results: Results) -> str:
    names = [
        name
        for name in results.about["cross_entropy"]
        if all(name in run["cross_entropy"] for run in results.runs)
    ]
    rows = (
        (run_name(run), *(run["cross_entropy"][name] for name in names))
        for run in (results.about, *results.runs)
    )
    return markdown(" | ".join(["run", *names]), rows)


def original_table(results: Results) -> str:
    ways = ("batch statistics", "moving statistics")
    rows = (
        (name, accuracy(results.scores[name]), *(accuracy(theirs[way]) for way in ways))
        for name, theirs in results.recipe["scores"].items()
        if name in results.scores
    )
    return markdown(f"collection | ours | original, {' | original, '.join(ways)}", rows)


def course(history: list[dict], every: int, validated: Iterable[str]) -> str:
    """Every so many steps of a run: the loss, and the accuracies of training and validation."""
    rows = (
        (line["step"], line["loss"], *(percent(float(line[c])) for c in ("accuracy", *validated)))
        for line in history
        if int(line["step"]) % every == 0 or line is history[-1]
    )
    return markdown(" | ".join(["step", "loss", "right on the training mixture", *validated]), rows)


def history_table(results: Results) -> str:
    validated = [  # from the first line on; others came later
        column for column, value in results.history[0].items()
        if column.startswith("validation") and value
    ]  # fmt: skip
    return course(results.history, 1000, validated)


def strangers_table(results: Results) -> str:
    run = next(filter(kept_from_frames, results.left_out))
    return course(results.strangers, 500, [f"validation {run['settings']['leave_out']}"])


def kept_from_frames(run: dict) -> bool:
    """Whether a network was trained without whole frames; the history of one such run is shown."""
    return find_row(run["settings"]["leave_out"]).whole_frames


def data_table(results: Results) -> str:
    rows = ((name, row["licence"], row["pictures"]) for name, row in results.about["data"].items())
    return markdown("collection | licence | pictures trained on", rows)


def settings_table(results: Results) -> str:
    settings = results.about["settings"].items()
    return markdown(
        "setting | value", ((name.replace("_", " "), value) for name, value in settings if value)
    )


def calibration_table(results: Results) -> str:
    words = {
        "hand": "evidence below which there is no hand",
        "temperature": "temperature that divides the logits",
        "sure": "evidence from which a glance at the whole picture is enough",
    }
    rows = ((words[name], value) for name, value in results.about["calibration"].items())
    return markdown("chosen | value", rows)


def rendered_table(results: Results) -> str:
    return accuracies("style", results.rendered)


def maps_table(results: Results) -> str:
    keys = ("pointing", "score", "insertion", "deletion")
    rows = (
        (name, *(f"{row[key]:.3f}" for key in keys))
        for name, row in results.maps["test"]["maps"].items()
    )
    head = "map | heat in the hand's box | insertion − deletion | insertion | deletion"
    return markdown(head, rows)


def speed_table(results: Results) -> str:
    rows = ((name, row["milliseconds"], row["passes"]) for name, row in results.speed.items())
    return markdown("what | milliseconds | bare passes", rows)


def peers_table(results: Results) -> str:
    def times(score: dict) -> tuple[str, ...]:  # only a quiet machine takes any
        taken = (score.get(name) for name in ("milliseconds", "mean_milliseconds"))
        return tuple("–" if each is None else f"{each:.0f} ms" for each in taken)

    rows = (
        (name, *right(score), percent(score["not_seen"]), *times(score))
        for name, score in results.peers.items()
    )
    head = (
        "reader | hands | right | accuracy | 95 % interval | no hand seen | median time | mean time"
    )
    return markdown(head, rows)


def finding_table(results: Results) -> str:
    head = "frames with one hand | hands | its middle is in the box | the boxes overlap by half"
    rows = (
        (
            f"{name}: {size}",
            score["pictures"],
            percent(score["hold"]),
            f"{percent(score['overlap'])} ({interval(score)})",
        )
        for name, sizes in results.finding.items()
        for size, score in sizes.items()
    )
    return markdown(head, rows)


def serving_table(results: Results) -> str:
    roads = results.serving["roads"]
    whole = next(iter(roads.values()))["rate"]
    rows = (
        (
            name,
            *(f"{road[waits]:.0f}" for waits in ("alone", "median", "slowest")),
            f"{road['rate'] / whole:.2f}",
        )
        for name, road in roads.items()
    )
    many = results.serving["visitors"]
    head = (
        f"who reads | one visitor waits | {many} at once wait | the slowest 1 % | pictures a second"
    )
    return markdown(head, rows)


def processors_table(results: Results) -> str:
    def row(name: str, spent: dict[str, float]) -> tuple:
        whole = sum(spent.values())
        parts = [spent.get(part, 0) for part in (READERS, PAGES)]
        rest = whole - sum(parts) if any(parts) else 0
        return name, *(f"{part:.2f} s" if part else "–" for part in (*parts, rest, whole))

    rows = (row(name, road["processor"]) for name, road in results.serving["roads"].items())
    return markdown("who reads | readers | pages | the rest of Ray | all", rows)


def estimate_table(results: Results) -> str:
    """What a million readings an hour would take, going by two readers."""
    spent = results.serving["roads"]["two readers"]["processor"]
    parts = {"readers": READERS, "pages": PAGES, "Ray's proxies": PROXY}
    cores = {f"cores for {name}": spent[part] * 1e6 / 3600 for name, part in parts.items()}
    whole = SPARE * sum(cores.values())
    needed = {
        **cores,
        f"machines of {CORES} cores, with a third to spare": whole / CORES,
        f"dollars, at {100 * PRICE:.0f} cents per core-hour": whole * PRICE,
    }
    rows = ((name, f"{count:.0f}") for name, count in needed.items())
    return markdown("a million readings an hour take | about", rows)


TABLES = {
    "scores": scores_table,
    "digits": digits_table,
    "none": none_table,
    "lightness": lightness_table,
    "left_out": left_out_table,
    "strangers": strangers_table,
    "runs": runs_table,
    "chosen": chosen_table,
    "original": original_table,
    "history": history_table,
    "data": data_table,
    "settings": settings_table,
    "calibration": calibration_table,
    "rendered": rendered_table,
    "maps": maps_table,
    "speed": speed_table,
    "peers": peers_table,
    "finding": finding_table,
    "serving": serving_table,
    "processors": processors_table,
    "estimate": estimate_table,
}
