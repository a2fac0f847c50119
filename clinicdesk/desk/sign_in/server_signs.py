"""The clinic's server as the sign-in shows it: how fast it answers, whom its certificate proves, what to do if not."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from clinicdesk import formats
from clinicdesk.desk.background import Background
from clinicdesk.domain.desks import ServerLook
from clinicdesk.errors import ClinicError
from clinicdesk.words import _

if TYPE_CHECKING:
    from clinicdesk.usecases.place import Place

AGAIN = 5000  # milliseconds between two looks at a server that does not answer
_EVERY = 60_000  # and at one that does, while somebody may be about to sign in

Signs = list[tuple[str, str]]


class ServerSigns(QObject):
    """Looks at the server while `looked_for` says that the sign-in is on show; it goes on when it is shown again.

    `said` carries the lines for the side, `away` the fact when the server cannot be used, `back` that it can again.
    """

    said = Signal(object)  # Signs
    away = Signal(object)  # ClinicError
    back = Signal()

    def __init__(
        self, place: "Place", background: Background, looked_for: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._place, self._background, self._looked_for = place, background, looked_for
        self._away = False
        self.seen: ServerLook | None = None  # at the last look that was answered
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look_if_shown)

    def look(self) -> None:
        """Ask now."""
        from clinicdesk.usecases.desks import look_at_server

        place = self._place
        self._background.run(self, lambda: look_at_server(place), self._seen, self._not_seen, replaces="look")

    def _look_if_shown(self) -> None:
        if self._looked_for():
            self.look()
        else:
            self._timer.start(AGAIN)

    def _seen(self, look: ServerLook) -> None:
        self.seen = look
        self.said.emit(signs_of(look, dt.datetime.now(dt.UTC)))
        if self._away:
            self._away = False
            self.back.emit()
        self._timer.start(_EVERY)

    def _not_seen(self, error: ClinicError) -> None:
        self._away = True
        self.said.emit([("unlink", _("The clinic’s server cannot be used now"))])
        self.away.emit(error)
        self._timer.start(AGAIN)


def signs_of(look: ServerLook, now: dt.datetime) -> Signs:
    """What a look at the server says, in words."""
    took = max(1, round(look.milliseconds))
    signs = [
        ("server", _("Clinic server answers in {count} ms").format(count=took)),
        ("shield-check", _("Encrypted connection, certificate checked")),
    ]
    if look.ends_soon(now) and look.certificate_ends_at:
        day = formats.day_and_month(look.certificate_ends_at.astimezone().date())
        signs.append(("triangle-alert", _("The server’s certificate ends on {day}").format(day=day)))
    return signs
