"""Tabs with an underline; pages are the caller's."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.label import separator

_HEIGHT = 38
_GAP, _TIGHT = 24, 10


class Tabs(QWidget):
    """`options` are (key, label) pairs; arrows move between them, `chosen` names the key.

    The line below reaches `inset` beyond the tabs on either side.
    """

    chosen = Signal(str)

    def __init__(
        self, options: Sequence[tuple[str, str]], name: str, inset: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._tabs: dict[str, _Tab] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(inset, 0, inset, 0)
        row.setSpacing(_GAP)
        self._row, self._inset = row, inset
        for key, label in options:
            tab = _Tab(label)
            tab.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            tab.stepped.connect(self._step)
            self._tabs[key] = tab
            self._group.addButton(tab)
            row.addWidget(tab)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(separator())
        next(iter(self._tabs.values())).setChecked(True)

    @property
    def current(self) -> str:
        """The key of the tab in front."""
        return next(key for key, tab in self._tabs.items() if tab.isChecked())

    def set_current(self, key: str) -> None:
        """Bring a tab to the front without telling anyone."""
        self._tabs[key].setChecked(True)

    def set_label(self, key: str, label: str) -> None:
        """Rename a tab, as when its count changes."""
        self._tabs[key].setText(label)
        self._tabs[key].updateGeometry()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Stand closer where the text is large, before any word is cut."""
        wide = sum(tab.sizeHint().width() for tab in self._tabs.values()) + _GAP * (len(self._tabs) - 1)
        self._row.setSpacing(_GAP if wide + 2 * self._inset <= self.width() else _TIGHT)

    def _step(self, by: int) -> None:
        keys = list(self._tabs)
        key = keys[(keys.index(self.current) + by) % len(keys)]
        self._tabs[key].setChecked(True)
        self._tabs[key].setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(key)


class _Tab(QAbstractButton):
    stepped = Signal(int)

    def __init__(self, label: str) -> None:
        super().__init__()
        self.setText(label)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self._only_one_in_the_tab_order)
        self._only_one_in_the_tab_order(False)

    def sizeHint(self) -> QSize:
        return QSize(
            round(drawing.width_of(self.text(), current().font("strong", True))) + 2,
            max(_HEIGHT, current().line_height("strong") + 14),
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        on = self.isChecked()
        ink = theme.color("text" if on or self.underMouse() else "muted")
        font = theme.font("strong" if on else "control", numbers=True)
        area = QRectF(0, 0, self.width(), self.height() - 4)
        drawing.text(painter, area, self.text(), font, ink, Qt.AlignmentFlag.AlignHCenter)
        if on:
            drawing.box(painter, QRectF(0, self.height() - 2, self.width(), 2), 1, theme.color("accent"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(by)

    def _only_one_in_the_tab_order(self, checked: bool) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if checked else Qt.FocusPolicy.ClickFocus)
