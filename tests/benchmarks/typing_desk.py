"""A desk whose person types into the real patients' page; tells how long each key took to reach the list."""

import json
import sys
from time import perf_counter

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.page import PatientsPage
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.usecases.staff import sign_in

_PATIENCE = 5_000  # milliseconds


def _broken(error: BaseException) -> None:
    raise error


def type_word(page: PatientsPage, word: str) -> list[float]:
    """The milliseconds from each key to the picture of its answer."""
    times = []
    box = page.finder.box
    if box.text():
        box.setText("")
        _until_answered(page, "")
    for place, letter in enumerate(word, 1):
        started = perf_counter()
        key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
        QApplication.sendEvent(box, key)
        _until_answered(page, word[:place])
        page.finder.list.viewport().repaint()
        times.append((perf_counter() - started) * 1000)
    return times


def _until_answered(page: PatientsPage, text: str) -> None:
    """Run the event loop until the list shows the answer to `text`."""
    loop = QEventLoop()
    plain = page.finder.show_found

    def shown(found_for: str, found: object, complete: bool) -> None:
        plain(found_for, found, complete)  # type: ignore[arg-type]
        if found_for == text:
            loop.quit()

    page.finder.show_found = shown  # type: ignore[method-assign]
    QTimer.singleShot(_PATIENCE, loop, lambda: loop.exit(1))
    if loop.exec():
        raise TimeoutError(text)
    page.finder.show_found = plain  # type: ignore[method-assign]


def main() -> None:
    """Sign in, open the page, type, tell."""
    told = json.loads(sys.stdin.read())
    qt = QApplication([])
    theme.apply(qt, theme.Theme())
    background = Background(_broken)
    clinic = sign_in(told["address"], told["login"], told["password"], "typing").clinic
    holder = QWidget()
    holder.resize(1440, 900)
    page = PatientsPage(clinic, background, ToastArea(holder), DeskClock(), parent=holder)
    page.resize(1440, 900)
    holder.show()
    _until_answered(page, "")
    times: list[float] = []
    for word in told["words"][:3]:
        type_word(page, word)
    for word in told["words"]:
        times += type_word(page, word)
    background.close()
    clinic.close()
    json.dump(times, sys.stdout)


if __name__ == "__main__":
    main()
