"""Visits as a list: one row each with time, patient, service, professional, room and status. The accessible agenda."""

from uuid import UUID

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from clinicdesk.desk import icons, theme
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.card_text import flags_of, service_forms
from clinicdesk.desk.agenda.list_rows import ListRows
from clinicdesk.desk.agenda.model import AgendaColumn, AgendaModel, AgendaRole
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.chip import chip_width, paint_chip
from clinicdesk.desk.widgets.patient_row import fitting
from clinicdesk.desk.widgets.status import STATUS_LOOKS
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.patients import shorter_names
from clinicdesk.words import _

_Index = QModelIndex | QPersistentModelIndex
_PAD = 12
_FLAG = 14
_FIXED = {AgendaColumn.DATE: 100, AgendaColumn.TIME: 112, AgendaColumn.ROOM: 112, AgendaColumn.STATUS: 156}
_SHARES = {AgendaColumn.PATIENT: 5, AgendaColumn.SERVICE: 5, AgendaColumn.PROFESSIONAL: 4}
_NARROW = 620


class VisitList(QTableView):
    """`selected` carries the chosen visit's id or None; `activated_visit` is Enter or a double click on one."""

    selected = Signal(object)  # appointment id or None
    activated_visit = Signal(object)  # Appointment
    menu_requested = Signal(object, QPoint)  # appointment id or None, where on the screen

    def __init__(self, model: AgendaModel, *, dates: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ListRows(model, self)
        self._dates = dates
        self.setModel(self.rows)
        self.setItemDelegate(_CellDelegate(self))
        self.setAccessibleName(_("List of visits"))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSortingEnabled(True)
        self.sortByColumn(AgendaColumn.TIME, Qt.SortOrder.AscendingOrder)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setAccessibleName(_("Sort by"))
        self.setColumnHidden(AgendaColumn.DATE, not dates)
        self._dressed(theme.current())
        theme.switch().changed.connect(self._dressed)
        self.doubleClicked.connect(self._activate)

    # --- what others ask ---

    def choose(self, appointment_id: UUID | None) -> None:
        """Choose the row of a visit, or none, without telling anyone."""
        chosen = self.chosen
        if appointment_id == (chosen.id if chosen else None):
            return
        self.selectionModel().blockSignals(True)
        row = self.row_of(appointment_id)
        if row is None:
            self.clearSelection()
        else:
            index = self.rows.index(row, self._first_column())
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, flags)
            self.scrollTo(index)
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    @property
    def chosen(self) -> Appointment | None:
        """The visit of the chosen row; of several, of the one the keyboard is on."""
        index = self.currentIndex()
        if not index.isValid() or not self.selectionModel().isSelected(index):
            return None
        found = index.data(AgendaRole.APPOINTMENT)
        return found if isinstance(found, Appointment) else None

    @property
    def all_chosen(self) -> list[Appointment]:
        """The visits of every chosen row, in order."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows(self._first_column()))
        return [self.rows.index(row, 0).data(AgendaRole.APPOINTMENT) for row in rows]

    def row_of(self, appointment_id: UUID | None) -> int | None:
        """The row a visit stands in; None when it is not shown."""
        rows = range(self.rows.rowCount())
        return next((row for row in rows if self.rows.index(row, 0).data(AgendaRole.ID) == appointment_id), None)

    # --- events ---

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        chosen = self.chosen
        self.selected.emit(chosen.id if chosen else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen is not None:
            self.activated_visit.emit(self.chosen)
        elif key == Qt.Key.Key_Escape:
            self.clearSelection()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.chosen is None:
            self.selectRow(0)
        elif event.text() and event.text().isprintable() and not event.modifiers():
            event.ignore()  # letters are the page's keys, not the beginning of a search
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            where = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        else:
            index, where = self.indexAt(event.pos()), event.globalPos()
        if index.isValid():
            self.menu_requested.emit(index.data(AgendaRole.ID), where)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    # --- within ---

    def _activate(self, index: QModelIndex) -> None:
        self.activated_visit.emit(index.data(AgendaRole.APPOINTMENT))

    def _first_column(self) -> AgendaColumn:
        return AgendaColumn.DATE if self._dates else AgendaColumn.TIME

    def _share_width(self) -> None:
        """Words share what the figures leave; where that is little, the room goes first."""
        scale = theme.current().text_scale
        fixed = {
            key: round(width * scale) for key, width in _FIXED.items() if key is not AgendaColumn.DATE or self._dates
        }
        narrow = self.viewport().width() < (_NARROW + (_FIXED[AgendaColumn.DATE] if self._dates else 0)) * scale
        self.setColumnHidden(AgendaColumn.ROOM, narrow)
        if narrow:
            fixed.pop(AgendaColumn.ROOM)
        left = max(self.viewport().width() - sum(fixed.values()), 240)
        for column, width in fixed.items():
            self.setColumnWidth(column, width)
        for column, share in _SHARES.items():
            self.setColumnWidth(column, left * share // sum(_SHARES.values()))

    def _dressed(self, now: theme.Theme) -> None:
        self.verticalHeader().setDefaultSectionSize(max(now.density.row, now.line_height("control") + 14))
        self._share_width()


class _CellDelegate(QStyledItemDelegate):
    """One cell. The ground, the bar of the chosen row and the line below are drawn cell by cell, edge to edge."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        appointment = index.data(AgendaRole.APPOINTMENT)
        if not isinstance(appointment, Appointment):
            return
        area, column = QRectF(option.rect), AgendaColumn(index.column())
        table = self.parent()
        assert isinstance(table, VisitList)
        painter.save()
        self._paint_ground(painter, area, option, first=column is table._first_column())
        if column is AgendaColumn.STATUS:
            _paint_status(painter, area, appointment.status)
        elif column is AgendaColumn.PATIENT:
            _paint_patient(painter, area, appointment)
        else:
            strong = column is AgendaColumn.TIME
            font = theme.current().font("control" if strong else "body", numbers=column <= AgendaColumn.TIME)
            room = area.adjusted(_PAD, 0, -4, 0)
            ink = _ink(appointment.status, "text" if strong else "muted")
            drawing.text(
                painter, room, fitting(_forms(str(index.data())), font, room.width()), font, theme.current().color(ink)
            )
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRectF, option: QStyleOptionViewItem, *, first: bool) -> None:
        now = theme.current()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(area, now.color("selected" if selected else "hover" if hovered else "surface"))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), now.color("lineSoft"))
        if selected and first:
            drawing.box(painter, QRectF(area.left(), area.center().y() - 14, 3, 28), 1.5, now.color("accent"))


def _paint_status(painter: QPainter, area: QRectF, status: Status) -> None:
    look = STATUS_LOOKS[status.value]
    wide = chip_width(_(look.word), look.icon)
    paint_chip(
        painter, QRectF(area.left() + _PAD, area.center().y() - 12, wide, 24), _(look.word), look.tone, look.icon
    )


def _paint_patient(painter: QPainter, area: QRectF, appointment: Appointment) -> None:
    now = theme.current()
    seen = privacy.shown(appointment)
    flags = flags_of(seen)
    room = area.adjusted(_PAD, 0, -4 - len(flags) * (_FLAG + 4), 0)
    font = now.font("strong")
    name = fitting(list(shorter_names(seen.patient_name)), font, room.width())
    drawing.text(painter, room, name, font, now.color(_ink(appointment.status, "text")))
    x = room.left() + drawing.width_of(name, font) + 8
    for flag in flags:
        ink = "danger" if flag == "shield-alert" else "muted"
        icons.paint(painter, flag, ink, QRectF(x, area.center().y() - _FLAG / 2, _FLAG, _FLAG))
        x += _FLAG + 4


def _ink(status: Status, usual: str) -> str:
    return {Status.NO_SHOW: "dangerText", Status.CANCELLED: "faint", Status.COMPLETED: "muted"}.get(status, usual)


def _forms(words: str) -> list[str]:
    """The words and what is left when whole parts, then whole words go from the end."""
    parts = words.split(" · ")
    shorter = [" · ".join(parts[:count]) for count in range(len(parts), 1, -1)]
    return [*shorter, *service_forms(parts[0])]
