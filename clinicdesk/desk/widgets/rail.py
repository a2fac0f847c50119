"""The navigation rail: the places a role may go, the settings, and the person at the foot."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.avatar import paint_avatar
from clinicdesk.desk.widgets.label import plain_tip
from clinicdesk.words import _

WIDTH = 80
SETTINGS = "settings"


@dataclass(frozen=True)
class Place:
    """One place of the rail: its key, its icon, its word, and the shortcut the tool tip names."""

    key: str
    icon: str
    word: str
    shortcut: str = ""


class Rail(QWidget):
    """`place_chosen` names the place's key; `person_clicked` is the disc at the foot, below `settings` if there are."""

    place_chosen = Signal(str)
    person_clicked = Signal()

    def __init__(self, places: Sequence[Place], settings: Place | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "rail")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Places"))
        self._items: dict[str, _RailItem] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 16, 0, 8)
        self._column.setSpacing(4)
        self._column.addWidget(Logo(32), alignment=Qt.AlignmentFlag.AlignHCenter)
        self._column.addSpacing(12)
        for place in places:
            self._add(place)
        self._column.addStretch(1)
        if settings is not None:
            self._add(settings)
        self._column.addSpacing(4)
        self._person = _Person()
        self._person.clicked.connect(self.person_clicked)
        self._column.addWidget(self._person, alignment=Qt.AlignmentFlag.AlignHCenter)

    @property
    def current(self) -> str:
        """The key of the place one is in, empty when in none of them."""
        return next((key for key, item in self._items.items() if item.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Mark the place one is in."""
        for name, item in self._items.items():
            item.setChecked(name == key)

    def set_badge(self, key: str, count: int, tone: str = "danger") -> None:
        """A number on a place, red or (`warn`) amber; zero takes it away."""
        self._items[key].set_badge(count, tone)

    def set_person(self, name: str, hue: int, online: bool = True) -> None:
        """Who is signed in, and whether the clinic answers."""
        self._person.set_person(name, hue, online)

    def _add(self, place: Place) -> None:
        item = _RailItem(place)
        item.clicked.connect(lambda _checked=False: self.place_chosen.emit(place.key))
        self._items[place.key] = item
        self._column.addWidget(item)


class Logo(QWidget):
    """The white cross on a teal square."""

    def __init__(self, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(size, size)
        self.setAccessibleName("ClinicDesk")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current()
        side = self.width()
        fill = QLinearGradient(QPointF(0, 0), QPointF(side, side))
        fill.setColorAt(0, theme.color("logoTop"))
        fill.setColorAt(1, theme.color("logoBottom"))
        painter.setBrush(fill)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(0, 0, side, side), side / 4, side / 4)
        pen = QPen(theme.color("onRail"), side * 0.14)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        middle, arm = side / 2, side * 0.21
        painter.drawLine(QPointF(middle - arm, middle), QPointF(middle + arm, middle))
        painter.drawLine(QPointF(middle, middle - arm), QPointF(middle, middle + arm))


class _RailItem(QAbstractButton):
    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place
        self._count = 0
        self._tone = "danger"
        self.setText(place.word)
        self.setCheckable(True)
        self.setProperty("focusRing", "none")  # the rail is too narrow for a ring outside; it draws its own
        self.setToolTip(f"{place.word} ({place.shortcut})" if place.shortcut else "")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def nextCheckState(self) -> None:
        """The window decides where one is; a click alone marks nothing."""

    def set_badge(self, count: int, tone: str) -> None:
        self._count, self._tone = count, tone
        self.setAccessibleDescription(str(count) if count else "")
        self.update()

    def sizeHint(self) -> QSize:
        theme = current()
        words = round(drawing.width_of(self.text(), theme.font("detail_strong")))
        return QSize(max(WIDTH, words + 16), 36 + theme.line_height("key"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        tile = QRectF(8, 0, self.width() - 16, self.height())
        on = self.isChecked()
        if on:
            drawing.box(painter, tile, 8, theme.color("railOn"))
            bar = QRectF(-3, self.height() / 2 - 14, 6, 28)
            drawing.box(painter, bar, 3, theme.color("railBar"))
        elif self.underMouse():
            drawing.box(painter, tile, 8, theme.color("railOn", 0.55))
        if self.hasFocus():
            drawing.box(painter, tile, 8, None, theme.color("railBar"), 2)
        ink = "onRail" if on else "railText"
        icons.paint(painter, self._place.icon, ink, QRectF(self.width() / 2 - 10, 9, 20, 20))
        words = QRectF(0, 29, self.width(), theme.line_height("key") + 2)
        font = theme.font("detail_strong" if on else "key")
        drawing.text(painter, words, self.text(), font, theme.color(ink), Qt.AlignmentFlag.AlignHCenter)
        if self._count:
            self._paint_badge(painter, theme)

    def _paint_badge(self, painter: QPainter, theme: Theme) -> None:
        words = str(self._count) if self._count < 100 else "99+"
        font = theme.font("detail_strong", numbers=True)
        font.setPixelSize(11)  # the badge sits on an icon of one size
        width = max(18.0, drawing.width_of(words, font) + 10)
        area = QRectF(self.width() / 2 + 6, 2, width, 16)
        warn = self._tone == "warn"
        drawing.box(painter, area, 8, theme.color("badgeWarn" if warn else "badgeDanger"))
        ink = theme.color("onBadgeWarn" if warn else "onRail")
        drawing.text(painter, area, words, font, ink, Qt.AlignmentFlag.AlignHCenter)


class _Person(QAbstractButton):
    def __init__(self) -> None:
        super().__init__()
        self._hue = 0
        self._online = True
        self.setProperty("focusRing", "none")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    def set_person(self, name: str, hue: int, online: bool) -> None:
        self.setText(name)
        self._hue, self._online = hue, online
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(name))
        self.setVisible(bool(name))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(72, 38 + current().line_height("key"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        disc = QRectF(20, 2, 32, 32)
        if self.hasFocus():
            drawing.box(painter, disc.adjusted(-2, -2, 2, 2), 18, None, theme.color("railBar"), 2)
        paint_avatar(painter, disc, self.text(), self._hue, strong=True)
        dot = QRectF(44, 25, 10, 10)
        drawing.box(painter, dot, 5, theme.color("online" if self._online else "warn"), theme.color("rail"), 2)
        words = QRectF(0, 36, self.width(), theme.line_height("key") + 2)
        names = self.text().split()
        first = " ".join(names[:2]) if names and names[0].endswith(".") else "".join(names[:1])
        font = theme.font("key")
        drawing.text(painter, words, first, font, theme.color("railText"), Qt.AlignmentFlag.AlignHCenter)
