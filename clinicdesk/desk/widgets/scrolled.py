"""Content that scrolls where the window is too low for it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from clinicdesk.desk.stylesheet import stand_on


def scrolled(content: QWidget) -> QScrollArea:
    """Content as wide as its place: it scrolls up and down alone, and its fields take the keys."""
    scroll = _around(content)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll


def scrolled_column(column: QWidget, widest: int, by_keys: bool = False) -> QScrollArea:
    """A column at the left of its place, never wider than `widest`; what is only read is scrolled `by_keys` too."""
    column.setMaximumWidth(widest)
    column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    holder = QWidget()
    stand_on(holder, "surface")
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(column, 100)
    row.addStretch(1)
    scroll = _around(holder)
    if not by_keys:
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll


def _around(content: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidget(content)
    return scroll
