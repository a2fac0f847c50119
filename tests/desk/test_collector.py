"""Garbage goes on the UI thread and on no other."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from clinicdesk.desk.collector import Collector


class Loop:
    """Refers to itself, and tells on which thread it went."""

    def __init__(self, went: list[threading.Thread]) -> None:
        self.itself, self.went = self, went

    def __del__(self) -> None:
        self.went.append(threading.current_thread())


@pytest.fixture
def collector(qapp: QObject) -> Iterator[Collector]:
    made = Collector()
    yield made
    made.close()
    assert gc.isenabled()


def test_a_worker_that_allocates_collects_nothing(collector: Collector, qtbot: QtBot) -> None:
    went: list[threading.Thread] = []
    Loop(went)
    kept: list[list[int]] = []
    worker = threading.Thread(target=lambda: kept.extend([number] for number in range(100_000)))
    worker.start()
    worker.join()
    assert went == []
    qtbot.waitUntil(lambda: bool(went))
    assert went == [threading.main_thread()]
