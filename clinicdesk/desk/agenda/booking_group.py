"""A booking of several visits: one that repeats, or several services for one coming. One of the two, or neither."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.agenda.booking import Booking
from clinicdesk.desk.agenda.booking_more import MoreServices
from clinicdesk.desk.agenda.booking_repeat import RepeatSection
from clinicdesk.desk.agenda.group_deeds import GroupDeeds
from clinicdesk.desk.agenda.occurrences import OccurrenceList, count_words
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import BookAppointment
from clinicdesk.domain.series_booking import BookSeries, SeriesWish
from clinicdesk.domain.series_edit import Plan
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.together import Together
from clinicdesk.domain.visits import BookVisit
from clinicdesk.errors import ClinicError, SeriesConflicts
from clinicdesk.usecases import series
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _, ngettext

Done = Callable[[Together], None]
Failed = Callable[[ClinicError], None]


class GroupBooking(QObject):
    """`changed` when the button's words may be others; `repeating_changed` when the right side is to be another."""

    changed = Signal()
    repeating_changed = Signal(bool)
    grown = Signal()  # the form is longer: what was added should be seen

    def __init__(
        self, clinic: Clinic, background: Background, group: GroupDeeds, clock: DeskClock, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._clinic, self._background, self._group, self._clock = clinic, background, group, clock
        self._booking: Booking | None = None
        self._hold_id: UUID | None = None
        self._asked: object = None  # what the plan on show was made for
        self._attempt: tuple[object, UUID, UUID] | None = None
        self.repeat = RepeatSection(clock)
        self.more = MoreServices(clinic, background, clock)
        self.list = OccurrenceList(clock, self._detail, _("Skip this day"))
        self.add_service = Button(_("Another service"), "soft", icon="plus")
        self.add_repeat = Button(_("Repeat"), "soft", icon="repeat")
        self._heading = Label(_("Visits of the series"), "section")
        self._count = Label("", "second", "muted", wrap=True)
        self.section, self.pane = self._section(), self._pane()
        self.repeat.changed.connect(self._again)
        self.repeat.closed.connect(lambda: self._show_repeat(False))
        self.more.changed.connect(self._lines_changed)
        self.list.changed.connect(self._tell)
        self.add_service.clicked.connect(self._add_service)
        self.add_repeat.clicked.connect(lambda: self._show_repeat(True))
        self._show_repeat(False)

    @property
    def active(self) -> bool:
        """Whether more than the one visit is booked."""
        return self.repeats or bool(self.more.rows)

    @property
    def repeats(self) -> bool:
        """Whether the booking is a series."""
        return not self.repeat.isHidden()

    def begin(self, booking: Booking, hold_id: UUID | None) -> None:
        """The booking is this one now."""
        self._booking, self._hold_id = booking, hold_id
        self.more.begin(booking)
        if self.repeats:
            self.repeat.begin(booking.free.slot.starts_at if booking.free else None)
            self._plan()

    def clear(self) -> None:
        """One visit again."""
        self.more.clear()
        self._show_repeat(False)
        self._asked = self._attempt = None

    def submit_words(self) -> str:
        """What the button does."""
        count = len(self.more.rows) + 1
        if self.repeats:
            count = sum(place is not None for _one, place in self.list.decided())
        return ngettext("Book {count} visit", "Book {count} visits", count).format(count=count)

    def submit(self, first: BookAppointment, done: Done, failed: Failed) -> str:
        """Book all of it; says what is missing instead, when something is."""
        if self.repeats:
            return self._submit_series(first, done, failed)
        waiting = self.more.incomplete
        if waiting is not None:
            waiting.service.setFocus()
            return _("One of the services has no place yet. Choose another professional, room or time.")
        parts = self.more.parts(first)
        operation_id, visit_id = self._attempted((parts[0].slot, self.more.lines, first.patient))
        parts = tuple(_of_visit(one, visit_id) for one in parts)
        self._group.book_visit(BookVisit(operation_id, visit_id, parts), done, failed)
        return ""

    def _submit_series(self, first: BookAppointment, done: Done, failed: Failed) -> str:
        wish = self._wish()
        if wish is None or not self.list.planned:
            return self.repeat.sentence.text()
        if self.list.undecided:
            self.list.focus_undecided()
            return _("Decide first what becomes of the days that cannot be as wished.")
        places = tuple((one.day, place) for one, place in self.list.decided() if place is not None)
        operation_id, series_id = self._attempted((wish, places, first.patient))

        def refused(error: ClinicError) -> None:
            if isinstance(error, SeriesConflicts):  # somebody was quicker: what stands against it is shown anew
                self._asked = None
                self._plan()
            failed(error)

        self._group.book_series(BookSeries(operation_id, series_id, wish, first, places), done, refused)
        return ""

    def _attempted(self, wish: object) -> tuple[UUID, UUID]:
        """The same wish keeps its operation: a second press, or a retry after a lost answer, books once."""
        if self._attempt is None or self._attempt[0] != wish:
            self._attempt = wish, new_id(), new_id()
        return self._attempt[1], self._attempt[2]

    # --- the plan ---

    def _wish(self) -> SeriesWish | None:
        booking, rule = self._booking, self.repeat.rule
        if booking is None or booking.free is None or booking.service is None or rule is None:
            return None
        return SeriesWish(booking.free, booking.service.id, rule, self.repeat.holiday, self._hold_id)

    def _plan(self) -> None:
        wish = self._wish()
        if wish is None or wish == self._asked:
            return
        self._asked = wish
        self._background.run(
            self, lambda: series.plan_series(self._clinic, wish), self._planned, self._plan_failed, replaces="series"
        )

    def _planned(self, plan: Plan) -> None:
        self.list.show_plan(plan.planned)
        self._tell()

    def _plan_failed(self, error: ClinicError) -> None:
        self.list.show_plan(())
        self._count.setText(sentence(error, self._clock.zone))
        self.changed.emit()

    def _again(self) -> None:
        self._plan()
        self.changed.emit()

    def _tell(self) -> None:
        self._count.setText(count_words(self.list.planned, self.list.undecided))
        self.changed.emit()

    def _detail(self, place: FreeSlot) -> str:
        booking = self._booking
        if booking is None:
            return ""
        room = next((one.name for one in booking.catalogue.rooms if one.id == place.room_id), "")
        other = booking.free is None or place.professional_id != booking.free.professional_id
        people = booking.catalogue.professionals if other else ()
        who = next((one.name for one in people if one.id == place.professional_id), "")
        return " · ".join(filter(None, (who, room)))

    # --- what is on show ---

    def _show_repeat(self, shown: bool) -> None:
        self.repeat.setVisible(shown)
        self.add_repeat.setVisible(not shown and not self.more.rows)
        self.add_service.setVisible(not shown)
        self.repeating_changed.emit(shown)
        if shown and self._booking is not None:
            self._asked = None
            self.begin(self._booking, self._hold_id)
            self.repeat.interval.setFocus()
            self.grown.emit()
        self.changed.emit()

    def _add_service(self) -> None:
        self.more.add()
        self._lines_changed()
        self.grown.emit()

    def _lines_changed(self) -> None:
        self.add_repeat.setVisible(not self.more.rows)
        self.changed.emit()

    def _section(self) -> QWidget:
        section = QWidget()
        column = QVBoxLayout(section)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.more)
        column.addWidget(self.repeat)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.add_service)
        row.addWidget(self.add_repeat)
        row.addStretch(1)
        column.addLayout(row)
        return section

    def _pane(self) -> QWidget:
        pane = QWidget()
        column = QVBoxLayout(pane)
        column.setContentsMargins(24, 12, 16, 20)
        column.setSpacing(6)
        column.addWidget(self._heading)
        column.addWidget(self._count)
        column.addWidget(self.list, 1)
        return pane


def _of_visit(part: BookAppointment, visit_id: UUID) -> BookAppointment:
    return replace(part, visit_id=visit_id)
