"""The life of one visit: when it was booked, confirmed, begun and closed, as it stands at a given moment."""

import datetime as dt
from random import Random
from typing import NamedTuple
from uuid import UUID

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.demo.people import DemoPatient, new_key

_MINUTE = dt.timedelta(minutes=1)
_FORGOTTEN = dt.timedelta(hours=10), dt.timedelta(days=30)  # how long ago a visit ended that nobody closed
_BOOKED_BY = ("phone",) * 9 + ("whatsapp",) * 6 + ("desk",) * 4 + ("booking_page",)
_CANCEL_REASONS = (
    "Imprevisto no trabalho",
    "Está doente",
    "Viagem",
    "Pediu para remarcar depois",
    "Conflito de agenda",
    "Não consegue chegar a tempo",
)
_CLINIC_REASONS = ("Profissional em cirurgia", "Profissional doente", "Manutenção da sala")
OVERBOOKING_REASONS = ("Dor aguda", "Veio de outra cidade", "Pós-operatório com febre", "Só pode neste horário")


class DemoVisit(NamedTuple):
    """One appointment with the moments its history is made of; what has not happened is None."""

    id: UUID
    clinic_id: UUID
    patient_id: UUID
    guardian_id: UUID | None
    professional_id: UUID
    room_id: UUID | None
    equipment_id: UUID | None
    service_id: UUID
    starts_at: dt.datetime
    ends_at: dt.datetime
    status: str
    note: str
    overbooking_reason: str
    cancelled_by: str | None
    cancel_reason: str
    booked_at: dt.datetime
    booked_channel: str
    confirmed_at: dt.datetime | None
    confirmed_channel: str
    arrived_at: dt.datetime | None
    started_at: dt.datetime | None
    closed_at: dt.datetime | None
    moved_at: dt.datetime | None = None  # when it came here from where it was
    was_starts_at: dt.datetime | None = None
    was_ends_at: dt.datetime | None = None
    was_professional_id: UUID | None = None
    was_room_id: UUID | None = None
    visit_id: UUID | None = None
    series_id: UUID | None = None
    series_day: dt.date | None = None


class Place(NamedTuple):
    """Where and when a visit lies, and what for."""

    clinic_id: UUID
    professional_id: UUID
    room_id: UUID | None
    equipment_id: UUID | None
    service_id: UUID
    starts_at: dt.datetime
    ends_at: dt.datetime


def status_at(random: Random, place: Place, moment: dt.datetime) -> Status:
    """What a visit of the clinic's usual luck is at `moment`: one in sixteen nobody came, one in twelve given up."""
    chance = random.random()
    if place.ends_at <= moment:
        if chance > 0.99 and _FORGOTTEN[0] < moment - place.ends_at < _FORGOTTEN[1]:
            return Status.CONFIRMED  # nobody closed it
        return Status.NO_SHOW if chance < 0.06 else Status.CANCELLED if chance < 0.14 else Status.COMPLETED
    if chance < 0.04:
        return Status.CANCELLED
    if place.starts_at <= moment:
        return Status.CHECKED_IN if chance < 0.2 else Status.IN_PROGRESS
    ahead = place.starts_at - moment
    if ahead <= 25 * _MINUTE:
        return Status.CHECKED_IN if chance < 0.5 else Status.CONFIRMED
    days = ahead.days
    confirmed = 0.72 if days < 1 else 0.5 if days < 3 else 0.25 if days < 8 else 0.06
    return Status.CONFIRMED if chance < confirmed + 0.04 else Status.PENDING


def _in_office_hours(random: Random, moment: dt.datetime, days: int) -> dt.datetime:
    """Some time between eight and half past five in São Paulo, so many days before `moment` (UTC)."""
    return (moment - dt.timedelta(days=days)).replace(hour=random.randrange(11, 21), minute=random.randrange(30))


def make_visit(
    random: Random,
    place: Place,
    patient: DemoPatient,
    status: Status,
    moment: dt.datetime,
    *,
    note: str = "",
    overbooking_reason: str = "",
    waited: int = 0,
) -> DemoVisit:
    """A visit in `status` at `moment`, with a past that leads there. `waited`: minutes in the reception so far."""
    starts_at = place.starts_at
    latest = min(starts_at, moment)
    booked_at = _in_office_hours(random, latest, 1 + int(random.expovariate(1 / 8)))
    confirmed_at = arrived_at = started_at = closed_at = None
    if status is not Status.PENDING and (status is not Status.CANCELLED or random.random() < 0.4):
        confirmed_at = max(booked_at + 2 * _MINUTE, _in_office_hours(random, latest, 1))
    if status in (Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED):
        waiting = status is Status.CHECKED_IN
        arrived_at = (moment if waiting else latest) - (waited or random.randrange(8 if waiting else 2, 25)) * _MINUTE
        confirmed_at = min(confirmed_at or booked_at, arrived_at - _MINUTE)
    if arrived_at and status is not Status.CHECKED_IN:
        started_at = min(moment, max(arrived_at + _MINUTE, starts_at + random.randrange(-2, 9) * _MINUTE))
    cancelled_by, reason = None, ""
    if status is Status.COMPLETED:
        closed_at = min(moment, place.ends_at + random.randrange(-4, 8) * _MINUTE)
    elif status is Status.NO_SHOW:
        closed_at = min(moment, starts_at + random.randrange(16, 40) * _MINUTE)
    elif status is Status.CANCELLED:
        closed_at = max(confirmed_at or booked_at, latest - random.randrange(30, 4000) * _MINUTE) + 3 * _MINUTE
        cancelled_by = "clinic" if random.random() < 0.12 else "patient"
        reason = random.choice(_CLINIC_REASONS if cancelled_by == "clinic" else _CANCEL_REASONS)
    return DemoVisit(
        new_key(random, booked_at),
        place.clinic_id,
        patient.id,
        patient.guardian_id,
        place.professional_id,
        place.room_id,
        place.equipment_id,
        place.service_id,
        starts_at,
        place.ends_at,
        status.value,
        note,
        overbooking_reason,
        cancelled_by,
        reason,
        booked_at,
        random.choice(_BOOKED_BY),
        confirmed_at,
        "whatsapp" if random.random() < 0.75 else "phone",
        arrived_at,
        started_at,
        closed_at,
    )
