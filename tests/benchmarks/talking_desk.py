"""A desk at the real inbox; tells how long it took to open, and to go from each conversation to the next."""

import json
import sys
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.messages.page import InboxPage
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.usecases.staff import sign_in

_SWITCHES = 60
_PATIENCE = 20_000  # milliseconds


def _broken(error: BaseException) -> None:
    raise error


def _until(ready: Callable[[], bool]) -> None:
    loop, watch = QEventLoop(), QTimer(interval=1)
    watch.timeout.connect(lambda: loop.quit() if ready() else None)
    watch.start()
    QTimer.singleShot(_PATIENCE, loop, lambda: loop.exit(1))
    if loop.exec():
        raise TimeoutError


def _timed(work: Callable[[], object], ready: Callable[[], bool], picture: QWidget) -> float:
    started = perf_counter()
    work()
    _until(ready)
    picture.repaint()
    return (perf_counter() - started) * 1000


def main() -> None:
    """Sign in, open the page, walk down the list, tell."""
    told = json.loads(sys.stdin.read())
    qt = QApplication([])
    theme.apply(qt, theme.Theme())
    background = Background(_broken)
    clinic = sign_in(told["address"], told["login"], told["password"], "talking").clinic
    holder = QWidget()
    toasts = ToastArea(holder)
    page = InboxPage(clinic, background, Undo(toasts), toasts, DeskClock(), lambda: False)
    page.resize(1366, 768)

    def read() -> bool:
        return page.talk is not None and page.lines.talk is not None and page.lines.talk.id == page.talk.id

    opened = _timed(page.show, read, page)
    _until(lambda: not background.busy)
    times = []
    for _each in range(_SWITCHES):
        times.append(_timed(lambda: page.list.step(1), read, page.talk_view.viewport()))
        _until(lambda: not background.busy)
    background.close()
    clinic.close()
    json.dump({"opened": opened, "switched": times}, sys.stdout)


if __name__ == "__main__":
    main()
