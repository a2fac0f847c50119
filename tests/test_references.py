"""PySide6 6.12.0 on CPython 3.11 loses a reference to None on every call, until the process aborts: count them."""

import sys

from PySide6.QtCore import QObject, QPoint

CALLS = 20_000


def test_calls_into_qt_keep_their_references_to_none() -> None:
    point, thing = QPoint(), QObject()
    before = sys.getrefcount(None)
    for number in range(CALLS):
        point.setX(number)
        thing.setObjectName("same")
        thing.parent()
    assert abs(sys.getrefcount(None) - before) < CALLS / 20
