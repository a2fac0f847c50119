"""The head of a day in the list of free times: its date, the times not shown, and why the others are not offered."""

import datetime as dt
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QHBoxLayout, QToolTip, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label, plain_tip
from clinicdesk.desk.wording import why_not_words
from clinicdesk.domain.finder import Found, Refusal
from clinicdesk.domain.slots import WhyNot
from clinicdesk.formats import clock, short_date
from clinicdesk.words import _, ngettext

_MOST_LINES = 12


class SlotDay(QWidget):
    """`more_wanted`: show every time of the day. Why a time is missing is worked out when somebody points here."""

    more_wanted = Signal()

    def __init__(self, words: str, more: int, why: Callable[[], list[str]]) -> None:
        super().__init__()
        self._why = why
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Label(words, "strong", wrap=True), 1)
        self.more = Button(
            ngettext("{count} more time", "{count} more times", more).format(count=more), "link", size="small"
        )
        self.more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.more.clicked.connect(self.more_wanted)
        row.addWidget(self.more)
        self.more.setVisible(more > 0)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip("\n".join(self._why())), self)
            return True
        return super().event(event)


def day_words(day: dt.date, today: dt.date) -> str:
    """A day as the list names it: `Amanhã, quarta-feira, 25 de novembro`."""
    if (day - today).days in (0, 1):
        return dates.capitalised(f"{dates.relative_day(day, today)}, {dates.day_inside(day)}")
    return dates.day_title(day)


def days_without_words(days: list[dt.date], reason: WhyNot) -> str:
    """A line for days without time: `sáb, 28 nov – dom, 29 nov: fechado`."""
    when = short_date(days[0]) if len(days) == 1 else f"{short_date(days[0])} – {short_date(days[-1])}"
    return _("{when}: {reason}").format(when=dates.capitalised(when), reason=why_not_words(reason))


def refused_lines(found: Found, day: dt.date, desk_clock: DeskClock, names: Callable[[object], str]) -> list[str]:
    """What of a day is not offered, stretch by stretch, between the first and the last time that is worked."""
    refused = found.refusals(day)
    lines = [_("Not offered on this day:")]
    for professional_id, stretches in refused.items():
        shown = [one for one in stretches if not _outside(one, stretches)]
        who = f"{names(professional_id)}  " if len(refused) > 1 else ""
        lines += [f"{who}{_line(one, desk_clock)}" for one in shown]
    if len(lines) == 1:
        return [_("Every time of this day is offered.")]
    rest = len(lines) - _MOST_LINES
    return lines if rest <= 0 else [*lines[:_MOST_LINES], f"+{rest}"]


def _outside(refusal: Refusal, stretches: list[Refusal]) -> bool:
    return refusal.reason is WhyNot.CLOSED and refusal in (stretches[0], stretches[-1])


def _line(refusal: Refusal, desk_clock: DeskClock) -> str:
    start, end = (clock(one, desk_clock.zone) for one in (refusal.slot.starts_at, refusal.slot.ends_at))
    return f"{start}–{end}  {why_not_words(refusal.reason)}"
