"""Several patients chosen on the list: by Ctrl and Shift, or all that were found, also those not yet on screen."""

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.patients.model import PatientListModel, PatientRole
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.rows import ListView
from clinicdesk.words import _, ngettext


class SelectionBar(QWidget):
    """How many are chosen and what can be done with them; on screen only while there are several."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self._words = Label("", "strong", numbers=True)
        self.change = Button(_("Change…"), "soft", "list-checks", size="dense")
        self.export = icon_button("download", _("Export"), size="dense")
        self.clear = icon_button("x", _("Choose nobody"), size="dense")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 12, 6)
        row.setSpacing(4)
        row.addWidget(self._words, 1)
        for button in (self.change, self.export, self.clear):
            row.addWidget(button)
        self.hide()

    def show_count(self, count: int) -> None:
        """Say how many; one alone is not several."""
        self._words.setText(ngettext("{count} selected", "{count} selected", count).format(count=formats.number(count)))
        self.setVisible(count > 1)


class Selecting(QObject):
    """`all_wanted` asks for the ids of everybody who is found; they come back by `choose_all`.

    Any other choice afterwards is of rows again.
    """

    all_wanted = Signal()
    changed = Signal()

    def __init__(self, view: ListView, model: PatientListModel, bar: SelectionBar) -> None:
        super().__init__(view)
        self._view, self._model, self.bar = view, model, bar
        self._all: frozenset[UUID] = frozenset()
        self._own = False
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.installEventFilter(self)
        view.selectionModel().selectionChanged.connect(self._selected)
        model.rowsInserted.connect(self._choose_shown)
        model.modelReset.connect(self._rows_replaced)
        bar.clear.clicked.connect(self.clear)

    @property
    def ids(self) -> Sequence[UUID]:
        """Who is chosen, when there are several; nobody otherwise."""
        if self._all:
            return sorted(self._all)
        rows = self._view.selectionModel().selectedRows()
        found = [index.data(PatientRole.ID) for index in sorted(rows, key=lambda one: one.row())]
        return found if len(found) > 1 else []

    def choose_all(self, ids: Sequence[UUID]) -> None:
        """Choose these, on screen or not."""
        self._all = frozenset(ids)
        self._choose_shown()
        self._tell()

    def clear(self) -> None:
        """Choose nobody but whoever is open."""
        self._all = frozenset()
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self._quietly(lambda: self._view.selectionModel().select(self._view.currentIndex(), flag))
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key, control = event.key(), event.modifiers() == Qt.KeyboardModifier.ControlModifier
            if control and key == Qt.Key.Key_A:
                self.all_wanted.emit()
                return True
            if key == Qt.Key.Key_Escape and self.ids:
                self.clear()
                return True
        return super().eventFilter(watched, event)

    def _selected(self) -> None:
        if not self._own:
            self._all = frozenset()
            self._tell()

    def _choose_shown(self) -> None:
        """Rows that come while everybody is chosen are chosen too."""
        if not self._all:
            return

        def choose() -> None:
            flag = QItemSelectionModel.SelectionFlag.Select
            for row, one in enumerate(self._model.matches()):
                if one.id in self._all:
                    self._view.selectionModel().select(self._model.index(row), flag)

        self._quietly(choose)

    def _rows_replaced(self) -> None:
        """Others are found now: who was chosen among those who were found before is not meant any more."""
        self._all = frozenset()
        self._tell()

    def _quietly(self, choose: Callable[[], None]) -> None:
        self._own = True
        choose()
        self._own = False

    def _tell(self) -> None:
        self.bar.show_count(len(self.ids))
        self.changed.emit()
