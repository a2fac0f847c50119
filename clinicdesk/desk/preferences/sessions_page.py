"""The page of the sessions: who is at work at which desk, since when, and the end of one."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.preferences.leaf import Leaf
from clinicdesk.desk.preferences.section import OwnersDesk
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.avatar import Avatar
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.scrolled import scrolled_column
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.sessions import Session
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import sessions
from clinicdesk.usecases.clinic import Change
from clinicdesk.words import _

_EVERY = 15_000  # milliseconds while the page is on show; a sign of life is told to nobody
_TABLES = frozenset({"desk_session", "person"})


class SessionsPage(Leaf):
    """`rows` are the sessions that are shown, by id."""

    def __init__(self, desk: OwnersDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self.desk = desk
        self.rows: dict[object, SessionRow] = {}
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.refresh)
        self._empty = EmptyState("monitor", _("Nobody else is at work"), _("Who signs in at a desk appears here."))
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._arrange()

    def refresh(self) -> None:
        super().refresh()
        clinic = self.desk.clinic
        self.desk.background.run(self, lambda: sessions.sessions(clinic), self._show, self._tell, replaces="sessions")

    def apply_change(self, change: Change) -> None:
        if self.begun and change.kind in _TABLES:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def end(self, session: Session) -> None:
        """End one: its desk goes back to the sign-in. They can sign in again, so nothing is asked."""
        clinic = self.desk.clinic

        def ended(_nothing: None) -> None:
            words = _("Session of {name} ended").format(name=session.person_name)
            self.desk.toasts.show_toast(words, icon="log-out")
            self.refresh()

        self.desk.background.run(
            self, lambda: sessions.end_session(clinic, session.id), ended, self._tell, lane="writes"
        )

    def _show(self, found: Sequence[Session]) -> None:
        for row in self.rows.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        focused = next((key for key, row in self.rows.items() if row.end_button.hasFocus()), None)
        self.rows = {}
        for one in found:
            row = SessionRow(one, one.id == self.desk.clinic.session_id, self.desk.can_write)
            row.end_button.clicked.connect(partial(self.end, one))
            self.rows[one.id] = row
            self._list.addWidget(row)
        if focused in self.rows:
            self.rows[focused].end_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._empty.setVisible(len(found) <= 1)

    def _tell(self, error: ClinicError) -> None:
        self.desk.toasts.show_toast(sentence(error, self.desk.clock.zone), icon="circle-alert")

    def _arrange(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(28, 20, 28, 20)
        column.setSpacing(4)
        column.addWidget(Label(_("Sessions"), "section"))
        words = _("Who is at work, and where. Ending a session takes its desk back to the sign-in within seconds.")
        column.addWidget(Label(words, "second", "muted", wrap=True))
        column.addSpacing(12)
        column.addLayout(self._list)
        column.addSpacing(48)
        column.addWidget(self._empty)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled_column(body, 880))
        self._empty.hide()


class SessionRow(QWidget):
    """One session: who, at which desk, for how long, and the button that ends it."""

    def __init__(self, session: Session, own: bool, may_end: bool) -> None:
        super().__init__()
        self.end_button = Button(_("End"), "secondary", "log-out", size="dense")
        self.end_button.setAccessibleName(_("End the session of {name}").format(name=session.person_name))
        if own or not may_end:
            self.end_button.hide()
        self.words = f"{desk_words(session)} · {since_words(session)}"
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(session.person_name, "strong"))
        words.addWidget(Label(self.words, "second", "muted", numbers=True, wrap=True))
        line = QHBoxLayout()
        line.setContentsMargins(0, 10, 0, 10)
        line.setSpacing(12)
        line.addWidget(Avatar(session.person_name, session.hue, 36))
        line.addLayout(words, 1)
        line.addWidget(_state(session, own))
        line.addWidget(self.end_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(separator())


def desk_words(session: Session) -> str:
    """At which desk, with its address when there is one."""
    name = session.desk or _("a desk without a name")
    return f"{name} ({session.address})" if session.address else name


def since_words(session: Session) -> str:
    """For how long."""
    minutes = int(session.open_for.total_seconds() // 60)
    if minutes < 1:
        return _("since a moment ago")
    return _("for {time}").format(time=dates.minutes_text(minutes))


def _state(session: Session, own: bool) -> Chip:
    if own:
        return Chip(_("This desk"), "accent", "monitor")
    if session.silent:
        minutes = int(session.silent_for.total_seconds() // 60)
        return Chip(_("No sign for {time}").format(time=dates.minutes_text(minutes)), "warn", "wifi-off")
    return Chip(_("At work"), "ok", "circle-check")
