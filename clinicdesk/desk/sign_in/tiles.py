"""The people this computer remembers, as tiles that the mouse, the arrows or a first letter choose."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMoveEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QMenu, QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.avatar import paint_avatar
from clinicdesk.domain.patients import fold, shorter_names
from clinicdesk.words import _

COLUMNS = 4
_TOP, _BOTTOM = 92, 16  # down to the name, and below the last line
_ROLES = ("strong", "second", "detail_strong")
_GAP = 16
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


@dataclass(frozen=True)
class Tile:
    """One person as this computer knows them. `remark` is a quiet last line: when they were here last."""

    login: str
    name: str
    detail: str
    hue: int
    remark: str = ""
    latest: bool = False


class PersonTile(QAbstractButton):
    """A card with a disc, a name and what the person is; `forget_wanted` by its menu or Del, where that is allowed."""

    forget_wanted = Signal()

    def __init__(self, tile: Tile, forgettable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tile = tile
        self._forgettable = forgettable
        self.setCheckable(True)
        self.setText(tile.name)
        self.setAccessibleName(", ".join(word for word in (tile.name, tile.detail, tile.remark) if word))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("radius", 12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in _ARROWS:
            event.ignore()  # a button would take an arrow for Tab; here it walks the grid
        elif event.key() == Qt.Key.Key_Delete and self._forgettable:
            self.forget_wanted.emit()
        else:
            super().keyPressEvent(event)

    def nextCheckState(self) -> None:
        self.setChecked(True)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._forgettable:
            self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """What the right button offers; it goes away by itself after it was answered."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        words = _("Remove from this computer")
        menu.addAction(icons.icon("user-x", "muted"), f"{words}\tDel", self.forget_wanted.emit)
        return menu

    def sizeHint(self) -> QSize:
        return QSize(168, _TOP + sum(current().line_height(role) for role in _ROLES) + _BOTTOM)

    def minimumSizeHint(self) -> QSize:
        theme = current()
        words = ((self.tile.detail, _ROLES[1]), (self.tile.remark, _ROLES[2]))
        widest = max(drawing.width_of(text, theme.font(role)) for text, role in words)
        return QSize(max(112, round(widest) + 18), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        theme = current()
        line = theme.color("accent" if self.isChecked() else "border" if self.underMouse() else "line")
        drawing.box(painter, area, 12, theme.color("surface"), line, 2 if self.isChecked() else 1)
        disc = QRectF(area.center().x() - 32, area.top() + 19, 64, 64)
        paint_avatar(painter, disc, self.tile.name, self.tile.hue, strong=self.isChecked())
        top = area.top() + _TOP
        lines = (self._fitting_name(area.width() - 16), self.tile.detail, self.tile.remark)
        for words, role, tone in zip(lines, _ROLES, self._tones(), strict=True):
            height = theme.line_height(role)
            box = QRectF(area.left() + 8, top, area.width() - 16, height)
            drawing.text(painter, box, words, theme.font(role), theme.color(tone), Qt.AlignmentFlag.AlignHCenter)
            top += height

    def _tones(self) -> tuple[str, str, str]:
        return "text", "muted", "accentText" if self.tile.latest else "muted"

    def _fitting_name(self, width: float) -> str:
        font = current().font("strong")
        forms = shorter_names(self.tile.name)
        return next((form for form in forms if drawing.width_of(form, font) <= width), forms[-1])


class PersonTiles(QWidget):
    """A grid of tiles. Arrows and letters look at a tile, `looked_at`; a click or Enter chooses it, `chosen`."""

    looked_at = Signal(object)  # Tile
    chosen = Signal(object)  # Tile
    forget_wanted = Signal(str)  # the login
    lift_moved = Signal()  # another tile is lifted, or it stands elsewhere

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        self._columns = COLUMNS
        self._tiles: list[PersonTile] = []

    def set_tiles(self, tiles: Sequence[Tile], forgettable: bool = False) -> None:
        """Show these people; the first is chosen by the caller, if at all."""
        for old in self._tiles:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._tiles = [PersonTile(tile, forgettable, self) for tile in tiles]
        for widget in self._tiles:
            widget.clicked.connect(lambda _checked=False, widget=widget: self._choose(widget))
            widget.forget_wanted.connect(lambda widget=widget: self.forget_wanted.emit(widget.tile.login))
            widget.show()  # at once, so that it can take the focus
        self._columns = 0
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Two columns at least; how many there are follows the room."""
        widest = max((widget.minimumSizeHint().width() for widget in self._tiles), default=0)
        return QSize(2 * widest + _GAP, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self.lift_moved.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.lift_moved.emit()

    def lifted(self) -> QRect | None:
        """Where the tile stands whose turn it is, in the parent, which draws its shadow."""
        found = next((widget for widget in self._tiles if widget.isChecked()), None)
        return found.geometry().translated(self.pos()) if found is not None and self.isVisible() else None

    def _arrange(self) -> None:
        """As many columns as fit without cutting a word, four at most."""
        widest = max((widget.minimumSizeHint().width() for widget in self._tiles), default=1)
        columns = min(COLUMNS, max(2, (self.width() + _GAP) // (widest + _GAP)))
        if columns == self._columns:
            return
        self._columns = columns
        for index, widget in enumerate(self._tiles):
            self._grid.addWidget(widget, index // columns, index % columns)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def look_at(self, login: str) -> None:
        """Show whose turn it is, without choosing; nobody's when there is no such tile."""
        found = next((widget for widget in self._tiles if widget.tile.login == login), None)
        if found is not None:
            self._look_at(found)
            return
        for widget in self._tiles:
            widget.setChecked(False)
        self.lift_moved.emit()

    def select(self, login: str) -> None:
        """Choose somebody by login, as a click would."""
        for widget in self._tiles:
            if widget.tile.login == login:
                self._choose(widget)

    def take_focus(self) -> None:
        """Put the keyboard on the tile that is chosen, or the first."""
        chosen = next((widget for widget in self._tiles if widget.isChecked()), *self._tiles[:1])
        if chosen is not None:
            chosen.setFocus(Qt.FocusReason.TabFocusReason)  # with its ring: Enter is enough

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = next((index for index, widget in enumerate(self._tiles) if widget.isChecked()), 0)
        across = dict(zip(_ARROWS, (-1, 1, -self._columns, self._columns), strict=True))
        step = across.get(Qt.Key(event.key()))
        if step is not None and self._tiles:
            self._focus(self._tiles[min(max(at + step, 0), len(self._tiles) - 1)])
            return
        letter = fold(event.text())
        later = [*self._tiles[at + 1 :], *self._tiles[: at + 1]]
        found = next((widget for widget in later if letter and letter in _first_letters(widget.tile.name)), None)
        if found is None:
            super().keyPressEvent(event)
        else:
            self._focus(found)

    def _focus(self, widget: PersonTile) -> None:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self._look_at(widget)

    def _look_at(self, widget: PersonTile) -> None:
        for other in self._tiles:
            other.setChecked(other is widget)
        self.lift_moved.emit()
        self.looked_at.emit(widget.tile)

    def _choose(self, widget: PersonTile) -> None:
        self._look_at(widget)
        self.chosen.emit(widget.tile)


def _first_letters(name: str) -> set[str]:
    """The letters a person may be looked for by: of the first name, titles left out."""
    words = [word for word in fold(name).split() if not word.endswith(".")]
    return {words[0][0]} if words else set()
