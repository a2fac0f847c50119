"""Time kept free: booked by nobody, at no desk and by no SQL, and in no clinic when it is a person's."""

import threading
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.hours import Block, ClosureKind
from clinicdesk.errors import SlotClosed, SlotTaken
from clinicdesk.storage import hours
from clinicdesk.storage.conflicts import as_clinic_error
from tests.office import DAY, Office, at, put, value

CANCEL = "UPDATE clinicdesk.appointment SET status = 'cancelled', cancelled_by = 'clinic' WHERE id = %s"
RESTORE = "UPDATE clinicdesk.appointment SET status = 'pending', cancelled_by = NULL WHERE id = %s"
MOVE = "UPDATE clinicdesk.appointment SET starts_at = %s, ends_at = %s WHERE id = %s"


def keep_free(
    office: Office, connection: psycopg.Connection[Any], thing: str = "helena", clinic: str = "ipe", **changes: object
) -> UUID:
    """Keep somebody or something free from nine to ten, unless told otherwise; the block's id."""
    sample, key = office.sample, uuid4()
    resource_id = (sample.professionals | sample.rooms | sample.machines)[thing]
    row = {"resource_id": resource_id, "starts_at": at(9), "ends_at": at(10), "reason": "congresso", **changes}
    put(connection, "time_block", id=key, clinic_id=sample.clinics[clinic], **row)
    return key


def fact(work: Any, *arguments: Any, **changes: Any) -> Exception:
    """What a desk is told of the refusal."""
    with pytest.raises(psycopg.Error) as caught:
        work(*arguments, **changes)
    return as_clinic_error(caught.value)


@pytest.mark.parametrize("thing", ["helena", "room 1", "laser"])
def test_time_kept_free_is_booked_by_nobody(thing: str, office: Office) -> None:
    connection = office.connect("renata")
    block = keep_free(office, connection, thing)
    row = {"equipment_id": office.sample.machines["laser"]}
    assert fact(office.book_row, connection, **row) == SlotClosed("block")
    office.book_row(connection, starts_at=at(8, 30), ends_at=at(9), **row)
    office.book_row(connection, starts_at=at(10), ends_at=at(10, 30), **row)
    connection.execute("UPDATE clinicdesk.time_block SET active = false WHERE id = %s", [block])
    office.book_row(connection, **row)


def test_an_overbooking_does_not_go_into_time_off(office: Office) -> None:
    connection = office.connect("renata")
    keep_free(office, connection, kind="time_off")
    assert fact(office.book_row, connection, overbooking_reason="dor", room_id=None) == SlotClosed("time_off")


def test_time_off_in_another_clinic_counts_here(office: Office) -> None:
    keep_free(office, office.connect("bruno"), "caio", "jacaranda", kind="time_off")
    caio = {"professional_id": office.sample.professionals["caio"]}
    connection = office.connect("renata")
    assert fact(office.book_row, connection, **caio) == SlotClosed("block")
    visit = office.book_row(connection, starts_at=at(14), ends_at=at(15), **caio)
    assert fact(connection.execute, MOVE, [at(9, 30), at(10, 30), visit]) == SlotClosed("block")


def test_a_visit_that_stands_when_time_off_is_written_stays(office: Office) -> None:
    connection = office.connect("renata")
    visit = office.book_row(connection)
    keep_free(office, connection, kind="time_off")
    connection.execute("UPDATE clinicdesk.appointment SET status = 'confirmed', note = 'x' WHERE id = %s", [visit])
    connection.execute("UPDATE clinicdesk.appointment SET room_id = NULL WHERE id = %s", [visit])
    connection.execute(MOVE, [at(9), at(9, 20), visit])
    connection.execute(CANCEL, [visit])
    connection.execute(RESTORE, [visit])  # a slip of the mouse
    for times in ([at(9), at(9, 30)], [at(9, 30), at(9, 50)]):
        assert fact(connection.execute, MOVE, [*times, visit]) == SlotClosed("time_off")
    connection.execute(MOVE, [at(14), at(15), visit])
    assert fact(connection.execute, MOVE, [at(9), at(9, 20), visit]) == SlotClosed("time_off")


def test_a_visit_cancelled_before_the_block_does_not_come_back(office: Office) -> None:
    connection = office.connect("renata")
    visit = office.book_row(connection)
    connection.execute(CANCEL, [visit])
    keep_free(office, connection)
    assert fact(connection.execute, RESTORE, [visit]) == SlotClosed("block")


def test_buffers_pass_into_time_off_and_not_into_a_room_kept_free(office: Office) -> None:
    connection = office.connect("renata")
    keep_free(office, connection, starts_at=at(8), ends_at=at(9))
    visit = office.book_row(connection, buffer_before=10)
    connection.execute(CANCEL, [visit])
    keep_free(office, connection, "room 1", starts_at=at(8), ends_at=at(9))
    assert fact(office.book_row, connection, buffer_before=10) == SlotClosed("block")


def test_a_block_is_not_laid_over_a_visit(office: Office) -> None:
    here, there = office.connect("renata"), office.connect("bruno")
    caio = {"professional_id": office.sample.professionals["caio"]}
    office.book_row(here, **caio)
    office.book_row(here, overbooking_reason="dor", starts_at=at(15), ends_at=at(16), **caio)
    assert fact(keep_free, office, here, "caio") == SlotTaken("professional")
    assert fact(keep_free, office, here, "room 1") == SlotTaken("room")
    assert fact(keep_free, office, there, "caio", "jacaranda") == SlotTaken("professional", elsewhere=True)
    overbooked = {"starts_at": at(15, 30), "ends_at": at(17)}
    assert fact(keep_free, office, here, "caio", **overbooked) == SlotTaken("professional")
    block = keep_free(office, here, "caio", starts_at=at(9, 30), ends_at=at(10))
    widen = "UPDATE clinicdesk.time_block SET starts_at = %s WHERE id = %s"
    assert fact(here.execute, widen, [at(9, 15), block]) == SlotTaken("professional")
    keep_free(office, here, "caio", kind="time_off")


def test_a_booking_waits_for_the_block_that_is_being_written(office: Office) -> None:
    blocking, booking = office.connect("claudia"), office.connect("renata")
    answers: list[str | None] = []

    def book() -> None:
        try:
            office.book_row(booking)
        except psycopg.Error as error:
            answers.append(error.sqlstate)

    with blocking.transaction():
        keep_free(office, blocking)
        other = threading.Thread(target=book)
        other.start()
        other.join(0.3)
    other.join()
    assert answers == ["CD007"]


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_a_kept_snapshot_decides_nothing(level: str, office: Office) -> None:
    """It would count the overbookings and blocks of the moment it began, however long it waited for the lock."""
    connection = office.connect("renata")
    visit = office.book_row(connection)
    connection.execute(f"SET default_transaction_isolation = '{level}'".encode())
    helena = office.sample.professionals["helena"]
    for work in (
        lambda: office.book_row(connection, starts_at=at(14), ends_at=at(15)),
        lambda: keep_free(office, connection, starts_at=at(16), ends_at=at(17)),
        lambda: connection.execute(MOVE, [at(10), at(11), visit]),
        lambda: connection.execute("SELECT clinicdesk.lock_resources(%s)", [[helena]]),
    ):
        with pytest.raises(psycopg.Error) as caught:
            work()
        assert caught.value.sqlstate == "CD006"
    connection.execute("UPDATE clinicdesk.appointment SET note = 'x' WHERE id = %s", [visit])


def test_a_kept_snapshot_counts_no_owners(office: Office) -> None:
    office.admin().execute("UPDATE clinicdesk.person SET role = 'owner' WHERE login = 'otavio'")
    connection = office.connect("claudia")
    connection.execute("SET default_transaction_isolation = 'repeatable read'")
    with pytest.raises(psycopg.Error) as caught:
        connection.execute("SELECT clinicdesk.close_person(%s)", [office.sample.people["otavio"]])
    assert caught.value.sqlstate == "CD006"


def test_what_another_unit_keeps_free_is_only_a_time(office: Office) -> None:
    keep_free(office, office.connect("bruno"), "caio", "jacaranda", kind="time_off")
    own = keep_free(office, office.connect("renata"), "caio", starts_at=at(14), ends_at=at(15))
    caio = office.sample.professionals["caio"]
    with office.desk("renata").transaction() as tx:
        found = hours.rules(tx, office.sample.clinics["ipe"], DAY, DAY, [caio]).calendar.blocks[caio]
    assert found == (
        Block(None, caio, Slot(at(9), at(10)), ClosureKind.BLOCK, ""),
        Block(own, caio, Slot(at(14), at(15)), ClosureKind.BLOCK, "congresso"),
    )


def test_a_closed_account_is_told_no_times_and_locks_nothing(office: Office) -> None:
    admin, session = office.admin(), office.connect("otavio")
    office.book_row(admin)
    keep_free(office, admin, starts_at=at(14), ends_at=at(15))
    ask = {
        name: f"SELECT count(*) FROM clinicdesk.{name}(ARRAY[%s]::uuid[], '2035-01-01', '2036-01-01')"
        for name in ("busy", "kept_free")
    }
    helena = [office.sample.professionals["helena"]]
    assert [value(session, statement, helena) for statement in ask.values()] == [1, 1]
    admin.execute("SELECT clinicdesk.close_person(%s)", [office.sample.people["otavio"]])
    assert [value(session, statement, helena) for statement in ask.values()] == [0, 0]
    with pytest.raises(errors.InsufficientPrivilege):
        session.execute("SELECT clinicdesk.lock_resources(%s)", [helena])
    # The process that sends has nobody behind it and is at work.
    assert [value(office.connect("sync"), statement, helena) for statement in ask.values()] == [1, 1]
