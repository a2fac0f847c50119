"""A booking under way, as values."""

from dataclasses import replace

import pytest

from clinicdesk.desk.agenda.booking import DAYS_SEARCHED, Booking
from clinicdesk.domain.agenda import Slot, Status
from clinicdesk.domain.clinics import Catalogue, Professional, Room, Service
from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.domain.patients import NewPatient, PatientMatch
from clinicdesk.domain.slots import FreeSlot
from tests.builders import TUESDAY, local, uuid_for

HELENA, CAIO, ROOM, LASER = (uuid_for(name) for name in ("helena", "caio", "room", "laser"))
ANA, NINA = uuid_for("ana"), uuid_for("nina")
OPERATION = uuid_for("operation")

VISIT = Service(uuid_for("visit"), "Consulta", duration_minutes=30)
PEEL = Service(
    uuid_for("peel"), "Laser", duration_minutes=60, professional_ids=(HELENA,), room_ids=(ROOM,), equipment_ids=(LASER,)
)
CATALOGUE = Catalogue(
    ClinicFacts(uuid_for("Clínica Ipê"), "Clínica Ipê"),
    (Professional(HELENA, "Dra. Helena Prado"), Professional(CAIO, "Dr. Caio Menezes")),
    (Room(ROOM, "Sala 1"),),
    (),
    (VISIT, PEEL),
)
MATCH = PatientMatch(ANA, "Ana Conceição", "", None, "", False, None, None, "")
FREE = FreeSlot(HELENA, Slot(local(14), local(15)), ROOM, LASER)


def test_what_is_missing_is_named_in_the_order_of_the_form() -> None:
    booking = Booking(CATALOGUE)
    found = [booking.missing]
    for step in ({"new_patient": NewPatient("Íris")}, {"service": VISIT}, {"free": FREE}):
        booking = replace(booking, **step)  # type: ignore[arg-type]
        found.append(booking.missing)
    assert found == ["patient", "service", "slot", ""]


def test_a_service_brings_its_length_and_leaves_out_who_does_not_do_it() -> None:
    begun = Booking(CATALOGUE, professional_id=CAIO, minutes=30, free=FREE)
    booking = begun.with_service(PEEL)
    assert (booking.minutes, booking.professional_id, booking.free) == (60, None, None)
    assert booking.professional_ids() == (HELENA,)
    assert begun.with_service(VISIT).professional_id == CAIO


def test_a_professional_offers_what_they_do_and_nobody_offers_everything() -> None:
    assert Booking(CATALOGUE, professional_id=CAIO).services() == (VISIT,)
    assert Booking(CATALOGUE).services() == (VISIT, PEEL)
    assert Booking(CATALOGUE).professional_ids() == (HELENA, CAIO)


def test_the_search_asks_for_the_length_that_was_chosen() -> None:
    assert Booking(CATALOGUE).request(TUESDAY) is None
    request = replace(Booking(CATALOGUE).with_service(VISIT), minutes=45).request(TUESDAY)
    assert request is not None
    assert (request.first_day, request.days, request.duration_minutes) == (TUESDAY, DAYS_SEARCHED, 45)


def test_a_place_that_was_pointed_at_takes_the_first_room_and_machine_of_the_service() -> None:
    booking = Booking(CATALOGUE).with_service(PEEL).at(Slot(local(9), local(9, 50)), HELENA)
    assert booking.free == FreeSlot(HELENA, Slot(local(9), local(9, 50)), ROOM, LASER)
    assert booking.minutes == 50


def test_a_room_that_was_pointed_at_offers_what_is_done_there_and_is_the_one_searched() -> None:
    other = uuid_for("other room")
    twice = replace(PEEL, room_ids=(other, ROOM))
    pointed = replace(Booking(replace(CATALOGUE, services=(VISIT, twice))), room_id=ROOM)
    assert pointed.services() == (twice,)
    request = pointed.with_service(twice).request(TUESDAY)
    assert request is not None and request.service.room_ids == (ROOM,)
    free = pointed.with_service(twice).at(Slot(local(9), local(10)), HELENA).free
    assert free is not None and free.room_id == ROOM
    nowhere = replace(Booking(CATALOGUE), equipment_id=uuid_for("unused"))
    assert nowhere.services() == (VISIT, PEEL)


@pytest.mark.parametrize(
    ("changes", "patient", "guardian"),
    [
        ({"patient": MATCH}, ANA, None),
        ({"patient": MATCH, "for_whom": NINA}, NINA, ANA),
        ({"new_patient": NewPatient("Íris", "11 90000-0177")}, NewPatient("Íris", "11 90000-0177"), None),
    ],
)
def test_the_wish_says_for_whom_it_is_and_who_answers_for_them(
    changes: dict[str, object], patient: object, guardian: object
) -> None:
    booking = replace(Booking(CATALOGUE).with_service(PEEL), free=FREE, confirmed=True, note="traz exames")
    wish = replace(booking, **changes).command(OPERATION)  # type: ignore[arg-type]
    assert (wish.patient, wish.guardian_id) == (patient, guardian)
    assert (wish.status, wish.note, wish.slot, wish.room_id) == (Status.CONFIRMED, "traz exames", FREE.slot, ROOM)
