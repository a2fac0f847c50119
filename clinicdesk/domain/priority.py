"""Who goes first in the waiting room: what the law says, and the order that follows from it.

- Lei 10.048/2000, article 1, as Leis 14.364/2022 and 14.626/2023 left it: disabled and autistic people, those of sixty
  and more, pregnant and nursing women, people with an infant in arms, obese people and those of reduced mobility are
  attended first. Blood donors too, but after all others of that list, with proof of a donation of the last 120 days.
- Lei 10.741/2003 (Estatuto da Pessoa Idosa), articles 3 § 2 and 15 § 7, by Lei 13.466/2017: among the elderly, those of
  eighty and more go before the others.

The law gives no other rank inside the list, so within one rank the turn decides.
"""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.patients import age

DONATION_COUNTS_DAYS = 120


class Priority(StrEnum):
    """Why somebody goes first. The two ages follow from the birth date; the others are told to the desk."""

    OVER_80 = "over_80"
    DISABLED = "disabled"
    AUTISTIC = "autistic"
    REDUCED_MOBILITY = "reduced_mobility"
    PREGNANT = "pregnant"
    NURSING = "lactating"
    WITH_INFANT = "with_infant"
    OBESE = "obese"
    OVER_60 = "over_60"
    BLOOD_DONOR = "blood_donor"


TOLD = tuple(one for one in Priority if one not in (Priority.OVER_80, Priority.OVER_60))
_RANKS = {Priority.OVER_80: 0, Priority.BLOOD_DONOR: 2}
_IN_THE_LIST, _NOBODY_FIRST = 1, 3


def priorities(born: dt.date | None, told: str, until: dt.date | None, today: dt.date) -> tuple[Priority, ...]:
    """Every reason that counts on `today`, the clinic's day, the strongest first; `until` is the last day of `told`."""
    found = []
    if born is not None and (years := age(born, today)) >= 60:
        found.append(Priority.OVER_80 if years >= 80 else Priority.OVER_60)
    if told and (until is None or today <= until):
        found.append(Priority(told))
    order = list(Priority)
    return tuple(sorted(found, key=lambda one: (_RANKS.get(one, _IN_THE_LIST), order.index(one))))


def priorities_of(appointment: Appointment, today: dt.date) -> tuple[Priority, ...]:
    """Why the patient of a visit goes first today; empty when the turn alone decides."""
    return priorities(
        appointment.patient_birth_date, appointment.patient_priority, appointment.patient_priority_until, today
    )


def turn(appointment: Appointment) -> dt.datetime:
    """When a visit's turn came: its time, or the arrival of who came later than that.

    Coming early wins nothing over those who were booked before, and who is late does not pass those who were not.
    """
    return max(appointment.starts_at, appointment.status_at)


def waiting_order(appointments: Iterable[Appointment], today: dt.date) -> list[Appointment]:
    """Those who wait in the reception in the order they are to be called: by law, then by turn, then by arrival."""
    waiting = [one for one in appointments if one.status is Status.CHECKED_IN]
    return sorted(waiting, key=lambda one: (rank(one, today), turn(one), one.status_at, one.id))


def rank(appointment: Appointment, today: dt.date) -> int:
    """0 for eighty and more, 1 for the law's list, 2 for blood donors, 3 for everybody else."""
    reasons = priorities_of(appointment, today)
    return _RANKS.get(reasons[0], _IN_THE_LIST) if reasons else _NOBODY_FIRST
