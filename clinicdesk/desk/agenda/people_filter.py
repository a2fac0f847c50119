"""Whose visits are on the agenda: everybody, some, or one alone."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.switch import CheckBox
from clinicdesk.domain.clinics import Professional
from clinicdesk.words import _

_MOST_ROWS = 12
_ROW = 34


class PeopleFilter(Popover):
    """`chosen` carries the ids of whoever is shown; the last one cannot be taken away."""

    chosen = Signal(object)  # tuple of ids

    def __init__(self, owner: QWidget, professionals: Sequence[Professional], shown: Sequence[UUID]) -> None:
        super().__init__(owner)
        self._boxes: dict[UUID, CheckBox] = {}
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(Label(_("Professionals on the agenda"), "subsection"))
        head.addStretch(1)
        self.everybody = Button(_("All"), "link", size="small")
        self.everybody.setAccessibleName(_("Show all professionals"))
        self.everybody.clicked.connect(lambda: self._check(set(self._boxes)))
        head.addWidget(self.everybody)
        rows = QGridLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setVerticalSpacing(2)
        rows.setColumnStretch(0, 1)
        for number, one in enumerate(professionals):
            box = self._boxes[one.id] = CheckBox(one.name, checked=one.id in shown)
            box.toggled.connect(self._tell)
            alone = Button(_("Only this"), "link", size="small")
            alone.setAccessibleName(_("Only {name}").format(name=one.name))
            alone.clicked.connect(lambda _checked=False, key=one.id: self._check({key}))
            rows.addWidget(box, number, 0, Qt.AlignmentFlag.AlignLeft)
            rows.addWidget(alone, number, 1)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(_scrolled(rows, len(professionals)))
        self.set_content(body)
        self.closed.connect(self.deleteLater)

    def box_of(self, professional_id: UUID) -> CheckBox:
        """The check box of a professional."""
        return self._boxes[professional_id]

    def _check(self, wanted: set[UUID]) -> None:
        for key, box in self._boxes.items():
            box.blockSignals(True)
            box.setChecked(key in wanted)
            box.blockSignals(False)
            box.update()
        self._tell()

    def _tell(self, *_checked: object) -> None:
        found = tuple(key for key, box in self._boxes.items() if box.isChecked())
        if found:
            self.chosen.emit(found)


def _scrolled(rows: QGridLayout, count: int) -> QWidget:
    holder = QWidget()
    holder.setLayout(rows)
    if count <= _MOST_ROWS:
        return holder
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(holder)
    area.setFixedHeight(_MOST_ROWS * _ROW)
    area.setMinimumWidth(holder.sizeHint().width() + 16)
    return area
