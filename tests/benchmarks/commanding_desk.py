"""A desk whose person types whole lines into the palette; tells how long each key took to reach the list."""

import json
import sys
from time import perf_counter

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.agenda.deeds import AgendaDeeds
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.palette.entries import Entries
from clinicdesk.desk.palette.palette import Palette
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.usecases import agenda
from clinicdesk.usecases.staff import sign_in

_PATIENCE = 5_000  # milliseconds


def _broken(error: BaseException) -> None:
    raise error


def type_line(palette: Palette, line: str) -> list[float]:
    """The milliseconds from each key to the picture of its answer."""
    palette.line.clear()
    times = []
    for letter in line:
        started = perf_counter()
        key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
        QApplication.sendEvent(palette.line, key)
        _until_answered(palette)
        palette.list.viewport().repaint()
        palette.line.repaint()
        times.append((perf_counter() - started) * 1000)
    return times


def _until_answered(palette: Palette) -> None:
    """Run the event loop until the list shows the answer to what stands in the line."""
    if palette.answered_line == palette.line.text():
        return
    loop = QEventLoop()
    palette.answered.connect(lambda line: loop.quit() if line == palette.line.text() else None)
    QTimer.singleShot(_PATIENCE, loop, lambda: loop.exit(1))
    if loop.exec():
        raise TimeoutError(palette.line.text())


def main() -> None:
    """Sign in, open the palette, type, tell."""
    told = json.loads(sys.stdin.read())
    qt = QApplication([])
    theme.apply(qt, theme.Theme())
    background, clock = Background(_broken), DeskClock()
    clinic = sign_in(told["address"], told["login"], told["password"], "commanding").clinic
    holder = QWidget()
    holder.resize(1440, 900)
    holder.show()
    deeds = AgendaDeeds(clinic, background, Undo(ToastArea(holder)), clock)
    palette = Palette(holder, clinic, background, deeds, clock, Entries())
    palette.begin(agenda.catalogue(clinic))
    type_line(palette, told["lines"][0])
    times = [time for line in told["lines"] for time in type_line(palette, line)]
    background.close()
    clinic.close()
    json.dump(times, sys.stdout)


if __name__ == "__main__":
    main()
