"""Whether the clinic answers, since when it does not, what can be read meanwhile, and what is kept for that."""

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from clinicdesk import logs
from clinicdesk.desk import dates
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.snapshot import Snapshot
from clinicdesk.errors import ClinicError
from clinicdesk.formats import clock as clock_words
from clinicdesk.usecases import snapshot as usecases
from clinicdesk.usecases.clinic import Link
from clinicdesk.usecases.staff import SignedIn
from clinicdesk.words import _, ngettext

FIRST_KEPT = 1500  # milliseconds after the first picture, so that it does not wait for this
KEPT_EVERY = 20_000

OnShow = Callable[[], tuple[dt.date, dt.date, Sequence[UUID], Sequence[Appointment]] | None]


class Connection(QObject):
    """`changed` when there is something else to say; `came_back` once, each time that the clinic answers again.

    `on_show` gives what the agenda shows: first and last day, whose, and the visits, newer than what was kept.
    """

    changed = Signal()
    came_back = Signal()

    def __init__(
        self, signed_in: SignedIn, background: Background, clock: DeskClock, on_show: OnShow, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._signed_in, self._clinic = signed_in, signed_in.clinic
        self._background, self._clock, self._on_show = background, clock, on_show
        self.link: Link | None = Link.UNREACHABLE if self._clinic.away else None
        self.since: dt.datetime | None = None
        self._day = clock.today()
        self._gathering = QTimer(self, singleShot=True)
        self._gathering.timeout.connect(self._take)
        self._again = False
        clock.minute_passed.connect(self._minute_passed)
        background.unanswered.changed.connect(self.changed)

    @property
    def online(self) -> bool:
        """Whether the clinic answers, as far as is known."""
        return self.link in (None, Link.CONNECTED)

    @property
    def words(self) -> str:
        """Why nothing can be written now; empty when it can."""
        if self.online:
            return ""
        moment = self.as_of()
        local = moment.astimezone(self._clock.zone)
        time = clock_words(moment, self._clock.zone)
        if local.date() != self._clock.today():
            day = dates.relative_day(local.date(), self._clock.today())
            return _("No connection. Agenda of {day}, {time}, read only.").format(day=day, time=time)
        return _("No connection. Agenda of {time}, read only.").format(time=time)

    @property
    def detail(self) -> str:
        """What still works, and what waits."""
        if self.online:
            return ""
        waiting = self._background.unanswered.count
        if waiting:
            return ngettext(
                "{count} change was sent and not answered; it is asked after by itself.",
                "{count} changes were sent and not answered; they are asked after by themselves.",
                waiting,
            ).format(count=waiting)
        if self._clinic.snapshot is None:
            return _("What is on screen can still be read. What you type is kept as a draft.")
        return _("Today and tomorrow can be read, with phones and alerts. What you type is kept as a draft.")

    def link_moved(self, link: Link) -> None:
        """The listener stands otherwise with the server."""
        was_online, self.link = self.online, link
        if self.online:
            self.since = None
            self._background.unanswered.resume()
            self.keep_soon(FIRST_KEPT)
        elif was_online:
            self.since = self._clock.now()
            self._background.unanswered.pause()
            self._gathering.stop()
            self._hold_what_is_on_show()
        self.changed.emit()
        if self.online and not was_online:
            self.came_back.emit()

    def keep_soon(self, within: int = KEPT_EVERY) -> None:
        """Something was read or changed: what is kept is to be renewed before long."""
        if self.online and not self._gathering.isActive():
            self._gathering.start(within if self._clinic.snapshot is not None else min(within, FIRST_KEPT))

    def as_of(self) -> dt.datetime:
        """The moment that what is read stands for."""
        if self.online:
            return self._clock.now()
        taken = self._clinic.snapshot.taken_at if self._clinic.snapshot is not None else None
        return self.since or taken or self._clock.now()

    def _hold_what_is_on_show(self) -> None:
        """What came in after the last keeping is on the screen: leafing to tomorrow and back must not lose it."""
        snapshot, shown = self._clinic.snapshot, self._on_show()
        days = snapshot.days.get(self._clinic.id) if snapshot is not None else None
        if snapshot is None or days is None or shown is None:
            return
        first, last, people, visits = shown
        newer = days.with_visits(first, last, people, visits)
        self._clinic.hold_snapshot(snapshot.with_days(self._clinic.id, newer))

    # --- keeping ---

    def _take(self) -> None:
        clinic, clinics, today, own = self._clinic, self._signed_in.clinics, self._clock.today(), self._signed_in.own

        def work() -> Snapshot:
            taken = usecases.take(clinic, clinics, today)
            if own is not None:
                try:
                    usecases.keep(own, taken)
                except OSError as error:  # the disk of this desk is full: while it runs it has it all the same
                    logs.log(__name__).warning("snapshot_not_kept", exc_info=error)
            return taken

        self._background.run(self, work, self._taken, self._not_taken, replaces="snapshot")

    def _taken(self, taken: Snapshot) -> None:
        if self.online:
            self._clinic.hold_snapshot(taken)

    def _not_taken(self, error: ClinicError) -> None:
        """Nobody asked for it and the next turn tries again; the log knows."""
        logs.log(__name__).info("snapshot_not_taken", exc_info=error)

    def _minute_passed(self) -> None:
        if self._clock.today() != self._day:
            self._day = self._clock.today()
            self.keep_soon(FIRST_KEPT)
