"""Whether this sign-in still counts: asked when the clinic says something about it, and every half minute besides."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from clinicdesk.desk.background import Background
from clinicdesk.domain.sessions import TOUCH_SECONDS
from clinicdesk.domain.staff import Rights
from clinicdesk.errors import AccountLocked, ClinicError
from clinicdesk.usecases import sessions, staff
from clinicdesk.usecases.clinic import Change, Clinic, Link

_RIGHTS = frozenset({"person", "profile"})


class SessionWatch(QObject):
    """`ended` once, when an owner ended the session or the account; `rights_changed` carries the new Rights.

    `shut_out` once, when the server takes this computer's certificate no more.
    """

    ended = Signal()
    shut_out = Signal()
    rights_changed = Signal(object)

    def __init__(self, clinic: Clinic, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._clinic, self._background = clinic, background
        self._over = False
        self.rights = clinic.person.rights
        self._timer = QTimer(self, interval=round(TOUCH_SECONDS * 1000))
        self._timer.timeout.connect(self.ask)
        self._timer.start()

    def ask(self) -> None:
        """Say that somebody is here, and hear whether that is still wanted."""
        if not self._over and not self._clinic.away:
            clinic = self._clinic
            self._background.run(
                self, lambda: sessions.touch(clinic), self._told, lambda _error: None, replaces="touch"
            )

    def heard(self, changes: Sequence[Change]) -> None:
        """The clinic told of changes. Anybody could have said it, so nothing is believed and the server is asked."""
        if any(one.kind == "desk_session" and one.id == self._clinic.session_id for one in changes):
            self.ask()
        if any(one.kind in _RIGHTS for one in changes):
            self._read_rights()

    def link_moved(self, link: Link) -> None:
        """The clinic was lost or is back; both may be the end of the session."""
        if link is Link.SHUT_OUT and not self._over:
            self.close()
            self.shut_out.emit()
            return
        self.ask()
        if link is Link.CONNECTED:
            self._read_rights()

    def close(self) -> None:
        """Ask no more."""
        self._over = True
        self._timer.stop()

    def _told(self, alive: bool) -> None:
        if not alive and not self._over:
            self.close()
            self.ended.emit()

    def _read_rights(self) -> None:
        if not self._over and not self._clinic.away:
            clinic = self._clinic
            self._background.run(
                self, lambda: staff.my_capabilities(clinic), self._read, self._unread, replaces="rights"
            )

    def _read(self, rights: Rights) -> None:
        if rights != self.rights:
            self.rights = rights
            self.rights_changed.emit(rights)

    def _unread(self, error: ClinicError) -> None:
        if isinstance(error, AccountLocked):
            self._told(alive=False)
