"""A pytest plugin that writes down what became of each test: passed, failed, or broken before it began."""

import json
import os
from pathlib import Path

import pytest

OUTCOMES = "CLINICDESK_GUARDS_OUTCOMES"
_found: dict[str, str] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Gather; a red test stays red."""
    if report.when == "setup" and report.failed:
        _found[report.nodeid] = "broken"
    elif report.when == "call" and report.nodeid not in _found:
        _found[report.nodeid] = report.outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand it over; a worker leaves that to whoever started it."""
    if not hasattr(session.config, "workerinput"):
        Path(os.environ[OUTCOMES]).write_text(json.dumps(_found), encoding="utf-8")
