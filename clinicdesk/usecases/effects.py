"""What a change would touch, asked before it is saved: counted over the visits to come, nothing is written."""

import datetime as dt
from typing import Any, TypeVar
from uuid import UUID

from clinicdesk.domain import effects as rules
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.clinics import SchedulingPolicy
from clinicdesk.domain.effects import Effect, Touch
from clinicdesk.domain.preferences import (
    ClinicForm,
    EquipmentForm,
    HolidayForm,
    Kept,
    ProfessionalForm,
    RoomForm,
    ServiceForm,
)
from clinicdesk.storage import engagements
from clinicdesk.storage import hours as hour_rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.clinic import Clinic

Form = TypeVar("Form")
_COLUMNS: dict[type[Any], str] = {
    RoomForm: "room_id",
    EquipmentForm: "equipment_id",
    ProfessionalForm: "professional_id",
    ServiceForm: "service_id",
}


def effects(clinic: Clinic, before: Kept[Form], after: Form) -> list[Effect]:
    """What saving `after` over `before` would touch; nothing for a form that is new or the same."""
    form: Any = before.form
    changed: Any = after
    if before.version == 0 and not isinstance(changed, SchedulingPolicy | HolidayForm):
        return []
    with clinic.transaction() as tx:
        if isinstance(changed, ServiceForm):
            return rules.of_service(form, changed, _visits(tx, clinic, before.id, ServiceForm))
        if isinstance(changed, RoomForm | EquipmentForm | ProfessionalForm):
            if form.active == changed.active:
                return []
            return rules.of_resource(form, changed, _visits(tx, clinic, before.id, type(changed)))
        if isinstance(changed, SchedulingPolicy):
            today = hour_rows.today(tx, clinic.id)
            found = hour_rows.rules(tx, clinic.id, today, today, ())
            return rules.of_policy(form, changed, engagements.visits(tx, clinic.id), found.calendar, found.now)
        if isinstance(changed, ClinicForm) and form.zone != changed.zone:
            return rules.effect(Touch.OTHER_ZONE, engagements.visits(tx, clinic.id))
        if isinstance(changed, HolidayForm) and not changed.works:
            return rules.effect(Touch.HOLIDAY_VISITS, _visits_on(tx, clinic, changed.day))
    return []


def _visits(tx: Transaction, clinic: Clinic, row_id: UUID, kind: type[Any]) -> list[Appointment]:
    return engagements.visits(tx, clinic.id, _COLUMNS[kind], row_id)


def _visits_on(tx: Transaction, clinic: Clinic, day: dt.date) -> list[Appointment]:
    calendar = hour_rows.rules(tx, clinic.id, day, day, ()).calendar
    whole = calendar.day_slot(day)
    return [one for one in engagements.visits(tx, clinic.id) if whole.overlaps(one.slot)]
