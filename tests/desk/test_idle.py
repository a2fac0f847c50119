"""When the desk locks by itself: minutes without a key or the mouse, counted by two clocks, and after a sleep."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from clinicdesk.desk.lock.idle import IdleWatch


class Clocks:
    """A calendar and a stopwatch that go on when told to; a computer that sleeps stops the second."""

    def __init__(self) -> None:
        self.calendar, self.steady = 1_800_000_000.0, 50.0

    def pass_by(self, seconds: float) -> None:
        self.calendar += seconds
        self.steady += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def field(qtbot: QtBot, dress: Callable[..., None]) -> QLineEdit:
    dress()
    made = QLineEdit()
    made.setWindowTitle("a window")
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    return made


@pytest.fixture
def watch(field: QLineEdit, clocks: Clocks) -> IdleWatch:
    made = IdleWatch(lambda: 5, field, lambda: clocks.calendar, lambda: clocks.steady)
    made.start()
    return made


def locks(watch: IdleWatch) -> list[bool]:
    heard: list[bool] = []
    watch.idle.connect(lambda: heard.append(True))
    return heard


def window(field: QLineEdit) -> QWindow:
    handle = field.windowHandle()
    assert handle is not None
    return handle


def touch(field: QLineEdit, kind: QEvent.Type) -> None:
    """What the platform gives a window."""
    if kind == QEvent.Type.KeyPress:
        event: QEvent = QKeyEvent(kind, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    else:
        none, left, place = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, QPointF(2, 2)
        cause = none if kind == QEvent.Type.MouseMove else left
        held = left if kind == QEvent.Type.MouseButtonPress else none
        event = QMouseEvent(kind, place, place, cause, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window(field), event)
    if kind == QEvent.Type.MouseButtonPress:
        touch(field, QEvent.Type.MouseButtonRelease)


def test_it_looks_once_when_it_is_time(watch: IdleWatch, clocks: Clocks) -> None:
    heard = locks(watch)
    assert watch._timer.remainingTime() > 299_000
    clocks.pass_by(299)
    watch._look()
    assert heard == [] and watch._timer.remainingTime() <= 2_000
    clocks.pass_by(1)
    watch._look()
    assert heard == [True]


@pytest.mark.parametrize("kind", [QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress])
def test_every_touch_begins_the_minutes_anew(
    watch: IdleWatch, clocks: Clocks, field: QLineEdit, kind: QEvent.Type
) -> None:
    heard = locks(watch)
    clocks.pass_by(290)
    touch(field, kind)
    clocks.pass_by(290)
    watch._look()
    assert heard == []
    clocks.pass_by(10)
    watch._look()
    assert heard == [True]


def test_the_first_touch_after_a_sleep_locks_and_types_nothing(
    watch: IdleWatch, clocks: Clocks, field: QLineEdit
) -> None:
    heard = locks(watch)
    clocks.calendar += 8 * 3600  # the stopwatch stood still with the computer
    touch(field, QEvent.Type.KeyPress)
    assert heard == [True]
    assert field.text() == ""


def test_a_calendar_set_back_does_not_keep_the_desk_open(watch: IdleWatch, clocks: Clocks) -> None:
    heard = locks(watch)
    clocks.steady += 300
    clocks.calendar -= 3600
    watch._look()
    assert heard == [True]


def test_nothing_is_counted_once_it_was_stopped(watch: IdleWatch, clocks: Clocks, field: QLineEdit) -> None:
    heard = locks(watch)
    watch.stop()
    watch.stop()
    clocks.pass_by(10_000)
    touch(field, QEvent.Type.MouseMove)
    assert heard == [] and not watch._timer.isActive()
    watch.start()
    watch.start()
    touch(field, QEvent.Type.MouseMove)
    assert heard == [] and watch._timer.isActive()


def test_a_suspended_application_locks(watch: IdleWatch) -> None:
    heard = locks(watch)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert heard == []
    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationSuspended)
    assert heard == [True]
