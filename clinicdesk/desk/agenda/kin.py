"""What a visit belongs to, as its panel tells it: the series with its place in it, and the services that go with it."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.status import STATUS_LOOKS
from clinicdesk.desk.wording_series import series_words
from clinicdesk.domain.agenda import Appointment
from clinicdesk.formats import short_date
from clinicdesk.usecases.series import SeriesOnShow
from clinicdesk.words import _


def place_words(shown: SeriesOnShow, appointment: Appointment) -> str:
    """“4 of 10”: which visit of its series this is."""
    days = shown.series.days
    if appointment.series_day not in days:
        return _("Part of a series")
    return _("{number} of {count} of a series").format(number=days.index(appointment.series_day) + 1, count=len(days))


def rule_sentence(shown: SeriesOnShow) -> str:
    """The rule of a series, said whole."""
    return series_words(shown.series.rule, shown.series.starts, shown.series.days)


class KinList(QWidget):
    """Visits one under the other; `chosen` carries the one that was clicked."""

    chosen = Signal(object)  # Appointment

    def __init__(self, visits: Sequence[Appointment], here: UUID, clock: DeskClock, *, days: bool) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for one in visits:
            row = _Row(one, one.id == here, clock, days=days)
            row.clicked.connect(lambda _checked=False, one=one: self.chosen.emit(one))
            column.addWidget(row)
        if not visits:
            column.addWidget(Label(_("No other visits"), "second", "muted"))


class _Row(QAbstractButton):
    def __init__(self, appointment: Appointment, here: bool, clock: DeskClock, *, days: bool) -> None:
        super().__init__()
        look = STATUS_LOOKS[appointment.status]
        local = appointment.starts_at.astimezone(clock.zone)
        self._icon, self._here = look.icon, here
        self._struck = not appointment.status.holds_the_slot
        if days:
            self._words = f"{short_date(local.date())}, {local:%H:%M}"
            moved = appointment.series_day is not None and appointment.series_day != local.date()
            self._detail = _came_from(appointment.series_day) if moved and appointment.series_day else ""
        else:
            self._words, self._detail = f"{local:%H:%M}  {appointment.service_name}", appointment.professional_name
        said = (self._words, self._detail, _(look.word).lower())
        self.setAccessibleName(", ".join(part for part in said if part))
        self.setToolTip(", ".join(part for part in said if part))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("radius", 8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, max(32, current().line_height("body") + 10))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._here or self.underMouse():
            drawing.box(painter, QRectF(self.rect()), 8, theme.color("selected" if self._here else "hover"))
        icons.paint(painter, self._icon, "muted", QRectF(8, 0, 14, self.height()))
        font = theme.font("body", numbers=True)
        font.setStrikeOut(self._struck)
        left = Qt.AlignmentFlag.AlignLeft
        ink = theme.color("muted" if self._struck else "text")
        drawing.text(painter, QRectF(32, 0, self.width() - 40, self.height()), self._words, font, ink, left)
        taken = 32 + drawing.width_of(self._words, font) + 12
        if taken + drawing.width_of(self._detail, theme.font("second")) <= self.width() - 8:
            right = QRectF(0, 0, self.width() - 8, self.height())
            drawing.text(
                painter,
                right,
                self._detail,
                theme.font("second"),
                theme.color("muted"),
                Qt.AlignmentFlag.AlignRight,
            )


def _came_from(day: dt.date) -> str:
    return _("instead of {day}").format(day=short_date(day))
