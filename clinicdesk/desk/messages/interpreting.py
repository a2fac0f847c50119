"""Replies that a person has to read, one after the other: one key decides, and every decision has its way back."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.dates import day_inside
from clinicdesk.desk.messages.listing import first_words
from clinicdesk.desk.messages.words import incoming_word, media_words, one_line
from clinicdesk.desk.shortcuts import INBOX, key_for
from clinicdesk.desk.theme import current
from clinicdesk.desk.undo import Deed, TakeBack, Undo
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.avatar import Avatar
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.widgets.patient_words import patient_hue
from clinicdesk.domain.agenda import Appointment, Slot
from clinicdesk.domain.interpretations import Decision, Interpret, Interpreted, TakeBackInterpretation, UnclearReply
from clinicdesk.errors import ClinicError
from clinicdesk.formats import day_and_time
from clinicdesk.usecases import interpretations
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _, marked, ngettext, pgettext

COMMANDS = {"offer": Decision.OTHER_TIME, "confirm": Decision.CONFIRM, "cancel": Decision.CANCEL}
_LOOKS = {
    Decision.OTHER_TIME: (marked("Looks like a wish for another time"), "calendar-clock"),
    Decision.CONFIRM: (marked("Looks like a yes"), "circle-check"),
    Decision.CANCEL: (marked("Looks like a cancellation"), "ban"),
    Decision.LEAVE: (marked("Looks like no answer"), "message-circle"),
}
_DONE = {
    Decision.CONFIRM: (marked("{name}: visit confirmed"), "circle-check"),
    Decision.CANCEL: (marked("{name}: visit cancelled"), "ban"),
    Decision.OTHER_TIME: (marked("{name}: wants another time"), "calendar-clock"),
    Decision.LEAVE: (marked("{name}: no answer, only a conversation"), "message-circle"),
}
_MOST_SHOWN = 2


def quote(reply: UnclearReply) -> str:
    """What was written, in quotation marks; of a file, what it is."""
    words = one_line(reply.body)
    if words:
        return f"“{words}”"
    return media_words(reply.kind) or incoming_word(reply.kind)


class Interpreting(QObject):
    """`came` carries the replies that wait, `times_found` the reply with the free times one may offer instead."""

    came = Signal(object)  # tuple[UnclearReply, ...]
    times_found = Signal(object, object)  # UnclearReply, tuple[Slot, ...]
    failed = Signal(object)

    def __init__(self, clinic: Clinic, background: Background, undo: Undo, parent: QObject) -> None:
        super().__init__(parent)
        self._clinic, self._background, self._undo = clinic, background, undo
        self._under_way = False

    def read(self) -> None:
        """Ask which replies wait."""
        self._background.run(
            self, lambda: interpretations.waiting(self._clinic), self.came.emit, self.failed.emit, replaces="waiting"
        )

    def decide(self, reply: UnclearReply, decision: Decision) -> None:
        """Do what a person reads in a reply; a second key while the first is on its way is none."""
        if self._under_way or decision not in reply.decisions:
            return
        seen = reply.appointment.version if reply.appointment is not None else None
        command = Interpret(new_id(), reply.id, reply.version, decision, seen)
        self._under_way = True
        self._write(lambda: interpretations.interpret(self._clinic, command), partial(self._decided, reply, decision))

    def _decided(self, reply: UnclearReply, decision: Decision, done: Interpreted) -> None:
        said, icon = _DONE[decision]
        words = _(said).format(name=reply.name)
        self._undo.did(Deed(words, self._take_back(done, reply, words)), icon)
        self.read()
        if decision is Decision.OTHER_TIME and reply.appointment is not None:
            self._find_times(reply, reply.appointment)

    def _find_times(self, reply: UnclearReply, visit: Appointment) -> None:
        self._background.run(
            self,
            lambda: interpretations.other_times(self._clinic, visit),
            lambda found: self.times_found.emit(reply, found),
            self.failed.emit,
            replaces="times",
        )

    def _take_back(self, done: Interpreted, reply: UnclearReply, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            command = TakeBackInterpretation(new_id(), done)

            def taken(waiting: tuple[UnclearReply, ...]) -> None:
                self.came.emit(waiting)
                again = next((one for one in waiting if one.id == reply.id), None)
                if again is not None:
                    tell(Deed(words, lambda _tell: self.decide(again, done.decision)))

            self._write(lambda: interpretations.take_back(self._clinic, command), taken)

        return take_back

    def _write(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        def written(found: object) -> None:
            self._under_way = False
            done(found)

        def refused(error: ClinicError) -> None:
            self._under_way = False
            self.failed.emit(error)
            self.read()

        self._background.run(self, work, written, refused, lane="writes")


def times_words(name: str, slots: tuple[Slot, ...], clock_: DeskClock) -> str:
    """What is put into the message to offer other times; nothing is sent by itself."""
    first = name.split()[0]
    if not slots:
        return _("Hello, {name}! Which day and time would suit you?").format(name=first)
    times = [_spoken_time(slot.starts_at.astimezone(clock_.zone)) for slot in slots]
    told = times[0] if len(times) == 1 else _("{some} or {last}").format(some="; ".join(times[:-1]), last=times[-1])
    return _("Hello, {name}! I can offer {times}. Which one suits you?").format(name=first, times=told)


def _spoken_time(at: dt.datetime) -> str:
    return pgettext("a visit's time", "{day} at {time}").format(day=day_inside(at.date()), time=f"{at:%H:%M}")


class InterpretCard(QWidget):
    """One reply with what can be made of it. `decided` carries a Decision, `opened` asks for its conversation."""

    decided = Signal(object)
    opened = Signal()

    def __init__(self, reply: UnclearReply, place: int, count: int, clock_: DeskClock) -> None:
        super().__init__()
        self.reply = reply
        self._clock = clock_
        self.buttons: dict[Decision, Button] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Label(_("Reply to interpret"), "section"))
        head.addStretch(1)
        head.addWidget(Label(_("{place} of {count}").format(place=place, count=count), "second", "muted", numbers=True))
        column.addLayout(head)
        frame = card()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(12, 12, 12, 12)
        inner.setSpacing(8)
        inner.addLayout(self._who())
        inner.addWidget(Label(quote(reply), "control", wrap=True))
        self._hint(inner)
        self._actions(inner)
        column.addWidget(frame)

    def set_offline(self, words: str) -> None:
        """Why nothing can be decided now; empty when it can."""
        for button in self.buttons.values():
            if words:
                button.refuse(words)
            else:
                button.permit()

    def _who(self) -> QHBoxLayout:
        reply = self.reply
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(reply.name, "strong", wrap=True))
        if reply.appointment is not None:
            visit = reply.appointment
            when = day_and_time(visit.starts_at, self._clock.zone)
            words.addWidget(Label(f"{when} · {visit.professional_name}", "second", "muted", numbers=True, wrap=True))
        else:
            words.addWidget(Label(_("about no visit"), "second", "muted"))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Avatar(reply.name, patient_hue(reply.patient_id or reply.conversation_id), 32), 0,
                      Qt.AlignmentFlag.AlignTop)  # fmt: skip
        row.addLayout(words, 1)
        return row

    def _hint(self, inner: QVBoxLayout) -> None:
        suggestion = self.reply.suggestion
        if suggestion is None:
            return
        words = _(_LOOKS[suggestion][0])
        if self.reply.proposal is not None:
            words = f"{words} · {round(self.reply.proposal.confidence * 100)}%"
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(IconLabel("sparkles", "accentText", 14), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(words, "chip", "accentText", wrap=True), 1)
        inner.addLayout(row)

    def _actions(self, inner: QVBoxLayout) -> None:
        offered = self.reply.decisions
        if Decision.OTHER_TIME in offered:
            inner.addWidget(
                self._button(Decision.OTHER_TIME, _("Offer another time"), "calendar-clock", "offer", "soft")
            )
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(self._button(Decision.CONFIRM, _("Confirm"), "", "confirm"))
            row.addWidget(self._button(Decision.CANCEL, pgettext("a visit", "Cancel"), "", "cancel"))
            inner.addLayout(row)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._button(Decision.LEAVE, _("It is no answer"), "message-circle", "", "quiet"))
        row.addStretch(1)
        see = Button(_("Open"), "quiet", size="dense")
        see.clicked.connect(self.opened)
        row.addWidget(see)
        inner.addLayout(row)

    def _button(self, decision: Decision, words: str, icon: str, command: str, kind: str = "secondary") -> Button:
        key = key_for(INBOX, command) if command else ""
        button = Button(words, kind, icon, key, size="dense" if kind == "quiet" else "normal")
        button.clicked.connect(lambda: self.decided.emit(decision))
        self.buttons[decision] = button
        return button


class WaitingReplies(QAbstractButton):
    """Over the list: how many replies wait, and the first of them; a click leads to them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._replies: tuple[UnclearReply, ...] = ()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("radius", 8)
        self.hide()

    def show_replies(self, replies: tuple[UnclearReply, ...]) -> None:
        """Show these; nothing when nothing waits."""
        self._replies = replies
        count = len(replies)
        words = ngettext("{count} reply to interpret", "{count} replies to interpret", count).format(count=count)
        self.setText(words)
        self.setAccessibleName(". ".join((words, *self._lines())))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = current()
        lines = min(_MOST_SHOWN, len(self._replies)) * theme.line_height("second")
        return QSize(240, theme.line_height("strong") + lines + 22)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = current(), QPainter(self)
        area = QRectF(self.rect())
        drawing.box(painter, area, 8, theme.color("warnSoft"), theme.color("warn") if self.underMouse() else None)
        first = QRectF(14, 10, area.width() - 44, theme.line_height("strong"))
        icons.paint(painter, "circle-question-mark", "warnText", QRectF(first.left(), first.top(), 16, first.height()))
        line = first.adjusted(24, 0, 0, 0)
        drawing.text(painter, line, self._title(line.width()), theme.font("strong"), theme.color("warnText"))
        line = QRectF(14, first.bottom() + 2, area.width() - 44, theme.line_height("second"))
        for words in self._lines():
            font = theme.font("second")
            drawing.text(painter, line, first_words(words, font, line.width()), font, theme.color("text"))
            line.translate(0, line.height())
        icons.paint(painter, "chevron-right", "warnText", QRectF(area.right() - 30, 0, 16, area.height()))

    def _title(self, width: float) -> str:
        """How many, in as many words as there is room for."""
        if drawing.width_of(self.text(), current().font("strong")) <= width:
            return self.text()
        return f"{_('To interpret')}: {len(self._replies)}"

    def _lines(self) -> list[str]:
        return [f"{one.name.split()[0]}: {quote(one)}" for one in self._replies[:_MOST_SHOWN]]
