"""How a booking repeats: a rule in a few choices, said back as a sentence."""

import datetime as dt

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.desk.widgets.chip import FilterChip
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.masked_edit import MaskedEdit
from clinicdesk.desk.widgets.masks import mask_date, read_date
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.wording import field_problem
from clinicdesk.desk.wording_series import series_words
from clinicdesk.domain.series import LAST, Frequency, OnHoliday, Rule
from clinicdesk.errors import InvalidField
from clinicdesk.formats import numeric_date, short_weekday
from clinicdesk.words import _, ngettext

_DAY, _WEEK, _MONTH, _MONTH_WEEKDAY = "day", "week", "month", "month weekday"
_COUNTS = (*range(2, 13), 15, 16, 18, 20, 24, 30, 36, 40, 48, 52, 60, 80, 100)
_MONDAY = dt.date(2026, 1, 5)


class RepeatSection(QWidget):
    """`changed` when the rule did. Begins as every week, on the day the booking has, ten times."""

    changed = Signal()
    closed = Signal()

    def __init__(self, clock: DeskClock) -> None:
        super().__init__()
        self._clock = clock
        self._first: dt.datetime | None = None
        self._filling = False
        self.interval = Select([(one, str(one)) for one in range(1, 13)])
        self.unit = Select()
        self.weekdays = [FilterChip(short_weekday(_MONDAY + dt.timedelta(days=number))) for number in range(7)]
        self.ends = Segmented([("count", _("Number of times")), ("until", _("On a day"))], _("End of the series"))
        self.count = Select([(one, str(one)) for one in _COUNTS])
        self.until = MaskedEdit(mask_date, _("dd/mm/yyyy"))
        self.on_holiday = Select(
            [
                (OnHoliday.SKIP, _("Skip it")),
                (OnHoliday.NEXT, _("The next working day")),
                (OnHoliday.PREVIOUS, _("The working day before")),
                (OnHoliday.KEEP, _("Keep it all the same")),
            ]
        )
        self.sentence = Label("", "strong", wrap=True, numbers=True)
        self._arrange()
        self._connect()
        self.count.set_value(10)
        self._offer_units()

    def begin(self, first: dt.datetime | None) -> None:
        """The first visit is at this moment now; the weekday goes along while it is the only one."""
        before, self._first = self._first, first.astimezone(self._clock.zone) if first else None
        if self._first is not None:
            chosen = [number for number, chip in enumerate(self.weekdays) if chip.isChecked()]
            old = before.weekday() if before is not None else None
            if not chosen or chosen == [old]:
                for number, chip in enumerate(self.weekdays):
                    chip.setChecked(number == self._first.weekday())
            elif self._first.weekday() not in chosen:
                self.weekdays[self._first.weekday()].setChecked(True)
            self._offer_units()
        self._say()

    @property
    def rule(self) -> Rule | None:
        """The rule as it is chosen; None while something of it makes no sense, which the sentence says."""
        try:
            return self._rule()
        except InvalidField:
            return None

    @property
    def holiday(self) -> OnHoliday:
        """What becomes of a day that is a holiday."""
        return OnHoliday(str(self.on_holiday.value))

    def _rule(self) -> Rule:
        if self._first is None:
            raise InvalidField("date", "missing")
        day, unit = self._first.date(), self.unit.value
        interval = self.interval.value if isinstance(self.interval.value, int) else 1
        count, until = None, None
        if self.ends.current == "count":
            count = self.count.value if isinstance(self.count.value, int) else None
        else:
            until = read_date(self.until.text(), dt.date.max, "date") if self.until.text().strip() else None
        if unit == _DAY:
            return Rule(Frequency.DAILY, interval, count=count, until=until)
        if unit == _WEEK:
            chosen = tuple(number + 1 for number, chip in enumerate(self.weekdays) if chip.isChecked())
            return Rule(Frequency.WEEKLY, interval, chosen, count=count, until=until)
        if unit == _MONTH:
            return Rule(Frequency.MONTHLY, interval, month_day=day.day, count=count, until=until)
        return Rule(Frequency.MONTHLY, interval, (day.isoweekday(),), nth=_nth(day), count=count, until=until)

    # --- showing ---

    def _offer_units(self) -> None:
        self._filling = True
        many = isinstance(self.interval.value, int) and self.interval.value > 1
        count = 2 if many else 1
        day = self._first.date() if self._first else self._clock.today()
        self.unit.set_options(
            [
                (_WEEK, ngettext("week", "weeks", count)),
                (_DAY, ngettext("day", "days", count)),
                (_MONTH, ngettext("month, on day {day}", "months, on day {day}", count).format(day=day.day)),
                (_MONTH_WEEKDAY, ngettext("month, same weekday", "months, same weekday", count)),
            ]
        )
        self._filling = False

    def _say(self) -> None:
        for part, shown in ((self._weekday_row, self.unit.value == _WEEK), (self.count, self.ends.current == "count")):
            part.setVisible(shown)
        self.until.setVisible(self.ends.current == "until")
        if self._first is None:
            self.sentence.setText(_("Choose the first time on the right"))
            return
        try:
            rule = self._rule()
            words = series_words(rule, self._first.time().replace(tzinfo=None), rule.days(self._first.date()))
        except InvalidField as error:
            words = field_problem(error)
        self.sentence.setText(words[:1].upper() + words[1:])

    def _chosen(self) -> None:
        if self._filling:
            return
        if self.sender() is self.interval:
            self._offer_units()
        if self.ends.current == "until" and not self.until.text() and self._first is not None:
            self.until.setText(numeric_date(self._first.date() + dt.timedelta(days=63)))
        self._say()
        self.changed.emit()

    # --- arranging ---

    def _connect(self) -> None:
        for select in (self.interval, self.unit, self.count, self.on_holiday):
            select.currentIndexChanged.connect(self._chosen)
        for chip in self.weekdays:
            chip.clicked.connect(self._chosen)
        self.ends.chosen.connect(lambda _key: self._chosen())
        self.until.editingFinished.connect(self._chosen)
        self.close_button.clicked.connect(self.closed)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Label(_("Repeat"), "strong"))
        head.addStretch(1)
        self.close_button = icon_button("x", _("Do not repeat"), size="dense")
        head.addWidget(self.close_button)
        column.addLayout(head)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(Field(_("Every"), self.interval, reserve=False), 1)
        line.addWidget(Field(_("Interval"), self.unit, reserve=False), 2)
        line.addWidget(Field(_("On a holiday"), self.on_holiday, reserve=False), 3)
        column.addLayout(line)
        self._weekday_row = QWidget()
        chips = QHBoxLayout(self._weekday_row)
        chips.setContentsMargins(0, 0, 0, 0)
        chips.setSpacing(6)
        for number, chip in enumerate(self.weekdays):
            chip.setAccessibleName(short_weekday(_MONDAY + dt.timedelta(days=number)))
            chips.addWidget(chip)
        chips.addStretch(1)
        column.addWidget(self._weekday_row)
        end = QHBoxLayout()
        end.setSpacing(12)
        end.addWidget(self.ends)
        end.addWidget(self.count, 1)
        end.addWidget(self.until, 1)
        column.addLayout(end)
        column.addWidget(self.sentence)


def _nth(day: dt.date) -> int:
    week = (day.day - 1) // 7 + 1
    return LAST if week == 5 else week
