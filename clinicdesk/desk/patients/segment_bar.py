"""What the list is narrowed to: everybody, three searches that every desk wants, or a kept segment."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from clinicdesk.desk.patients.chip_flow import ChipFlow
from clinicdesk.desk.widgets.chip import FilterChip
from clinicdesk.domain.segments import Birthday, Definition, LastVisit, NextVisit, Segment, Vip
from clinicdesk.words import _, pgettext


def _more() -> str:
    return pgettext("segments", "More")


class SegmentBar(QWidget):
    """`chosen` carries a Definition, or None for everybody; `menu_wanted` asks for the kept segments."""

    chosen = Signal(object)
    menu_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.segment: Segment | None = None
        self.definition: Definition | None = None
        self._group = QButtonGroup(self)
        self._everybody = FilterChip(_("All"), True)
        self.kept = FilterChip(_more(), icon="filter")
        self.kept.setToolTip(_("Kept searches"))
        chips: list[tuple[FilterChip, Definition | None]] = [
            (self._everybody, None),
            (FilterChip(_("VIP")), (Vip(),)),
            (FilterChip(_("Birthday")), (Birthday(),)),
            (FilterChip(_("No return")), (LastVisit(0), NextVisit(False))),
        ]
        for chip, definition in chips:
            self._group.addButton(chip)
            chip.clicked.connect(lambda _on, wanted=definition: self._choose(wanted))
        self._group.addButton(self.kept)
        self.kept.clicked.connect(self._menu)
        self._flow = ChipFlow(self, gap=4)
        self._flow.keep_last(*(chip for chip, _definition in chips), self.kept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._flow)
        self._flow.show_chips([])  # under its parent by now
        self.setAccessibleName(_("Narrow the list"))

    def open(self, segment: Segment) -> None:
        """Narrow the list to a kept segment; its name stands where one chose it."""
        self.segment = segment
        self.definition = segment.definition
        self.kept.setText(segment.name)
        self.kept.setToolTip(segment.name)
        self.kept.setChecked(True)
        self.kept.updateGeometry()
        self._flow.show_chips([])
        self.chosen.emit(self.definition)

    def forget(self, segment: Segment) -> None:
        """A segment is no longer there; everybody is shown when it was this one."""
        if self.segment is not None and self.segment.id == segment.id:
            self.widen()

    def widen(self) -> None:
        """Show everybody again."""
        self._everybody.setChecked(True)
        self._choose(None)

    def _choose(self, definition: Definition | None) -> None:
        self.segment = None
        self.definition = definition
        self.kept.setText(_more())
        self.kept.setToolTip(_("Kept searches"))
        self._flow.show_chips([])
        self.chosen.emit(definition)

    def _menu(self) -> None:
        """The chip is on while its segment filters, not because it was pressed."""
        if self.segment is None:
            self._group.setExclusive(False)
            self.kept.setChecked(False)
            self._group.setExclusive(True)
            if self.definition is None:
                self._everybody.setChecked(True)
        self.menu_wanted.emit()
