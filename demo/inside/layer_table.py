"""The table of all layers, with their shapes and costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.kit.network import Network

if TYPE_CHECKING:
    from explain.network.architecture import LayerSummary

TITLES = {
    "number": "#",
    "name": "layer",
    "kind": "what it does",
    "shape": "output",
    "parameters": "parameters",
    "macs": "multiply-adds",
    "receptive_field": "sees, pixels",
}


def layer_table(network: Network) -> dict:
    """Every layer, with its shape and costs."""
    from explain.network.architecture import shape_text

    def row(number: int, found: LayerSummary) -> dict:
        field = found.receptive_field
        return {
            "number": number,
            "name": found.name,
            "kind": found.kind,
            "shape": shape_text(found.shape),
            "parameters": found.parameters,
            "macs": found.macs,
            "receptive_field": field,
            "shown": {
                "parameters": f"{found.parameters:,}",
                "macs": f"{found.macs:,}",
                "receptive_field": f"{field}×{field}",
            },
        }

    return {
        "name": network.summary.name,
        "columns": [
            {"key": key, "title": title, "sort": "ascending" if key == "number" else "none"}
            for key, title in TITLES.items()
        ],
        "rows": [row(number, found) for number, found in enumerate(network.summary.layers, 1)],
    }
