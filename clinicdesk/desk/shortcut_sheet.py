"""The list of keys F1 shows: built from the same table the keys are bound from."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.shortcuts import Key, context_name, shown
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.desk.widgets.key_cap import KeyCap
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.words import _

_COLUMN = 320


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
        row = QHBoxLayout()
        row.setSpacing(40)
        for keys in sections:
            if keys:
                row.addWidget(_section(keys), alignment=Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        self.set_content(body)


def _section(keys: Sequence[Key]) -> QWidget:
    section = QWidget()
    section.setMinimumWidth(_COLUMN)
    grid = QGridLayout(section)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    grid.addWidget(Label(context_name(keys[0].context), "head", "faint"), 0, 0)
    for number, (label, caps) in enumerate(_lines(keys), start=1):
        grid.addWidget(Label(_(label), "body"), number, 0)
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
