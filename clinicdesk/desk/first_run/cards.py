"""The cards of the first question: a picture, what speaks for it, and the honest minus; one of them is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.first_run.illustrations import HEIGHT, LEAST, paint_picture
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing

_PADDING, _INDENT, _MARK = 20, 26, 18
_ABOVE_PICTURE = 8
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True)
class Choice:
    """One card: `pluses` get a tick, `minus` is what it does not do."""

    key: str
    title: str
    detail: str
    pluses: Sequence[str]
    minus: str


class ChoiceCard(QAbstractButton):
    """One of several; the arrows walk, Space and a click choose."""

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice = choice
        self._picture = round(HEIGHT)  # how high it is: lower in a low window, 0 where the words need all the room
        self.setText(choice.title)
        self.setCheckable(True)
        self.setProperty("radius", 12)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(f"{choice.title}. {choice.detail}")
        self.setAccessibleDescription("; ".join((*choice.pluses, choice.minus)))
        self.toggled.connect(self._only_one_in_the_tab_order)
        self._only_one_in_the_tab_order(False)

    def nextCheckState(self) -> None:
        self.setChecked(True)

    def set_picture(self, height: int) -> None:
        """How high the picture is; 0 leaves it out."""
        if height != self._picture:
            self._picture = height
            self.updateGeometry()
            self.update()

    def words_height(self, width: int) -> int:
        """How high the card is at this width without its picture."""
        words = width - 2 * _PADDING
        title, detail = self._heights(words)
        points = sum(self._point_height(one, words) for one in (*self.choice.pluses, self.choice.minus))
        return round(16 + title + 2 + detail + 12 + points + 14)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.words_height(width) + (_ABOVE_PICTURE + self._picture if self._picture else 0)

    def sizeHint(self) -> QSize:
        width = max(280, self.width())
        return QSize(280, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(216, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            event.ignore()  # a button would take an arrow for Tab; here it walks the cards
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current()
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        line = theme.color("accent" if self.isChecked() else "border" if self.underMouse() else "line")
        drawing.box(painter, area, 12, theme.color("surface"), line, 2 if self.isChecked() else 1)
        top = area.top() + 15
        if self._picture:
            picture = QRectF(area.left() + 7, area.top() + 7, area.width() - 14, self._picture)
            paint_picture(painter, self.choice.key, picture)
            top = picture.bottom() + 16
        self._paint_words(painter, area, top)

    def _paint_words(self, painter: QPainter, area: QRectF, top: float) -> None:
        theme = current()
        left, width = area.left() + _PADDING - 1, area.width() + 2 - 2 * _PADDING
        title, detail = self._heights(width)
        head = QRectF(left, top, width - _MARK - 8, title)
        drawing.wrapped(painter, head, self.choice.title, theme.font("panel_name"), theme.color("text"))
        mark = QRectF(
            area.right() - _PADDING - _MARK, top + (theme.line_height("panel_name") - _MARK) / 2, _MARK, _MARK
        )
        self._paint_mark(painter, mark)
        under = QRectF(left, head.bottom() + 2, width, detail)
        drawing.wrapped(painter, under, self.choice.detail, theme.font("body"), theme.color("muted"))
        row = QRectF(left, under.bottom() + 12, width, 0)
        for words in self.choice.pluses:
            row.setHeight(self._point_height(words, width))
            self._paint_point(painter, row, "check", words, "okText", "text")
            row.translate(0, row.height())
        row.setHeight(self._point_height(self.choice.minus, width))
        self._paint_point(painter, row, "minus", self.choice.minus, "muted", "muted")

    def _paint_point(self, painter: QPainter, row: QRectF, icon: str, words: str, tone: str, ink: str) -> None:
        theme = current()
        line = theme.line_height("body")
        icons.paint(painter, icon, tone, QRectF(row.left(), row.top() + 4, 16, line))
        drawing.wrapped(painter, row.adjusted(_INDENT, 4, 0, -4), words, theme.font("body"), theme.color(ink))

    def _heights(self, width: float) -> tuple[float, float]:
        """How high the title and the line under it are, at this width."""
        theme = current()
        title = drawing.wrapped_height(self.choice.title, theme.font("panel_name"), width - _MARK - 8)
        detail = drawing.wrapped_height(self.choice.detail, theme.font("body"), width)
        return max(title, theme.line_height("panel_name")), max(detail, theme.line_height("body"))

    def _point_height(self, words: str, width: float) -> float:
        theme = current()
        return max(theme.line_height("body"), drawing.wrapped_height(words, theme.font("body"), width - _INDENT)) + 8

    def _paint_mark(self, painter: QPainter, area: QRectF) -> None:
        theme = current()
        on = self.isChecked()
        drawing.box(painter, area, 9, theme.color("surface"), theme.color("accent" if on else "field"), 2 if on else 1)
        if on:
            drawing.box(painter, area.adjusted(5, 5, -5, -5), 4, theme.color("accent"))

    def _only_one_in_the_tab_order(self, checked: bool) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if checked else Qt.FocusPolicy.ClickFocus)


class ChoiceCards(QWidget):
    """Cards side by side; `chosen` names the key of the one that was chosen."""

    chosen = Signal(str)
    moved = Signal()  # another card is lifted

    def __init__(self, choices: Sequence[Choice], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.cards = {one.key: ChoiceCard(one) for one in choices}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        for key, card in self.cards.items():
            card.clicked.connect(lambda _checked=False, key=key: self.choose(key))
            row.addWidget(card)
        self.set_current(next(iter(self.cards)))

    @property
    def current(self) -> str:
        """The key of the chosen card."""
        return next(key for key, card in self.cards.items() if card.isChecked())

    def set_current(self, key: str) -> None:
        """Choose without telling anyone."""
        held = any(card.hasFocus() for card in self.cards.values())
        for other, card in self.cards.items():
            card.setChecked(other == key)
        if held:  # or the ring would stay at another card than the one that is chosen
            self.cards[key].setFocus(Qt.FocusReason.OtherFocusReason)
        self.moved.emit()

    def choose(self, key: str) -> None:
        """Choose, as a click does."""
        before = next((other for other, card in self.cards.items() if card.isChecked() and other != key), key)
        self.set_current(key)
        if before != key:
            self.chosen.emit(key)

    def fit(self, room: int) -> bool:
        """Pictures as high as `room` leaves above the words; False and none where nobody could make them out."""
        words = max(card.words_height(card.width()) for card in self.cards.values())
        left = min(round(HEIGHT), room - words - _ABOVE_PICTURE)
        for card in self.cards.values():
            card.set_picture(left if left >= LEAST else 0)
        return left >= LEAST

    def take_focus(self) -> None:
        """Put the keyboard on the chosen card."""
        self.cards[self.current].setFocus(Qt.FocusReason.TabFocusReason)

    def lifted(self) -> QRect:
        """Where the chosen card stands, for whoever draws its shadow: it reaches beyond this widget."""
        return self.cards[self.current].geometry().translated(self.pos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        keys = list(self.cards)
        self.choose(keys[(keys.index(self.current) + step) % len(keys)])
        self.take_focus()
