"""The surface on which two entries become one: who looks alike at the left, the two side by side at the right."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinicdesk.desk.patients.duplicates_list import PairDelegate, PairModel, PairRole
from clinicdesk.desk.patients.side_by_side import SideBySide
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.key_hints import KeyHints
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.patient_picker import PatientPicker, Search
from clinicdesk.desk.widgets.rows import ListView
from clinicdesk.desk.widgets.skeleton import Skeleton
from clinicdesk.domain.merging import LikelyPair
from clinicdesk.words import _

_LIST_WIDTH = 352


class DuplicatesView(QWidget):
    """`picked` carries a LikelyPair, `other_picked` the id of whoever a patient is compared with.

    `closed` asks to go back to where one came from; Esc is its key.
    """

    picked = Signal(object)
    other_picked = Signal(object)
    closed = Signal()
    retry_wanted = Signal()

    def __init__(
        self,
        search: Search,
        now: Callable[[], dt.datetime],
        zone: Callable[[], dt.tzinfo],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("takesKeys", True)  # the page's own keys rest
        self.model = PairModel(self)
        self.list = ListView(_("Possible duplicates"))
        self.compared = SideBySide(zone)
        self.picker = PatientPicker(search, now, zone, may_be_new=False)
        self.back = Button(_("Back"), "quiet", "arrow-left", "Esc", size="dense")
        self.trouble = Banner("warn", "", _("Try now"))
        self._title = Label("", "section", wrap=True)
        self._advice = Label("", "second", "muted", wrap=True)
        self._skeleton = Skeleton(rows=5, with_disc=False)
        self._none = EmptyState(
            "circle-check",
            _("Nobody seems to be registered twice"),
            _("Names, phones and birth dates were compared. What looks alike later appears here."),
        )
        self._choose = EmptyState("merge", _("Choose who to compare with"), _("Search by name, phone or CPF."))
        self._quiet = False
        self._alone = False
        self._arrange()
        self._listen()

    @property
    def alone(self) -> bool:
        """Whether one patient is compared with somebody who is searched, and no pairs are listed."""
        return self._alone

    def show_waiting(self) -> None:
        """The pairs are being looked for; those that were found before stay."""
        self._alone = False
        self._say_title()
        self._left.setCurrentIndex(0)
        self.trouble.hide()
        if not self.model.rowCount():
            self._skeleton.start()
            self._right.setCurrentWidget(self._nothing)

    def show_pairs(self, pairs: Sequence[LikelyPair]) -> None:
        """List these; the pair that is compared stays chosen, else the first one is opened."""
        self._skeleton.stop()
        self.trouble.hide()
        self._quiet = True
        self.model.show(pairs)
        row = self.model.row_of(self.compared.ids)
        if row is not None:
            self._select(row)
        self._quiet = False
        self._say_title()
        if self._alone:
            return
        if not pairs:
            self._right.setCurrentWidget(self._none)
        elif row is None:
            self._select(0)

    def open_next(self, row: int) -> None:
        """Open the pair at `row`, or the last one when there are fewer."""
        if self.model.rowCount():
            self._select(min(row, self.model.rowCount() - 1))

    def show_picker(self, name: str) -> None:
        """Ask whom this patient is to be compared with."""
        self._alone = True
        self._title.setText(_("Who is the same person as {name}?").format(name=name))
        self._advice.setText(_("Nothing is lost: visits, alerts and tags go along, and it can be undone."))
        self._left.setCurrentIndex(1)
        self._right.setCurrentWidget(self._choose)
        self.trouble.hide()
        self.picker.clear()
        self.picker.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_comparison(self) -> None:
        """Bring the two that are side by side to the front."""
        self._right.setCurrentWidget(self.compared)

    def show_trouble(self, sentence: str) -> None:
        """The pairs could not be found; what was found before stays."""
        self._skeleton.stop()
        self.trouble.say("warn", sentence, _("Try now"))
        self.trouble.show()

    def focus_first(self) -> None:
        """Give the keyboard to the list, or to the search."""
        (self.picker.box if self._alone else self.list).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.hasFocus():
            self.compared.focus_first()
        else:
            super().keyPressEvent(event)

    def _select(self, row: int) -> None:
        index = self.model.index(row)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.scrollTo(index)

    def _chosen(self, index: QModelIndex) -> None:
        pair = index.data(PairRole.PAIR)
        if isinstance(pair, LikelyPair) and not self._quiet:
            self.picked.emit(pair)

    def _say_title(self) -> None:
        if not self._alone:
            self._title.setText(_("Possible duplicates"))
            self._advice.setText(_("The likeliest first. What is joined can be parted again."))

    def _listen(self) -> None:
        self.back.clicked.connect(self.closed)
        self.trouble.acted.connect(self.retry_wanted)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.list.activated.connect(lambda _index: self.compared.focus_first())
        self.picker.chosen.connect(lambda match: self.other_picked.emit(match.id))

    def _arrange(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(PairDelegate(self.list))
        left = QWidget()
        stand_on(left, "surface")
        left.setFixedWidth(_LIST_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(4)
        for widget, sides in ((self.back, 8), (self._title, 20), (self._advice, 20), (self.trouble, 16)):
            row = QHBoxLayout()
            row.setContentsMargins(sides, 0, sides, 0)
            row.addWidget(widget)
            if widget is self.back:
                row.addStretch(1)
            column.addLayout(row)
        self._left = QStackedWidget()
        self._left.addWidget(self._pairs_page())
        self._left.addWidget(self._picker_page())
        column.addSpacing(4)
        column.addWidget(self._left, 1)
        column.addWidget(separator())
        column.addWidget(KeyHints(((("↑", "↓"), _("walk")), (("←", "→"), _("choose")), (("Ctrl Enter",), _("merge")))))
        self._nothing = QWidget()
        self._right = QStackedWidget()
        for page in (self._nothing, self.compared, self._none, self._choose):
            self._right.addWidget(page)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(left)
        across.addWidget(separator(vertical=True))
        across.addWidget(self._right, 1)
        self.trouble.hide()
        self._skeleton.hide()

    def _pairs_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self._skeleton)
        column.addWidget(self.list, 1)
        return page

    def _picker_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 8, 16, 0)
        column.addWidget(self.picker)
        column.addStretch(1)
        return page
