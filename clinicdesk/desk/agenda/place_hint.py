"""What an empty place of the agenda is worth: free and for how long, or why nobody can be booked there."""

import datetime as dt
from collections.abc import Callable, Hashable
from uuid import UUID

from clinicdesk.desk.agenda.board import Board
from clinicdesk.desk.agenda.spoken import clock
from clinicdesk.desk.dates import minutes_text
from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import SchedulingPolicy
from clinicdesk.domain.finder import free_around
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
        gap = free_around(content.calendar, board.taken(), spot.professional_id, moment)
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
