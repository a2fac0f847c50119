"""What an empty place of the agenda is worth: free and for how long, or why nobody can be booked there."""

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from uuid import UUID

from clinicdesk.desk.agenda.board import Board
from clinicdesk.desk.agenda.spoken import clock
from clinicdesk.desk.dates import minutes_text
from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import SchedulingPolicy
from clinicdesk.domain.hours import Calendar
from clinicdesk.domain.slots import Placement, check_policy, explain
from clinicdesk.errors import ClinicError
from clinicdesk.words import _

_SHORTEST = 5  # minutes: what a place is tried with


def place_lines(
    board: Board, column: Hashable, moment: dt.datetime, now: dt.datetime, worded: Callable[[ClinicError], str]
) -> list[str]:
    """The lines of the tool tip over an empty place; the first says whether it can be booked."""
    content = board.content
    spot = board.pointed(column)
    if content is None or spot.professional_id is None:
        return []
    day, zone = content.calendar.local_day(moment), content.calendar.zone
    slot = Slot.lasting(moment, _SHORTEST)
    who = board.name_of(spot.professional_id)
    refusal = explain(Placement(spot.professional_id, slot), content.calendar, board.taken())
    if refusal is None:
        gap = free_stretch(board, spot.professional_id, day, moment)
        until = gap.ends_at if gap else slot.ends_at
        length = minutes_text(int((until - moment).total_seconds() // 60))
        refusal = _policy_refusal(
            content.policy, content.calendar, moment, now, _visits(board, spot.professional_id, day)
        )
        if refusal is None:
            lines = [_("Free from {start} to {end}").format(start=clock(moment, zone), end=clock(until, zone))]
            past = [_("This time has passed.")] if until <= now else []
            return [*lines, f"{who} · {length}", *past]
    return [f"{clock(moment, zone)} · {who}", worded(board.named(refusal, spot.professional_id))]


def free_stretch(board: Board, professional_id: UUID, day: dt.date, moment: dt.datetime) -> Slot | None:
    """The open and free time of somebody around a moment; None when they are not free then."""
    if board.content is None:
        return None
    for opened in board.content.calendar.open_slots(professional_id, day):
        if opened.starts_at <= moment < opened.ends_at:
            return _free_within(opened, [one.slot for one in board.taken().within(professional_id, opened)], moment)
    return None


def _free_within(opened: Slot, taken: Sequence[Slot], moment: dt.datetime) -> Slot | None:
    start, end = opened.starts_at, opened.ends_at
    for one in taken:
        if one.starts_at <= moment < one.ends_at:
            return None
        if one.ends_at <= moment:
            start = max(start, one.ends_at)
        else:
            end = min(end, one.starts_at)
    return Slot(start, end)


def _visits(board: Board, professional_id: UUID, day: dt.date) -> int:
    assert board.content is not None
    whole = board.content.calendar.day_slot(day)
    return len({one.appointment_id for one in board.taken().within(professional_id, whole) if one.appointment_id})


def _policy_refusal(
    policy: SchedulingPolicy, calendar: Calendar, moment: dt.datetime, now: dt.datetime, visits: int
) -> ClinicError | None:
    try:
        check_policy(moment, policy, calendar, now, visits)
    except ClinicError as refusal:
        return refusal
    return None
