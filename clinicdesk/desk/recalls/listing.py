"""The list of recalls: one row each, in the order they are worked off."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from clinicdesk.desk.recalls.words import due_words, tried_words, what_for
from clinicdesk.desk.theme import Theme
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.chip import HEIGHT, chip_width, paint_chip
from clinicdesk.desk.widgets.rows import Index, ListView, RowDelegate
from clinicdesk.domain.patients import shorter_names, show_phone
from clinicdesk.domain.recall import Recall
from clinicdesk.words import _

_PAD = 24
_MONTH_WIDTH = 232
_TRIED_WIDTH = 250
_NARROW = 720  # below it the phone and what was tried are left to the panel


class RecallModel(QAbstractListModel):
    """Rows of Recall; the accessible text says all of a row."""

    def __init__(self, today: Callable[[], dt.date], zone: Callable[[], dt.tzinfo], parent: QObject) -> None:
        super().__init__(parent)
        self._today, self._zone = today, zone
        self.recalls: tuple[Recall, ...] = ()

    def show(self, recalls: Sequence[Recall]) -> None:
        """Show these."""
        self.beginResetModel()
        self.recalls = tuple(recalls)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.recalls)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.recalls):
            return None
        recall = self.recalls[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return recall
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(self.lines(recall))
        return None

    def lines(self, recall: Recall) -> tuple[str, ...]:
        """Every text of a row."""
        today, zone = self._today(), self._zone()
        due, _tone = due_words(recall, today)
        phone = show_phone(recall.patient_phone) or _("No phone")
        return recall.patient_name, what_for(recall), due, phone, tried_words(recall, today, zone)


class RecallDelegate(RowDelegate):
    """Name over what for; the month as a chip; the phone over what was tried."""

    def __init__(self, model: RecallModel, today: Callable[[], dt.date], parent: QWidget) -> None:
        super().__init__(two_lines=True, inset=_PAD, parent=parent)
        self._model, self._today = model, today

    def paint_content(
        self, painter: QPainter, theme: Theme, area: QRectF, index: Index, option: QStyleOptionViewItem
    ) -> None:
        recall = index.data(Qt.ItemDataRole.UserRole)
        name, what, due, phone, tried = self._model.lines(recall)
        inner = area.adjusted(_PAD, 0, -_PAD, 0)
        scale = theme.text_scale
        tried_width = _TRIED_WIDTH * scale if inner.width() >= _NARROW * scale else 0
        month_width = _MONTH_WIDTH * scale
        right = QRectF(inner.right() - tried_width, inner.top(), tried_width, inner.height())
        month = QRectF(right.left() - month_width, inner.top(), month_width, inner.height())
        left = QRectF(inner.left(), inner.top(), month.left() - inner.left() - 12, inner.height())
        self._two(painter, theme, left, name, what)
        chip = QRectF(month.left(), month.center().y() - HEIGHT / 2, 0, HEIGHT)
        tone = due_words(recall, self._today())[1]
        icon = "triangle-alert" if tone == "danger" else "calendar-days"
        chip.setWidth(chip_width(due, icon))
        paint_chip(painter, chip, due, tone, icon)
        if tried_width:
            self._two(painter, theme, right, phone, tried)

    def _two(self, painter: QPainter, theme: Theme, area: QRectF, first: str, second: str) -> None:
        heights = theme.line_height("control"), theme.line_height("second")
        top = area.center().y() - sum(heights) / 2
        strong, quiet = theme.font("strong", numbers=True), theme.font("second", numbers=True)
        upper = QRectF(area.left(), top, area.width(), heights[0])
        names = (form for form in shorter_names(first) if drawing.width_of(form, strong) <= area.width())
        drawing.text(painter, upper, next(names, first), strong, theme.color("text"))
        lower = QRectF(area.left(), upper.bottom(), area.width(), heights[1])
        drawing.text(painter, lower, second, quiet, theme.color("muted"))


class RecallList(ListView):
    """`picked` carries the recall the row of which is chosen, or None."""

    picked = Signal(object)

    def __init__(self, model: RecallModel, today: Callable[[], dt.date], parent: QWidget | None = None) -> None:
        super().__init__(_("Recalls"), parent)
        self.setModel(model)
        self.setItemDelegate(RecallDelegate(model, today, self))
        self.selectionModel().currentChanged.connect(lambda now, _old: self.picked.emit(self._at(now)))

    @property
    def chosen(self) -> Recall | None:
        """The recall that is chosen."""
        return self._at(self.currentIndex())

    def choose(self, recall_id: UUID | None, row: int) -> None:
        """Choose a recall; when it is gone, whoever stands at `row` now."""
        model = self.model()
        assert isinstance(model, RecallModel)
        rows = [place for place, one in enumerate(model.recalls) if one.id == recall_id]
        place = rows[0] if rows else min(row, len(model.recalls) - 1)
        if place >= 0:
            self.setCurrentIndex(model.index(place))

    def _at(self, index: QModelIndex) -> Recall | None:
        found = index.data(Qt.ItemDataRole.UserRole)
        return found if isinstance(found, Recall) else None
