"""Where one goes in the settings: the search above, the places in their groups below, and what the search found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import current, switch
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.scrolled import scrolled
from clinicdesk.desk.widgets.search_box import SearchBox
from clinicdesk.domain.patients import fold
from clinicdesk.words import _

WIDTH = 232


@dataclass(frozen=True)
class Place:
    """One page of the settings, in its group."""

    key: str
    group: str
    icon: str
    word: str


@dataclass(frozen=True)
class Entry:
    """Something that can be searched for: a page, or a field of it."""

    place: str
    field: str  # empty: the page itself
    words: str
    detail: str


class Navigation(QWidget):
    """`place_chosen` names a page, `entry_chosen` carries the Entry that was found and taken."""

    place_chosen = Signal(str)
    entry_chosen = Signal(object)

    def __init__(
        self, places: Sequence[Place], entries: Callable[[], Sequence[Entry]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        follow_text(self, WIDTH)
        self._entries = entries
        self.box = _Box(_("Search settings"))
        self.box.textChanged.connect(self._search)
        self.box.stepped.connect(self._step_in)
        self.box.returnPressed.connect(self._take_first)
        self.items: dict[str, _Item] = {}
        self.found: list[_Item] = []
        self._places = QWidget()
        self._results = QWidget()
        self._result_column = QVBoxLayout(self._results)
        self._result_column.setContentsMargins(8, 4, 8, 16)
        self._result_column.setSpacing(2)
        self._arrange(places)

    def set_current(self, key: str) -> None:
        """Mark the page one is on."""
        for name, item in self.items.items():
            item.setChecked(name == key)
        if key in self.items:
            self._scroll.ensureWidgetVisible(self.items[key], 0, 12)

    def set_draft(self, key: str, drafts: bool) -> None:
        """Mark a page on which something is not saved."""
        self.items[key].set_draft(drafts)

    def _arrange(self, places: Sequence[Place]) -> None:
        column = QVBoxLayout(self._places)
        column.setContentsMargins(8, 4, 8, 16)
        column.setSpacing(2)
        group = ""
        for place in places:
            if place.group != group:
                group = place.group
                head = Label(group, "head", "muted")
                head.setContentsMargins(12, 12 if column.count() else 4, 0, 4)
                column.addWidget(head)
            item = _Item(place.icon, place.word)
            item.clicked.connect(lambda _checked=False, key=place.key: self.place_chosen.emit(key))
            item.stepped.connect(self._step)
            self.items[place.key] = item
            column.addWidget(item)
        column.addStretch(1)
        inner = QWidget()
        stand_on(inner, "surface")
        both = QVBoxLayout(inner)
        both.setContentsMargins(0, 0, 0, 0)
        both.addWidget(self._places)
        both.addWidget(self._results)
        self._results.hide()
        self._scroll = scrolled(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(16, 16, 16, 8)
        top.addWidget(self.box)
        outer.addLayout(top)
        outer.addWidget(self._scroll, 1)

    def _search(self, text: str) -> None:
        words = fold(text).split()
        self._results.setVisible(bool(words))
        self._places.setVisible(not words)
        for old in self.found:
            old.hide()
            old.deleteLater()
        self.found = []
        while self._result_column.count():
            self._result_column.takeAt(0)
        if not words:
            return
        for entry in _matching(self._entries(), words)[:12]:
            item = _Item("", entry.words, entry.detail)
            item.clicked.connect(lambda _checked=False, entry=entry: self.entry_chosen.emit(entry))
            item.stepped.connect(self._step)
            self.found.append(item)
            self._result_column.addWidget(item)
        if not self.found:
            none = _Item("", _("Nothing is called that"), _("Try another word"))
            none.setEnabled(False)
            self.found.append(none)
            self._result_column.addWidget(none)
        self._result_column.addStretch(1)

    def _take_first(self) -> None:
        if self.found and self.found[0].isEnabled():
            self.found[0].click()

    def _step_in(self) -> None:
        items = self.found or list(self.items.values())
        if items:
            items[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _step(self, by: int) -> None:
        items = [item for item in (self.found or list(self.items.values())) if item.isEnabled()]
        at = next((place for place, item in enumerate(items) if item.hasFocus()), 0) + by
        if at < 0:
            self.box.setFocus(Qt.FocusReason.BacktabFocusReason)
        elif at < len(items):
            items[at].setFocus(Qt.FocusReason.TabFocusReason)


class _Fitting(QObject):
    """Lives as long as the widget it fits: a connection of a plain function would outlive it."""

    def __init__(self, widget: QWidget, fit: Callable[[], None]) -> None:
        super().__init__(widget)
        self._fit = fit

    def fit(self, _theme: object) -> None:
        self._fit()


def follow_text(widget: QWidget, width: int) -> None:
    """Make a column as wide as its text needs: most of what the text grows by."""

    def fit() -> None:
        widget.setFixedWidth(round(width * (1 + 0.7 * (current().text_scale - 1))))

    fit()
    listener = _Fitting(widget, fit)
    switch().changed.connect(listener.fit)


def _matching(entries: Sequence[Entry], words: Sequence[str]) -> list[Entry]:
    """Those that hold every word, pages first."""
    found = [one for one in entries if all(word in f" {fold(one.words)} {fold(one.detail)}" for word in words)]
    return sorted(found, key=lambda one: (not all(word in fold(one.words) for word in words), bool(one.field)))


class _Box(SearchBox):
    stepped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.stepped.emit()
            return
        super().keyPressEvent(event)


class _Item(QAbstractButton):
    stepped = Signal(int)

    def __init__(self, icon: str, word: str, detail: str = "") -> None:
        super().__init__()
        self._icon, self._detail = icon, detail
        self._draft = False
        self.setText(word)
        self.setCheckable(not detail)
        self.setAccessibleDescription(detail)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def nextCheckState(self) -> None:
        """The page decides where one is; a click alone marks nothing."""

    def set_draft(self, draft: bool) -> None:
        if draft != self._draft:
            self._draft = draft
            self.setAccessibleDescription(_("not saved yet") if draft else "")
            self.update()

    def sizeHint(self) -> QSize:
        theme = current()
        second = theme.line_height("detail") + 2 if self._detail else 0
        return QSize(WIDTH - 16, max(36, theme.line_height("control") + 14 + second))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is not None:
            self.stepped.emit(by)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        area = QRectF(self.rect())
        on = self.isChecked()
        if on or (self.underMouse() and self.isEnabled()):
            drawing.box(painter, area, 8, theme.color("selected" if on else "hover"))
        ink = "accentText" if on else "text" if self.isEnabled() else "muted"
        left = 12.0
        if self._icon:
            icons.paint(painter, self._icon, "accentText" if on else "muted", QRectF(12, 0, 16, area.height()))
            left = 40.0
        font = theme.font("strong" if on else "control")
        line = QRectF(left, 0, area.width() - left - 8, area.height())
        if self._detail:
            half = area.center().y()
            line = QRectF(left, half - theme.line_height("control"), line.width(), theme.line_height("control"))
            second = QRectF(left, half, line.width(), theme.line_height("detail") + 2)
            drawing.text(painter, second, self._detail, theme.font("detail"), theme.color("muted"))
        drawing.text(painter, line, self.text(), font, theme.color(ink))
        if self._draft:
            drawing.box(painter, QRectF(area.right() - 16, area.center().y() - 3, 6, 6), 3, theme.color("warn"))
