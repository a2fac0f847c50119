"""Certificates that end within a month: this desk's is renewed while somebody is at work, the server's is said."""

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from clinicdesk import formats, logs
from clinicdesk.desk.background import Background
from clinicdesk.domain.desks import ServerLook
from clinicdesk.errors import ClinicError
from clinicdesk.words import _

if TYPE_CHECKING:
    from clinicdesk.usecases.clinic import Clinic
    from clinicdesk.usecases.place import Place


class CertificateCare(QObject):
    """`renewed` carries the place with its new certificate, `said` what whoever signed in should know."""

    renewed = Signal(object)  # Place
    said = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background

    def look_after(self, clinic: "Clinic", place: "Place", look: ServerLook | None, *, tell: bool) -> None:
        """See to the certificates of a desk where somebody has just signed in; `tell` who looks after the clinic."""
        now = dt.datetime.now(dt.UTC)
        if tell and look is not None and look.ends_soon(now) and look.certificate_ends_at is not None:
            self.said.emit(server_words(look.certificate_ends_at))
        if place.certificate is not None and place.certificate.ends_soon(now):
            self._renew(clinic, place, now, tell)

    def _renew(self, clinic: "Clinic", place: "Place", now: dt.datetime, tell: bool) -> None:
        from clinicdesk.usecases.desks import certificate_facts, renew_certificate

        def renew() -> "Place":
            renew_certificate(clinic, place, now)
            return dataclasses.replace(place, certificate=certificate_facts(place.data_dir))

        def failed(error: ClinicError) -> None:
            logs.log(__name__).warning("certificate_not_renewed", reason=type(error).__name__)
            if tell and place.certificate is not None:
                self.said.emit(desk_words(place.certificate.ends_at))

        self._background.run(self, renew, self.renewed.emit, failed)


def server_words(ends_at: dt.datetime) -> str:
    """That the server's certificate is about to end, and what to do."""
    return _("The server’s certificate ends on {day}. On the server, run: clinicdesk-server check").format(
        day=_day(ends_at)
    )


def desk_words(ends_at: dt.datetime) -> str:
    """That this computer's certificate is about to end and could not be renewed."""
    return _("This computer’s certificate ends on {day} and could not be renewed. Look at the server.").format(
        day=_day(ends_at)
    )


def _day(moment: dt.datetime) -> str:
    return formats.day_and_month(moment.astimezone().date())
