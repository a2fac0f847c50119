"""The list of keys F1 shows: built from the same table the keys are bound from."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk.shortcuts import Key, context_name, shown
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.desk.widgets.key_cap import KeyCap
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.words import _

_COLUMN = 320
_MOST_LINES = 20  # what the smallest window shows without scrolling
_AROUND = QSize(96, 150)  # the margins of the sheet and of the window, and the head


class ShortcutSheet(Popover):
    """`sections` are lists of keys, one per context; keys of one command stand on one line."""

    def __init__(self, owner: QWidget, sections: Sequence[Sequence[Key]]) -> None:
        super().__init__(owner, veiled=True, radius=16)
        self.setAccessibleName(_("Keyboard shortcuts"))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(Label(_("Keyboard shortcuts"), "title"))
        head.addStretch(1)
        close = icon_button("x", _("Close"), key="Esc")
        close.clicked.connect(self.dismiss)
        head.addWidget(close)
        column.addLayout(head)
        column.addWidget(_scrolled(_columns(sections), owner.window().size()))
        self.set_content(body)


def _columns(sections: Sequence[Sequence[Key]]) -> QWidget:
    """Every section side by side; a long one goes on in the next column."""
    columns = QWidget()
    row = QHBoxLayout(columns)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(40)
    for keys in filter(None, sections):
        lines = _lines(keys)
        for first in range(0, len(lines), _MOST_LINES):
            title = "" if first else context_name(keys[0].context)
            part = _section(title, lines[first : first + _MOST_LINES])
            row.addWidget(part, alignment=Qt.AlignmentFlag.AlignTop)
    return columns


def _scrolled(columns: QWidget, window: QSize) -> QScrollArea:
    """All of it where the window has room for it, else a part that moves."""
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.viewport().setAutoFillBackground(False)
    scroll.setWidget(columns)
    columns.setAutoFillBackground(False)  # after setWidget, which turns it on
    wanted = columns.sizeHint()
    room = window - QSize(_AROUND.width(), _AROUND.height())
    bar = scroll.verticalScrollBar().sizeHint().width()
    wide = wanted.width() + (bar if wanted.height() > room.height() else 0)
    high = wanted.height() + (bar if wide > room.width() else 0)
    scroll.setFixedSize(QSize(wide, high).boundedTo(room))
    return scroll


def _section(title: str, lines: Sequence[tuple[str, list[str]]]) -> QWidget:
    section = QWidget()
    section.setMinimumWidth(_COLUMN)
    grid = QGridLayout(section)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    grid.addWidget(Label(title, "head", "faint"), 0, 0)
    for number, (label, caps) in enumerate(lines, start=1):
        grid.addWidget(Label(_(label), "body", wrap=True), number, 0)
        row = QHBoxLayout()
        row.setSpacing(4)
        for cap in caps:
            row.addWidget(KeyCap(cap))
        grid.addLayout(row, number, 1, Qt.AlignmentFlag.AlignRight)
    return section


def _lines(keys: Sequence[Key]) -> list[tuple[str, list[str]]]:
    lines: dict[str, list[str]] = {}
    for row in keys:
        lines.setdefault(row.label, []).append(shown(row.key))
    return [(label, _shortened(caps)) for label, caps in lines.items()]


def _shortened(caps: list[str]) -> list[str]:
    """Eight places are one line: the first and the last key with an ellipsis between."""
    return caps if len(caps) <= 3 else [caps[0], "…", caps[-1]]
