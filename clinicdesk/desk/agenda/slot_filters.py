"""When the patient can come, and to whom: weekdays, hours and people that narrow the search for free time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.agenda.booking import DAY_LONG, SlotWish
from clinicdesk.desk.widgets.chip import FilterChip
from clinicdesk.desk.widgets.fields import Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.clinics import Professional
from clinicdesk.formats import short_weekday
from clinicdesk.words import _

_MONDAY = dt.date(2026, 11, 23)
_PEOPLE_IN_A_ROW = 2
_HOURS = range(6, 23)


class SlotFilters(QWidget):
    """`changed` after a person narrowed or widened the wish; what is set by `set_hours` is told to nobody."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wish = SlotWish()
        self.days: dict[int, FilterChip] = {}
        self.people: dict[UUID, FilterChip] = {}
        self.earliest, self.latest = Select(), Select()
        self._people_area = QWidget()
        self._people_grid = QGridLayout(self._people_area)
        self._people_grid.setContentsMargins(0, 0, 0, 0)
        self._people_grid.setSpacing(4)
        self._people_grid.setColumnStretch(_PEOPLE_IN_A_ROW, 1)
        self._filling = False
        self._arrange()
        self._fill_hours()
        for select in (self.earliest, self.latest):
            select.currentIndexChanged.connect(self._hours_chosen)

    @property
    def narrowed(self) -> bool:
        """Whether anything at all is asked for."""
        return self.wish != SlotWish()

    def set_hours(self, earliest: dt.time, latest: dt.time) -> None:
        """Ask for these hours, as a part of the day does."""
        self.wish = replace(self.wish, earliest=earliest, latest=latest)
        self._fill_hours()

    def set_people(self, professionals: Sequence[Professional]) -> None:
        """Offer a choice among these; of one there is none."""
        offered = [one.id for one in professionals] if len(professionals) > 1 else []
        if offered != list(self.people):
            self._offer_people(professionals if offered else ())

    def clear(self) -> None:
        """Ask for nothing in particular."""
        self.wish = SlotWish()
        for chip in (*self.days.values(), *self.people.values()):
            chip.setChecked(False)
        self._fill_hours()

    # --- within ---

    def _offer_people(self, professionals: Sequence[Professional]) -> None:
        for chip in self.people.values():
            self._people_grid.removeWidget(chip)
            chip.deleteLater()
        kept = self.wish.people
        self.people = {}
        for number, one in enumerate(professionals):
            chip = self.people[one.id] = FilterChip(one.name, one.id in kept)
            chip.toggled.connect(self._people_chosen)
            self._people_grid.addWidget(chip, *divmod(number, _PEOPLE_IN_A_ROW), Qt.AlignmentFlag.AlignLeft)
        self.wish = replace(self.wish, people=tuple(one for one in kept if one in self.people))
        self._people_area.setVisible(bool(self.people))

    def _people_chosen(self) -> None:
        chosen = tuple(key for key, chip in self.people.items() if chip.isChecked())
        self.wish = replace(self.wish, people=chosen)
        self.changed.emit()

    def _days_chosen(self) -> None:
        chosen = tuple(day for day, chip in self.days.items() if chip.isChecked())
        self.wish = replace(self.wish, weekdays=chosen)
        self.changed.emit()

    def _hours_chosen(self) -> None:
        earliest, latest = self.earliest.value, self.latest.value
        if not self._filling and isinstance(earliest, dt.time) and isinstance(latest, dt.time):
            # An end before its beginning is no wish: whichever was chosen last stands.
            if latest < earliest:
                earliest, latest = (earliest, DAY_LONG[1]) if self.sender() is self.earliest else (DAY_LONG[0], latest)
            self.set_hours(earliest, latest)
            self.changed.emit()

    def _fill_hours(self) -> None:
        self._filling = True
        hours = [dt.time(hour) for hour in _HOURS]
        for select, always, chosen in (
            (self.earliest, (DAY_LONG[0], _("any hour")), self.wish.earliest),
            (self.latest, (DAY_LONG[1], _("any hour")), self.wish.latest),
        ):
            values = sorted({*hours, chosen} - {always[0]})
            select.set_options([always, *((one, f"{one:%H:%M}") for one in values)])
            select.set_value(chosen)
        self._filling = False

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        week = QHBoxLayout()
        week.setSpacing(4)
        for number in range(7):
            day = _MONDAY + dt.timedelta(days=number)
            chip = self.days[day.isoweekday()] = FilterChip(short_weekday(day))
            chip.toggled.connect(self._days_chosen)
            week.addWidget(chip)
        week.addStretch(1)
        column.addLayout(week)
        hours = QHBoxLayout()
        hours.setSpacing(8)
        for words, select in ((_("Not before"), self.earliest), (_("Not after"), self.latest)):
            select.setAccessibleName(words)
            hours.addWidget(Label(words, "second", "muted"))
            hours.addWidget(select, 1)
        column.addLayout(hours)
        column.addWidget(self._people_area)
        self._people_area.hide()
