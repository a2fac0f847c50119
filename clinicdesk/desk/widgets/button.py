"""Buttons: one primary per surface, the key that works shown inside, the reason in the tool tip when refused."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.key_cap import key_cap_height, key_cap_width, paint_key_cap
from clinicdesk.desk.widgets.label import plain_tip

SIZES = {"small": 24, "dense": 32, "normal": 36, "key": 40, "sale": 48}
_ICON = 16
_GAP = 8
_CAP_GAP = 10


@dataclass(frozen=True)
class _Ink:
    text: str
    icon: str
    role: str


_INKS = {
    "primary": _Ink("onAccent", "onAccent", "strong"),
    "secondary": _Ink("text", "muted", "control"),
    "soft": _Ink("accentText", "accentText", "strong"),
    "flat": _Ink("text", "muted", "control"),
    "quiet": _Ink("muted", "muted", "control"),
    "danger": _Ink("onDanger", "onDanger", "strong"),
    "link": _Ink("accentText", "accentText", "strong"),
    "toast": _Ink("toastAccent", "onToast", "strong"),
    "banner": _Ink("text", "text", "strong"),
}


class Button(QPushButton):
    """A button of a kind: primary, secondary, soft, flat, quiet, link, danger; `key` is shown as a cap.

    `tone="danger"` writes a secondary or flat button in danger ink. `refuse(reason)` disables it and says why.
    """

    def __init__(
        self,
        text: str = "",
        kind: str = "secondary",
        icon: str = "",
        key: str = "",
        size: str = "normal",
        tone: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._icon_name = icon
        self._key = key
        self._size = size
        self._tone = tone
        self._dot = False
        self._busy = False
        self.setProperty("kind", kind)
        self.setProperty("painted", "true")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        if key:
            self.setAccessibleDescription(key)

    def set_icon(self, name: str) -> None:
        """Show another icon; empty for none."""
        self._icon_name = name
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """Show another key, or none."""
        self._key = key
        self.setAccessibleDescription(key)
        self.updateGeometry()
        self.update()

    def set_dot(self, shown: bool) -> None:
        """A small red dot on the icon: something new waits behind it."""
        self._dot = shown
        self.update()

    def set_busy(self, busy: bool) -> None:
        """While the work runs the button keeps its place and cannot be pressed twice."""
        self._busy = busy
        self.setEnabled(not busy)
        self.update()

    def refuse(self, reason: str) -> None:
        """Disable the button and say why in the tool tip."""
        self.setEnabled(False)
        self.setToolTip(plain_tip(reason))

    def permit(self) -> None:
        """Enable the button again."""
        self.setEnabled(True)
        self.setToolTip("")

    def sizeHint(self) -> QSize:
        height = max(SIZES[self._size], current().line_height(self._ink().role) + 4)
        if not self.text():
            return QSize(height, height)
        padding = 14 if height >= 36 else 12
        if self.property("kind") == "link":
            padding = 4
        return QSize(round(self._content_width()) + 2 * padding, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        theme = current()
        ink = self._ink()
        left = (self.width() - self._content_width()) / 2
        name = "loader-circle" if self._busy else self._icon_name
        if name:
            icons.paint(painter, name, self._colour(theme, ink.icon), QRectF(left, 0, _ICON, self.height()))
            self._paint_dot(painter, theme, left)
            left += _ICON + _GAP
        if self.text():
            width = drawing.width_of(self._words(), self._font(ink))
            area = QRectF(left, 0, width + 2, self.height())
            drawing.text(painter, area, self._words(), self._font(ink), self._colour(theme, ink.text))
            left += width + _CAP_GAP
        if self._key and self.text():
            self._paint_cap(painter, theme, left)

    def _paint_cap(self, painter: QPainter, theme: Theme, left: float) -> None:
        height = key_cap_height()
        area = QRectF(left, (self.height() - height) / 2, key_cap_width(self._key), height)
        if self.property("kind") in ("secondary", "flat", "quiet", "banner") or not self.isEnabled():
            fill, line = theme.color("sunken"), theme.color("line")
            paint_key_cap(painter, area, self._key, theme.color("muted"), fill, line)
        else:
            ink = self._colour(theme, self._ink().text)
            fill = QColor(ink)
            fill.setAlphaF(0.18)
            paint_key_cap(painter, area, self._key, ink, fill)

    def _paint_dot(self, painter: QPainter, theme: Theme, left: float) -> None:
        if self._dot:
            top = (self.height() - _ICON) / 2
            drawing.box(painter, QRectF(left + _ICON - 3, top - 3, 6, 6), 3, theme.color("danger"))

    def _content_width(self) -> float:
        width = 0.0
        if self._icon_name or self._busy:
            width += _ICON + (_GAP if self.text() else 0)
        if self.text():
            width += drawing.width_of(self._words(), self._font(self._ink()))
            width += _CAP_GAP + key_cap_width(self._key) if self._key else 0
        return width

    def _words(self) -> str:
        return self.text().replace("&", "")

    def _ink(self) -> _Ink:
        return _INKS[str(self.property("kind"))]

    def _font(self, ink: _Ink) -> QFont:
        return current().font(ink.role)

    def _colour(self, theme: Theme, token: str) -> QColor:
        if not self.isEnabled():
            return theme.color("faint")
        return theme.color(f"{self._tone}Text") if self._tone else theme.color(token)


def icon_button(icon: str, name: str, kind: str = "flat", size: str = "normal", key: str = "") -> Button:
    """A square button with an icon alone; `name` is what a screen reader says and the tool tip shows."""
    button = Button("", kind, icon, size=size)
    button.setAccessibleName(name)
    button.setToolTip(plain_tip(f"{name} ({key})" if key else name))
    return button
