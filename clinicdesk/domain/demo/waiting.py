"""Who waits for a time in the demo: people of the register, each with days, hours and urgency of their own."""

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import NamedTuple
from uuid import UUID

from clinicdesk.domain.demo.people import DemoPatient, new_key
from clinicdesk.domain.waiting import EVERY_DAY, MIDNIGHT, Urgency

_FIRST = 60  # the ones before have visits written for them
_STEP = 7
_NOON, _EVENING = dt.time(12), dt.time(18)
_ANY, _MORNING, _AFTERNOON = (MIDNIGHT, MIDNIGHT), (MIDNIGHT, _NOON), (_NOON, _EVENING)

# service | professional or nobody in particular | weekdays | hours | days waited | good for so many | how soon | note
_WISHES = (
    ("Consulta dermatológica", "Dra. Helena Prado", EVERY_DAY, _AFTERNOON, 12, 60, Urgency.SOON, ""),
    ("Retorno dermatológico", "", (1, 2, 3, 4, 5), _MORNING, 5, 30, Urgency.SOON, "Mora perto, chega em 20 minutos"),
    ("Consulta ortopédica", "Dr. Caio Menezes", EVERY_DAY, _ANY, 2, 14, Urgency.URGENT, "Dor no joelho desde domingo"),
    ("Toxina botulínica", "", (2, 4), _AFTERNOON, 20, 90, Urgency.CAN_WAIT, ""),
    ("Retorno nutricional", "Dra. Lívia Tanaka", EVERY_DAY, _ANY, 9, 45, Urgency.CAN_WAIT, "Prefere mensagem"),
    ("Limpeza", "Dr. André Falcão", (1, 3, 5), _ANY, 7, 60, Urgency.SOON, ""),
    ("Fisioterapia", "", EVERY_DAY, (dt.time(17), MIDNIGHT), 4, 30, Urgency.SOON, "Só depois do trabalho"),
    ("Laser fracionado", "", (6,), _ANY, 15, 60, Urgency.CAN_WAIT, ""),
    ("Avaliação de pinta", "Dra. Helena Prado", EVERY_DAY, _ANY, 40, -3, Urgency.SOON, ""),
)  # fmt: skip


class DemoWaiting(NamedTuple):
    """One person on the list; service and professional by the names that the catalogue gives them."""

    id: UUID
    patient_id: UUID
    service: str
    professional: str
    weekdays: tuple[int, ...]
    from_time: dt.time
    to_time: dt.time
    first_day: dt.date
    last_day: dt.date
    urgency: int
    note: str
    created_at: dt.datetime


def waiting_list(
    random: Random, patients: Sequence[DemoPatient], moment: dt.datetime, today: dt.date
) -> list[DemoWaiting]:
    """The list as it stands at `moment`; shorter when the register is."""
    found = []
    for patient, wish in zip(patients[_FIRST::_STEP], _WISHES, strict=False):
        service, professional, weekdays, hours, waited, good_for, urgency, note = wish
        since = moment - dt.timedelta(days=waited, minutes=17 * waited)
        last = today + dt.timedelta(days=good_for)
        key = new_key(random, since)
        found.append(
            DemoWaiting(
                key, patient.id, service, professional, weekdays, *hours, since.date(), last, int(urgency), note, since
            )
        )
    return found
