"""Free times that can be read aloud, picked by a click or by their number, and why the others are not there."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk.agenda.booking import DAY_LONG, SlotWish
from clinicdesk.desk.agenda.slot_day import SlotDay, day_words, days_without_words, refused_lines
from clinicdesk.desk.agenda.slot_filters import SlotFilters
from clinicdesk.desk.agenda.slot_row import SlotRow
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.month_calendar import MonthCalendar
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.wording import spoken_moment, why_not_sentence
from clinicdesk.desk.wording_agenda import with_article
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.finder import Found, Nearby, Relaxation
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.words import _, marked

SHOWN_PER_DAY = 4
_PARTS: dict[str, tuple[dt.time, dt.time]] = {
    "all": DAY_LONG,
    "morning": (dt.time(0), dt.time(11, 59)),
    "afternoon": (dt.time(12), dt.time(17, 59)),
    "evening": (dt.time(18), dt.time(23, 59)),
}
_NEARBY = {
    Relaxation.HOURS: marked("At another hour"),
    Relaxation.PEOPLE: marked("With somebody else"),
    Relaxation.LATER: marked("Further ahead"),
}


class SlotPicker(QWidget):
    """`chosen` carries a FreeSlot. Numbers choose while the list has the focus.

    `wish_changed`: another search is asked for. `paged` carries the step, `day_wanted` a date to look from.
    """

    chosen = Signal(object)
    wish_changed = Signal()
    paged = Signal(int)
    day_wanted = Signal(object)
    waiting_wanted = Signal()

    def __init__(self, clock: DeskClock, named: bool = True, parent: QWidget | None = None) -> None:
        """`named`: the rows say with whom, because several people are looked at."""
        super().__init__(parent)
        self._clock = clock
        self.named = named
        self._catalogue: Catalogue | None = None
        self._found: Found | None = None
        self._nearby: Sequence[Nearby] = ()
        self._whole_days: set[dt.date] = set()
        self._rows: list[SlotRow] = []
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(_("Free times"))
        self.parts = Segmented(
            [("all", _("All")), ("morning", _("Morning")), ("afternoon", _("Afternoon")), ("evening", _("Evening"))],
            _("Time of day"),
        )
        self.filters = SlotFilters()
        self.narrow = icon_button("funnel", _("Weekdays, hours and people"), "secondary")
        self.calendar = icon_button("calendar-search", _("Look from another day on"), "secondary")
        self.earlier = icon_button("chevron-left", _("Earlier days"), "secondary")
        self.more = Button(_("See more days"), "secondary", icon="calendar-search")
        self.waiting = Button(_("Waiting list"), "secondary", icon="list-plus")
        self.filters.hide()
        self._arrange()
        self._connect()

    @property
    def wish(self) -> SlotWish:
        """What is asked for."""
        return self.filters.wish

    def set_catalogue(self, catalogue: Catalogue) -> None:
        """Whose names the rows say."""
        self._catalogue = catalogue

    def forget(self) -> None:
        """Ask for nothing in particular, as for a new patient."""
        self.filters.clear()
        self.parts.set_current("all")
        self._mark_narrow()

    def show_found(self, found: Found, chosen: FreeSlot | None = None) -> None:
        """Offer these, with one of them chosen already."""
        fresh = self._found is None or self._found.request != found.request
        self._found, self._nearby = found, ()
        if fresh:
            self._whole_days.clear()
        self.earlier.setVisible(found.request.first_day > self._clock.today())
        self._fill(chosen)

    def show_nearby(self, nearby: Sequence[Nearby]) -> None:
        """Offer what is nearest to a wish that found nothing."""
        if self._found is not None and not self._found.search.slots:
            self._nearby = nearby
            self._fill(None)

    def mark(self, chosen: FreeSlot | None) -> None:
        """Show which one is chosen, without telling anyone."""
        for row in self._rows:
            row.setChecked(chosen is not None and row.free == chosen)

    def first(self) -> FreeSlot | None:
        """The earliest that was asked for; what is only nearby is nobody's first choice."""
        return self._rows[0].free if self._rows and not self._nearby else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        if 1 <= number <= min(9, len(self._rows)):
            self._choose(self._rows[number - 1])
            return
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if Qt.Key(event.key()) in steps and self._rows:
            at = next((index for index, row in enumerate(self._rows) if row.isChecked()), -1)
            self._choose(self._rows[min(max(at + steps[Qt.Key(event.key())], 0), len(self._rows) - 1)])
            return
        super().keyPressEvent(event)

    # --- what a person does ---

    def _choose(self, row: SlotRow) -> None:
        self.mark(row.free)
        self._scroll.ensureWidgetVisible(row)
        self.chosen.emit(row.free)

    def _part_chosen(self, part: str) -> None:
        self.filters.set_hours(*_PARTS[part])
        self._wished()

    def _filtered(self) -> None:
        hours = self.wish.earliest, self.wish.latest
        self.parts.set_current(next((part for part, span in _PARTS.items() if span == hours), "all"))
        self._wished()

    def _wished(self) -> None:
        self._mark_narrow()
        self.wish_changed.emit()

    def _mark_narrow(self) -> None:
        self.narrow.set_dot(self.filters.narrowed and not self.filters.isVisible())

    def _toggle_filters(self) -> None:
        self.filters.setVisible(not self.filters.isVisible())
        self._mark_narrow()

    def _ask_day(self) -> None:
        popover = Popover(self)
        month = MonthCalendar(self._clock.today())
        month.day_chosen.connect(popover.dismiss)
        month.day_chosen.connect(self.day_wanted)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(month)
        popover.set_content(holder, month)
        popover.closed.connect(popover.deleteLater)
        popover.open_at(self.calendar)

    def _show_whole(self, day: dt.date) -> None:
        chosen = next((row.free for row in self._rows if row.isChecked()), None)
        self._whole_days.add(day)
        self._fill(chosen)

    # --- showing ---

    def _fill(self, chosen: FreeSlot | None) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = []
        if self._found is not None and self._found.search.slots:
            self._fill_days(self._found)
        elif self._found is not None:
            self._fill_nothing(self._found)
        self._list.addStretch(1)
        self.mark(chosen)

    def _fill_days(self, found: Found) -> None:
        by_day: dict[dt.date, list[FreeSlot]] = {}
        for one in found.search.slots:
            by_day.setdefault(one.slot.starts_at.astimezone(self._clock.zone).date(), []).append(one)
        last = max(by_day)
        without = {day: why for day, why in found.search.days_without if day < last}
        order = sorted({*by_day, *without})
        for reason, days in groupby(order, key=without.get):
            if reason is None:
                for day in days:
                    self._fill_day(found, day, by_day[day])
            else:
                self._list.addWidget(Label(days_without_words(list(days), reason), "second", "faint"))

    def _fill_day(self, found: Found, day: dt.date, free: Sequence[FreeSlot]) -> None:
        shown = list(free) if day in self._whole_days else _spread(free)
        head = SlotDay(
            day_words(day, self._clock.today()),
            len(free) - len(shown),
            lambda: refused_lines(found, day, self._clock, self._who),
        )
        head.more_wanted.connect(lambda: self._show_whole(day))
        self._list.addWidget(head)
        for one in shown:
            self._add_row(one)
        self._list.addSpacing(4)

    def _fill_nothing(self, found: Found) -> None:
        reason = found.search.main_reason
        detail = why_not_sentence(reason) if reason else _("None of these days was asked for. See more days.")
        self._list.addWidget(EmptyState("calendar-x", _("No free time here"), detail))
        for one in self._nearby:
            self._list.addWidget(Label(_(_NEARBY[one.relaxation]), "strong"))
            self._list.addWidget(Label(day_words(self._day(one.free), self._clock.today()), "second", "muted"))
            self._add_row(one.free, named=True)

    def _add_row(self, free: FreeSlot, named: bool = False) -> None:
        row = SlotRow(len(self._rows) + 1, free, self._clock, self._detail(free, named), self._spoken(free))
        row.clicked.connect(lambda _checked=False, row=row: self._choose(row))
        self._rows.append(row)
        self._list.addWidget(row)

    def _detail(self, free: FreeSlot, named: bool) -> str:
        rooms = self._catalogue.rooms if self._catalogue else ()
        room = next((one.name for one in rooms if one.id == free.room_id), "")
        who = short_title(self._who(free.professional_id)) if self.named or named else ""
        return " · ".join(filter(None, (who, room)))

    def _spoken(self, free: FreeSlot) -> str:
        when = spoken_moment(free.slot.starts_at, self._clock.zone)
        who = self._who(free.professional_id)
        return _("{when}, with {who}").format(when=when, who=with_article(who)) if who else when

    def _who(self, professional_id: object) -> str:
        people = self._catalogue.professionals if self._catalogue else ()
        return next((one.name for one in people if isinstance(professional_id, UUID) and one.id == professional_id), "")

    def _day(self, free: FreeSlot) -> dt.date:
        return free.slot.starts_at.astimezone(self._clock.zone).date()

    # --- arranging ---

    def _connect(self) -> None:
        self.parts.chosen.connect(self._part_chosen)
        self.filters.changed.connect(self._filtered)
        self.narrow.clicked.connect(self._toggle_filters)
        self.calendar.clicked.connect(self._ask_day)
        self.earlier.clicked.connect(lambda: self.paged.emit(-1))
        self.more.clicked.connect(lambda: self.paged.emit(1))
        self.waiting.clicked.connect(self.waiting_wanted)

    def _arrange(self) -> None:
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._list.setContentsMargins(0, 0, 8, 0)
        body = QWidget()
        body.setLayout(self._list)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        self._scroll.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        choices = QHBoxLayout()
        choices.addWidget(self.parts)
        choices.addStretch(1)
        choices.addWidget(self.narrow)
        choices.addWidget(self.calendar)
        foot = QHBoxLayout()
        foot.addWidget(self.earlier)
        foot.addWidget(self.more, 1)
        foot.addWidget(self.waiting, 1)
        self.earlier.hide()
        self.waiting.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 16, 20)
        column.setSpacing(8)
        column.addWidget(Label(_("Free times"), "section"))
        column.addWidget(Label(_("Read aloud; click or type the number"), "second", "muted"))
        column.addLayout(choices)
        column.addWidget(self.filters)
        column.addWidget(self._scroll, 1)
        column.addLayout(foot)


def short_title(name: str) -> str:
    """A professional as one speaks of them where room is scarce: `Dra. Helena`."""
    parts = name.split()
    return " ".join(parts[:2] if parts and parts[0].endswith(".") else parts[:1])


def _spread(free: Sequence[FreeSlot]) -> list[FreeSlot]:
    """A few of a day's times, far enough apart to be a choice: not 13:15, 13:20 and 13:25."""
    kept: list[FreeSlot] = []
    for one in free:
        if kept and one.slot.starts_at < kept[-1].slot.starts_at + dt.timedelta(minutes=45):
            continue
        kept.append(one)
    step = max(1, -(-len(kept) // SHOWN_PER_DAY))
    return kept[::step][:SHOWN_PER_DAY]
