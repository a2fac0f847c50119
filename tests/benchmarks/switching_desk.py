"""A shared desk, watched: F9, another person's tile, Enter, and how long until that person's agenda is painted."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clinicdesk.desk.application import Application, Wish


def main() -> None:
    """Let two people take turns at the demo's desk and tell the milliseconds of each turn."""
    told = json.loads(sys.stdin.read())
    qt = QApplication(sys.argv[:1])
    desk = Application(qt, Wish(Path(sys.argv[1]), demo=True))
    desk.window.resize(QSize(1366, 768))
    desk.window.show()
    desk.window.activateWindow()
    desk.open()
    _until(lambda: desk.demo is not None and desk.warming.done and not desk.background.busy)
    desk.window.sign_in_page.tiles.select(told["logins"][0])
    _shown(desk)
    times = []
    for turn in range(1, told["turns"] + 1):
        QTest.keyClick(desk.window, Qt.Key.Key_F9)
        _until(lambda: desk.window.workspace is None and not desk.background.busy)
        started = time.monotonic()
        desk.window.sign_in_page.tiles.select(told["logins"][turn % len(told["logins"])])
        _shown(desk)
        times.append((time.monotonic() - started) * 1000)
        _until(lambda: not desk.background.busy)
    json.dump(times, sys.stdout)
    sys.stdout.flush()
    desk.close()
    os._exit(0)  # what is measured is told; a tidy end is the application's own test


def _shown(desk: Application) -> None:
    """Until the day is on the screen."""
    _until(lambda: desk.window.workspace is not None and desk.window.workspace.agenda.content is not None)
    workspace = desk.window.workspace
    assert workspace is not None
    workspace.agenda.view.viewport().repaint()


def _until(ready: Any) -> None:
    loop = QEventLoop()
    look = QTimer(interval=2)
    look.timeout.connect(lambda: loop.quit() if ready() else None)
    look.start()
    loop.exec()


if __name__ == "__main__":
    main()
