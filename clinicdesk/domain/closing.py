"""Visits that are over and that nobody closed, and the steps that have to wait for a visit's time."""

import datetime as dt

from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.errors import TooEarly

OPEN = frozenset({Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN, Status.IN_PROGRESS})
ENDS = frozenset({Status.COMPLETED, Status.NO_SHOW})
GRACE = dt.timedelta(hours=1)  # visits run late; until then nobody has forgotten anything
LOOKED_BACK = dt.timedelta(days=60)  # what lies further back came with an import, or nobody will know any more


def is_unclosed(appointment: Appointment, now: dt.datetime) -> bool:
    """Whether a visit should have been closed: it ended a while ago, and nobody has said how."""
    return appointment.status in OPEN and now - LOOKED_BACK < appointment.ends_at <= now - GRACE


def is_too_early(appointment: Appointment, wanted: Status, now: dt.datetime) -> bool:
    """Whether this would say how a visit ended before it was to begin; one under way can end at any time."""
    under_way = wanted is Status.COMPLETED and appointment.status is Status.IN_PROGRESS
    return wanted in ENDS and not under_way and now < appointment.starts_at


def require_time(appointment: Appointment, wanted: Status, now: dt.datetime) -> None:
    """Refuse a step that has to wait for the visit's time, by TooEarly."""
    if is_too_early(appointment, wanted, now):
        raise TooEarly(wanted, appointment.starts_at)
