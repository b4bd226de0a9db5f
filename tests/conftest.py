"""What all tests share: TensorFlow as the page runs it, no telemetry, and the time of each file."""

import importlib.util
import os
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from absl import logging as absl_logging

from model.reading.kernels import prepare_tensorflow

prepare_tensorflow()
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
# When a page starts, uvicorn closes all handlers, and absl's then closes what pytest captures with.
absl_logging.get_absl_handler().python_handler.stream = sys.__stderr__

WEIGHTS = Path(__file__).parents[1] / "model" / "weights" / "resnet50.npz"
NEEDED = {  # by the markers of tests; Ray is not imported, as our code sets its ports first
    "weights": (WEIGHTS.exists(), "no weights are here: make train"),
    "ray": (importlib.util.find_spec("ray"), "no Ray is here: pip install '.[cluster]'"),
}


def pytest_collection_modifyitems(items):
    for marker, (is_here, reason) in NEEDED.items():
        for item in () if is_here else items:
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter):
    seconds = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration"):
                seconds[report.nodeid.split("::")[0]] += report.duration
    if seconds:
        terminalreporter.section("seconds a file")
        for file, spent in sorted(seconds.items(), key=lambda item: -item[1]):
            terminalreporter.write_line(f"{spent:7.1f}  {file}")
