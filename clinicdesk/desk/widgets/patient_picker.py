"""Search and choose one patient inside another form; whoever is not there is wished for as a new one.

The picker knows no use case: it is given `search(text, done)`, which answers on the UI thread by `done(matches)`, in
any order and at any time; an answer to something typed earlier is dropped.
"""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from clinicdesk.desk.widgets.patient_choices import ROW, Choices, ChoicesDelegate
from clinicdesk.desk.widgets.patient_chosen import ChosenPatient
from clinicdesk.desk.widgets.rows import ListView
from clinicdesk.desk.widgets.search_box import SearchBox
from clinicdesk.domain.patients import PatientMatch, fold, search_words
from clinicdesk.words import _

Search = Callable[[str, Callable[[Sequence[PatientMatch]], None]], None]
Now = Callable[[], dt.datetime]

MOST = 6


class PatientPicker(QWidget):
    """`chosen` carries a PatientMatch, `new_wanted` what was typed, `cleared` says that the choice was taken back.

    ↑ ↓ walk, Enter takes the row in colour; Enter before the answer is there waits for it. `may_be_new` offers the row
    for somebody who is not registered. `floating` lays the results over what is below instead of pushing it down.
    """

    chosen = Signal(object)
    new_wanted = Signal(str)
    cleared = Signal()

    def __init__(
        self,
        search: Search,
        now: Now,
        zone: Callable[[], dt.tzinfo],
        may_be_new: bool = True,
        floating: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._search = search
        self._floating = floating
        self._answered: str | None = None
        self._take_on_answer = False
        self.patient: PatientMatch | None = None
        self.box = SearchBox(_("Name, phone or CPF"))
        self.card = ChosenPatient(now, zone)
        self.choices = Choices(now, zone, may_be_new, self)
        self.list = ListView(_("Patients found"))
        self._frame = QFrame(self)
        self._arrange()
        self._listen()

    @property
    def text(self) -> str:
        """What stands in the box."""
        return self.box.text().strip()

    def set_text(self, text: str) -> None:
        """Type for the person, as when the search came from elsewhere."""
        self.box.setText(text)

    def choose(self, match: PatientMatch, tell: bool = True) -> None:
        """Take this patient; the box gives way to a card that says who it is."""
        namesakes = [one for one in self.choices.matches if one.id != match.id and fold(one.name) == fold(match.name)]
        had_focus = self.box.hasFocus()
        self.patient = match
        self.card.show_patient(match, len(namesakes) + 1)
        self._frame.hide()
        self.card.show()
        self.setFocusProxy(self.card.change)
        if had_focus:
            # Before the box goes: what is hidden with the focus passes it on by itself, one step too far.
            self.card.change.setFocus(Qt.FocusReason.OtherFocusReason)
            self.focusNextChild()
        self.box.hide()
        if tell:
            self.chosen.emit(match)

    def clear(self, tell: bool = False) -> None:
        """Choose nobody, and search again."""
        self.patient = None
        self.card.hide()
        self.box.show()
        self.box.clear()
        self._frame.hide()
        self.setFocusProxy(self.box)
        if tell:
            self.cleared.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.box:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._key(event):
                return True
            if event.type() == QEvent.Type.FocusOut and self._floating:
                self._frame.hide()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._frame.isVisible():
            self._walk(-1 if key == Qt.Key.Key_Up else 1)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and self.text:
            self._take_on_answer = self._answered != self.text
            if not self._take_on_answer:
                self._take(self.list.currentIndex())
            return True
        if key == Qt.Key.Key_Escape and self._frame.isVisible():
            self._frame.hide()
            return True
        return False

    def _typed(self) -> None:
        self._take_on_answer = False
        text = self.text
        if not text:
            self._answered = None
            self._frame.hide()
            return
        self._search(text, lambda found: self._found(text, found))

    def _found(self, text: str, found: Sequence[PatientMatch]) -> None:
        if text != self.text or self.patient is not None:
            return
        self._answered = text
        self.choices.show(text, search_words(text)[0], list(found)[:MOST])
        self.list.setCurrentIndex(self.choices.index(0))
        rows = self.choices.rowCount()
        self.list.setFixedHeight(rows * ROW)
        self._frame.setFixedHeight(rows * ROW + 8)
        self._place()
        self._frame.setVisible(rows > 0 and (self.box.hasFocus() or not self._floating))
        if self._take_on_answer:
            self._take_on_answer = False
            self._take(self.list.currentIndex())

    def _place(self) -> None:
        if self._floating:
            window = self.window()
            self._frame.setParent(window)
            self._frame.setFixedWidth(max(self.width(), 320))
            self._frame.move(self.box.mapTo(window, QPoint(0, self.box.height() + 4)))
            self._frame.raise_()

    def _walk(self, by: int) -> None:
        rows = self.choices.rowCount()
        self.list.setCurrentIndex(self.choices.index((self.list.currentIndex().row() + by) % rows))

    def _take(self, index: QModelIndex) -> None:
        match = self.choices.patient(index.row())
        if match is not None:
            self.choose(match)
        elif self.choices.is_new(index.row()):
            self._frame.hide()
            self.new_wanted.emit(self.text)

    def _listen(self) -> None:
        self.box.textChanged.connect(self._typed)
        self.box.installEventFilter(self)
        self.list.clicked.connect(self._take)
        self.card.change.clicked.connect(self._change)
        if self._floating:
            self.destroyed.connect(self._frame.deleteLater)

    def _change(self) -> None:
        self.clear(tell=True)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        self.list.setModel(self.choices)
        self.list.setItemDelegate(ChoicesDelegate(self.choices, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.entered.connect(self.list.setCurrentIndex)
        self._frame.setProperty("kind", "card")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(4, 4, 4, 4)
        inside.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.box)
        column.addWidget(self.card)
        if not self._floating:
            column.addWidget(self._frame)
        self._frame.hide()
        self.card.hide()
        self.setFocusProxy(self.box)
