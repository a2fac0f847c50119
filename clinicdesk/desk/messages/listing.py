"""The list of conversations: who, what it ended with and where that stands, and who speaks there."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.messages.words import name_of, owner_words, preview, row_spoken, when
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.avatar import paint_avatar
from clinicdesk.desk.widgets.patient_words import patient_hue
from clinicdesk.desk.widgets.rows import Index, ListView
from clinicdesk.domain.inbox import Talk
from clinicdesk.domain.patients import shorter_names
from clinicdesk.words import _

_EDGE = 8
_AVATAR = 40
_PAD = 10
_TONES = {"text": "text", "muted": "muted", "info": "infoText", "danger": "dangerText", "warn": "warnText"}
_ICON_TONES = _TONES | {"info": "info"}


class TalkModel(QAbstractListModel):
    """Rows of Talk, the latest first; `more_wanted` asks for those that come after the last."""

    more_wanted = Signal()

    def __init__(
        self, me: UUID, now: Callable[[], dt.datetime], zone: Callable[[], dt.tzinfo], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.me, self.now, self.zone = me, now, zone
        self.talks: tuple[Talk, ...] = ()
        self._more = False

    def show(self, talks: Sequence[Talk], more: bool) -> None:
        """Show these; what changed only in its content keeps its place and the reader's."""
        fresh, self._more = tuple(talks), more
        if [one.id for one in fresh] == [one.id for one in self.talks]:
            self.talks = fresh
            if fresh:
                self.dataChanged.emit(self.index(0), self.index(len(fresh) - 1))
            return
        self.beginResetModel()
        self.talks = fresh
        self.endResetModel()

    def add(self, talks: Sequence[Talk], more: bool) -> None:
        """Show these after the last."""
        known = {one.id for one in self.talks}
        fresh = [one for one in talks if one.id not in known]
        self._more = more
        if fresh:
            self.beginInsertRows(QModelIndex(), len(self.talks), len(self.talks) + len(fresh) - 1)
            self.talks = (*self.talks, *fresh)
            self.endInsertRows()

    def row_of(self, talk_id: UUID | None) -> int:
        """Where a conversation stands, -1 when it is not shown."""
        return next((row for row, one in enumerate(self.talks) if one.id == talk_id), -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.talks)

    def canFetchMore(self, _parent: QModelIndex | QPersistentModelIndex) -> bool:
        return self._more

    def fetchMore(self, _parent: QModelIndex | QPersistentModelIndex) -> None:
        self._more = False  # asked once; the answer says whether there is more
        self.more_wanted.emit()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.talks):
            return None
        talk = self.talks[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return talk
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row_spoken(talk, self.me, self.now(), self.zone())
        return None


class TalkDelegate(QStyledItemDelegate):
    """Three lines beside the disc: name and time, what it ended with and how much is unread, who speaks there."""

    def __init__(self, model: TalkModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        theme = current()
        lines = theme.line_height("strong") + theme.line_height("second") + theme.line_height("detail")
        return QSize(0, lines + 18 + theme.density.row // 11)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        talk = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(talk, Talk):
            return
        painter.save()
        theme = current()
        area = QRectF(option.rect).adjusted(_EDGE, 1, -_EDGE, -1)
        self._ground(painter, theme, area, option.state)
        disc = QRectF(area.left() + 16, area.top() + (area.height() - _AVATAR) / 2, _AVATAR, _AVATAR)
        paint_avatar(painter, disc, name_of(talk), patient_hue(talk.patient_id or talk.id))
        words = area.adjusted(16 + _AVATAR + 12, _PAD - 2, -_PAD, -_PAD + 2)
        self._lines(painter, theme, words, talk)
        painter.restore()

    def _ground(self, painter: QPainter, theme: Theme, area: QRectF, state: QStyle.StateFlag) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            drawing.box(painter, area, 8, theme.color("selected" if selected else "hover"))
        if selected:
            bar = QRectF(area.left(), area.center().y() - 18, 3, 36)
            drawing.box(painter, bar, 1.5, theme.color("accent"))
            if state & QStyle.StateFlag.State_HasFocus:
                drawing.box(painter, area.adjusted(1, 1, -1, -1), 8, None, theme.color("accent"), 1.5)

    def _lines(self, painter: QPainter, theme: Theme, area: QRectF, talk: Talk) -> None:
        model = self._model
        heights = [theme.line_height(role) for role in ("strong", "second", "detail")]
        top = area.center().y() - sum(heights) / 2
        first = QRectF(area.left(), top, area.width(), heights[0])
        time = when(talk.last_at, model.now(), model.zone())
        font = theme.font("card_name" if talk.unread else "second", numbers=True)
        width = drawing.width_of(time, font)
        ink = theme.color("accentText" if talk.unread else "muted")
        drawing.text(painter, first, time, font, ink, Qt.AlignmentFlag.AlignRight)
        strong = theme.font("strong")
        room = first.width() - width - 8
        drawing.text(
            painter, first.adjusted(0, 0, -width - 8, 0), fitting_name(name_of(talk), strong, room), strong,
            theme.color("text"),
        )  # fmt: skip
        second = QRectF(area.left(), first.bottom(), area.width(), heights[1])
        badge = self._badge(painter, theme, second, talk)
        self._preview(painter, theme, second.adjusted(0, 0, -badge, 0), talk)
        third = QRectF(area.left(), second.bottom(), area.width(), heights[2])
        icon, owner = owner_words(talk, model.me)
        icons.paint(painter, icon, "muted", QRectF(third.left(), third.top(), 12, third.height()))
        drawing.text(painter, third.adjusted(16, 0, 0, 0), owner, theme.font("detail"), theme.color("muted"))

    def _badge(self, painter: QPainter, theme: Theme, line: QRectF, talk: Talk) -> float:
        """How much room the number of what is unread took at the right."""
        if not talk.unread and not talk.unclear:
            return 0
        if talk.unclear:
            icons.paint(
                painter, "circle-question-mark", "warnText", QRectF(line.right() - 16, line.top(), 16, line.height())
            )
            return 22
        words = str(min(talk.unread, 99))
        font = theme.font("detail_strong", numbers=True)
        width = max(20.0, drawing.width_of(words, font) + 12)
        area = QRectF(line.right() - width, line.center().y() - 9, width, 18)
        drawing.box(painter, area, 9, theme.color("accent"))
        drawing.text(painter, area, words, font, theme.color("onAccent"), Qt.AlignmentFlag.AlignHCenter)
        return width + 8

    def _preview(self, painter: QPainter, theme: Theme, line: QRectF, talk: Talk) -> None:
        icon, tone, words = preview(talk, self._model.me)
        left = 0
        if icon:
            icons.paint(painter, icon, _ICON_TONES[tone], QRectF(line.left(), line.top(), 14, line.height()))
            left = 18
        ink = "muted" if tone == "info" else _TONES[tone]
        font = theme.font("chip" if talk.unread else "second", numbers=True)
        area = line.adjusted(left, 0, 0, 0)
        drawing.text(painter, area, first_words(words, font, area.width()), font, theme.color(ink))


def fitting_name(name: str, font: QFont, width: float) -> str:
    """The longest form of a name that fits, by the rule of names; what is none of a person is cut at a word."""
    forms = [name, *shorter_names(name)]
    found = next((one for one in forms if drawing.width_of(one, font) <= width), None)
    return found if found is not None else first_words(forms[-1], font, width)


def first_words(words: str, font: QFont, width: float) -> str:
    """As many whole words as fit on a line; one word that is too long alone is cut where the line ends."""
    if drawing.width_of(words, font) <= width:
        return words
    kept = ""
    for word in words.split(" "):
        longer = f"{kept} {word}" if kept else word
        if drawing.width_of(longer, font) > width:
            break
        kept = longer
    if kept:
        return kept
    while words and drawing.width_of(words, font) > width:
        words = words[: max(0, min(len(words) - 1, len(words) * 9 // 10))]
    return words


class TalkList(ListView):
    """`picked` carries the conversation one stands on, `opened` the one Enter or a click asks to answer."""

    picked = Signal(object)  # Talk | None
    opened = Signal(object)

    def __init__(self, model: TalkModel, parent: QWidget | None = None) -> None:
        super().__init__(_("Conversations"), parent)
        self.setModel(model)
        self.setItemDelegate(TalkDelegate(model, self))
        self.selectionModel().currentChanged.connect(lambda now, _old: self.picked.emit(_talk_at(now)))
        self.activated.connect(lambda index: self.opened.emit(_talk_at(index)))

    @property
    def chosen(self) -> Talk | None:
        """The conversation one stands on."""
        return _talk_at(self.currentIndex())

    def choose(self, talk_id: UUID | None) -> bool:
        """Stand on a conversation; False when it is not shown."""
        model = self.model()
        assert isinstance(model, TalkModel)
        row = model.row_of(talk_id)
        if row >= 0:
            self.setCurrentIndex(model.index(row))
        return row >= 0

    def step(self, by: int) -> None:
        """To the next conversation, or the one before."""
        row = min(max(self.currentIndex().row() + by, 0), self.model().rowCount() - 1)
        if row >= 0:
            self.setCurrentIndex(self.model().index(row, 0))


def _talk_at(index: QModelIndex) -> Talk | None:
    found = index.data(Qt.ItemDataRole.UserRole)
    return found if isinstance(found, Talk) else None
