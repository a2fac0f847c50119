"""Free times that can be read aloud, picked by a click or by their number."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.key_cap import paint_key_cap
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.wording import spoken_time, why_not_sentence
from clinicdesk.domain.slots import FreeSlot, SlotSearch
from clinicdesk.words import _

SHOWN_PER_DAY = 4
_PARTS: dict[str, tuple[dt.time, dt.time]] = {
    "all": (dt.time(0), dt.time(23, 59)),
    "morning": (dt.time(0), dt.time(11, 59)),
    "afternoon": (dt.time(12), dt.time(17, 59)),
    "evening": (dt.time(18), dt.time(23, 59)),
}


class SlotPicker(QWidget):
    """`chosen` carries a FreeSlot; `more_wanted` asks for later days. Numbers choose while the list has the focus."""

    chosen = Signal(object)
    more_wanted = Signal()

    def __init__(self, clock: DeskClock, describe: Callable[[FreeSlot], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._describe = describe
        self._search = SlotSearch(())
        self._rows: list[SlotRow] = []
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(_("Free times"))
        self.parts = Segmented(
            [("all", _("All")), ("morning", _("Morning")), ("afternoon", _("Afternoon")), ("evening", _("Evening"))],
            _("Time of day"),
        )
        self.parts.chosen.connect(lambda _key: self._fill())
        self.more = Button(_("See more days"), "secondary", icon="calendar-search")
        self.more.clicked.connect(self.more_wanted)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        body = QWidget()
        body.setLayout(self._list)
        self._list.setContentsMargins(0, 0, 8, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        scroll.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 16, 20)
        column.setSpacing(8)
        column.addWidget(Label(_("Free times"), "section"))
        column.addWidget(Label(_("Read aloud; click or type the number"), "second", "muted"))
        column.addWidget(self.parts, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(scroll, 1)
        column.addWidget(self.more)

    def show_search(self, search: SlotSearch, chosen: FreeSlot | None = None) -> None:
        """Offer these, with one of them chosen already."""
        self._search = search
        self._fill()
        if chosen:
            self.mark(chosen)

    def mark(self, chosen: FreeSlot | None) -> None:
        """Show which one is chosen, without telling anyone."""
        for row in self._rows:
            row.setChecked(chosen is not None and row.free.slot == chosen.slot and row.free == chosen)

    def first(self) -> FreeSlot | None:
        """The earliest on offer."""
        return self._rows[0].free if self._rows else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        if 1 <= number <= min(9, len(self._rows)):
            self._choose(self._rows[number - 1])
            return
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if Qt.Key(event.key()) in steps and self._rows:
            at = next((index for index, row in enumerate(self._rows) if row.isChecked()), -1)
            self._choose(self._rows[min(max(at + steps[Qt.Key(event.key())], 0), len(self._rows) - 1)])
            return
        super().keyPressEvent(event)

    def _choose(self, row: "SlotRow") -> None:
        self.mark(row.free)
        self.chosen.emit(row.free)

    def _fill(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = []
        for day, free in self._by_day():
            self._list.addWidget(Label(self._day_words(day), "strong"))
            for one in free:
                row = SlotRow(len(self._rows) + 1, one, self._clock, self._describe(one))
                row.clicked.connect(lambda _checked=False, row=row: self._choose(row))
                self._rows.append(row)
                self._list.addWidget(row)
            self._list.addSpacing(6)
        if not self._rows:
            reason = self._search.main_reason
            detail = why_not_sentence(reason) if reason else _("Choose another time of day or see more days.")
            self._list.addWidget(EmptyState("calendar-x", _("No free time here"), detail))
        self._list.addStretch(1)

    def _by_day(self) -> list[tuple[dt.date, Sequence[FreeSlot]]]:
        earliest, latest = _PARTS[self.parts.current]
        days: dict[dt.date, list[FreeSlot]] = {}
        for one in self._search.slots:
            local = one.slot.starts_at.astimezone(self._clock.zone)
            if earliest <= local.time() <= latest:
                days.setdefault(local.date(), []).append(one)
        return [(day, _spread(free)) for day, free in list(days.items())[:5]]

    def _day_words(self, day: dt.date) -> str:
        near = (day - self._clock.today()).days
        if near in (0, 1):
            return dates.capitalised(f"{dates.relative_day(day, self._clock.today())}, {dates.day_title(day).lower()}")
        return dates.day_title(day)


def _spread(free: Sequence[FreeSlot]) -> list[FreeSlot]:
    """A few of a day's times, far enough apart to be a choice: not 13:15, 13:20 and 13:25."""
    kept: list[FreeSlot] = []
    for one in free:
        if kept and one.slot.starts_at < kept[-1].slot.starts_at + dt.timedelta(minutes=45):
            continue
        kept.append(one)
    step = max(1, -(-len(kept) // SHOWN_PER_DAY))
    return kept[::step][:SHOWN_PER_DAY]


class SlotRow(QAbstractButton):
    """A number, an hour, the hour in words, and the room."""

    def __init__(self, number: int, free: FreeSlot, clock: DeskClock, detail: str) -> None:
        super().__init__()
        self.free = free
        local = free.slot.starts_at.astimezone(clock.zone)
        self._number = str(number) if number <= 9 else ""
        self._hour = f"{local:%H:%M}"
        self._spoken = spoken_time(local.time())
        self._detail = detail
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("radius", 8)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{self._spoken}, {detail}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def nextCheckState(self) -> None:
        self.setChecked(True)

    def sizeHint(self) -> QSize:
        return QSize(320, 36)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        ground = theme.color("selected" if on else "hover" if self.underMouse() else "surface")
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        drawing.box(painter, area, 8, ground, theme.color("accent" if on else "line"), 1.5 if on else 1)
        if self._number:
            cap = QRectF(10, (self.height() - 20) / 2, 20, 20)
            paint_key_cap(painter, cap, self._number, theme.color("muted"), theme.color("sunken"), theme.color("line"))
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font("subsection", numbers=True))
        painter.drawText(QRectF(42, 0, 52, self.height()), Qt.AlignmentFlag.AlignVCenter, self._hour)
        painter.setFont(theme.font("second"))
        painter.setPen(theme.color("muted"))
        width = drawing.width_of(self._detail, theme.font("second"))
        room = self.width() - 116 - width
        if drawing.width_of(self._spoken, theme.font("second")) <= room:
            painter.drawText(QRectF(96, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, self._spoken)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(0, 0, self.width() - 12, self.height()), right, self._detail)
