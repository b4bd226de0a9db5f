"""The table of all layers, with their shapes and costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.kit.components import TemplateValue

if TYPE_CHECKING:
    from explain.network.architecture import LayerSummary, NetworkSummary

TITLES = {
    "number": "#",
    "name": "layer",
    "kind": "what it does",
    "shape": "output",
    "parameters": "parameters",
    "macs": "multiply-adds",
    "receptive_field": "sees, pixels",
}


@dataclass(frozen=True)
class Column(TemplateValue):
    """A column: which field of a row it shows, its title, and how the rows are sorted by it."""

    key: str
    title: str
    sort: str


@dataclass(frozen=True)
class Shown(TemplateValue):
    """The large numbers of a row as text."""

    parameters: str
    macs: str
    receptive_field: str


@dataclass(frozen=True)
class Row(TemplateValue):
    """A layer: what is sorted and saved, and how its large numbers are shown."""

    number: int
    name: str
    kind: str
    shape: str
    parameters: int
    macs: int
    receptive_field: int
    shown: Shown


@dataclass(frozen=True)
class LayerTable(TemplateValue):
    """The layers of a network, and its name."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def layer_table(summary: NetworkSummary) -> LayerTable:
    """Every layer, with its shape and costs."""
    from explain.network.architecture import shape_text

    def row(number: int, found: LayerSummary) -> Row:
        field = found.receptive_field
        return Row(
            number,
            found.name,
            found.kind,
            shape_text(found.shape),
            found.parameters,
            found.macs,
            field,
            Shown(f"{found.parameters:,}", f"{found.macs:,}", f"{field}×{field}"),
        )

    return LayerTable(
        summary.name,
        tuple(
            Column(key, title, "ascending" if key == "number" else "none")
            for key, title in TITLES.items()
        ),
        tuple(row(number, found) for number, found in enumerate(summary.layers, 1)),
    )
