"""The hands and eyes of somebody at the desk: real events into the real window, and waiting without sleeping."""

import datetime as dt
from collections.abc import Callable, Hashable
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda.editor import BookingEditor
from clinicdesk.desk.agenda.panel import AppointmentPanel
from clinicdesk.desk.agenda.view import AgendaView
from clinicdesk.desk.application import Application
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.overlay import Overlay
from clinicdesk.desk.workspace import Workspace
from clinicdesk.domain.agenda import Appointment, Status

NO_KEY = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
PATIENCE = 15_000


class Hands:
    """What a receptionist does with one running application."""

    def __init__(self, qtbot: QtBot, application: Application) -> None:
        self.qtbot = qtbot
        self.application = application
        self.window = application.window

    @property
    def workspace(self) -> Workspace:
        """The signed-in desk."""
        workspace = self.window.workspace
        assert workspace is not None
        return workspace

    @property
    def view(self) -> AgendaView:
        return self.workspace.agenda.view

    @property
    def editor(self) -> BookingEditor:
        editor = self.workspace.editor
        assert editor is not None and editor.isVisible()
        return editor

    # --- waiting ---

    def until(self, ready: Callable[[], object]) -> None:
        """Wait for something, as long as it takes and no longer."""
        self.qtbot.waitUntil(lambda: bool(ready()), timeout=PATIENCE)

    def idle(self) -> None:
        """Wait until nothing is under way."""
        self.until(lambda: not self.application.background.busy)

    def said(self, part: str) -> None:
        """Wait until the toast says this."""
        self.until(lambda: part in self.toast)

    @property
    def toast(self) -> str:
        """What the toast says now."""
        toast = self.workspace.toasts.toast
        return toast.accessibleName() if toast is not None else ""

    # --- keyboard ---

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEY) -> None:
        """Press a key where the focus is; the application's keys hear it too."""
        target = QApplication.focusWidget() or self.window
        self.qtbot.keyClick(target, key, modifiers)

    def write(self, words: str) -> None:
        """Type where the focus is, letter by letter; any letter."""
        for letter in words:
            target = QApplication.focusWidget()
            assert target is not None, "nothing has the focus"
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(target, QKeyEvent(kind, 0, NO_KEY, letter))

    @property
    def focus(self) -> QWidget | None:
        """Where the keyboard is."""
        return QApplication.focusWidget()

    # --- mouse ---

    def click(self, widget: QWidget) -> None:
        """Press and release the left button in the middle of a widget that can be seen."""
        assert widget.isVisible(), widget
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def mouse(self, kind: QEvent.Type, point: QPoint) -> None:
        """One event of the left button over the agenda."""
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        cause = none if kind == QEvent.Type.MouseMove else left
        viewport = self.view.viewport()
        place = QPointF(viewport.mapToGlobal(point))
        QApplication.sendEvent(viewport, QMouseEvent(kind, QPointF(point), place, cause, held, NO_KEY))

    def carry(self, start: QPoint, end: QPoint) -> None:
        """Press at `start` and go to `end` in steps, the button still down."""
        self.mouse(QEvent.Type.MouseButtonPress, start)
        for step in range(1, 9):
            self.mouse(QEvent.Type.MouseMove, start + (end - start) * step / 8)

    def drag(self, start: QPoint, end: QPoint) -> None:
        """Carry from `start` to `end` and let go."""
        self.carry(start, end)
        self.mouse(QEvent.Type.MouseButtonRelease, end)

    # --- places on the agenda ---

    def spot(self, column: Hashable, moment: dt.datetime) -> QPoint:
        """The middle of a column at a moment, scrolled to where it can be reached."""
        self.view.arrange()
        box = self.view.scene.layout.card_box(column, moment, moment + dt.timedelta(minutes=60))
        assert box is not None
        self.view.ensure_shown(box)
        corner = self.view.to_viewport(box)
        return QPointF(corner.center().x(), corner.top() + 2).toPoint()

    def stroke(self, column: Hashable, start: dt.datetime, end: dt.datetime) -> None:
        """Mark empty time from `start` to a little before `end`."""
        self.spot(column, start)
        last = self.spot(column, end - dt.timedelta(minutes=3))
        self.drag(self.spot(column, start), last)

    def grip(self, appointment_id: UUID) -> QPoint:
        """Where a card is taken hold of."""
        self.view.arrange()
        box = self.view.scene.place_of(appointment_id)
        assert box is not None, "the card is not on show"
        self.view.ensure_shown(box)
        area = self.view.card_rect(appointment_id)
        assert area is not None
        return area.topLeft() + QPoint(40, 8)

    def move_card(self, appointment_id: UUID, column: Hashable, moment: dt.datetime) -> None:
        """Drag a card so that it begins at `moment` in `column`."""
        start = self.grip(appointment_id)
        held = self.held(appointment_id)
        professional = held.professional_id
        shift = self.spot(column, moment) - self.spot(professional, held.starts_at)
        start = self.grip(appointment_id)
        self.drag(start, start + shift)

    # --- eyes ---

    def visits(self) -> list[Appointment]:
        """What the agenda holds."""
        return list(self.workspace.agenda.model.appointments())

    def held(self, appointment_id: UUID) -> Appointment:
        """One visit as the agenda holds it."""
        found = self.workspace.agenda.model.appointment(appointment_id)
        assert found is not None
        return found

    def visit_of(self, name: str) -> Appointment:
        """The standing visit of a patient, once the agenda has it."""
        standing = lambda: [one for one in self.visits() if one.patient_name == name and one.status.holds_the_slot]  # noqa: E731
        self.until(standing)
        return standing()[0]

    def status(self, appointment_id: UUID, status: Status) -> None:
        """Wait until a visit is in a state."""
        self.until(lambda: self.held(appointment_id).status is status)

    @property
    def panel(self) -> AppointmentPanel:
        """The side panel with the chosen visit."""
        content = self.workspace.agenda.panel.content
        assert isinstance(content, AppointmentPanel)
        return content

    def overlay(self, kind: type[Overlay]) -> Overlay:
        """The popover of a kind that is open."""
        return next(one for one in self.window.findChildren(kind) if one.isVisible())

    def words(self, widget: QWidget) -> list[str]:
        """Every text that can be read in a widget."""
        return [label.text() for label in widget.findChildren(Label) if label.isVisible()]
