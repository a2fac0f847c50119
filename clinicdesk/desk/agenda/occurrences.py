"""The visits of a series before they are written: each day with its verdict, each conflict with what would do."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.key_cap import key_cap_height, key_cap_width, paint_key_cap
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.series_edit import Planned
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.formats import short_date
from clinicdesk.words import _, ngettext

Describe = Callable[[FreeSlot], str]
_UNDECIDED = object()


class OccurrenceList(QWidget):
    """`changed` when a conflict was decided. With the focus in it, ↑ ↓ go from conflict to conflict, numbers decide."""

    changed = Signal()

    def __init__(self, clock: DeskClock, describe: Describe, leave: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock, self._describe, self._leave = clock, describe, leave
        self._planned: tuple[Planned, ...] = ()
        self._decisions: dict[int, object] = {}
        self._conflicts: list[_Conflict] = []
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(_("Visits of the series"))
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(2)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(body)
        self._scroll.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)

    def show_plan(self, planned: Sequence[Planned]) -> None:
        """Show these days; what was decided for a day whose conflict is still the same stays decided."""
        kept = {
            (one.day, one.alternatives): self._decisions[index]
            for index, one in enumerate(self._planned)
            if index in self._decisions
        }
        self._planned = tuple(planned)
        self._decisions = {}
        for index, one in enumerate(self._planned):
            if (one.day, one.alternatives) in kept and one.refusal:
                self._decisions[index] = kept[one.day, one.alternatives]
            elif one.skipped:
                self._decisions[index] = None
        self._fill()

    @property
    def planned(self) -> tuple[Planned, ...]:
        """What is shown."""
        return self._planned

    @property
    def undecided(self) -> int:
        """How many conflicts wait for a decision."""
        return sum(one.refusal is not None and index not in self._decisions for index, one in enumerate(self._planned))

    def decided(self) -> list[tuple[Planned, FreeSlot | None]]:
        """Every day with the place it takes; None where it takes none, or stays as it is."""
        found: list[tuple[Planned, FreeSlot | None]] = []
        for index, one in enumerate(self._planned):
            choice = self._decisions.get(index, _UNDECIDED) if one.refusal else one.place
            found.append((one, choice if isinstance(choice, FreeSlot) else None))
        return found

    def focus_undecided(self) -> None:
        """Give the keyboard to the first conflict that waits."""
        waiting = [number for number, one in enumerate(self._conflicts) if one.index not in self._decisions]
        if waiting:
            self._go(waiting[0])
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        key = Qt.Key(event.key())
        conflict = self._conflicts[self._at] if self._conflicts else None
        if conflict is not None and 1 <= number <= len(conflict.options):
            self._decide(conflict, number - 1)
            following = [at for at, one in enumerate(self._conflicts) if one.index not in self._decisions]
            if following:
                self._go(following[0])
        elif conflict is not None and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key is Qt.Key.Key_Down else -1
            self._go(min(max(self._at + step, 0), len(self._conflicts) - 1))
        else:
            super().keyPressEvent(event)

    # --- within ---

    def _fill(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._conflicts, self._at = [], 0
        for index, one in enumerate(self._planned):
            if one.refusal is None:
                self._column.addWidget(_Line("circle-check", "ok", *self._words_of(one.place, one)))
            else:
                self._column.addWidget(self._conflict(index, one))
        self._column.addStretch(1)
        self._mark()

    def _conflict(self, index: int, one: Planned) -> "_Conflict":
        choices: list[tuple[FreeSlot | None, str, str]] = [(each, *self._words_of(each)) for each in one.alternatives]
        choices.append((None, self._leave, ""))
        assert one.refusal is not None
        why = one.holiday if one.skipped else sentence(one.refusal, self._clock.zone)
        line = _Line("calendar-x", "warn" if one.skipped else "danger", *self._words_of(one.place, one))
        made = _Conflict(index, line, why, choices)
        for number, option in enumerate(made.options):
            option.clicked.connect(lambda _checked=False, number=number: self._decide(made, number))
        self._conflicts.append(made)
        return made

    def _words_of(self, place: FreeSlot, one: Planned | None = None) -> tuple[str, str]:
        local = place.slot.starts_at.astimezone(self._clock.zone)
        words = f"{short_date(local.date())}, {local:%H:%M}"
        moved = one is not None and one.holiday and not one.skipped and local.date() != one.day
        detail = _("instead of {day}").format(day=short_date(one.day)) if moved and one else self._describe(place)
        return words, detail

    def _decide(self, conflict: "_Conflict", number: int) -> None:
        self._decisions[conflict.index] = conflict.options[number].place
        self._at = self._conflicts.index(conflict)
        self._mark()
        self.changed.emit()

    def _go(self, at: int) -> None:
        self._at = at
        self._mark()
        self._scroll.ensureWidgetVisible(self._conflicts[at])

    def _mark(self) -> None:
        for number, conflict in enumerate(self._conflicts):
            decision = self._decisions.get(conflict.index, _UNDECIDED)
            conflict.show_decision(decision, here=number == self._at)


class _Line(QWidget):
    """A day of the series: an icon for its verdict, the day and the hour, and where."""

    def __init__(self, icon: str, tone: str, words: str, detail: str) -> None:
        super().__init__()
        self._icon, self._tone, self._words, self._detail = icon, tone, words, detail
        self.setAccessibleName(f"{words}, {detail}" if detail else words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_verdict(self, icon: str, tone: str) -> None:
        """Show another verdict."""
        self._icon, self._tone = icon, tone
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, max(30, current().line_height("body") + 10))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        icons.paint(painter, self._icon, self._tone, QRectF(8, 0, 16, self.height()))
        drawing.text(
            painter,
            QRectF(34, 0, self.width(), self.height()),
            self._words,
            theme.font("body", numbers=True),
            theme.color("text"),
            Qt.AlignmentFlag.AlignLeft,
        )
        taken = 34 + drawing.width_of(self._words, theme.font("body", numbers=True)) + 12
        if taken + drawing.width_of(self._detail, theme.font("second")) <= self.width() - 10:
            drawing.text(
                painter,
                QRectF(0, 0, self.width() - 10, self.height()),
                self._detail,
                theme.font("second"),
                theme.color("muted"),
                Qt.AlignmentFlag.AlignRight,
            )


class _Conflict(QWidget):
    """A day that cannot be as wished: why, and what would do, by number."""

    def __init__(self, index: int, line: _Line, why: str, choices: Sequence[tuple[FreeSlot | None, str, str]]) -> None:
        super().__init__()
        self.index = index
        self._line = line
        self._here = False
        self.options = [_Option(number, *choice) for number, choice in enumerate(choices, 1)]
        reason = Label(why, "second", "muted", wrap=True)
        reason.setContentsMargins(34, 0, 8, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 8)
        column.setSpacing(2)
        column.addWidget(line)
        column.addWidget(reason)
        for option in self.options:
            column.addWidget(option)

    def show_decision(self, decision: object, here: bool) -> None:
        """Show what was decided, and whether the keyboard is here."""
        decided = decision is not _UNDECIDED
        left = decided and decision is None
        self._line.set_verdict(
            "circle-minus" if left else "circle-check" if decided else "calendar-x",
            "muted" if left else "ok" if decided else "danger",
        )
        for option in self.options:
            option.setChecked(decided and option.place == decision)
            option.set_here(here)
        self._here = here
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 2.5, -0.5, -2.5)
        drawing.box(painter, area, 8, theme.color("surface"), theme.color("accent" if self._here else "line"))


class _Option(QAbstractButton):
    """One way out of a conflict."""

    def __init__(self, number: int, place: FreeSlot | None, words: str, detail: str) -> None:
        super().__init__()
        self.place = place
        self._number, self._words, self._detail = str(number), words, detail
        self._here = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(", ".join(filter(None, (self._number, words, detail))))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_here(self, here: bool) -> None:
        """Whether its number works now."""
        self._here = here
        self.update()

    def nextCheckState(self) -> None:
        self.setChecked(True)

    def sizeHint(self) -> QSize:
        return QSize(320, max(32, current().line_height("body") + 12))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        area = QRectF(self.rect()).adjusted(28, 1, -7, -1)
        ground = theme.color("selected" if on else "hover" if self.underMouse() else "surface")
        drawing.box(painter, area, 8, ground, theme.color("accent" if on else "line"))
        height = key_cap_height()
        cap = QRectF(area.left() + 8, (self.height() - height) / 2, key_cap_width(self._number), height)
        ink = theme.color("muted" if self._here else "faint")
        paint_key_cap(painter, cap, self._number, ink, theme.color("sunken"), theme.color("line"))
        left = cap.right() + 10
        words = QRectF(left, 0, area.right() - left, self.height())
        drawing.text(
            painter,
            words,
            self._words,
            theme.font("body", numbers=True),
            theme.color("text"),
            Qt.AlignmentFlag.AlignLeft,
        )
        taken = drawing.width_of(self._words, theme.font("body", numbers=True)) + 16
        if taken + drawing.width_of(self._detail, theme.font("second")) <= words.width() - 10:
            right = QRectF(words.left(), 0, words.width() - 10, self.height())
            drawing.text(
                painter, right, self._detail, theme.font("second"), theme.color("muted"), Qt.AlignmentFlag.AlignRight
            )


def count_words(planned: Sequence[Planned], undecided: int) -> str:
    """How many visits there are and what waits: “10 visits · 1 to decide”."""
    total = ngettext("{count} visit", "{count} visits", len(planned)).format(count=len(planned))
    if not undecided:
        return total
    waiting = ngettext("{count} to decide", "{count} to decide", undecided).format(count=undecided)
    return f"{total} · {waiting}"
