"""A hold through the database's own functions: whose it may be, what refuses it, and that it lasts only minutes."""

import json
import threading
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from clinicdesk.errors import InvalidField, NotOffered, SlotClosed
from clinicdesk.storage.conflicts import as_clinic_error
from tests.office import Office, at, put, value

HOLD = "SELECT clinicdesk.hold_slot(%s, %s, %s, %s, %s, %s, %s, %s::smallint, %s::smallint, %s, 'desk', '')"
COUNT = "SELECT count(*) FROM clinicdesk.slot_hold"


def hold(office: Office, connection: psycopg.Connection[Any], **changes: object) -> UUID:
    """Hold Helena in room 1 from nine to half past, unless told otherwise; the hold's id."""
    wanted: dict[str, Any] = {
        "id": uuid4(),
        "clinic": office.sample.clinics["ipe"],
        "professional": office.sample.professionals["helena"],
        "room": office.sample.rooms["room 1"],
        "machine": None,
        "starts_at": at(9),
        "ends_at": at(9, 30),
        "before": 0,
        "after": 0,
        "minutes": 5,
        **changes,
    }
    with connection.transaction():
        connection.execute(HOLD, list(wanted.values()))
    return UUID(str(wanted["id"]))


def expire(office: Office) -> None:
    """Let the minutes of every hold pass."""
    office.admin().execute("UPDATE clinicdesk.slot_hold SET expires_at = clock_timestamp() - interval '1 second'")


def test_what_is_held_is_nobody_elses(office: Office) -> None:
    renata, claudia = office.connect("renata"), office.connect("claudia")
    hold(office, renata)
    with pytest.raises(errors.ExclusionViolation):
        hold(office, claudia, room=None)
    with pytest.raises(errors.ExclusionViolation):
        hold(office, claudia, professional=office.sample.professionals["caio"])
    with pytest.raises(errors.ExclusionViolation):
        office.book_row(claudia)
    hold(office, claudia, starts_at=at(9, 30), ends_at=at(10))


def test_what_is_booked_is_not_held(office: Office) -> None:
    renata = office.connect("renata")
    office.book_row(renata)
    with pytest.raises(errors.ExclusionViolation):
        hold(office, renata)


def test_time_kept_free_is_held_by_nobody(office: Office) -> None:
    renata, ipe = office.connect("renata"), office.sample.clinics["ipe"]
    helena = office.sample.professionals["helena"]
    put(renata, "time_block", id=uuid4(), clinic_id=ipe, resource_id=helena, starts_at=at(9), ends_at=at(10))
    with pytest.raises(psycopg.Error) as caught:
        hold(office, renata)
    assert as_clinic_error(caught.value) == SlotClosed("block")


def test_an_expired_hold_stands_in_nobodys_way(office: Office) -> None:
    """Whether its owner forgot it or died: the next hold, or booking, takes it away."""
    hold(office, office.connect("renata"))
    expire(office)
    claudia = office.connect("claudia")
    second = hold(office, claudia)
    expire(office)
    office.book_row(claudia)
    assert value(office.admin(), COUNT) == 0
    assert not value(claudia, "SELECT clinicdesk.release_hold(%s)", [second])


def test_the_same_hold_is_moved_and_renewed_and_is_one(office: Office) -> None:
    renata = office.connect("renata")
    first = hold(office, renata, minutes=1)
    soon = value(renata, "SELECT expires_at FROM clinicdesk.slot_hold")
    hold(office, renata, id=first)
    assert value(renata, "SELECT expires_at FROM clinicdesk.slot_hold") > soon
    hold(office, renata, id=first, starts_at=at(9, 15), ends_at=at(10))
    held = renata.execute("SELECT lower(during), upper(during) FROM clinicdesk.resource_hold").fetchall()
    assert held == [(at(9, 15), at(10))] * 2


def test_a_hold_lasts_a_quarter_of_an_hour_at_most(office: Office) -> None:
    renata = office.connect("renata")
    hold(office, renata, minutes=6000)
    assert value(renata, "SELECT expires_at < clock_timestamp() + interval '16 minutes' FROM clinicdesk.slot_hold")


def test_a_hold_is_given_back_and_moved_by_its_owner_alone(office: Office) -> None:
    renata, claudia = office.connect("renata"), office.connect("claudia")
    own = hold(office, renata)
    assert not value(claudia, "SELECT clinicdesk.release_hold(%s)", [own])
    with pytest.raises(errors.InsufficientPrivilege):
        hold(office, claudia, id=own, starts_at=at(14), ends_at=at(15))
    assert value(renata, "SELECT clinicdesk.release_hold(%s)", [own])
    assert value(renata, COUNT) == 0


def test_holds_are_made_in_ones_own_clinics_and_of_their_people_and_things(office: Office) -> None:
    sample, renata = office.sample, office.connect("renata")
    for changes, refused in (
        ({"clinic": sample.clinics["jacaranda"], "professional": sample.professionals["davi"]}, None),
        ({"professional": sample.professionals["davi"], "room": None}, NotOffered("resource")),
        ({"room": sample.rooms["room b"]}, NotOffered("resource")),
        ({"machine": sample.machines["laser b"]}, NotOffered("resource")),
        ({"professional": None}, NotOffered("resource")),
        ({"ends_at": at(9)}, InvalidField("ends_at", "before_start")),
    ):
        with pytest.raises(psycopg.Error) as caught:
            hold(office, renata, **changes)
        if refused is None:
            assert isinstance(caught.value, errors.InsufficientPrivilege)
        else:
            assert as_clinic_error(caught.value) == refused
    assert value(office.admin(), COUNT) == 0


@pytest.mark.parametrize("unsaid", ["starts_at", "ends_at", "before", "after"])
def test_no_hold_is_without_an_end(unsaid: str, office: Office) -> None:
    """A stretch of which one side is not said would be everything on that side, for ever."""
    with pytest.raises(psycopg.Error) as caught:
        hold(office, office.connect("renata"), **{unsaid: None})
    assert as_clinic_error(caught.value) == InvalidField("ends_at", "before_start")
    assert value(office.admin(), COUNT) == 0


@pytest.mark.parametrize("day", ["10000-01-01", "0001-01-01 BC"])
def test_no_hold_lies_where_no_desk_can_read_it(day: str, office: Office) -> None:
    with pytest.raises(psycopg.Error) as caught:
        hold(office, office.connect("renata"), starts_at=f"{day} 09:00Z", ends_at=f"{day} 10:00Z")
    assert as_clinic_error(caught.value) == InvalidField("ends_at", "before_start")


def test_a_professional_holds_their_own_time_alone(office: Office) -> None:
    helena = office.connect("helena")
    hold(office, helena)
    with pytest.raises(errors.InsufficientPrivilege):
        hold(office, helena, professional=office.sample.professionals["caio"], room=None)


def test_a_closed_account_holds_nothing_and_gives_nothing_back(office: Office) -> None:
    otavio = office.connect("otavio")
    own = hold(office, otavio)
    office.admin().execute("SELECT clinicdesk.close_person(%s)", [office.sample.people["otavio"]])
    with pytest.raises(errors.InsufficientPrivilege):
        hold(office, otavio, starts_at=at(14), ends_at=at(15))
    assert not value(otavio, "SELECT clinicdesk.release_hold(%s)", [own])


def test_holds_are_told_to_other_desks_and_name_nobody(office: Office) -> None:
    listening, renata = office.connect("bruno"), office.connect("renata")
    listening.execute("LISTEN clinicdesk")
    own = hold(office, renata)
    renata.execute("SELECT clinicdesk.release_hold(%s)", [own])
    notes = [json.loads(one.payload) for one in listening.notifies(timeout=5, stop_after=2)]
    assert notes == [{"kind": "slot_hold", "id": str(own), "version": None}] * 2


def test_a_hold_waits_for_the_booking_that_is_being_written(office: Office) -> None:
    booking, holding = office.connect("renata"), office.connect("claudia")
    answers: list[str | None] = []

    def try_to_hold() -> None:
        try:
            hold(office, holding)
            answers.append(None)
        except psycopg.Error as error:
            answers.append(error.sqlstate)

    with booking.transaction():
        booking.execute("SELECT clinicdesk.lock_resources(%s)", [[office.sample.professionals["helena"]]])
        other = threading.Thread(target=try_to_hold)
        other.start()
        other.join(0.3)
        assert not answers
        office.book_row(booking)
    other.join()
    assert answers == ["23P01"]


def test_elsewhere_a_hold_is_only_a_time(office: Office) -> None:
    sample = office.sample
    caio = sample.professionals["caio"]
    hold(office, office.connect("renata"), professional=caio)
    busy = "SELECT starts_at, hold_id FROM clinicdesk.busy(%s, %s, %s)"
    (row,) = office.connect("bruno").execute(busy, [[caio], at(8), at(18)]).fetchall()
    assert row == (at(9), None)
    (row,) = office.connect("claudia").execute(busy, [[caio], at(8), at(18)]).fetchall()
    assert row[1] is not None
