"""What the waiting room reads from across the room: who is called, where to, who was called before, and the time."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.dates import capitalised
from clinicdesk.desk.theme import current, switch
from clinicdesk.desk.widgets import drawing
from clinicdesk.domain.calls import Call
from clinicdesk.formats import clock, long_date
from clinicdesk.words import _

BEFORE = 4  # calls that stay in sight after the newest
_FRESH_SECONDS = 12
_TICK = 1000


class CallScreen(QWidget):
    """A window of its own. `left` tells that a person closed it, `sound_chosen` whether a call is to be heard."""

    left = Signal()
    sound_chosen = Signal(bool)

    def __init__(self, clinic_name: str, desk_clock: DeskClock, sound: bool = False) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._clinic_name = clinic_name
        self._clock = desk_clock
        self._sound = sound
        self._calls: tuple[Call, ...] = ()
        self._fresh = QTimer(self, singleShot=True, interval=_FRESH_SECONDS * 1000)
        self._fresh.timeout.connect(self.update)
        self._minute = QTimer(self, interval=_TICK)
        self._minute.timeout.connect(self._tick)
        self._minute.start()
        self._shown_time = ""
        self.setWindowTitle(_("Call screen"))
        self.setMinimumSize(640, 360)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        switch().changed.connect(self.update)

    def show_calls(self, calls: Sequence[Call]) -> None:
        """Show these, the newest first; one that was not there before stands out for a while."""
        new = bool(calls) and (not self._calls or calls[0].id != self._calls[0].id)
        known = bool(self._calls) or self.isVisible()
        self._calls = tuple(calls[: BEFORE + 1])
        if new and known:
            self._fresh.start()
            if self._sound:
                QApplication.beep()
        self.setAccessibleName(self._spoken())
        self.update()

    @property
    def stands_out(self) -> bool:
        """Whether the newest call was made just now."""
        return self._fresh.isActive()

    def words(self) -> list[str]:
        """Everything the screen says now, the clock apart, in the order of reading."""
        if not self._calls:
            return [_("Your name appears here when it is your turn")]
        return [word for one in self._calls for word in (one.name, place_word(one))]

    def menu(self) -> QMenu:
        """What the right button offers."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        whole = menu.addAction(icons.icon("monitor", "muted"), f"{_('Full screen')}\tF11", self.toggle_full_screen)
        whole.setCheckable(True)
        whole.setChecked(self.isFullScreen())
        sound = menu.addAction(icons.icon("bell", "muted"), _("Sound with each call"))
        sound.setCheckable(True)
        sound.setChecked(self._sound)
        sound.toggled.connect(self._choose_sound)
        menu.addAction(icons.icon("x", "muted"), _("Close the call screen"), self.close)
        return menu

    def toggle_full_screen(self) -> None:
        """Take the whole monitor, or a window on it."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F11:
            self.toggle_full_screen()
        elif event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.showNormal()
        elif event.key() == Qt.Key.Key_Menu:
            self.menu().popup(self.mapToGlobal(self.rect().center()))
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.toggle_full_screen()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.menu().popup(event.globalPosition().toPoint())

    def closeEvent(self, event: QCloseEvent) -> None:
        if event.spontaneous() or self.isVisible():
            self.left.emit()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.setCursor(Qt.CursorShape.BlankCursor if self.isFullScreen() else Qt.CursorShape.ArrowCursor)

    # --- painting: everything is measured in hundredths of the window's height ---

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = min(self.height() / 100, self.width() / 150)
        painter.fillRect(self.rect(), theme.color("bg"))
        head = QRectF(0, 0, self.width(), 16 * unit)
        self._paint_head(painter, head, unit)
        body = QRectF(0, head.bottom(), self.width(), self.height() - head.bottom())
        if not self._calls:
            self._paint_nobody(painter, body, unit)
            return
        newest = QRectF(body)
        if len(self._calls) > 1:
            newest.setWidth(body.width() * 0.62)
            before = QRectF(newest.right(), body.top(), body.width() - newest.width(), body.height())
            self._paint_before(painter, before, unit)
        self._paint_newest(painter, newest.adjusted(5 * unit, 4 * unit, -4 * unit, -6 * unit), unit)

    def _paint_head(self, painter: QPainter, area: QRectF, unit: float) -> None:
        theme = current()
        painter.fillRect(area, theme.color("surface"))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), theme.color("line"))
        inner = area.adjusted(5 * unit, 0, -5 * unit, 0)
        now = self._clock.now()
        self._shown_time = clock(now, self._clock.zone)
        time_font = _font(8.5 * unit, QFont.Weight.DemiBold)
        width = drawing.width_of(self._shown_time, time_font)
        right = Qt.AlignmentFlag.AlignRight
        drawing.text(painter, inner, self._shown_time, time_font, theme.color("text"), right)
        day = capitalised(long_date(now.astimezone(self._clock.zone).date()))
        day_area = inner.adjusted(0, 0, -width - 3 * unit, 0)
        day_font = _font(2.8 * unit)
        day_font.unsetFeature(QFont.Tag("tnum"))  # it would part “terça-feira” at its hyphen
        drawing.text(painter, day_area, day, day_font, theme.color("muted"), right)
        room = day_area.width() - drawing.width_of(day, day_font) - 3 * unit
        fitting = _fitted(self._clinic_name, 4.2 * unit, room, QFont.Weight.DemiBold)
        drawing.text(painter, inner, self._clinic_name, fitting, theme.color("text"))

    def _paint_newest(self, painter: QPainter, area: QRectF, unit: float) -> None:
        theme, one = current(), self._calls[0]
        fresh = self.stands_out
        ground, ink = ("accent", "onAccent") if fresh else ("surface", "text")
        drawing.box(painter, area, 3 * unit, theme.color(ground), None if fresh else theme.color("line"))
        inner = area.adjusted(6 * unit, 6 * unit, -6 * unit, -6 * unit)
        said = _("Called again") if one.times > 1 else _("Called now")
        kicker = QRectF(inner.left(), inner.top(), inner.width(), 5 * unit)
        size = 4.4 * unit
        icons.paint(painter, "megaphone", ink, QRectF(kicker.left(), kicker.top(), size, kicker.height()))
        line = f"{said} · {clock(one.called_at, self._clock.zone)}"
        words = kicker.adjusted(size + 2 * unit, 0, 0, 0)
        drawing.text(painter, words, line, _font(3.6 * unit, QFont.Weight.Medium), theme.color(ink))
        name = QRectF(inner.left(), kicker.bottom() + 2 * unit, inner.width(), 26 * unit)
        _paint_lines(painter, name, one.name, 19 * unit, theme.color(ink))
        self._paint_place(painter, QRectF(inner.left(), inner.bottom() - 20 * unit, inner.width(), 20 * unit), unit)

    def _paint_place(self, painter: QPainter, area: QRectF, unit: float) -> None:
        theme, fresh = current(), self.stands_out
        place = place_word(self._calls[0])
        size = 9 * unit
        lines, font = _lines(place, 11 * unit, area.width() - size - 13 * unit)
        width = max(drawing.width_of(line, font) for line in lines) + size + 13 * unit
        plate = QRectF(area.left(), area.top(), min(width, area.width()), area.height())
        drawing.box(painter, plate, 2.5 * unit, theme.color("surface" if fresh else "accentSoft"))
        icon = QRectF(plate.left() + 5 * unit, plate.center().y() - size / 2, size, size)
        icons.paint(painter, "door-open", "accentText", icon)
        words = QRectF(icon.right() + 3 * unit, plate.top(), plate.right() - icon.right(), plate.height())
        _paint_lines(
            painter,
            words.adjusted(0, 0, -5 * unit, 0),
            place,
            11 * unit,
            theme.color("text" if fresh else "accentText"),
        )

    def _paint_before(self, painter: QPainter, area: QRectF, unit: float) -> None:
        theme = current()
        left = area.adjusted(2 * unit, 4 * unit, -5 * unit, -6 * unit)
        title = QRectF(left.left(), left.top(), left.width(), 7 * unit)
        drawing.text(painter, title, _("Called before"), _font(3.6 * unit, QFont.Weight.Medium), theme.color("muted"))
        height = (left.height() - title.height()) / BEFORE
        for number, one in enumerate(self._calls[1:]):
            top = title.bottom() + number * height
            row = QRectF(left.left(), top + unit, left.width(), height - 2 * unit)
            self._paint_row(painter, row, one, unit)

    def _paint_row(self, painter: QPainter, area: QRectF, one: Call, unit: float) -> None:
        theme = current()
        drawing.box(painter, area, 2 * unit, theme.color("surface"), theme.color("line"))
        inner = area.adjusted(3 * unit, 0, -3 * unit, 0)
        upper = QRectF(inner.left(), area.center().y() - 6.4 * unit, inner.width(), 7 * unit)
        lower = QRectF(inner.left(), area.center().y() + 0.8 * unit, inner.width(), 5 * unit)
        time, time_font = clock(one.called_at, self._clock.zone), _font(3 * unit)
        drawing.text(painter, upper, time, time_font, theme.color("faint"), Qt.AlignmentFlag.AlignRight)
        room = inner.width() - drawing.width_of(time, time_font) - 2 * unit
        name_font = _fitted(one.name, 5 * unit, room, QFont.Weight.DemiBold)
        drawing.text(painter, upper, one.name, name_font, theme.color("text"))
        place = place_word(one)
        drawing.text(painter, lower, place, _fitted(place, 3.4 * unit, inner.width()), theme.color("muted"))

    def _paint_nobody(self, painter: QPainter, area: QRectF, unit: float) -> None:
        theme = current()
        side = 20 * unit
        disc = QRectF(0, 0, side, side)
        disc.moveCenter(area.center() - QPointF(0, 10 * unit))
        drawing.box(painter, disc, side / 2, theme.color("sunken"))
        icons.paint(painter, "armchair", "muted", disc.adjusted(side / 4, side / 4, -side / 4, -side / 4))
        words = self.words()[0]
        font = _fitted(words, 5 * unit, area.width() - 10 * unit, QFont.Weight.Medium)
        line = QRectF(area.left(), disc.bottom() + 5 * unit, area.width(), 8 * unit)
        drawing.text(painter, line, words, font, theme.color("muted"), Qt.AlignmentFlag.AlignHCenter)

    # --- within ---

    def _tick(self) -> None:
        if clock(self._clock.now(), self._clock.zone) != self._shown_time:
            self.update()

    def _choose_sound(self, on: bool) -> None:
        self._sound = on
        self.sound_chosen.emit(on)

    def _spoken(self) -> str:
        if not self._calls:
            return ""
        return f"{self._calls[0].name}: {place_word(self._calls[0])}"


def place_word(call: Call) -> str:
    """Where somebody is called to; without a room, to the reception."""
    return call.place or _("Front desk")


def _font(pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = current().font("body", numbers=True)
    font.setPixelSize(max(8, round(pixels)))
    font.setWeight(weight)
    return font


def _fitted(words: str, pixels: float, room: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The largest font up to `pixels` in which the words fit: nothing on this screen is cut."""
    font = _font(pixels, weight)
    width = QFontMetricsF(font).horizontalAdvance(words)
    return font if width <= room else _font(pixels * max(room, 1) / width * 0.98, weight)


def _lines(words: str, pixels: float, room: float) -> tuple[list[str], QFont]:
    """Bold words in one line, or in two where they are read better so."""
    one = _fitted(words, pixels, room, QFont.Weight.Bold)
    parts = words.split()
    if one.pixelSize() >= 0.6 * pixels or len(parts) < 2:
        return [words], one
    splits = ([" ".join(parts[:place]), " ".join(parts[place:])] for place in range(1, len(parts)))
    lines = min(splits, key=lambda pair: max(drawing.width_of(line, one) for line in pair))
    widest = max(lines, key=lambda line: drawing.width_of(line, one))
    return lines, _fitted(widest, 0.6 * pixels, room, QFont.Weight.Bold)


def _paint_lines(painter: QPainter, area: QRectF, words: str, pixels: float, colour: QColor) -> None:
    lines, font = _lines(words, pixels, area.width())
    height = font.pixelSize() * 1.2 if len(lines) > 1 else area.height()
    top = area.center().y() - height * len(lines) / 2
    for number, line in enumerate(lines):
        drawing.text(painter, QRectF(area.left(), top + number * height, area.width(), height), line, font, colour)
