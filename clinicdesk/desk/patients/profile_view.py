"""The right of the page: the chosen patient with timeline, register and appointments, or what to do first."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from clinicdesk.desk.patients.ahead import AheadCard
from clinicdesk.desk.patients.consents_card import ConsentsCard
from clinicdesk.desk.patients.facts import ContactCard, RegisterCard
from clinicdesk.desk.patients.head import PatientHead
from clinicdesk.desk.patients.numbers import NumbersCard
from clinicdesk.desk.patients.reading import Profile
from clinicdesk.desk.patients.timeline import MomentRole, TimelineDelegate, TimelineModel, rows_of
from clinicdesk.desk.patients.visits_table import VisitsTable
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.fields import Select
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.widgets.rows import ListView
from clinicdesk.desk.widgets.scrolled import scrolled
from clinicdesk.desk.widgets.skeleton import Skeleton
from clinicdesk.desk.widgets.tabs import Tabs
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.timeline import Moment, TimelinePage
from clinicdesk.words import _

_FACTS_WIDTH = 280
_NEVER_HEIGHT = 220
_KEPT: dict[str, Callable[[object, dt.datetime], bool]] = {
    "all": lambda one, now: True,
    "next": lambda one, now: isinstance(one, Appointment) and one.starts_at >= now and one.status.holds_the_slot,
    "past": lambda one, now: isinstance(one, Appointment) and one.status is Status.COMPLETED,
    "missed": lambda one, now: isinstance(one, Appointment) and not one.status.holds_the_slot,
    "other": lambda one, now: not isinstance(one, Appointment),
}


class ProfileView(QWidget):
    """Old data stays on screen while a patient is read again; another patient's never does."""

    book_wanted = Signal()
    edit_wanted = Signal()
    retry_wanted = Signal()
    visit_opened = Signal(object)  # Appointment
    older_wanted = Signal(object)  # the Moment before which more of the timeline is asked for

    def __init__(
        self,
        now: Callable[[], dt.datetime],
        zone: Callable[[], dt.tzinfo],
        writes_alerts: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        stand_on(self, "bg")
        self._now = now
        self._zone = zone
        self.profile: Profile | None = None
        self._moments: list[Moment] = []
        self._asked_before: Moment | None = None
        self.head = PatientHead(writes_alerts)
        self.tabs = Tabs(
            [("timeline", _("Timeline")), ("register", _("Register")), ("visits", _("Appointments"))],
            _("Patient"),
            inset=32,
        )
        self.timeline = TimelineModel(self)
        self.list = ListView(_("Timeline"))
        self._filter = Select(_filters(), "filter")
        self._ahead = AheadCard()
        self._numbers, self._contact, self._register = NumbersCard(), ContactCard(), RegisterCard()
        self.consents = ConsentsCard()
        self.table = VisitsTable()
        self._trouble = Banner("warn", "", _("Try now"))
        self._skeleton = Skeleton(rows=4)
        self._empty = EmptyState(
            "search", _("Choose a patient"), _("Type part of a name, a phone or the CPF at the left.")
        )
        self._never = EmptyState("calendar-plus", _("No visits yet"), _("What is booked appears here, by day."))
        self._arrange()
        self._listen()

    @property
    def patient_id(self) -> UUID | None:
        """Who is shown."""
        return self.profile.patient.id if self.profile else None

    def moments_of(self, patient_id: UUID) -> int:
        """How much of a patient's timeline is held: so much is read again when something changed."""
        return len(self._moments) if self.patient_id == patient_id else 0

    def expect(self, patient_id: UUID) -> None:
        """Somebody is being read: what is shown of another patient goes at once."""
        if self.patient_id != patient_id:
            self.profile = None
            self._stack.setCurrentWidget(self._loading)
            self._skeleton.start()
        self._trouble.hide()

    def show_profile(self, profile: Profile) -> None:
        """Show this patient."""
        another = self.patient_id != profile.patient.id
        self.profile = profile
        zone = self._zone()
        self._skeleton.stop()
        self._trouble.hide()
        self.head.show_profile(profile, self._now(), zone)
        self._numbers.show_numbers(profile.numbers, self._now(), zone)
        self._ahead.show_profile(profile, self._now(), zone)
        self._contact.show_profile(profile)
        self._register.show_profile(profile, zone)
        self.consents.show_profile(profile, zone)
        self.table.visits.show(profile.visits, zone)
        count = len(profile.visits)
        self.tabs.set_label("visits", f"{_('Appointments')} {count}" if count else _("Appointments"))
        if another:
            self._filter.set_value("all")
        self._moments = list(profile.timeline.moments)
        self.timeline.complete = profile.timeline.complete
        self._asked_before = None
        scrolled = 0 if another else self.list.verticalScrollBar().value()
        self._show_timeline()
        self.list.verticalScrollBar().setValue(scrolled)
        self._numbers.setVisible(not profile.partial)
        self.consents.setVisible(not profile.partial)
        self._contact.setVisible(not profile.partial or bool(profile.patient.phone))
        if profile.partial:
            self._say_partial()
        self._stack.setCurrentWidget(self._patient)

    def _say_partial(self) -> None:
        """What was never read is not shown as if there were nothing."""
        self._trouble.say("info", _("Without a connection only what today and tomorrow tell can be read."))
        self._trouble.show()
        self._never.hide()
        self._filter.hide()
        self.tabs.set_current("visits")
        self._pages.setCurrentWidget(self._by_key["visits"])

    def show_trouble(self, sentence: str) -> None:
        """The patient could not be read."""
        self._asked_before = None
        self._skeleton.stop()
        self._trouble.say("warn", sentence, _("Try now"))
        self._trouble.show()

    def clear(self) -> None:
        """Nobody is chosen."""
        self.profile = None
        self._skeleton.stop()
        self._trouble.hide()
        self._stack.setCurrentWidget(self._empty)

    def _show_timeline(self) -> None:
        if self.profile is None:
            return
        now = self._now()
        keeps = _KEPT[str(self._filter.value)]
        moments = [one for one in self._moments if keeps(one.subject, now)]
        self.timeline.show(rows_of(moments, now, self._zone()))
        never = not self.profile.visits
        self.list.setVisible(bool(self._moments))
        self._never.setVisible(never)
        self._filter.setVisible(not never)

    def show_older(self, patient_id: UUID, page: TimelinePage) -> None:
        """More of the timeline has come."""
        if self.patient_id != patient_id:
            return
        last = self._moments[-1].place if self._moments else None
        self._moments += [one for one in page.moments if last is None or one.place < last]
        self.timeline.complete = page.complete
        self._asked_before = None
        self._show_timeline()

    def _ask_older(self) -> None:
        if self._moments and self._asked_before is None:
            self._asked_before = self._moments[-1]
            self.older_wanted.emit(self._asked_before)

    def _listen(self) -> None:
        self.head.book_wanted.connect(self.book_wanted)
        for part in (self.head, self._contact, self._register):
            part.edit_wanted.connect(self.edit_wanted)
        self._trouble.acted.connect(self.retry_wanted)
        self._filter.activated.connect(self._show_timeline)
        self.timeline.older_wanted.connect(self._ask_older)
        self.list.activated.connect(self._open_visit)
        self.table.activated.connect(self._open_visit)
        self.tabs.chosen.connect(lambda key: self._pages.setCurrentWidget(self._by_key[key]))

    def _open_visit(self, index: QModelIndex) -> None:
        appointment = index.data(MomentRole.SUBJECT)
        if isinstance(appointment, Appointment):
            self.visit_opened.emit(appointment)

    def _arrange(self) -> None:
        self._patient = self._patient_page()
        self._loading = QWidget()
        shapes = QVBoxLayout(self._loading)
        shapes.setContentsMargins(32, 24, 32, 24)
        shapes.addWidget(self._skeleton)
        shapes.addStretch(1)
        self._stack = QStackedWidget()
        for page in (self._empty, self._loading, self._patient):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        banner = QHBoxLayout()
        banner.setContentsMargins(24, 0, 24, 0)
        banner.addWidget(self._trouble)
        column.addLayout(banner)
        column.addWidget(self._stack, 1)
        self._trouble.hide()

    def _patient_page(self) -> QWidget:
        top = QWidget()
        stand_on(top, "surface")
        above = QVBoxLayout(top)
        above.setContentsMargins(0, 24, 0, 0)
        above.setSpacing(20)
        who = QHBoxLayout()
        who.setContentsMargins(32, 0, 24, 0)
        who.addWidget(self.head)
        above.addLayout(who)
        above.addWidget(self.tabs)
        self._by_key = {
            "timeline": self._timeline_page(),
            "register": _scrolled(self._register),
            "visits": self._table_page(),
        }
        self._pages = QStackedWidget()
        for page in self._by_key.values():
            self._pages.addWidget(page)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self._pages, 1)
        return whole

    def _timeline_page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(32, 0, 12, 0)
        row.setSpacing(24)
        left = QVBoxLayout()
        left.setContentsMargins(0, 16, 0, 0)
        left.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(Label(_("Timeline"), "section"))
        head.addStretch(1)
        head.addWidget(self._filter)
        left.addLayout(head)
        self.list.setModel(self.timeline)
        self.list.setItemDelegate(TimelineDelegate(self.list))
        self.list.setUniformItemSizes(False)
        stand_on(self.list, "bg")
        self._never.setMaximumHeight(_NEVER_HEIGHT)
        left.addWidget(self._never)
        left.addWidget(self.list, 1)
        row.addLayout(left, 1)
        row.addWidget(self._facts_column())
        return page

    def _facts_column(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 24, 12, 24)
        column.setSpacing(16)
        column.addWidget(self._numbers)
        column.addWidget(self._ahead)
        column.addWidget(self._contact)
        column.addWidget(self.consents)
        column.addStretch(1)
        scroll = scrolled(inner)
        scroll.setFixedWidth(round(_FACTS_WIDTH * (1 + current().text_scale) / 2) + 12)
        return scroll

    def _table_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 24, 24, 24)
        frame = card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(8, 4, 8, 8)
        inside.addWidget(self.table)
        column.addWidget(frame)
        return page


def _filters() -> list[tuple[object, str]]:
    return [
        ("all", _("Everything")),
        ("next", _("Still to come")),
        ("past", _("Took place")),
        ("missed", _("Missed or cancelled")),
        ("other", _("All but visits")),
    ]


def _scrolled(content: QWidget) -> QScrollArea:
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(32, 24, 24, 24)
    column.addWidget(content)
    column.addStretch(1)
    return scrolled(inner)
