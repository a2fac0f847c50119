"""What a person types into: one line, several lines, a password, a choice."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QListView, QPlainTextEdit, QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.words import _


class LineEdit(QLineEdit):
    """One line; `icon` stands before the text, `numbers` gives figures of one width."""

    def __init__(
        self, placeholder: str = "", icon: str = "", numbers: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setPlaceholderText(placeholder)
        if numbers:
            self.setFont(current().font("body", numbers=True))
        if icon:
            self.setTextMargins(24, 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._icon:
            icons.paint(QPainter(self), self._icon, "muted", QRectF(12, 0, 16, self.height()))


class PasswordEdit(LineEdit):
    """A password, hidden until the eye is pressed; the eye is outside the tab order, so Enter follows the typing."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(placeholder, parent=parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setTextMargins(0, 0, 32, 0)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self._eye = icon_button("eye", _("Show password"), size="small")
        self._eye.setParent(self)
        self._eye.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._eye.clicked.connect(self._toggle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = 28
        self._eye.setGeometry(self.width() - side - 4, (self.height() - side) // 2, side, side)

    def conceal(self) -> None:
        """Hide the password again."""
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye.set_icon("eye")

    def _toggle(self) -> None:
        if self.echoMode() == QLineEdit.EchoMode.Normal:
            self.conceal()
            return
        self.setEchoMode(QLineEdit.EchoMode.Normal)
        self._eye.set_icon("eye-off")


class TextArea(QPlainTextEdit):
    """Several lines; Tab moves on, as everywhere else in a form."""

    def __init__(self, placeholder: str = "", lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self._lines = lines
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def sizeHint(self) -> QSize:
        return QSize(240, self._lines * current().line_height("body") + 26)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Select(QComboBox):
    """A choice from a list; `options` are (value, label). The wheel scrolls the page, not the choice."""

    def __init__(
        self, options: Sequence[tuple[object, str]] = (), icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setView(QListView(self))
        self.setProperty("leading", "icon" if icon else "")
        container = self.view().window()
        container.setWindowFlags(
            Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        )
        container.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.set_options(options)

    def set_options(self, options: Sequence[tuple[object, str]]) -> None:
        """Offer these; the value that was chosen stays chosen when it is still there."""
        kept = self.value
        self.clear()
        for value, label in options:
            self.addItem(label, value)
        if kept is not None:
            self.set_value(kept)

    @property
    def value(self) -> object:
        """The chosen value, None when there is nothing to choose."""
        return self.currentData()

    def set_value(self, value: object) -> None:
        """Choose by value; a value that is not offered changes nothing."""
        for row in range(self.count()):
            if self.itemData(row) == value:
                self.setCurrentIndex(row)
                return

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        ink = "muted" if self.isEnabled() else "faint"
        icons.paint(painter, "chevron-down", ink, QRectF(self.width() - 28, 0, 16, self.height()))
        if self._icon:
            icons.paint(painter, self._icon, ink, QRectF(12, 0, 16, self.height()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.showPopup()
            return
        super().keyPressEvent(event)
