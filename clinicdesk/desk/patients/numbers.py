"""A patient in numbers, with what they mean in words: how often, how reliably, when and for what they come."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.metrics import PatientMetrics, frequency_score
from clinicdesk.usecases.metrics import Numbers
from clinicdesk.words import _, ngettext, pgettext

_REGULAR, _SOMETIMES = 70, 40
_NOON, _EVENING = 12, 18
_TOLD = 2  # weekdays and services; a third is hardly a habit


class NumbersCard(QFrame):
    """Four figures, how regularly somebody comes, and what else the visits tell. Money joins when there are sales."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 18)
        column.setSpacing(0)
        column.addWidget(Label(_("In numbers"), "strong"))
        column.addSpacing(12)
        grid = QGridLayout()
        grid.setVerticalSpacing(0)
        self._cells: list[tuple[Label, Label]] = []
        for place in range(4):
            value, caption = Label("", "panel_name", numbers=True), Label("", "second", "muted")
            row, side = 3 * (place // 2), place % 2
            grid.addWidget(value, row, side)
            grid.addWidget(caption, row + 1, side)
            grid.setColumnStretch(side, 1)
            self._cells.append((value, caption))
        grid.setRowMinimumHeight(2, 16)
        column.addLayout(grid)
        column.addSpacing(18)
        column.addLayout(self._regularity())
        self._more = Label("", "second", "muted", numbers=True, wrap=True)
        self._more.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        column.addSpacing(12)
        column.addWidget(self._more)

    def show_numbers(self, numbers: Numbers, now: dt.datetime, zone: dt.tzinfo) -> None:
        """Show this patient's numbers."""
        found = numbers.metrics
        for (value, caption), (shown, what) in zip(self._cells, _figures(found), strict=True):
            value.setText(shown)
            caption.setText(what)
        score = frequency_score(found, now.astimezone(zone).date(), zone)
        self._score.setText(f"{score}")
        self._meter.set_score(score)
        self._words.setText(regularity_words(found, score))
        more = " · ".join(_more(found, zone))
        self._more.setText(more)
        self._more.setVisible(bool(more))

    def _regularity(self) -> QVBoxLayout:
        self._score = Label("", "control", numbers=True)
        self._meter = Meter(_("Regularity"))
        self._words = Label("", "second", "muted", wrap=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        head = QHBoxLayout()
        head.addWidget(Label(_("Regularity"), "control"))
        head.addStretch(1)
        head.addWidget(self._score)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._meter)
        column.addWidget(self._words)
        return column


class Meter(QWidget):
    """A bar from 0 to 100; the number stands beside it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._score = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_score(self, score: int) -> None:
        """Fill it so far."""
        self._score = score
        self.setAccessibleName(_("{name}: {score} of 100").format(name=self._name, score=score))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(40, 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), current()
        area = QRectF(self.rect())
        drawing.box(painter, area, 3, theme.color("sunken"), theme.color("line"))
        if self._score:
            filled = QRectF(area.left(), area.top(), max(6.0, area.width() * self._score / 100), area.height())
            drawing.box(painter, filled, 3, theme.color("accent"))


def _figures(found: PatientMetrics) -> list[tuple[str, str]]:
    days = found.average_days
    pause = "–"
    if days is not None:
        whole = round(days)
        pause = ngettext("{count} day", "{count} days", whole).format(count=formats.number(whole))
    return [
        (formats.number(found.completed), ngettext("visit", "visits", found.completed)),
        (formats.number(found.no_show), ngettext("no-show", "no-shows", found.no_show)),
        (pause, _("between visits")),
        (formats.number(found.cancelled), ngettext("cancellation", "cancellations", found.cancelled)),
    ]


def regularity_words(found: PatientMetrics, score: int) -> str:
    """What a score means: docs/metrics.md gives the bounds."""
    if not found.completed:
        return _("never came to this clinic")
    if score >= _REGULAR:
        return _("comes regularly")
    if score >= _SOMETIMES:
        return _("comes now and then")
    return _("seldom comes") if score else _("has not come for long")


def _more(found: PatientMetrics, zone: dt.tzinfo) -> list[str]:
    """What is told only where there is something to tell."""
    told = []
    if found.cancelled_late:
        late = found.cancelled_late
        told.append(ngettext("{count} cancelled late", "{count} cancelled late", late).format(count=late))
    if found.rescheduled:
        moved = found.rescheduled
        told.append(ngettext("rescheduled {count} time", "rescheduled {count} times", moved).format(count=moved))
    if found.first_visit_at is not None and found.completed > 1:
        first = formats.month_and_year(found.first_visit_at.astimezone(zone).date())
        told.append(_("first visit in {month}").format(month=first))
    return told


def preference_words(found: PatientMetrics) -> str:
    """When somebody likes to come: `terças e quintas, à tarde`; empty for fewer than two visits."""
    if found.completed < 2:
        return ""
    days = _joined([_weekdays()[day - 1] for day in found.preferred_weekdays[:_TOLD]])
    parts = {_part_of_day(hour) for hour in found.preferred_hours}
    return ", ".join((days, *parts)) if len(parts) == 1 else days


def service_words(numbers: Numbers) -> str:
    """What somebody comes for most; empty for fewer than two visits."""
    return ", ".join(numbers.services[:_TOLD]) if numbers.metrics.completed > 1 else ""


def _weekdays() -> list[str]:
    return [
        pgettext("usually comes on", "Mondays"),
        pgettext("usually comes on", "Tuesdays"),
        pgettext("usually comes on", "Wednesdays"),
        pgettext("usually comes on", "Thursdays"),
        pgettext("usually comes on", "Fridays"),
        pgettext("usually comes on", "Saturdays"),
        pgettext("usually comes on", "Sundays"),
    ]


def _joined(words: Sequence[str]) -> str:
    return _("{one} and {other}").format(one=words[0], other=words[1]) if len(words) > 1 else "".join(words)


def _part_of_day(hour: int) -> str:
    if hour < _NOON:
        return pgettext("usually comes", "in the morning")
    return pgettext("usually comes", "in the afternoon") if hour < _EVENING else pgettext("usually comes", "after six")
