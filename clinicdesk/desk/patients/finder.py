"""The left of the page: the search box, who was found, and the way to register who was not."""

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.patients.delegate import PatientDelegate, row_height
from clinicdesk.desk.patients.model import PatientListModel, PatientRole
from clinicdesk.desk.patients.register_row import RegisterRow
from clinicdesk.desk.patients.segment_bar import SegmentBar
from clinicdesk.desk.patients.selecting import Selecting, SelectionBar
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import switch
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.key_hints import KeyHints
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.patient_words import line
from clinicdesk.desk.widgets.rows import ListView
from clinicdesk.desk.widgets.search_box import SearchBox
from clinicdesk.desk.widgets.skeleton import Skeleton
from clinicdesk.domain.patients import PatientMatch, search_words
from clinicdesk.formats import number
from clinicdesk.words import _, ngettext

_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Finder(QWidget):
    """`search_wanted` goes out at every key press; the answer comes back by `show_found`, in any order.

    The focus stays in the box while arrows walk the list; Enter opens. Enter before the answer is there waits for it.
    """

    search_wanted = Signal(str)
    more_wanted = Signal(int)  # from which row on
    picked = Signal(object)  # PatientMatch
    opened = Signal()
    register_wanted = Signal(str)

    def __init__(
        self, now: Callable[[], dt.datetime], zone: Callable[[], dt.tzinfo], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self.box = SearchBox(_("Name, phone or CPF"), "F3")
        self.segments = SegmentBar()
        self.model = PatientListModel(lambda match: line(match, now(), zone()).spoken, self)
        self.list = ListView(_("Patients"))
        self.delegate = PatientDelegate(now, zone, self.list)
        self.register_row = RegisterRow()
        self._holder = QWidget()
        self._count = Label("", "second", "muted", numbers=True)
        self._trouble = Banner("warn", "", icon="triangle-alert")
        self._among = Banner("info", _("Only this part of the register is searched"), _("Search everybody"))
        self._skeleton = Skeleton(rows=5)
        self._nobody = EmptyState(
            "users", _("Nobody registered yet"), _("Who books for the first time is registered here.")
        )
        self._answered = ""
        self._complete = True
        self._asking_more = False
        self._open_on_answer = False
        self._quiet = False
        self._dress_list()
        self.selecting = Selecting(self.list, self.model, SelectionBar())
        self._arrange()
        self._listen()

    @property
    def text(self) -> str:
        """What is searched."""
        return self.box.text().strip()

    def ask(self) -> None:
        """Search now, for what stands in the box."""
        if not self.model.matches():
            self._skeleton.start()
        self.search_wanted.emit(self.text)

    def show_found(self, text: str, found: Sequence[PatientMatch], complete: bool) -> None:
        """Show who was found for `text`; `complete` when there are no more."""
        self._skeleton.stop()
        self._trouble.hide()
        self._answered, self._complete, self._asking_more = text, complete, False
        self.delegate.words = search_words(text)[0]
        kept = self.selected
        # A view whose row goes chooses the next one by itself; nobody is opened whom nobody chose.
        self._quiet = True
        self.model.show(found)
        self._quiet = False
        self.select(kept.id if kept is not None else None)
        self._say_count()
        if self._open_on_answer and text == self.text:
            self._open_on_answer = False
            self.open_current()

    def show_total(self, total: int) -> None:
        """How many there are of whom the first are shown."""
        if not self._complete:
            words = ngettext("{count} found", "{count} found", total)
            self._count.setText(words.format(count=number(total)))

    def add_found(self, text: str, found: Sequence[PatientMatch], complete: bool) -> None:
        """Show more of those who were found for `text`."""
        self._asking_more = False
        if text == self._answered:
            self._complete = complete
            self.model.append(found)
            self._say_count()

    def show_trouble(self, sentence: str) -> None:
        """The search could not be answered; what was found before stays."""
        self._skeleton.stop()
        self._asking_more = self._open_on_answer = False
        self._trouble.say("warn", sentence)
        self._trouble.show()

    @property
    def selected(self) -> PatientMatch | None:
        """Who is chosen on the list."""
        match = self.list.currentIndex().data(PatientRole.MATCH)
        return match if isinstance(match, PatientMatch) else None

    def select(self, patient_id: UUID | None) -> None:
        """Choose a row without telling anyone; nobody when the id is not on the list."""
        row = self.model.row_of(patient_id) if patient_id else None
        index = QModelIndex() if row is None else self.model.index(row)
        if index == self.list.currentIndex() and len(self.list.selectionModel().selectedRows()) > 1:
            return  # several are chosen, this one among them
        self._quiet = True
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._quiet = False
        self.list.viewport().update()
        if row is not None:
            self.list.scrollTo(index)

    def open_current(self) -> None:
        """Open the chosen patient, the first one when nobody is chosen."""
        if self.text != self._answered:
            self._open_on_answer = True
            return
        if not self.list.currentIndex().isValid():
            self._walk(Qt.Key.Key_Down)
        if self.selected is not None:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.opened.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            entered = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if entered and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._register()
                return True
            if entered:
                self.open_current()
                return True
            if watched is self.box and key in _KEYS:
                self._walk(key)
                return True
        return super().eventFilter(watched, event)

    def _walk(self, key: Qt.Key) -> None:
        rows = self.model.rowCount()
        if not rows:
            return
        page = max(1, self.list.viewport().height() // row_height() - 1)
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}[key]
        row = self.list.currentIndex().row()
        self.list.setCurrentIndex(self.model.index(min(max(row + by, 0), rows - 1)))

    def _typed(self, text: str) -> None:
        self._open_on_answer = False
        self.selecting.clear()
        self.register_row.set_words(text)
        self.ask()

    def _narrowed(self) -> None:
        self._open_on_answer = False
        self.selecting.clear()
        self.ask()

    def _register(self) -> None:
        if self.segments.definition is not None:
            self.segments.widen()
        else:
            self.register_wanted.emit(self.text)

    def _chosen(self, index: QModelIndex) -> None:
        match = index.data(PatientRole.MATCH)
        if isinstance(match, PatientMatch) and not self._quiet:
            self.picked.emit(match)

    def _scrolled(self) -> None:
        bar = self.list.verticalScrollBar()
        near = bar.maximum() - bar.value() < 4 * row_height()
        if near and bar.maximum() > 0 and not self._complete and not self._asking_more:
            self._asking_more = True
            self.more_wanted.emit(self.model.rowCount())

    def _say_count(self) -> None:
        count = self.model.rowCount()
        shown = number(count) if self._complete else f"{number(count)}+"
        narrowed = bool(self.text) or self.segments.definition is not None
        found = ngettext("{count} found", "{count} found", count).format(count=shown)
        self._count.setText(found if narrowed else _("Everybody, by name"))
        self._count.setVisible(narrowed or count > 0)
        self._holder.setMaximumHeight(count * row_height() + 2 if self._complete else 16_777_215)
        self._holder.setVisible(count > 0)
        self._nobody.setVisible(count == 0 and not narrowed)
        # Who is not in a segment may well be registered: one looks among everybody before one registers.
        among = self.segments.definition is not None
        self.register_row.set_alone(count == 0)
        self.register_row.setVisible(bool(self.text) and not among)
        self._among.setVisible(bool(self.text) and among)

    def _redress(self) -> None:
        self._say_count()

    def _dress_list(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.setToolTipDuration(10_000)

    def _listen(self) -> None:
        self.box.textChanged.connect(self._typed)
        self.segments.chosen.connect(lambda _definition: self._narrowed())
        self.box.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.list.clicked.connect(self._chosen)
        self.list.doubleClicked.connect(self.open_current)
        self.list.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.register_row.clicked.connect(self._register)
        self._among.acted.connect(self.segments.widen)
        switch().changed.connect(self._redress)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(0)
        for widget in (self.box, self.segments, self._trouble, self._count):
            column.addLayout(_inset(widget, 16, 0, 8))
        self._holder.setLayout(_inset(self.list, 8, 0, 0))
        column.addWidget(self._holder, 1000)
        column.addLayout(_inset(self._skeleton, 24, 12, 0))
        column.addLayout(_inset(self.register_row, 16, 12, 0))
        column.addLayout(_inset(self._among, 16, 12, 0))
        column.addWidget(self._nobody, 1)
        column.addStretch(1)
        column.addWidget(separator())
        column.addWidget(self.selecting.bar)
        column.addWidget(_keys())
        for later in (self._trouble, self._count, self._skeleton, self._nobody, self.register_row, self._among):
            later.setVisible(False)


def _inset(widget: QWidget, sides: int, above: int, below: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(sides, above, sides, below)
    row.addWidget(widget)
    return row


def _keys() -> KeyHints:
    return KeyHints(((("↑", "↓"), _("walk")), (("Enter",), _("open")), (("A",), _("book")), (("E",), _("edit"))))
