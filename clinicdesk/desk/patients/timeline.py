"""A patient's visits by day, newest first: what it was, when, with whom, and how it stands."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from clinicdesk import formats
from clinicdesk.desk import icons
from clinicdesk.desk.dates import capitalised, relative_day
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.chip import chip_colours, chip_width, paint_chip
from clinicdesk.desk.widgets.patient_row import fitting
from clinicdesk.desk.widgets.status import STATUS_LOOKS, StatusLook
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.words import _, ngettext

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_HEADING = 44
_VISIT = 52
_DISC = 32


class VisitRole(IntEnum):
    """What else can be asked of a row."""

    ROW = Qt.ItemDataRole.UserRole + 1
    APPOINTMENT = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True)
class DayRow:
    """A day over its visits."""

    title: str


@dataclass(frozen=True)
class VisitRow:
    """One visit; `joined` when another of the same day follows."""

    appointment: Appointment
    title: str
    second: tuple[str, ...]
    joined: bool


TimelineRow = DayRow | VisitRow


def status_look(appointment: Appointment) -> StatusLook:
    """How the state of a visit looks."""
    return STATUS_LOOKS[appointment.status.value]


def rows_of(appointments: Sequence[Appointment], now: dt.datetime, zone: dt.tzinfo) -> list[TimelineRow]:
    """The visits under their days, newest first."""
    today = now.astimezone(zone).date()
    ordered = sorted(appointments, key=lambda one: (one.starts_at, one.id), reverse=True)
    days = [one.starts_at.astimezone(zone).date() for one in ordered]
    rows: list[TimelineRow] = []
    for at, (one, day) in enumerate(zip(ordered, days, strict=True)):
        if at == 0 or days[at - 1] != day:
            rows.append(DayRow(day_heading(day, today)))
        joined = at + 1 < len(ordered) and days[at + 1] == day
        rows.append(VisitRow(one, visit_title(one), second_line(one, zone), joined))
    return rows


def day_heading(day: dt.date, today: dt.date) -> str:
    """`Hoje, 24 de novembro`, `12 de outubro`, `3 de março de 2024`."""
    written = formats.day_and_month(day)
    if abs((day - today).days) < 2:
        return f"{capitalised(relative_day(day, today))}, {written}"
    return written if day.year == today.year else _("{day} {year}").format(day=written, year=day.year)


def visit_title(appointment: Appointment) -> str:
    """What it was; a visit that did not take place says so first."""
    service = appointment.service_name
    lowered = service[:1].lower() + service[1:]
    if appointment.status is Status.NO_SHOW:
        return _("Did not come: {service}").format(service=lowered)
    if appointment.status is Status.CANCELLED:
        return _("Cancelled: {service}").format(service=lowered)
    return service


def second_line(appointment: Appointment, zone: dt.tzinfo) -> tuple[str, ...]:
    """When, with whom, where, how long; why it was given up."""
    minutes = appointment.slot.minutes
    parts = [
        formats.clock(appointment.starts_at, zone),
        appointment.professional_name,
        appointment.room_name,
        appointment.cancel_reason or ngettext("{count} min", "{count} min", minutes).format(count=minutes),
    ]
    return tuple(part for part in parts if part)


class TimelineModel(QAbstractListModel):
    """Days and visits as rows; only visits can be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[TimelineRow] = []

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == VisitRole.ROW:
            return row
        if role == VisitRole.APPOINTMENT:
            return row.appointment if isinstance(row, VisitRow) else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(row, DayRow):
                return row.title
            return ", ".join((row.title, *row.second, _(status_look(row.appointment).word)))
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if isinstance(index.data(VisitRole.ROW), DayRow):
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def show(self, rows: Sequence[TimelineRow]) -> None:
        """Hold these rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()


class TimelineDelegate(QStyledItemDelegate):
    """Days as quiet headings, visits with their disc on the line that joins a day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        heading = isinstance(index.data(VisitRole.ROW), DayRow)
        return QSize(0, (_HEADING if heading else _VISIT) + current().density.text_extra * 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(VisitRole.ROW)
        theme = current()
        area = QRectF(option.rect)
        painter.save()
        if isinstance(row, DayRow):
            line = area.adjusted(0, 14, 0, 0)
            drawing.text(painter, line, row.title, theme.font("label", True), theme.color("muted"))
        elif isinstance(row, VisitRow):
            self._paint_visit(painter, theme, area, row, option.state)
        painter.restore()

    def _paint_visit(
        self, painter: QPainter, theme: Theme, area: QRectF, row: VisitRow, state: QStyle.StateFlag
    ) -> None:
        look = status_look(row.appointment)
        wanted = QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected
        if state & wanted:
            drawing.box(painter, area.adjusted(_DISC + 6, 1, 0, -1), 8, theme.color("sunken"))
        disc = QRectF(area.left(), area.top() + 8, _DISC, _DISC)
        if row.joined:
            painter.fillRect(
                QRectF(disc.center().x() - 0.5, disc.bottom(), 1, area.bottom() + 8 - disc.bottom()),
                theme.color("line"),
            )
        drawing.box(painter, disc, _DISC / 2, theme.color("sunken"))
        icons.paint(
            painter, look.icon, chip_colours(look.tone)[1], QRectF(disc.center().x() - 7, disc.center().y() - 7, 14, 14)
        )
        word = _(look.word)
        wide = chip_width(word, look.icon)
        paint_chip(
            painter, QRectF(area.right() - wide - 4, area.center().y() - 12, wide, 24), word, look.tone, look.icon
        )
        left = disc.right() + 16
        room = area.right() - wide - 16 - left
        first = QRectF(left, area.top() + 6, room, 20)
        font = theme.font("strong")
        drawing.text(painter, first, fitting([row.title], font, room), font, theme.color("text"))
        small = theme.font("second", numbers=True)
        forms = [" · ".join(row.second[:count]) for count in range(len(row.second), 0, -1)]
        drawing.text(painter, first.translated(0, 19), fitting(forms, small, room), small, theme.color("muted"))
