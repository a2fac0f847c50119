"""What happened to a visit, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.status import STATUS_LOOKS
from clinicdesk.domain.agenda import Channel, EventKind, HistoryEvent, Status
from clinicdesk.terms import channel_phrase
from clinicdesk.words import _, marked


@dataclass(frozen=True)
class HistoryLine:
    """One line of the list: an icon, what happened, and when, how and by whom."""

    icon: str
    words: str
    detail: str


_STATUS_SENTENCES = {
    Status.PENDING: marked("Back to be confirmed"),
    Status.CONFIRMED: marked("Confirmed"),
    Status.CHECKED_IN: marked("Arrived"),
    Status.IN_PROGRESS: marked("Consultation began"),
    Status.COMPLETED: marked("Consultation ended"),
    Status.NO_SHOW: marked("Did not come"),
    Status.CANCELLED: marked("Cancelled"),
}


def history_lines(events: Sequence[HistoryEvent], clock: DeskClock) -> list[HistoryLine]:
    """The lines of a history, the newest first."""
    return [_line(event, clock) for event in reversed(events)]


def _line(event: HistoryEvent, clock: DeskClock) -> HistoryLine:
    by = channel_phrase(event.channel) if event.channel is not Channel.DESK or not event.person_name else ""
    detail = " · ".join(filter(None, (dates.moment(event.at, clock.now(), clock.zone), by, event.person_name)))
    if event.reason:
        detail += f" · {event.reason}"
    match event.kind:
        case EventKind.BOOKED:
            return HistoryLine("calendar-plus", _("Booked"), detail)
        case EventKind.MOVED:
            return HistoryLine("calendar-clock", _moved(event, clock), detail)
        case EventKind.STATUS:
            return HistoryLine(STATUS_LOOKS[event.status].icon, _(_STATUS_SENTENCES[event.status]), detail)
        case EventKind.EDITED:
            return HistoryLine("pencil", _("Edited"), detail)


def _moved(event: HistoryEvent, clock: DeskClock) -> str:
    if event.before is None or event.after is None or event.before == event.after:
        return _("Changed length, professional or room")
    before, after = (moment.astimezone(clock.zone) for moment in (event.before, event.after))
    if before.date() == after.date():
        return _("Rescheduled from {before} to {after}").format(before=f"{before:%H:%M}", after=f"{after:%H:%M}")
    return _("Rescheduled from {before} to {after}").format(
        before=f"{dates.short_day(before.date())} {before:%H:%M}",
        after=f"{dates.short_day(after.date())} {after:%H:%M}",
    )
