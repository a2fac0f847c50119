"""A choice of a few that are all in sight, such as day, week, month."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing


class Segmented(QWidget):
    """`options` are (key, label) pairs; the first is chosen. Arrow keys move the choice, `chosen` names the key."""

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._segments: dict[str, _Segment] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(0)
        for key, label in options:
            segment = _Segment(label, key)
            self._segments[key] = segment
            self._group.addButton(segment)
            row.addWidget(segment)
            segment.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            segment.stepped.connect(self._step)
            segment.toggled.connect(self.update)
        next(iter(self._segments.values())).setChecked(True)

    @property
    def current(self) -> str:
        """The key of the chosen option."""
        return next(key for key, segment in self._segments.items() if segment.isChecked())

    def set_current(self, key: str) -> None:
        """Choose without telling anyone."""
        self._segments[key].setChecked(True)

    def focus_current(self) -> None:
        """Give the chosen option the keyboard."""
        self._segments[self.current].setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        drawing.box(painter, QRectF(self.rect()), 8, theme.color("sunken"), theme.color("line"))
        thumb = self._segments[self.current].geometry()
        drawing.shadow(painter, thumb, 6, 1)  # drawn here because the thumb itself is cut at its own edge

    def _step(self, by: int) -> None:
        keys = list(self._segments)
        key = keys[(keys.index(self.current) + by) % len(keys)]
        self._segments[key].setChecked(True)
        self._segments[key].setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(key)


class _Segment(QAbstractButton):
    stepped = Signal(int)

    def __init__(self, label: str, key: str) -> None:
        super().__init__()
        self.setText(label)
        self.setObjectName(key)
        self.setCheckable(True)
        self.setProperty("radius", 6)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self._only_one_in_the_tab_order)
        self._only_one_in_the_tab_order(False)

    def sizeHint(self) -> QSize:
        return QSize(
            round(drawing.width_of(self.text(), current().font("strong"))) + 32,
            max(30, current().line_height("strong") + 8),
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        area = QRectF(self.rect())
        if self.isChecked():
            ground = "accentSoft" if theme.dark else "surface"
            drawing.box(painter, area, 6, theme.color(ground))
        ink = "text" if self.isChecked() else "muted"
        if self.underMouse() and not self.isChecked():
            ink = "text"
        role = "strong" if self.isChecked() else "control"
        drawing.text(painter, area, self.text(), theme.font(role), theme.color(ink), Qt.AlignmentFlag.AlignHCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        by = steps.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(by)

    def _only_one_in_the_tab_order(self, checked: bool) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if checked else Qt.FocusPolicy.ClickFocus)
