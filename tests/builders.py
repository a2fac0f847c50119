"""Domain values for tests: every field has a lifelike default, and a test names only what it is about."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from clinicdesk.domain.agenda import Appointment, Channel, Status

ZONE = ZoneInfo("America/Sao_Paulo")
TUESDAY = dt.date(2026, 11, 24)


def uuid_for(name: str) -> UUID:
    """The same id for the same name, in every run."""
    return uuid5(NAMESPACE_URL, name)


def local(hour: int, minute: int = 0, day: dt.date = TUESDAY, zone: ZoneInfo = ZONE) -> dt.datetime:
    """A wall-clock time as an instant in UTC."""
    return dt.datetime.combine(day, dt.time(hour, minute), zone).astimezone(dt.UTC)


def appointment(**changes: Any) -> Appointment:
    """A confirmed visit, Tuesday 10:45–11:30; ids of people and things follow from their names unless given."""
    values: dict[str, Any] = {
        "id": uuid4(),
        "clinic_id": uuid_for("Clínica Ipê"),
        "version": 1,
        "status": Status.CONFIRMED,
        "status_at": local(9, 0),
        "status_channel": Channel.WHATSAPP,
        "starts_at": local(10, 45),
        "ends_at": local(11, 30),
        "patient_name": "Dulce Fontoura",
        "patient_phone": "+5511900000142",
        "patient_birth_date": dt.date(1972, 3, 14),
        "professional_name": "Dr. Caio Menezes",
        "service_name": "Consulta ortopédica",
        "service_icon": "stethoscope",
        "category_id": None,
        "category_hue": 235,
        "room_name": "Sala 4",
        "equipment_id": None,
        "equipment_name": "",
        "buffer_before": 0,
        "buffer_after": 0,
        "price": Decimal("320.00"),
        "note": "",
        "overbooking_reason": "",
        "reschedule_count": 0,
        "cancelled_by": None,
        "cancel_reason": "",
        "guardian_name": "",
        "first_visit": False,
        "alert": "",
        **changes,
    }
    for kind in ("patient", "professional", "service"):
        values.setdefault(f"{kind}_id", uuid_for(values[f"{kind}_name"]))
    values.setdefault("room_id", uuid_for(values["room_name"]) if values["room_name"] else None)
    return Appointment(**values)
