"""Calling somebody from the waiting room: how little of a name a screen shows, and whom it may call."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.patients import initials_between
from clinicdesk.errors import NotWaiting

HOURS_SHOWN = 12  # a waiting room's day


@dataclass(frozen=True, slots=True)
class CallPatient:
    """Call the patient of a visit to its room, or to another `place`."""

    operation_id: UUID
    appointment_id: UUID
    place: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """The last call of a visit's patient. `name` is what a screen may show; `place` is empty for the reception."""

    id: UUID
    appointment_id: UUID
    name: str
    place: str
    called_at: dt.datetime
    times: int = 1


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is in the clinic, or was called today; `time` is the visit's on the clinic's wall."""

    patient_id: UUID
    name: str
    time: dt.time


def require_waiting(appointment: Appointment) -> None:
    """Refuse to call whoever is not there, by NotWaiting; who sits with the professional may be called on."""
    if appointment.status not in (Status.CHECKED_IN, Status.IN_PROGRESS):
        raise NotWaiting(appointment.status)


def screen_names(present: Sequence[Present]) -> list[str]:
    """What a screen shows of each: first name and initial. Homonyms get the initials between, then their hour.

    Neither tells more about anybody: the hour is known to who was given it.
    """
    steps = [_steps(one) for one in present]
    chosen = [0] * len(present)
    for step in range(2):
        shown = [forms[place] for forms, place in zip(steps, chosen, strict=True)]
        people = {(name, one.patient_id) for name, one in zip(shown, present, strict=True)}
        crowded = {name for name, count in Counter(name for name, _patient in people).items() if count > 1}
        chosen = [step + 1 if name in crowded else place for name, place in zip(shown, chosen, strict=True)]
    return [forms[place] for forms, place in zip(steps, chosen, strict=True)]


def _steps(one: Present) -> tuple[str, str, str]:
    words = one.name.split()
    first = words[0] if words else ""
    last = f" {words[-1][0]}." if len(words) > 1 else ""
    between = "".join(f" {letter}." for letter in initials_between(one.name))
    return f"{first}{last}", f"{first}{between}{last}", f"{first}{between}{last} ({one.time:%H:%M})"
