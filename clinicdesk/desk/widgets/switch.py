"""Switch, check box and radio button: what is on is accent, what is off keeps a border of three to one."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing

_GAP = 8


class _Toggle(QAbstractButton):
    """A mark with an optional text at its right; without text `name` is what a screen reader says."""

    mark = QSize(18, 18)

    def __init__(self, text: str = "", name: str = "", checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setChecked(checked)
        self.setProperty("radius", 4)
        self.setAccessibleName(name or text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = round(drawing.width_of(self.text(), current().font("control"))) + _GAP + 2 if self.text() else 0
        return QSize(self.mark.width() + words, max(24, current().line_height("control")))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        if not self.isEnabled():
            painter.setOpacity(0.5)
        area = QRectF(0, (self.height() - self.mark.height()) / 2, self.mark.width(), self.mark.height())
        self._paint_mark(painter, theme, area)
        painter.setOpacity(1.0)
        words = QRectF(self.mark.width() + _GAP, 0, self.width(), self.height())
        ink = theme.color("text" if self.isEnabled() else "faint")
        drawing.text(painter, words, self.text(), theme.font("control"), ink)

    def _paint_mark(self, painter: QPainter, theme: Theme, area: QRectF) -> None:
        raise NotImplementedError


class Switch(_Toggle):
    """On or off, at once, without a form to save."""

    mark = QSize(36, 20)

    def __init__(self, text: str = "", name: str = "", checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, name, checked, parent)
        self.setProperty("radius", 10)

    def _paint_mark(self, painter: QPainter, theme: Theme, area: QRectF) -> None:
        drawing.box(painter, area, 10, theme.color("accent" if self.isChecked() else "field"))
        left = area.right() - 18 if self.isChecked() else area.left() + 2
        knob = "onAccent" if self.isChecked() and theme.dark else "thumb"
        drawing.box(painter, QRectF(left, area.top() + 2, 16, 16), 8, theme.color(knob))


class CheckBox(_Toggle):
    """One yes or no of several, saved with its form."""

    def _paint_mark(self, painter: QPainter, theme: Theme, area: QRectF) -> None:
        if self.isChecked():
            drawing.box(painter, area, 4, theme.color("accent"))
            icons.paint(painter, "check", "onAccent", area.adjusted(2, 2, -2, -2))
        else:
            drawing.box(painter, area, 4, theme.color("surface"), theme.color("field"))


class RadioButton(_Toggle):
    """One of several under the same parent."""

    def __init__(self, text: str = "", name: str = "", checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, name, checked, parent)
        self.setProperty("radius", 9)
        self.setAutoExclusive(True)

    def _paint_mark(self, painter: QPainter, theme: Theme, area: QRectF) -> None:
        on = self.isChecked()
        line = theme.color("accent" if on else "field")
        drawing.box(painter, area, 9, theme.color("surface"), line, 2.0 if on else 1.0)
        if on:
            centre = area.center()
            drawing.box(painter, QRectF(centre - QPointF(4, 4), centre + QPointF(4, 4)), 4, theme.color("accent"))
