"""Content with a side panel: side by side where the window is wide enough, else the panel lies over the content."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets.side_panel import SidePanel

NARROW = 1280  # a window narrower than this has no room for both
_SHADE = 20


class Beside(QWidget):
    """Over the content the panel shows only what is selected, or what `reveal` asked for; Esc puts it away.

    `floating_changed` says whether the panel lies over the content, so that something can offer to open it.
    """

    floating_changed = Signal(bool)
    covered_changed = Signal(int)  # pixels of the content that lie under the panel

    def __init__(self, content: QWidget, panel: SidePanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._panel = panel
        self._revealed = False
        self.floating = False
        self._covered = 0
        content.setParent(self)
        self._shade = _Shade(self)
        panel.setParent(self)
        panel.content_changed.connect(self._content_changed)
        panel.emptied.connect(self.put_away)
        panel.installEventFilter(self)

    def reveal(self) -> None:
        """Show the panel though nothing is selected."""
        self._revealed = True
        self._place()

    def toggle(self) -> None:
        """Show the panel, or put it away with what is selected in it."""
        if self._panel.isVisible():
            self.put_away()
            self._panel.empty()
        else:
            self.reveal()

    def put_away(self) -> None:
        """Let the panel go again where it lies over the content."""
        self._revealed = False
        self._place()

    def minimumSizeHint(self) -> QSize:
        return self._content.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._panel and event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return False

    def _content_changed(self) -> None:
        focused = QApplication.focusWidget()
        gone = self.floating and self._panel.content is None and not self._revealed
        if gone and focused is not None and self._panel.isAncestorOf(focused):
            self._content.setFocus()
        self._place()

    def _place(self) -> None:
        floating = self.window().width() < NARROW
        width = self._panel.width()
        shown = not floating or self._revealed or self._panel.content is not None
        area = self.rect()
        beside = area.adjusted(0, 0, -width, 0)
        self._content.setGeometry(area if floating else beside)
        self._panel.setGeometry(QRect(area.right() + 1 - width, 0, width, area.height()))
        self._panel.setVisible(shown)
        self._shade.setGeometry(area.right() + 1 - width - _SHADE, 0, _SHADE, area.height())
        self._shade.setVisible(shown and floating)
        self._shade.raise_()
        self._panel.raise_()
        if floating != self.floating:
            self.floating = floating
            self.floating_changed.emit(floating)
        covered = width if shown and floating else 0
        if covered != self._covered:
            self._covered = covered
            self.covered_changed.emit(covered)


class _Shade(QWidget):
    """The soft edge of a panel that lies over something."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        shade = QLinearGradient(0, 0, self.width(), 0)
        shade.setColorAt(0, theme.color("shadow", 0.0))
        shade.setColorAt(1, theme.color("shadow", 0.4 if theme.dark else 0.1))
        QPainter(self).fillRect(self.rect(), shade)
