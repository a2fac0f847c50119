"""One deed done to several appointments, and how all of it is taken back in one step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, CancelledBy, Channel, Status
from clinicdesk.domain.series import Series


@dataclass(frozen=True, slots=True)
class Together:
    """What one deed did: rows as they were and as they are, in the same order; new ones were nothing before."""

    before: tuple[Appointment, ...]
    after: tuple[Appointment, ...]
    series_before: tuple[Series, ...] = ()
    series_after: tuple[Series, ...] = ()


@dataclass(frozen=True, slots=True)
class PutBack:
    """Make each appointment, and each series, what is given here, if it is still in the version that was seen."""

    operation_id: UUID
    appointments: tuple[Appointment, ...]
    seen: tuple[tuple[UUID, int], ...]
    series: tuple[Series, ...] = ()


def taking_back(done: Together, operation_id: UUID, reason: str, stands: Mapping[UUID, int] | None = None) -> PutBack:
    """What undoes a deed, one of taking back too. What it booked is given up by the clinic: nothing is erased.

    `stands` says under which version a row stands now where that is not the one the deed left.
    """
    known = {one.id for one in done.before}
    undone = [_given_up(one, reason, done) for one in done.after if one.id not in known]
    versions = {one.id: one.version for one in done.after}
    versions |= {one.id: one.version for one in done.series_after}
    versions |= dict(stands or {})
    series = done.series_before
    wanted = (*done.before, *undone)
    ids = [*(one.id for one in wanted), *(one.id for one in series)]
    return PutBack(operation_id, wanted, tuple((row, versions[row]) for row in ids), series)


def _given_up(one: Appointment, reason: str, done: Together) -> Appointment:
    """A visit the deed booked, given up; one that only lengthened a series is no longer part of it."""
    undone = replace(
        one,
        status=Status.CANCELLED,
        status_channel=Channel.DESK,
        cancelled_by=CancelledBy.CLINIC,
        cancel_reason=reason,
    )
    return replace(undone, series_id=None, series_day=None) if done.series_before else undone
