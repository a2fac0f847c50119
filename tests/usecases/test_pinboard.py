"""Cards put aside: one's own, at every desk, holding their old time until they are placed."""

from uuid import UUID, uuid4

import psycopg
import pytest

from clinicdesk.domain.agenda import MoveAppointment, Slot
from clinicdesk.errors import NotFound, StatusRefused
from clinicdesk.usecases import agenda, pinboard
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import Office, at, put, value


def _ids(clinic: Clinic) -> list[UUID]:
    return [one.id for one in pinboard.cards(clinic)]


def test_a_card_put_aside_holds_its_time(office: Office) -> None:
    renata = office.desk("renata")
    first = office.book_row(office.connect("renata"))
    second = office.book_row(office.connect("renata"), starts_at=at(10), ends_at=at(10, 30))
    pinboard.pin(renata, second)
    pinboard.pin(renata, first)
    assert [one.id for one in pinboard.pin(renata, second)] == [second, first]
    assert _ids(office.desk("renata", desk="mesa 2")) == [second, first]
    with pytest.raises(psycopg.errors.ExclusionViolation):
        office.book_row(office.connect("renata"))
    assert [one.id for one in pinboard.unpin(renata, second)] == [first]


def test_another_clinics_visit_is_not_pinned_here(office: Office) -> None:
    visit = office.book_row(office.connect("renata"))
    claudia = office.desk("claudia").in_clinic(office.sample.clinics["jacaranda"])
    with pytest.raises(NotFound):
        pinboard.pin(claudia, visit)


@pytest.mark.parametrize("table", ["pinned_card", "saved_view"])
def test_what_one_put_aside_is_ones_own(table: str, office: Office) -> None:
    visit, sample = office.book_row(office.connect("renata")), office.sample
    renata = office.connect("renata")
    row: dict[str, object] = {"clinic_id": sample.clinics["ipe"], "person_id": sample.people["renata"]}
    row |= {"appointment_id": visit} if table == "pinned_card" else {"position": 1, "name": "x", "settings": "{}"}
    put(renata, table, **row, **({} if table == "pinned_card" else {"id": uuid4()}))
    assert value(renata, f"SELECT count(*) FROM clinicdesk.{table}") == 1
    other = office.connect("otavio")
    assert value(other, f"SELECT count(*) FROM clinicdesk.{table}") == 0
    assert other.execute(f"DELETE FROM clinicdesk.{table}".encode()).rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        put(other, table, **row, **({} if table == "pinned_card" else {"id": uuid4()}))


def test_a_card_that_was_placed_leaves_every_pinboard(office: Office) -> None:
    renata, otavio = office.desk("renata"), office.desk("otavio")
    visit = office.book_row(office.connect("renata"))
    for desk in (renata, otavio):
        pinboard.pin(desk, visit)
    (card,) = pinboard.cards(renata)
    longer = MoveAppointment(new_id(), visit, card.version, card.professional_id, Slot(at(9), at(9, 45)), card.room_id)
    card = agenda.move(renata, longer)
    assert _ids(otavio) == [visit]
    moved = MoveAppointment(new_id(), visit, card.version, card.professional_id, Slot(at(14), at(14, 45)), card.room_id)
    agenda.move(renata, moved)
    assert (_ids(renata), _ids(otavio)) == ([], [])


@pytest.mark.parametrize("status", ["cancelled", "no_show", "completed"])
def test_a_card_that_nobody_will_place_leaves_too(status: str, office: Office) -> None:
    renata = office.desk("renata")
    visit = office.book_row(office.connect("renata"))
    pinboard.pin(renata, visit)
    by = "'clinic'" if status == "cancelled" else "NULL"
    step = f"UPDATE clinicdesk.appointment SET status = %s, cancelled_by = {by}"
    office.connect("renata").execute(step.encode(), [status])
    assert _ids(renata) == []
    with pytest.raises(StatusRefused):
        pinboard.pin(renata, visit)


def test_a_card_of_nobody_is_not_put_aside(office: Office) -> None:
    with pytest.raises(NotFound):
        pinboard.pin(office.desk("renata"), uuid4())
    visit = office.book_row(office.connect("renata"))
    with pytest.raises(NotFound):
        pinboard.pin(office.desk("bruno"), visit)
