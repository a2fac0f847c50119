"""Deeds over several visits, each one write, one toast and one way back: series, and services of one coming."""

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QObject

from clinicdesk.desk import dates
from clinicdesk.desk.agenda.deeds import AgendaDeeds, status_words
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.undo import Deed, TakeBack, Undo
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.series import Series
from clinicdesk.domain.series_booking import BookSeries, ExtendSeries
from clinicdesk.domain.series_edit import CancelSeries, EditSeries
from clinicdesk.domain.together import Together, taking_back
from clinicdesk.domain.visits import BookVisit
from clinicdesk.errors import ClinicError
from clinicdesk.formats import clock
from clinicdesk.usecases import series, series_edit, together, visits
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _, ngettext

Done = Callable[[Together], None]
Failed = Callable[[ClinicError], None]
Words = Callable[[Together], str]


class GroupDeeds(QObject):
    """Every write over several visits. What changed is told by the `changed` of the plain deeds, visit by visit."""

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        undo: Undo,
        deeds: AgendaDeeds,
        clock: DeskClock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clinic, self._background, self._undo = clinic, background, undo
        self._deeds, self._clock = deeds, clock

    def book_series(self, command: BookSeries, done: Done, failed: Failed) -> None:
        """Book a series; the way back gives all of it up."""
        self._do(lambda: series.book(self._clinic, command), self._booked_words, "repeat", done, failed)

    def book_visit(self, command: BookVisit, done: Done, failed: Failed) -> None:
        """Book several services for one coming."""
        self._do(lambda: visits.book(self._clinic, command), self._booked_words, "calendar-check", done, failed)

    def extend_series(self, command: ExtendSeries, done: Done, failed: Failed) -> None:
        """Let a series go on."""
        self._do(lambda: series.extend(self._clinic, command), self._booked_words, "repeat", done, failed)

    def edit_series(self, command: EditSeries, failed: Failed, now: dt.datetime) -> None:
        """Change visits of a series."""
        work = lambda: series_edit.edit(self._clinic, command, now)  # noqa: E731
        self._do(work, self._changed_words, "repeat", None, failed)

    def cancel_series(self, command: CancelSeries, failed: Failed, now: dt.datetime) -> None:
        """Give up what is still to come of a series, from a visit on or all of it."""
        work = lambda: series.cancel(self._clinic, command, now)  # noqa: E731
        self._do(work, _given_up_words, "ban", None, failed)

    def move_visit(self, work: Callable[[], Together], failed: Failed) -> None:
        """Move the services of one coming together."""
        self._do(work, self._changed_words, "calendar-clock", None, failed)

    def step_visit(self, work: Callable[[], Together], failed: Failed) -> None:
        """Take one step with several services of one coming."""
        self._do(work, lambda did: status_words(did.after[0]), "check", None, failed)

    # --- within ---

    def _do(self, work: Callable[[], Together], words: Words, icon: str, done: Done | None, failed: Failed) -> None:
        def did(result: Together) -> None:
            self._tell(result)
            said = words(result)
            if result.before or result.after:
                self._undo.did(Deed(said, self._way_back(result, said)), icon)
            if done is not None:
                done(result)

        self._background.run(self, work, did, failed, lane="writes")

    def _way_back(self, done: Together, words: str) -> TakeBack:
        reason = _("Booked by mistake")

        def take_back(tell: Callable[[Deed], None]) -> None:
            operation_id = new_id()

            def undo() -> Together:
                rows = _versions(done.after, done.series_after)
                stands = {key: self._deeds.stands_now(key, version) for key, version in rows.items()}
                undone = together.put_back(self._clinic, taking_back(done, operation_id, reason, stands))
                self._remember(done, undone)
                return undone

            def back(undone: Together) -> None:
                self._tell(undone)
                tell(Deed(words, self._way_back(undone, words)))

            failed: Failed = lambda error: self._deeds.refused.emit(None, error)  # noqa: E731
            self._background.run(self, undo, back, failed, lane="writes")

        return take_back

    def _remember(self, done: Together, undone: Together) -> None:
        """What is again as it was, so that an older deed on it can be undone as well."""
        now = _versions(undone.after, undone.series_after)
        for key, version in _versions(done.before, done.series_before).items():
            if key in now:
                self._deeds.came_back(key, version, now[key])

    def _tell(self, result: Together) -> None:
        for one in result.after:
            self._deeds.changed.emit(one)

    def _booked_words(self, done: Together) -> str:
        first, count = done.after[0], len(done.after)
        said = ngettext("{patient}: {count} visit booked", "{patient}: {count} visits booked", count)
        return said.format(patient=first.patient_name, count=count) + f", {self._when(first)}"

    def _changed_words(self, done: Together) -> str:
        before = {one.id: one for one in done.before}
        moved = [one for one in done.after if one.id in before and one.starts_at != before[one.id].starts_at]
        shown, count = (moved or list(done.after))[0], len(done.after)
        said = ngettext("{patient}: {count} visit changed", "{patient}: {count} visits changed", count)
        words = said.format(patient=shown.patient_name, count=count)
        return f"{words}, {self._when(shown)}" if moved else words

    def _when(self, appointment: Appointment) -> str:
        day = appointment.starts_at.astimezone(self._clock.zone).date()
        return f"{dates.relative_day(day, self._clock.today())}, {clock(appointment.starts_at, self._clock.zone)}"


def _versions(appointments: Sequence[Appointment], series: Sequence[Series]) -> dict[UUID, int]:
    return {one.id: one.version for one in appointments} | {one.id: one.version for one in series}


def _given_up_words(done: Together) -> str:
    count = len(done.after)
    said = ngettext("{patient}: {count} visit cancelled", "{patient}: {count} visits cancelled", count)
    return said.format(patient=done.after[0].patient_name, count=count)
