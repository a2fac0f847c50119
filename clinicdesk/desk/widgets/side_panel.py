"""The panel flush at the right: what is selected, or what helps while nothing is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.label import separator

WIDTH = 336
WEEK_WIDTH = 304
PADDING = 20


def panel_width(now: theme.Theme, width: int = WIDTH) -> int:
    """How wide a panel stands: half of what larger text adds goes to the panel, half stays with what it is beside."""
    return round(width * (1 + now.text_scale) / 2)


class SidePanel(QWidget):
    """`idle` is shown while nothing is selected; Esc empties the panel and `emptied` tells so."""

    emptied = Signal()
    content_changed = Signal()

    def __init__(self, idle: QWidget | None = None, width: int = WIDTH, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self._width = width
        self._dressed(theme.current())
        theme.switch().changed.connect(self._dressed)
        self._idle = idle
        self._content: QWidget | None = None
        self._holder = QVBoxLayout()
        self._holder.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        inner = QWidget()
        inner.setLayout(self._holder)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(inner)
        inner.setAutoFillBackground(False)  # after setWidget, which turns it on
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(separator(vertical=True))
        row.addWidget(scroll, 1)
        if idle is not None:
            self._holder.addWidget(idle)

    def _dressed(self, now: theme.Theme) -> None:
        self.setFixedWidth(panel_width(now, self._width))

    @property
    def content(self) -> QWidget | None:
        """What is selected, None while the panel is idle."""
        return self._content

    def show_content(self, content: QWidget) -> None:
        """Show what was selected in place of what was there."""
        self._drop()
        self._content = content
        if self._idle is not None:
            self._idle.hide()
        self._holder.addWidget(content)
        self.content_changed.emit()

    def clear(self) -> None:
        """Back to what helps while nothing is selected."""
        self._drop()
        if self._idle is not None:
            self._idle.show()
        self.content_changed.emit()

    def empty(self) -> None:
        """Let go of what is selected, and say so."""
        if self._content is not None:
            self.clear()
        self.emptied.emit()

    def lay_aside(self, aside: bool) -> None:
        """Show what helps while nothing is selected, for as long as something is carried; the content stays chosen."""
        if self._content is not None and self._idle is not None:
            self._content.setVisible(not aside)
            self._idle.setVisible(aside)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._content is not None:
            self.empty()
        else:
            super().keyPressEvent(event)

    def _drop(self) -> None:
        if self._content is not None:
            self._holder.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
            self._content = None
