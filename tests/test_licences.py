"""What ships is listed with its licence, and nothing that is under the GPL alone is ever imported."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Parts of Qt that are offered under the GPL or a bought licence only, and one whose terms are unclear.
GPL_ONLY = (
    "QtCharts",
    "QtDataVisualization",
    "QtGraphs",
    "QtGraphsWidgets",
    "QtHttpServer",
    "QtNetworkAuth",
    "QtQuick3D",
    "QtVirtualKeyboard",
    "QtWaylandCompositor",
)


def imported(source: str) -> Iterator[str]:
    """The dotted names a module imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def refused(source: str) -> set[str]:
    return {name for name in imported(source) for part in GPL_ONLY if f"PySide6.{part}" in name}


def test_no_part_of_qt_under_the_gpl_alone_is_imported() -> None:
    files = [path for folder in ("clinicdesk", "tests", "packaging") for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 50
    assert {path.name: found for path in files if (found := refused(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize(
    "line", ["import PySide6.QtCharts", "from PySide6 import QtCharts", "from PySide6.QtGraphs import X"]
)
def test_such_an_import_is_seen(line: str) -> None:
    assert refused(line)


def test_the_list_of_third_parties_is_up_to_date() -> None:
    command = [sys.executable, str(ROOT / "packaging" / "third_party.py"), "--check"]
    assert subprocess.run(command, check=False, timeout=60).returncode == 0, "run: python packaging/third_party.py"
