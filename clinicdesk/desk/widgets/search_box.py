"""Where one searches: the box itself, and the header's button that looks like it and opens search."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.key_cap import key_cap_height, key_cap_width, paint_key_cap


class SearchBox(LineEdit):
    """A line with a magnifier; `key` is the key that leads here. Esc clears, and passes on when nothing is left."""

    def __init__(self, placeholder: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(placeholder, icon="search", parent=parent)
        self._key = key
        self.setAccessibleName(placeholder)
        self.setTextMargins(24, 0, key_cap_width(key) + 4 if key else 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._key:
            _paint_cap(QPainter(self), self, self._key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)


class SearchTrigger(QAbstractButton):
    """Looks like a search box and is a button: what opens is a place of its own."""

    def __init__(self, words: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setText(words)
        self.setAccessibleDescription(key)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(words)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = current()
        words = round(drawing.width_of(self.text(), theme.font("body"))) + key_cap_width(self._key)
        return QSize(max(232, words + 62), max(36, theme.line_height("body") + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._around_words(), self.sizeHint().height())

    def _around_words(self) -> int:
        return key_cap_width(self._key) + 54

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        line = theme.color("border") if self.underMouse() else None
        drawing.box(painter, QRectF(self.rect()), 8, theme.color("sunken"), line)
        icons.paint(painter, "search", "muted", QRectF(12, 0, 16, self.height()))
        words = QRectF(36, 0, self.width() - 36, self.height())
        if drawing.width_of(self.text(), theme.font("body")) + self._around_words() <= self.width():
            drawing.text(painter, words, self.text(), theme.font("body"), theme.color("faint"))
        _paint_cap(painter, self, self._key)


def _paint_cap(painter: QPainter, widget: QWidget, key: str) -> None:
    theme = current()
    width = key_cap_width(key)
    height = key_cap_height()
    area = QRectF(widget.width() - width - 10, (widget.height() - height) / 2, width, height)
    paint_key_cap(painter, area, key, theme.color("muted"), theme.color("sunken"), theme.color("line"))
