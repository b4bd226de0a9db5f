"""The rooms of the house: who may know whom, and how far a file may reach."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = [  # from the top down: a room knows itself and the floors below, never its neighbours
    ["app"],
    ["demo.interface", "demo.any_classifier"],
    ["demo.try_it", "demo.inside", "demo.trust", "demo.why_residual", "demo.scores"],
    ["demo.serve"],
    ["demo.kit"],
    ["explain.read"],
    ["explain.draw"],
    ["explain.checks", "explain.experiments"],
    ["explain.maps"],
    ["explain.network"],
    ["model.train"],
    ["model.evaluate"],
    ["model.scoring"],
    ["model.training"],
    ["model.synthetic"],
    ["model.collections"],
    ["model.reading"],
    ["model.network"],
    ["model.records"],
    ["model.digits", "model.engine", "model.files", "model.progress"],
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
KEPT = {  # packages, and the only places that may know them
    "gradio": ("demo/", "app.py"),
    "matplotlib": ("explain/draw/",),
    "ray": ("demo/serve/cluster.py", "model/engine.py", "model/scoring/on_ray.py"),
    "contourpy": ("explain/draw/",),
    "tf_keras_vis": ("explain/maps/methods.py", "explain/network/channels.py"),
}
FILES = {
    path.relative_to(ROOT).as_posix(): path
    for path in [
        ROOT / "app.py",
        *(p for room in ("demo", "explain", "model") for p in (ROOT / room).rglob("*.py")),
    ]
}


def room_of(module: str) -> str:
    """`demo.try_it` of `demo.try_it.tab`, and `app` of `app`."""
    return ".".join(module.split(".")[:2])


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            whence = "." * node.level + (node.module or "")
            yield from (f"{whence}.{alias.name}" for alias in node.names)


def wrong_imports(place: str, source: str) -> list[str]:
    """What a file imports from above, from beside it, or from a package that is kept elsewhere."""
    room = room_of(place.removesuffix(".py").replace("/", "."))
    wrong = []
    for name in imported(source):
        other, package = room_of(name), name.split(".")[0]
        if package in ("app", "demo", "explain", "model", "tests", ""):
            allowed = other == room or FLOOR.get(other, -1) > FLOOR[room]
        else:
            allowed = package not in KEPT or place.startswith(KEPT[package])
        if not allowed:
            wrong.append(name)
    return wrong


def outside(place: str, source: str) -> list[str]:
    """The paths in a file that climb out of its room: out of `demo`, `explain` or `model`."""
    climbs = re.finditer(r"__file__\)((?:\.resolve\(\)|\.parents\[\d+\]|\.parent\b)*)", source)
    found = []
    for climb in climbs:
        steps = sum(
            1 if way == "parent" else 1 + int(way[8:-1])
            for way in re.findall(r"parents\[\d+\]|parent\b", climb[1])
        )
        if steps >= len(place.split("/")) > 1:
            found.append(climb[0])
    return found + re.findall(r"""["']\.\.(?:/.*?)?["']""", source)


@pytest.mark.parametrize("place", sorted(FILES))
def test_imports_run_one_way(place):
    if place.endswith("/__init__.py"):
        assert not FILES[place].read_text("utf-8"), "an __init__.py stays empty"
    else:
        assert not wrong_imports(place, FILES[place].read_text("utf-8"))


@pytest.mark.parametrize("place", sorted(FILES))
def test_paths_stay_in_their_room(place):
    assert not outside(place, FILES[place].read_text("utf-8"))


def test_every_room_has_a_floor():
    rooms = {
        room_of(place.removesuffix(".py").replace("/", "."))
        for place in FILES
        if not place.endswith("__init__.py")
    }
    assert rooms == set(FLOOR)


def test_the_drawing_of_the_rooms_shows_every_floor():
    drawing = (ROOT / "docs" / "rooms.svg").read_text("utf-8")
    drawn = re.findall(r'class="name"[^>]*>(\w+)', drawing)
    assert drawn == [room.split(".")[-1] for floor in FLOORS for room in floor]


@pytest.mark.parametrize(
    ("place", "source", "wrong"),
    [
        ("model/network/resnet.py", "from model.training.augment import Mixture", 1),
        ("model/network/resnet.py", "import explain.draw.picture", 1),
        ("model/network/resnet.py", "import keras\nfrom model.digits import WORDS", 0),
        ("demo/inside/tab.py", "from demo.try_it.tab import layout", 1),
        ("demo/inside/tab.py", "from demo.inside.views import mosaic\nimport gradio", 0),
        ("demo/kit/network.py", "from demo.inside.views import mosaic", 1),
    ],
)
def test_a_wrong_import_is_seen(place, source, wrong):
    assert len(wrong_imports(place, source)) == wrong


@pytest.mark.parametrize(
    ("place", "source", "found"),
    [
        ("model/records.py", "Path(__file__).parent / 'recorded'", 0),
        ("model/records.py", "Path(__file__).parent.parent / 'docs'", 1),
        ("model/scoring/report.py", "Path(__file__).parents[1] / 'recorded'", 0),
        ("model/scoring/report.py", "Path(__file__).resolve().parents[2] / 'docs'", 1),
        ("model/scoring/report.py", "Path(__file__).parent / '../../docs'", 1),
        ("app.py", "Path(__file__).parent / 'demo'", 0),
    ],
)
def test_a_path_that_climbs_out_is_seen(place, source, found):
    assert len(outside(place, source)) == found
