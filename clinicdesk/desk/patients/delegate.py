"""A row of the patients' list: 64 high, the selected one with its bar, letters that matched in bold."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QToolTip, QWidget

from clinicdesk.desk.patients.model import PatientRole
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets.patient_row import paint_patient
from clinicdesk.desk.widgets.patient_words import Line, line
from clinicdesk.desk.widgets.rows import Index, RowDelegate, paint_row
from clinicdesk.domain.patients import PatientMatch

_EXTRA = 4  # above the two-line row of the density
_PADDING = 16
_TEXT_LEFT = 64


class PatientDelegate(RowDelegate):
    """`words` are the folded words that were searched; `now` and `zone` say when “today” is."""

    def __init__(
        self, now: Callable[[], dt.datetime], zone: Callable[[], dt.tzinfo], parent: QWidget | None = None
    ) -> None:
        super().__init__(two_lines=True, inset=_TEXT_LEFT, parent=parent)
        self.words: Sequence[str] = ()
        self._now = now
        self._zone = zone

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        theme = current()
        area = QRectF(option.rect)
        paint_row(painter, theme, area, option.state, self._inset, rounded=True)
        self.paint_content(painter, theme, area, index, option)
        painter.restore()

    def paint_content(
        self, painter: QPainter, theme: Theme, area: QRectF, index: Index, option: QStyleOptionViewItem
    ) -> None:
        found = self._line(index)
        if found is not None:
            paint_patient(painter, theme, area.adjusted(_PADDING, 0, -_PADDING / 2, 0), found)

    def displayText(self, value: object, locale: object) -> str:
        return str(value)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        found = self._line(index)
        if event.type() != QEvent.Type.ToolTip or found is None:
            return super().helpEvent(event, view, option, index)
        # Plain text that looks like markup would be shown as markup.
        words = found.spoken.replace("&", "&amp;").replace("<", "&lt;")
        QToolTip.showText(event.globalPos(), f"<span>{words}</span>", view)
        return True

    def _line(self, index: Index) -> Line | None:
        match = index.data(PatientRole.MATCH)
        if not isinstance(match, PatientMatch):
            return None
        return line(match, self._now(), self._zone(), self.words)


def row_height() -> int:
    """The height of one row at the density in use."""
    return current().density.row_two_lines + _EXTRA
