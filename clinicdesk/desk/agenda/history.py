"""What happened to a visit, in sentences."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clinicdesk.desk import dates
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.status import STATUS_LOOKS
from clinicdesk.domain.agenda import Channel, Slot, Status
from clinicdesk.domain.history import Aspect, Difference, EventKind, HistoryEvent
from clinicdesk.terms import channel_phrase
from clinicdesk.words import _, marked


@dataclass(frozen=True)
class HistoryLine:
    """One line of the list: an icon, what happened, and when, how, by whom and where; quiet for what was taken back."""

    icon: str
    words: str
    detail: str
    event: HistoryEvent
    quiet: bool = False


_STATUS_SENTENCES = {
    Status.PENDING: marked("Back to be confirmed"),
    Status.CONFIRMED: marked("Confirmed"),
    Status.CHECKED_IN: marked("Arrived"),
    Status.IN_PROGRESS: marked("Consultation began"),
    Status.COMPLETED: marked("Consultation ended"),
    Status.NO_SHOW: marked("Did not come"),
    Status.CANCELLED: marked("Cancelled"),
}
# What became another, what came where nothing was, and what went without another in its place.
_CHANGED = {
    Aspect.PROFESSIONAL: marked("Passed from {before} to {after}"),
    Aspect.ROOM: marked("Room changed from {before} to {after}"),
    Aspect.EQUIPMENT: marked("Equipment changed from {before} to {after}"),
    Aspect.SERVICE: marked("Service changed from {before} to {after}"),
    Aspect.NOTE: marked("Note changed to: {after}"),
    Aspect.PATIENT: marked("Patient changed from {before} to {after}"),
    Aspect.GUARDIAN: marked("Guardian changed from {before} to {after}"),
    Aspect.OVERBOOKING: marked("Put in as an overbooking: {after}"),
}
_CAME = {
    Aspect.ROOM: marked("Room: {after}"),
    Aspect.EQUIPMENT: marked("Equipment: {after}"),
    Aspect.NOTE: marked("Note: {after}"),
    Aspect.GUARDIAN: marked("Guardian: {after}"),
}
_WENT = {
    Aspect.ROOM: marked("No room any more (it was {before})"),
    Aspect.EQUIPMENT: marked("No equipment any more (it was {before})"),
    Aspect.NOTE: marked("Note removed: {before}"),
    Aspect.GUARDIAN: marked("No guardian any more (it was {before})"),
    Aspect.OVERBOOKING: marked("No longer an overbooking"),
}


def history_lines(events: Sequence[HistoryEvent], clock: DeskClock) -> list[HistoryLine]:
    """The lines of a visit's history, the newest first."""
    return [history_line(event, clock) for event in reversed(events)]


def history_line(event: HistoryEvent, clock: DeskClock) -> HistoryLine:
    """The line of one event."""
    event = seen(event)
    what = "\n".join(_sentences(event, clock.zone))
    detail = " · ".join(filter(None, (dates.moment(event.at, clock.now(), clock.zone), how_and_who(event))))
    if event.reason and not privacy.hides():
        detail += f" · {event.reason}"
    if event.taken_back_at is None:
        return HistoryLine(event_icon(event), what, detail, event)
    undone = _("Taken back: {what}").format(what=what[:1].lower() + what[1:])
    return HistoryLine("undo-2", undone, detail, event, quiet=True)


def seen(event: HistoryEvent) -> HistoryEvent:
    """An event as it may be seen now: with names and what was written about people hidden, if they are."""
    if not privacy.hides():
        return event
    return replace(
        event,
        patient_name=privacy.dotted(event.patient_name),
        reason=_("reason hidden") if event.reason else "",
        differences=tuple(_discreet(one) for one in event.differences),
    )


def _discreet(one: Difference) -> Difference:
    if one.aspect in (Aspect.PATIENT, Aspect.GUARDIAN):
        return replace(one, before=privacy.dotted(one.before), after=privacy.dotted(one.after))
    if one.aspect in (Aspect.NOTE, Aspect.OVERBOOKING):
        return replace(one, before="…" if one.before else "", after="…" if one.after else "")
    return one


def event_icon(event: HistoryEvent) -> str:
    """The icon of what happened."""
    match event.kind:
        case EventKind.BOOKED:
            return "calendar-plus"
        case EventKind.MOVED:
            return "calendar-clock"
        case EventKind.STATUS:
            return STATUS_LOOKS[event.status].icon
        case EventKind.EDITED:
            return "pencil"


def how_and_who(event: HistoryEvent) -> str:
    """By which road, who, and from which desk."""
    by_desk = event.channel is Channel.DESK and event.person_name
    return " · ".join(filter(None, ("" if by_desk else channel_phrase(event.channel), event.person_name, event.desk)))


def _sentences(event: HistoryEvent, zone: dt.tzinfo) -> list[str]:
    """What happened, the gravest first; never nothing."""
    stepped = _("Cancelled late by the patient") if event.late else _(_STATUS_SENTENCES[event.status])
    first = {EventKind.BOOKED: _("Booked"), EventKind.STATUS: stepped}.get(event.kind)
    told = [first] if first else []
    told += [_difference(one, event, zone) for one in event.differences]
    return told or [_("Edited")]


def _difference(one: Difference, event: HistoryEvent, zone: dt.tzinfo) -> str:
    if event.before is not None and event.after is not None:
        if one.aspect is Aspect.START:
            return rescheduled(event.before, event.after, zone)
        if one.aspect is Aspect.LENGTH:
            before, after = (dates.minutes_text(slot.minutes) for slot in (event.before, event.after))
            return _("Length changed from {before} to {after}").format(before=before, after=after)
    table = _CAME if not one.before else _WENT if not one.after else _CHANGED
    return _(table.get(one.aspect, _CHANGED[one.aspect])).format(before=one.before, after=one.after)


def rescheduled(before_slot: Slot, after_slot: Slot, zone: dt.tzinfo) -> str:
    """From when to when; with the days when they are two."""
    before, after = (slot.starts_at.astimezone(zone) for slot in (before_slot, after_slot))
    if before.date() == after.date():
        return _("Rescheduled from {before} to {after}").format(before=f"{before:%H:%M}", after=f"{after:%H:%M}")
    return _("Rescheduled from {before} to {after}").format(
        before=f"{dates.short_day(before.date())} {before:%H:%M}",
        after=f"{dates.short_day(after.date())} {after:%H:%M}",
    )
