"""What all tests share: a quiet TensorFlow, no telemetry, and the time that each file took."""

import os
from collections import defaultdict
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

WEIGHTS = Path(__file__).parents[1] / "model" / "weights" / "resnet50.npz"


def pytest_collection_modifyitems(items):
    if not WEIGHTS.exists():
        for item in items:
            if item.get_closest_marker("weights"):
                item.add_marker(pytest.mark.skip(reason="no weights are here: make train"))


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
